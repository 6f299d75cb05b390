"""Figures of whatever facts a test has put into the database."""

import json
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

from django.core.cache import cache

from kpiproject.models import Organisation
from metrics import basis, definitions, dirty, rollups
from metrics.models import Rollup, Ticket
from metrics.queries import Point, Question, figures


def at(text: str) -> datetime:
    """An instant in UTC from "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def organisation(**values: Any) -> Organisation:
    return Organisation.objects.update_or_create(pk=1, defaults=values)[0]


def compute() -> rollups.Done:
    """Mark everything there is and compute it, in one turn like a worker, which asks for definitions once."""
    cache.clear()  # what is kept there is of other tests, whose facts had the same number of changes
    definitions.begin_turn()
    try:
        dirty.mark_tickets(list(Ticket.objects.values_list("pk", flat=True)))
        if not basis.renew():  # which marks everything itself where nothing was computed before
            basis.mark_everything()
        return rollups.recompute()
    finally:
        definitions.end_turn()


def compute_only(code: str) -> None:
    """Mark the days of one KPI and compute them, as that takes a fraction of the time."""
    cache.clear()
    definitions.begin_turn()
    try:
        kpi = definitions.kpis()[code]
        if kpi.adds_up:
            dirty.mark_tickets(list(Ticket.objects.values_list("pk", flat=True)))
            frame = basis.dirty_frame(kpi)
            dirty.mark(frame, basis.days(frame))
            only = patch.object(basis, "codes", lambda _frame: [code])
            with only, patch.object(basis, "renew", lambda: False):
                rollups.recompute()
    finally:
        definitions.end_turn()


def points(code: str, **question: Any) -> list[Point]:
    compute_only(code)
    return figures(Question(code=code, **question)).points


def point(code: str, **question: Any) -> Point:
    """The one point of a question."""
    (found,) = points(code, **question)
    return found


def stored() -> list[tuple[Any, ...]]:
    """Every rollup as a tuple, in a fixed order."""
    names = ("kpi", "day", "dimension", "member", "clock", "members", "whole", "part", "square")
    rows = Rollup.objects.order_by(*names[:5]).values_list(*names, "extra", "values", "packed")
    return [
        (*sums, json.dumps(extra, sort_keys=True), bytes(values or b""), bytes(packed or b""))
        for *sums, extra, values, packed in rows
    ]


def day(text: str) -> date:
    return date.fromisoformat(text)
