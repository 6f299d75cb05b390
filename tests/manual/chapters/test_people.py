"""The rules by which people are thanked and looked after, and what the team has reached."""

from datetime import date, timedelta

import pytest

from goals import recognition, support
from goals.models import Goal, Praise, SupportHint, Thanks
from tests.factories import GoalFactory, StaffFactory
from tests.goals import recognised
from tests.goals.courses import pieces, week
from tests.manual.chapters.built import AS_OF, build, figures, lines

pytestmark = pytest.mark.django_db
BEFORE = [80, 82, 81, 80, 82, 81, 80, 82]
"""A mean of 81 with steps of 1.43: from 77.2 to 84.8 all is chance."""


def reached(last: float = 92.0, **more) -> Goal:
    values = {
        "statement": "Nine of ten are satisfied",
        "course": pieces([*BEFORE, 90, last]),
        "start": week(8),
        "due": week(10) - timedelta(days=1),
        "status": "achieved",
        "value": last,
    }
    found: Goal = GoalFactory(**values | more)
    return found


def day() -> date:
    return week(10) - timedelta(days=1)


def at():
    return AS_OF.replace(year=day().year, month=day().month, day=day().day) + timedelta(days=9)


def test_milestone_is_named_with_where_it_began() -> None:
    found = reached()
    assert lines("people", at())[-1].startswith("Nine of ten are satisfied: 92.0 % on ")
    assert lines("people", at())[-1].endswith("; it began at 80.0 %, and the target was 90.0 %")
    assert figures("people", at())[f"milestone:{found.pk}"].replace("\u00a0", " ") in lines("people", at())[-1]
    assert build("people", at()).figures[f"milestone:{found.pk}"]["kind"] == "value"


@pytest.mark.parametrize(
    "more",
    [
        {"guardrail": "nps", "guardrail_limit": 1.0, "guardrail_breached": True},
        {"last": 82.0, "course": pieces([*BEFORE, 81, 82])},
        {"dimension": "agent", "member": "7"},
        {"status": "missed"},
        {"state": "cancelled"},
    ],
    ids=["hollow", "by chance", "of one person", "missed", "cancelled"],
)
def test_what_is_no_win_of_the_team_is_not_named(more) -> None:
    reached(**more)
    days = recognition.MILESTONES_FOR.days
    assert lines("people", at())[-1] == f"No goal was reached beyond chance in the last {days} days."
    assert not [name for name in figures("people", at()) if name.startswith("milestone:")]


def test_rules_are_those_that_plumbline_follows() -> None:
    said = figures("people")
    assert list(said) == ["recognition:support", "recognition:gap", "recognition:praise", "recognition:single"]
    assert f"when {support.HARD_CONTACTS} customers or more were unhappy" in said["recognition:support"]
    assert f"for {support.GAP.days} days" in said["recognition:gap"]


def test_nobody_is_named_and_nothing_is_counted() -> None:
    """Thanks, praise and hints are between people; the manual tells of the rules alone."""
    before = (lines("people"), figures("people"))
    recognised.thanks(StaffFactory(name="Ines Secret"))
    recognised.praise(StaffFactory(name="Jon Secret"), state="shared", text="Secret words.")
    recognised.hint()
    assert (Thanks.objects.count(), Praise.objects.count(), SupportHint.objects.count()) == (1, 1, 1)
    assert (lines("people"), figures("people")) == before
