"""Goals that are judged one after the other share what they read; see goals.course."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import course
from goals.course import Scope
from kpiproject.lib.periods import Grain, Period
from metrics import definitions
from metrics.queries import find_kpi
from tests.goals.measured import TODAY, house, rollup, weeks

pytestmark = pytest.mark.django_db
PERIOD = Period(TODAY - timedelta(weeks=6), TODAY, "UTC")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        house()
        yield


@pytest.fixture
def turn():
    """As within a request or a task."""
    definitions.begin_turn()
    yield
    definitions.end_turn()


def scope(code, member="", dimension="team"):
    return Scope(
        kpi=find_kpi(code),
        dimension=dimension if member else "",
        member=member,
        grain=Grain.WEEK,
        clock="calendar" if find_kpi(code).has_clocks else "",
        zone="UTC",
        week_start=0,
    )


def of_teams():
    for name, values in (("Billing", [80, 82, None, 84, 85, 86]), ("Returns", [60, 61, 62, 63, 64, 65])):
        weeks("csat", values, of=("team", name))
    for number, name in enumerate(("Billing", "Returns"), start=1):
        rollup("ticket_volume", TODAY - timedelta(weeks=2), whole=number, of=("team", name))
        rollup("resolution_time", TODAY - timedelta(weeks=2), whole=0, of=("team", name), clock="calendar")


@pytest.mark.parametrize("code", ["csat", "ticket_volume", "resolution_time"])
@pytest.mark.parametrize("member", ["", "Billing", "Returns", "Nobody"])
def test_shared_or_alone_they_are_the_same(code, member):
    of_teams()
    weeks("csat", [70, 71, 72, 73, 74, 75])
    alone = course.pieces(scope(code, member), PERIOD)
    definitions.begin_turn()
    try:
        assert [course.pieces(scope(code, member), PERIOD) for _twice in range(2)] == [alone, alone]
    finally:
        definitions.end_turn()
    if code == "csat":
        assert len(alone) == {"": 6, "Billing": 5, "Returns": 6, "Nobody": 0}[member]


def test_all_members_of_a_dimension_cost_what_one_does(turn):
    of_teams()
    course.pieces(scope("csat", "Billing"), PERIOD)
    with CaptureQueriesContext(connection) as queries:
        course.pieces(scope("csat", "Returns"), PERIOD)
        course.pieces(scope("csat", "Billing"), PERIOD)
    assert len(queries) == 0


def test_where_there_are_too_many_members_each_is_asked_for_alone(turn, monkeypatch):
    of_teams()
    monkeypatch.setattr("metrics.queries.questions.MOST_POINTS", 6)
    assert [piece.value for piece in course.pieces(scope("csat", "Billing"), PERIOD)] == [80, 82, 84, 85, 86]


def test_outside_of_a_task_nothing_is_kept():
    of_teams()
    before = len(course.pieces(scope("csat", "Billing"), PERIOD))
    weeks("csat", [90], before=TODAY - timedelta(weeks=3), of=("team", "Billing"))
    assert (before, len(course.pieces(scope("csat", "Billing"), PERIOD))) == (5, 6)


def test_how_far_the_figures_reach_is_asked_once_in_a_task(turn):
    course.freshness("UTC")
    with CaptureQueriesContext(connection) as queries:
        course.freshness("UTC")
    assert len(queries) == 0
