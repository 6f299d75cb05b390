"""What follows when somebody says what another currency is worth."""

from collections.abc import Collection

from django.db import transaction

from metrics import dirty
from metrics.ingest.touching import mark
from metrics.models import CostEntry, Order, Subscription

_PRICED = ((dirty.ORDERS, Order.objects), (dirty.SUBSCRIPTIONS, Subscription.objects), (dirty.COSTS, CostEntry.objects))


def changed(currencies: Collection[str]) -> None:
    """Have the days of everything computed again that is in one of these currencies."""
    for frame, rows in _PRICED:
        with transaction.atomic():
            mark(frame, list(rows.filter(currency__in=currencies).values_list("pk", flat=True)))
