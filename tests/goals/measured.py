"""Figures without facts: rollups of one day a week, as if the worker had computed them."""

from collections.abc import Sequence
from datetime import date, timedelta

from kpiproject.models import Organisation
from metrics.catalogue import CATALOGUE
from metrics.models import Rollup, Ticket

TODAY = date(2026, 6, 1)
"""A Monday, on which tests stand still."""


def weeks(
    code: str, values: Sequence[float | None], *, n: int = 100, before: date = TODAY, of: tuple[str, str] = ("", "")
) -> None:
    """Percentages of the complete weeks before a Monday, the last one last; None is a week without any row."""
    for back, value in enumerate(reversed(values), start=1):
        if value is not None:
            share(code, before - timedelta(days=7 * back), value, n=n, of=of)


def share(code: str, day: date, value: float, *, n: int = 100, of: tuple[str, str] = ("", "")) -> None:
    """n rows on a day, so many percent of them good."""
    rollup(code, day, whole=n, part=n * value / 100, of=of)


def rollup(
    code: str, day: date, *, whole: int, part: float = 0.0, of: tuple[str, str] = ("", ""), clock: str = ""
) -> Rollup:
    return Rollup.objects.create(
        kpi=code,
        revision=CATALOGUE[code].revision,
        day=day,
        dimension=of[0],
        member=of[1],
        clock=clock,
        whole=whole,
        part=part,
        square=part,
        extra={},
    )


def house(**values: object) -> Organisation:
    return Organisation.objects.update_or_create(pk=1, defaults=values)[0]


def tickets(first: date, last: date) -> None:
    """Two tickets, so that numbers of tickets are known from the first to the last day."""
    for number, day in enumerate((first, last)):
        Ticket.objects.create(source="test", external_id=f"span-{number}", created_at=f"{day}T10:00Z")
