"""What the organisation has chosen about how KPIs count."""

from dataclasses import asdict, fields, replace
from typing import Any

from metrics.models import KpiOptions, Order, Subscription
from metrics.options import ORDERS, SIGN_UP, SUBSCRIPTIONS, Options


def options() -> Options:
    """With the activity that the facts suggest where none was chosen: it must not be another one for the customers of
    one segment, who may have no subscription."""
    found = _chosen()
    return found if found.activity else replace(found, activity=_by_facts())


def options_key() -> dict[str, Any]:
    return asdict(_chosen())


def _chosen() -> Options:
    stored = KpiOptions.objects.filter(pk=1).first() or KpiOptions()
    return Options(**{field.name: getattr(stored, field.name) for field in fields(Options)})


def _by_facts() -> str:
    if Subscription.objects.exists():
        return SUBSCRIPTIONS
    return ORDERS if Order.objects.exists() else SIGN_UP
