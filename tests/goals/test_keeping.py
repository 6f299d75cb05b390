"""Goals to keep what was there before: by a budget of rows that may fall short, and by what the figure does."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals import cards, evaluation, kinds, lines
from tests.factories import GoalFactory
from tests.goals.measured import TODAY, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


def kept(**fields):
    """At least 90 %, which were 95 % before it began four weeks ago; another four weeks are to come."""
    usual = {"baseline": 95.0, "target": 90.0, "start": date(2026, 5, 4), "due": date(2026, 6, 28)}
    return GoalFactory(**(usual | fields))


def test_a_level_that_is_kept_is_on_track():
    weeks("csat", [95, 96] * 6 + [96, 95, 96, 97])
    goal = evaluation.evaluate(kept())
    assert (goal.status, goal.reason, goal.probability) == ("on_track", "keeping", None)
    assert goal.outlook["assurance"] == "pass"
    budget = goal.outlook["budget"]
    assert (budget["n"], budget["bad"], budget["expected"]) == (400, 16, 800)
    assert (budget["allowed"], budget["remaining"], budget["burn"]) == pytest.approx((80, 0.8, 0.4))
    assert lines.reason(goal) == (
        f"As the figure varies, it keeps 90.0{NBSP}% in every period. "
        "16 of 400 so far miss it; of about 800 until 28 Jun 2026 no more than 80 may."
    )
    assert goal.outlook["fan"]


def test_less_can_be_better():
    weeks("escalation_rate", [5, 4] * 6 + [4, 5, 4, 3])
    goal = kept(kpi="escalation_rate", direction="lower", baseline=5.0, target=10.0)
    evaluation.evaluate(goal)
    assert (goal.status, goal.outlook["budget"]["bad"]) == ("on_track", 16)
    assert goal.outlook["budget"]["allowed_share"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ([92, 91] * 6 + [92, 93, 92, 92], "at_risk"),  # 31 of 400: 78 % of the budget at this rate
        ([95, 85] * 8, "at_risk"),  # hit and miss, and exactly as many as may
        ([95, 96] * 6 + [89, 88, 89, 88], "off_track"),  # the budget will not last
        ([80, 81] * 8, "off_track"),
    ],
)
def test_a_level_that_is_lost_is_seen(values, status):
    weeks("csat", values)
    assert evaluation.evaluate(kept()).status == status


def test_before_its_first_week_the_figure_speaks_for_itself():
    weeks("csat", [95, 96] * 8)
    goal = evaluation.evaluate(kept(start=TODAY, due=date(2026, 8, 2)))
    assert (goal.status, "budget" in goal.outlook) == ("on_track", False)
    assert lines.reason(goal) == f"As the figure varies, it keeps 90.0{NBSP}% in every period."


def test_two_weeks_in_a_row_must_speak_for_another_status():
    weeks("csat", [95, 96] * 6 + [96, 95, 96, 97])
    goal = evaluation.evaluate(kept(due=date(2026, 9, 27)))
    assert goal.status == "on_track"
    for week, (status, candidate) in enumerate([("on_track", "off_track"), ("off_track", "")], start=1):
        weeks("csat", [60], before=TODAY + timedelta(days=7 * week))
        with time_machine.travel(NOW + timedelta(days=7 * week), tick=False):
            evaluation.evaluate(goal)
        assert (goal.status, goal.candidate) == (status, candidate)
        told = lines.reason(goal).endswith("If the next week confirms it, the goal becomes “off track”.")
        assert told is bool(candidate)


def test_too_little_data_stays_too_little():
    weeks("csat", [95] * 7)
    assert evaluation.evaluate(kept()).status == "gathering"


@pytest.mark.parametrize(
    ("values", "status", "reason", "sentence"),
    [
        (
            [96, 95, 96, 85],
            "achieved",
            "kept",
            f"93.0{NBSP}% over its whole time, 4 May – 31 May 2026; 90.0{NBSP}% was to be kept.",
        ),
        ([92, 91, 92, 90], "achieved", "kept_close", None),
        ([85, 80, 82, 96], "missed", "lost", f"85.8{NBSP}% over its whole time, 4 May – 31 May 2026; 90.0{NBSP}% was"),
        ([89, 88, 89, 88], "missed", "lost_close", None),
    ],
)
def test_all_of_its_time_decides_and_not_the_last_week(values, status, reason, sentence):
    weeks("csat", [95] * 8 + values)
    goal = evaluation.evaluate(kept(due=date(2026, 5, 31)))
    assert (goal.status, goal.reason) == (status, reason)
    told = lines.reason(goal)
    assert told.startswith(sentence) if sentence else "Too close to call: the target lies within the interval, " in told


def test_a_level_of_another_kind_is_judged_by_its_forecast():
    weeks("nps", [40] * 12 + [45])  # better than the baseline, which is away from the target
    goal = evaluation.evaluate(kept(kpi="nps", baseline=40.0, target=30.0))
    assert (kinds.of(goal), goal.reason, goal.progress) == ("maintain", "forecast_reached", None)
    assert "worse than the start" not in lines.reason(goal)


@pytest.mark.parametrize(
    ("values", "status", "reason"),
    [
        ([80, 79, 81] * 5, "on_track", "forecast_reached"),
        ([92, 93, 91] * 5, "off_track", "forecast"),
        ([70, 69, 71] * 5, "off_track", "forecast"),
    ],
)
def test_a_range_is_kept_from_both_sides(values, status, reason):
    weeks("first_contact_resolution", values, before=TODAY - timedelta(days=7))
    goal = kept(kpi="first_contact_resolution", target=75.0, target_high=85.0, baseline=80.0, due=date(2026, 8, 2))
    evaluation.evaluate(goal)
    assert (goal.status, goal.reason, goal.progress) == (status, reason, None)
    assert f"75.0{NBSP}% to 85.0{NBSP}%" in lines.reason(goal)


@pytest.mark.parametrize(
    ("baseline", "value", "progress", "way"),
    [
        (95.0, 90.0, 0.5, "50\u00a0% of the way"),
        (95.0, 85.0, 1.0, "within the range"),
        (95.0, 80.0, 1.5, "within the range"),
        (95.0, 70.0, 2.5, "through the range and out of it again"),
        (65.0, 70.0, 0.5, "50\u00a0% of the way"),
        (80.0, 70.0, None, ""),
    ],
)
def test_the_way_to_a_range_leads_to_its_nearer_end(baseline, value, progress, way):
    weeks("first_contact_resolution", [value] * 13, before=TODAY - timedelta(days=7))
    goal = kept(kpi="first_contact_resolution", target=75.0, target_high=85.0, baseline=baseline, due=date(2026, 8, 2))
    evaluation.evaluate(goal)
    assert goal.progress == progress
    assert cards.progress(lines.line(goal)) == way


def test_a_range_that_is_over_is_judged_by_both_ends():
    weeks("csat", [95] * 8 + [97])
    goal = kept(baseline=70.0, target=75.0, target_high=85.0, due=date(2026, 5, 31))
    assert evaluation.evaluate(goal).status == "missed"


def test_a_time_zone_that_was_changed_on_the_way_is_said():
    weeks("csat", [85] * 13)
    goal = evaluation.evaluate(GoalFactory(target=87, outlook={"zone": "Europe/Berlin"}))
    assert lines.reason(goal).endswith(
        "Since the baseline was measured the time zone was changed from Europe/Berlin to UTC, so that days begin at "
        "another hour: compare with care."
    )
    assert "time zone" not in lines.reason(evaluation.evaluate(GoalFactory(target=87, outlook={"zone": "UTC"})))
