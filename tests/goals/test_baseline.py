from datetime import UTC, date, datetime

import pytest
import time_machine

from goals import baseline
from goals.baseline import Baseline
from goals.models import Goal
from metrics.catalogue import CATALOGUE
from metrics.queries import BadQuestion
from tests.factories import AgentFactory, CalendarFactory, GoalFactory
from tests.goals.measured import TODAY, house, rollup, share, tickets, weeks

pytestmark = pytest.mark.django_db
CSAT = CATALOGUE["csat"]


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        yield


def _measure(kpi=CSAT, *, grain="week", before=TODAY, dimension="", member=""):
    return baseline.measure(kpi, dimension=dimension, member=member, grain=grain, clock="", before=before)


def test_the_baseline_is_over_all_rows_of_a_quarter():
    """Not the mean of weekly figures: 12 weeks of 100 answers with 80 %, one of 1,200 with 90 %, are 85 %."""
    weeks("csat", [80] * 12 + [None])
    share("csat", date(2026, 5, 31), 90, n=1200)
    weeks("csat", [0], before=date(2026, 3, 2))  # the week before those 13
    share("csat", TODAY, 0)  # the running week
    found = _measure()
    assert (found.value, found.n, found.periods, found.wanted) == (85, 2400, 13, 13)
    assert (found.start, found.end) == (date(2026, 3, 2), TODAY)
    assert (found.low, found.high) == pytest.approx((83.51, 86.37), abs=0.01)


def test_it_ends_before_the_start_of_the_goal_or_today():
    weeks("csat", [70] * 13 + [90] * 4)
    assert _measure(before=date(2026, 5, 6)).value == 70
    assert _measure(before=date(2026, 12, 1)).end == TODAY


def test_a_goal_judged_by_month_rests_on_six_months():
    for month in range(1, 6):
        share("csat", date(2026, month, 10), 80)
    share("csat", date(2025, 12, 10), 74)
    share("csat", date(2025, 11, 10), 0)
    found = _measure(grain="month")
    assert (found.value, found.n, found.periods) == (79, 600, 6)
    assert (found.start, found.end) == (date(2025, 12, 1), TODAY)


def test_less_than_three_periods_are_no_baseline():
    nothing = Baseline(value=None, n=0, low=None, high=None, start=None, end=None, periods=0, wanted=13)
    assert _measure() == nothing
    weeks("csat", [80, 90])
    assert (_measure().value, _measure().n, _measure().periods) == (None, 0, 2)
    weeks("csat", [85], before=date(2026, 5, 11))
    found = _measure()
    assert (found.value, found.periods, found.start) == (85, 3, date(2026, 5, 4))


def test_a_number_of_tickets_is_the_mean_of_its_weeks():
    tickets(date(2026, 5, 4), date(2026, 5, 31))
    for day, count in ((date(2026, 5, 4), 10), (date(2026, 5, 12), 20), (date(2026, 5, 13), 4), (date(2026, 5, 25), 6)):
        rollup("ticket_volume", day, whole=count)
    found = _measure(CATALOGUE["ticket_volume"])
    assert (found.value, found.n, found.periods) == (10, 40, 4)  # 10, 24, 0 and 6
    assert found.low == pytest.approx(10 - 3.182 * 10.198 / 2, abs=0.01)
    assert found.start == date(2026, 5, 4)


def test_a_level_is_the_mean_of_what_was_there_when_weeks_ended():
    tickets(date(2026, 5, 4), date(2026, 5, 31))
    for day, change in ((date(2026, 5, 4), 10), (date(2026, 5, 13), 5), (date(2026, 5, 28), -3)):
        rollup("backlog", day, whole=change)
    found = _measure(CATALOGUE["backlog"])
    assert (found.value, found.low, found.periods) == ((10 + 15 + 15 + 12) / 4, None, 4)


def test_weeks_begin_where_the_organisation_says():
    house(week_start=6)
    weeks("csat", [80] * 4, before=date(2026, 5, 31))
    found = _measure()
    assert (found.start, found.end) == (date(2026, 5, 3), date(2026, 5, 31))


def test_a_member_is_measured_alone():
    weeks("csat", [80] * 4)
    weeks("csat", [60] * 4, n=50, of=("channel", "chat"))
    found = _measure(dimension="channel", member="chat")
    assert (found.value, found.n) == (60, 200)
    with pytest.raises(BadQuestion):
        _measure(dimension="tier", member="plus")


def test_a_goal_freezes_clock_definition_direction_and_the_name_of_its_agent():
    CalendarFactory()
    AgentFactory(external_id="a-7", name="Ada")
    goal = GoalFactory(kpi="resolution_time", dimension="agent", member="a-7", start=TODAY, due=date(2026, 12, 31))
    baseline.fill(goal)
    assert (goal.clock, goal.direction, goal.revision) == ("business", "lower", 1)
    assert goal.outlook == {"baseline_periods": 0, "baseline_wanted": 13, "member_name": "Ada", "zone": "UTC"}
    assert (goal.baseline, goal.baseline_n) == (None, 0)


@pytest.mark.parametrize(
    ("code", "target", "measured", "found"),
    [
        ("csat", 90, 80, "higher"),
        ("csat", 70, 80, "higher"),
        ("backlog", 90, 80, "lower"),
        ("ticket_volume", 90, 80, "higher"),
        ("ticket_volume", 70, 80, "lower"),
        ("ticket_volume", 70, None, "higher"),
    ],
)
def test_the_direction_is_the_kpis_or_that_of_the_target(code, target, measured, found):
    assert baseline.direction(CATALOGUE[code], Goal(target=target, baseline=measured)) == found


@pytest.mark.parametrize(("measured", "found"), [(60, "higher"), (95, "lower"), (80, "higher"), (None, "higher")])
def test_the_direction_of_a_range_is_that_of_its_nearer_end(measured, found):
    goal = Goal(target=75, target_high=85, baseline=measured)
    assert baseline.direction(CATALOGUE["first_contact_resolution"], goal) == found
    assert baseline.direction(CATALOGUE["agent_utilisation"], goal) == found


def test_a_kpi_that_is_gone_has_no_baseline():
    with pytest.raises(BadQuestion):
        baseline.fill(GoalFactory(kpi="smiles"))
