"""Whose customers' answers are: by what the answer says itself, else by the ticket it is about."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from kpiproject.lib.periods import Seconds, instant
from metrics.frames.columns import fetch, number
from metrics.frames.context import Span
from metrics.kpi import UNKNOWN, Frame
from metrics.models import Customer, Ticket
from surveys import queries

_AT_ONCE: Final = 10_000


def customers_of(answers: Frame, span: Span) -> Seconds:
    """The id of each answer's customer, UNKNOWN where nobody is known. A score that came with a ticket is that of the
    ticket's customer; an answer is of the customer it names, else of the only one with the address that was written to,
    else of the customer whose ticket it is about."""
    found = _by_ticket(answers)
    is_rating = (answers["survey"] == "").to_numpy()
    named = _named(span)
    own = np.array([named.get(pk, UNKNOWN) for pk in answers["id"].tolist()], dtype=np.int64)
    return np.where(~is_rating & (own != UNKNOWN), own, found)


def _by_ticket(answers: Frame) -> Seconds:
    """Both name their ticket by its source and external id."""
    names = answers["external_id"].unique().tolist()
    known: dict[tuple[str, str], int] = {}
    for first in range(0, len(names), _AT_ONCE):
        rows = Ticket.objects.filter(external_id__in=names[first : first + _AT_ONCE], customer__isnull=False)
        known |= {(source, name): pk for source, name, pk in fetch(rows, ["source", "external_id", "customer_id"])}
    keys = zip(answers["source"].astype(str), answers["external_id"], strict=True)
    return np.array([known.get(key, UNKNOWN) for key in keys], dtype=np.int64)


def _named(span: Span) -> dict[int, int]:
    answered = list(queries.answerers(instant(span.start), instant(span.end)))
    if not answered:
        return {}
    rows = fetch(Customer.objects.all(), [number("id"), "source", "external_id", "email"])
    by_name = {(source, name): pk for pk, source, name, _ in rows}
    # One that two sources use for different people tells nobody.
    by_any, by_email = (_unique((row[column], row[0]) for row in rows if row[column]) for column in (2, 3))
    found = {}
    for pk, source, name, email in answered:
        customer = by_name.get((source, name)) or by_any.get(name) or by_email.get((email or "").casefold())
        if customer:
            found[pk] = customer
    return found


def _unique(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, pk in pairs:
        key = name.casefold() if "@" in name else name
        found[key] = pk if found.setdefault(key, pk) == pk else 0
    return found
