"""What a goal may need from a person, as far as it can be told from what is stored: for lists, and for what waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals import staleness
from goals.models import Goal

State, Status = Goal.State, Goal.Status


class Need(StrEnum):
    """The most urgent first; a goal may have several."""

    OFF_TRACK = "off_track"
    GUARDRAIL = "guardrail"
    AT_RISK = "at_risk"
    OWNER = "owner"
    CHECK_IN = "check_in"
    CLOSING = "closing"


NAMES: Final[Mapping[Need, str | Promise]] = {
    Need.OFF_TRACK: _("off track"),
    Need.GUARDRAIL: _("guardrail breached"),
    Need.AT_RISK: _("at risk"),
    Need.OWNER: _("the owner has left"),
    Need.CHECK_IN: _("no check-in for long"),
    Need.CLOSING: _("over and not closed"),
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many goals have a need, and the first due of them."""

    need: Need
    count: int
    first: list[Goal]


def condition(need: Need, today: date) -> Q:
    """Which goals have it on a day."""
    is_active = Q(state=State.ACTIVE)
    return {
        Need.OFF_TRACK: is_active & Q(status=Status.OFF_TRACK),
        Need.GUARDRAIL: is_active & Q(guardrail_breached=True) & ~Q(guardrail=""),
        Need.AT_RISK: is_active & Q(status=Status.AT_RISK),
        Need.OWNER: Q(state__in=[State.ACTIVE, State.DRAFT], owner__is_active=False),
        Need.CHECK_IN: staleness.stale(today),
        Need.CLOSING: is_active & Q(status__in=[Status.ACHIEVED, Status.MISSED]),
    }[need]


def with_need(need: Need, today: date) -> "QuerySet[Goal]":
    return Goal.objects.filter(condition(need, today)).order_by("due", "id")


def found(today: date, *, most: int) -> Iterator[Found]:
    """Every need that some goal has, with so many of its goals at most; in two queries, however many there are."""
    counts = {need.value: Count("pk", filter=condition(need, today)) for need in Need}
    counted = Goal.objects.filter(state__in=[State.ACTIVE, State.DRAFT]).aggregate(**counts)
    present = [need for need in Need if counted[need.value]]
    if not present:
        return
    goals = _first(present, today, most)
    for need in present:
        first = [goal for goal in goals if getattr(goal, f"has_{need}")][:most]
        yield Found(need=need, count=counted[need.value], first=first)


def _first(present: list[Need], today: date, most: int) -> list[Goal]:
    """The first goals of each need, each marked with all of its needs, the next due first."""
    wanted = Q(pk__in=[])
    for need in present:
        wanted |= Q(pk__in=with_need(need, today).values("pk")[:most])
    marks = {f"has_{need}": ExpressionWrapper(condition(need, today), output_field=BooleanField()) for need in present}
    rows = Goal.objects.filter(wanted).annotate(**marks).select_related("objective", "owner").defer("course")
    return list(rows.order_by("due", "id"))
