"""Figures of whatever facts a test has put into the database."""

import json
from datetime import UTC, date, datetime
from typing import Any

from kpiproject.models import Organisation
from metrics import basis, dirty, rollups
from metrics.models import Rollup, Ticket
from metrics.queries import Point, Question, figures


def at(text: str) -> datetime:
    """An instant in UTC from "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def organisation(**values: Any) -> Organisation:
    return Organisation.objects.update_or_create(pk=1, defaults=values)[0]


def compute() -> rollups.Done:
    """Mark everything there is and compute it."""
    dirty.mark_tickets(list(Ticket.objects.values_list("pk", flat=True)))
    basis.mark_everything()
    return rollups.recompute()


def points(code: str, **question: Any) -> list[Point]:
    compute()
    return figures(Question(code=code, **question)).points


def point(code: str, **question: Any) -> Point:
    """The one point of a question."""
    (found,) = points(code, **question)
    return found


def stored() -> list[tuple[Any, ...]]:
    """Every rollup as a tuple, in a fixed order."""
    names = ("kpi", "day", "dimension", "member", "clock", "whole", "part", "square", "extra", "values")
    rows = Rollup.objects.order_by(*names[:5]).values_list(*names)
    return [(*row[:8], json.dumps(row[8], sort_keys=True), bytes(row[9] or b"")) for row in rows]


def day(text: str) -> date:
    return date.fromisoformat(text)
