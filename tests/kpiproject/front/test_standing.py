"""How things stand, as home tells it."""

import pytest

from goals import shelves
from kpiproject.front import attention, standing
from kpiproject.queries import organisation
from metrics import queries
from tests.factories import GoalFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_goals_are_counted_as_on_the_board():
    for status in ("on_track", "on_track", "at_risk", "off_track", "gathering", "scheduled", "achieved", "missed"):
        GoalFactory(status=status)
    GoalFactory(state="draft")
    GoalFactory(state="closed", status="achieved")
    found = standing.standing(
        StaffFactory(), organisation(), queries.freshness("UTC"), attention.this_moment(), leads=False
    ).goals
    board = shelves.choices(has_drafts=False).shelves
    assert (found.good, found.judged, found.unjudged) == (2, 4, 2)
    assert (board["on_track"], board["at_risk"] + board["off_track"], board["waiting"]) == (2, 2, 2)
    assert [line.status for line in found.shown] == [
        "off_track", "at_risk", "on_track", "on_track", "gathering", "scheduled"
    ]  # fmt: skip
    assert found.others == 0
