"""What a goal needs from a person, as lists and the first page find it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import needs, staleness
from goals.models import Cadence, Goal
from goals.needs import Need
from tests.factories import GoalFactory, ManagerFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)
FRESH = {"status": "on_track", "checked_in_on": TODAY, "created_at": datetime(2025, 12, 1, tzinfo=UTC)}


def found() -> dict[Need, tuple[int, list[str]]]:
    return {one.need: (one.count, [goal.statement for goal in one.first]) for one in needs.found(TODAY, most=2)}


def test_a_goal_that_goes_well_needs_nothing() -> None:
    GoalFactory(**FRESH)
    GoalFactory(state="draft")
    GoalFactory(state="closed", status="missed", owner=ManagerFactory(is_active=False), guardrail_breached=True)
    assert found() == {}


@pytest.mark.parametrize(
    ("need", "fields"),
    [
        (Need.OFF_TRACK, {"status": "off_track"}),
        (Need.AT_RISK, {"status": "at_risk"}),
        (Need.CLOSING, {"status": "missed"}),
        (Need.GUARDRAIL, {"guardrail": "nps", "guardrail_breached": True}),
        (Need.CHECK_IN, {"checked_in_on": date(2026, 1, 20)}),
    ],
)
def test_each_need(need: Need, fields: dict[str, object]) -> None:
    GoalFactory(statement="This one", **FRESH | fields)
    GoalFactory(**FRESH)
    assert found() == {need: (1, ["This one"])}


def test_an_owner_who_has_left_also_leaves_drafts() -> None:
    gone = ManagerFactory(is_active=False)
    GoalFactory(statement="Running", owner=gone, **FRESH)
    GoalFactory(statement="Draft", owner=gone, state="draft")
    GoalFactory(statement="Over", owner=gone, state="cancelled")
    assert found() == {Need.OWNER: (2, ["Running", "Draft"])}


def test_a_guardrail_that_was_taken_away_is_not_breached_any_more() -> None:
    GoalFactory(guardrail="", guardrail_breached=True, **FRESH)
    assert found() == {}


def test_a_goal_with_two_needs_is_told_of_twice_and_the_next_due_come_first() -> None:
    given = {"status": "off_track", "guardrail": "nps", "checked_in_on": TODAY}
    for day in (9, 7, 8):
        GoalFactory(statement=f"July {day}", due=date(2026, 7, day), guardrail_breached=day == 9, **given)
    assert found() == {Need.OFF_TRACK: (3, ["July 7", "July 8"]), Need.GUARDRAIL: (1, ["July 9"])}


def test_two_queries_however_many_goals() -> None:
    for status in ("off_track", "at_risk", "missed"):
        GoalFactory.create_batch(4, status=status)
    with CaptureQueriesContext(connection) as queries:
        found()
    assert len(queries) == 2


def test_the_database_and_the_page_agree_about_who_is_stale() -> None:
    """For every cadence, around every day that counts."""
    for cadence in Cadence:
        for days in (0, 13, 14, 15, 27, 28, 29, 59, 60, 61):
            ago = TODAY - timedelta(days=days)
            given = {"check_in_cadence": cadence, "start": date(2025, 10, 1), "status": "on_track"}
            given["created_at"] = datetime(2025, 9, 1, tzinfo=UTC)
            GoalFactory(**given | {"checked_in_on": ago})
            GoalFactory(**given | {"start": ago})
            made = datetime(ago.year, ago.month, ago.day, 23, 59, tzinfo=UTC)
            GoalFactory(**given | {"created_at": made})
            GoalFactory(**given | {"checked_in_on": ago, "status": "missed"})
            GoalFactory(**given | {"checked_in_on": ago, "state": "draft"})
    of_the_page = {goal.pk for goal in Goal.objects.all() if staleness.is_stale(goal, TODAY)}
    of_the_database = set(Goal.objects.filter(staleness.stale(TODAY)).values_list("pk", flat=True))
    assert of_the_database == of_the_page
    assert 0 < len(of_the_page) < Goal.objects.count()
