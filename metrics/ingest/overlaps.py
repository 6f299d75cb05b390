"""Subscriptions of one customer to one plan that run at the same time: most often the same one, told twice."""

from collections.abc import Collection
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from metrics.models import Subscription
from metrics.sources.faults import Notes

OVERLAPS: Final = "overlaps"
_AT_ONCE: Final = 500
_COLUMNS: Final = ("customer_id", "plan", "started_on", "pk", "ended_on", "flags", "external_id")


def flag(customers: Collection[int], notes: Notes) -> None:
    """Flag all that overlap of these customers, and take the flag from those that no longer do."""
    wanted = sorted(customers)
    for first in range(0, len(wanted), _AT_ONCE):
        rows = Subscription.objects.filter(customer__in=wanted[first : first + _AT_ONCE])
        ordered = rows.order_by("customer_id", "plan", "started_on", "pk").values(*_COLUMNS)
        for _of, group in groupby(ordered, key=itemgetter("customer_id", "plan")):
            _flag(list(group), notes)


def _flag(rows: list[dict[str, Any]], notes: Notes) -> None:
    found = _overlapping(rows)
    for row in rows:
        others = [one for one in row["flags"] if one != OVERLAPS]
        flags = [*others, OVERLAPS] if row["pk"] in found else others
        if flags != row["flags"]:
            Subscription.objects.filter(pk=row["pk"]).update(flags=flags)
            if row["pk"] in found:
                notes.add("overlapping_subscriptions", row["external_id"])


def _overlapping(rows: list[dict[str, Any]]) -> set[int]:
    """Those that begin before an earlier one has ended, and those earlier ones; `rows` are in the order of their
    beginnings. One that ends on the day the next begins does not overlap it."""
    found: set[int] = set()
    last: dict[str, Any] | None = None  # the one that lasts longest so far
    for row in rows:
        if last is not None and row["started_on"] < _end(last):
            found |= {last["pk"], row["pk"]}
        if last is None or _end(row) > _end(last):
            last = row
    return found


def _end(row: dict[str, Any]) -> date:
    ended: date | None = row["ended_on"]
    return ended or date.max
