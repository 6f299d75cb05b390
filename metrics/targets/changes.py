"""Targets and tiers change; what was promised before is kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from metrics.models import EarlierTarget, EarlierTier, ServiceTarget, Ticket
from metrics.models.target import Promise
from metrics.targets.applying import apply
from metrics.targets.versions import versions

TERMS: Final = tuple(field.name for field in Promise._meta.get_fields())
"""The fields of a promise of which every change makes a new version."""

_TICKETS_AT_ONCE: Final = 2000


@transaction.atomic
def change(target: ServiceTarget, *, at: datetime | None) -> None:
    """Store a target with other terms. From the instant on they count for tickets that come in; those before keep the
    terms that were. None means that the terms are corrected for all tickets, past ones too."""
    stored = ServiceTarget.objects.select_for_update().filter(pk=target.pk).first()
    if stored is None:
        target.valid_from = at
    elif at is None:
        EarlierTarget.objects.filter(target=stored).delete()
        target.valid_from = None
    elif _terms(stored) != _terms(target):
        terms: Any = _terms(stored)
        EarlierTarget.objects.create(
            target=stored, version=stored.version, valid_from=stored.valid_from, valid_until=at, **terms
        )
        target.version, target.valid_from = stored.version + 1, at
    target.save()


@transaction.atomic
def delete(target: ServiceTarget, *, at: datetime) -> bool:
    """Delete a target that was never applied to a ticket that is over. Any other is switched off and kept for those.
    Whether it is gone."""
    over = Q(solved_at__isnull=False) | Q(closed_at__isnull=False)
    names = [f"{metric}_target" for metric in ServiceTarget.Metric.values]
    if any(Ticket.objects.filter(over, **{name: target}).exists() for name in names):
        target.is_active = False
        change(target, at=at)
        return False
    target.delete()
    return True


def decided() -> list[Any]:
    """Everything about targets that figures rest on, as JSON."""
    found = [(one, one.pk, one.metric, None) for one in ServiceTarget.objects.filter(_counting())]
    rows: list[Any] = found + [
        (one, one.target_id, one.target.metric, one.valid_until)
        for one in EarlierTarget.objects.select_related("target")
    ]
    return [
        [pk, metric, one.version, _text(one.valid_from), _text(until), {k: _text(v) for k, v in _terms(one).items()}]
        for one, pk, metric, until in rows
    ]


def keep_tiers(before: Mapping[int, str], *, until: datetime) -> None:
    """Note, in the transaction in which they change, which tiers customers had until now: what is closed stays judged
    by them. A customer whose tier was not known before has had the new one all the time."""
    rows = [EarlierTier(customer_id=pk, tier=tier, until=until) for pk, tier in before.items() if tier]
    EarlierTier.objects.bulk_create(rows, ignore_conflicts=True)


def follow(customers: Collection[int]) -> None:
    """Compute the due times of these customers' tickets again, where any target asks for more than their tier."""
    if not any(_asks(version.promise) for listed in versions().values() for version in listed):
        return
    ids = list(Ticket.objects.filter(customer__in=customers).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), _TICKETS_AT_ONCE):
        apply(ids[first : first + _TICKETS_AT_ONCE])


def _asks(promise: Promise) -> bool:
    days = (promise.least_mrr, promise.from_day, promise.until_day)
    return bool(promise.company or promise.customer) or any(limit is not None for limit in days)


def _counting() -> Q:
    """Targets without an active version, now or ever, change nothing."""
    return Q(is_active=True) | Q(earlier__isnull=False)


def _terms(promise: Promise) -> dict[str, Any]:
    return {name: getattr(promise, name) for name in TERMS}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)
