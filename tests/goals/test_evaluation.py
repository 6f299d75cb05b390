from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals import evaluation, judgement
from goals.lines import line
from goals.models import Goal, StatusChange
from metrics.catalogue import CATALOGUE
from metrics.models import DirtyDay
from tests.factories import CalendarFactory, GoalFactory
from tests.goals.measured import TODAY, share, tickets, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


def _later(days):
    return time_machine.travel(NOW + timedelta(days=days), tick=False)


def _told(goal):
    found = line(goal)
    return found.status_name, found.reason


def test_a_goal_is_judged_by_its_forecast():
    """Four weeks ahead of 13 stable weeks, 87 % is reached with 0.464 (computed by hand, see test_forecast)."""
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(target=87, due=date(2026, 6, 28)))
    assert (goal.status, goal.reason, goal.candidate) == ("at_risk", "forecast_reached", "")
    assert goal.probability == pytest.approx(0.464384, abs=1e-6)
    assert (goal.value, goal.value_n) == (87, 100)
    assert (goal.value_start, goal.value_end) == (date(2026, 5, 25), TODAY)
    assert goal.value_low == pytest.approx(79.02, abs=0.01)
    assert goal.progress == 1.0
    assert [piece["value"] for piece in goal.course] == STABLE
    assert goal.course[-1]["start"] == "2026-05-25"
    assert (goal.outlook["periods"], goal.outlook["ahead"], goal.outlook["needed"]) == (13, 4, 0)
    assert goal.outlook["expected"] == pytest.approx(80 + 7 * 151 / 178)
    assert [band["end"] for band in goal.outlook["fan"]] == ["2026-06-08", "2026-06-15", "2026-06-22", "2026-06-29"]
    assert goal.evaluated_at == NOW
    assert goal.next_evaluation_at == NOW + timedelta(hours=1)
    change = goal.status_changes.get()
    assert (change.before, change.after, change.period_end, change.value) == ("", "at_risk", TODAY, 87)
    assert _told(goal) == (
        "at risk",
        (
            "87.0\u00a0% in the week of 25 May 2026 meets the target of 87.0\u00a0%; "
            "the chance that it still does on 28 Jun 2026 is about 5 in 10."
        ),
    )


def test_judging_again_changes_nothing():
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(target=90, due=date(2026, 6, 28)))
    stored = {key: value for key, value in vars(Goal.objects.get()).items() if key != "_state"}
    with _later(0):
        evaluation.evaluate(goal)
    assert {key: value for key, value in vars(Goal.objects.get()).items() if key != "_state"} == stored
    assert StatusChange.objects.count() == 1
    assert _told(goal) == (
        "off track",
        (
            "The chance to reach 90.0\u00a0% by 28 Jun 2026 is about 1 in 10; "
            "it was 87.0\u00a0% in the week of 25 May 2026. Likely then (8 in 10): 82.9\u00a0% to 91.1\u00a0%."
        ),
    )


def test_a_status_changes_when_two_weeks_speak_for_it():
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(baseline=60, target=84, due=date(2026, 8, 2)))
    assert (goal.status, goal.candidate) == ("on_track", "")
    share("csat", TODAY, 70, n=200)
    with _later(7):
        evaluation.evaluate(goal)
        assert (goal.status, goal.candidate) == ("on_track", "at_risk")
        evaluation.evaluate(goal)  # the same week again confirms nothing
        assert (goal.status, goal.candidate) == ("on_track", "at_risk")
        assert _told(goal) == (
            "on track",
            (
                "The chance to reach 84.0\u00a0% by 2 Aug 2026 is about 3 in 10; "
                "it was 70.0\u00a0% in the week of 1 Jun 2026. Likely then (8 in 10): 50.1\u00a0% to 87.4\u00a0%. "
                "If the next week confirms it, the goal becomes “at risk”."
            ),
        )
    share("csat", TODAY + timedelta(days=7), 70, n=200)
    with _later(14):
        evaluation.evaluate(goal)
    assert goal.status in ("at_risk", "off_track")
    assert [change.after for change in goal.status_changes.order_by("id")] == ["on_track", goal.status]


def test_too_few_weeks_are_gathered_and_thin_ones_do_not_count():
    weeks("csat", [80, 82, 81], n=4)
    goal = evaluation.evaluate(GoalFactory())
    assert goal.value is None
    assert _told(goal) == ("too little data", "Too little was measured in each of the last 26 complete weeks.")
    weeks("csat", [90] * 7, n=5, before=TODAY - timedelta(days=21))
    evaluation.evaluate(goal)
    assert goal.value == 90
    assert _told(goal) == (
        "too little data",
        (
            "7 complete weeks with enough data so far; a forecast needs 8. "
            "The 3 complete weeks since the last measured one had fewer than 5 cases each."
        ),
    )
    assert line(goal).probability is None
    assert [change.after for change in goal.status_changes.all()] == ["gathering"]


def test_a_month_is_judged_by_months():
    for month in range(1, 6):
        share("csat", date(2026, month, 15), 80 + month)
    goal = evaluation.evaluate(GoalFactory(grain="month", due=date(2026, 12, 31)))
    assert (goal.value, goal.value_start, goal.value_end) == (85, date(2026, 5, 1), date(2026, 6, 1))
    assert _told(goal)[1] == "5 complete months with enough data so far; a forecast needs 8."
    for month in range(9, 13):
        share("csat", date(2025, month, 15), 80)
    evaluation.evaluate(goal)
    assert goal.outlook["ahead"] == 7
    assert goal.outlook["fan"][-1]["end"] == "2027-01-01"


def test_a_running_week_is_not_judged():
    weeks("csat", STABLE)
    share("csat", TODAY, 0)
    goal = evaluation.evaluate(GoalFactory(), now=NOW)
    assert goal.value == 87


def test_a_goal_waits_for_its_start():
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(start=date(2026, 6, 2), due=date(2026, 12, 31)))
    assert (goal.value, goal.probability) == (87, None)
    assert _told(goal) == ("not started", "It starts on 2 Jun 2026.")


def test_when_it_is_over_its_last_week_decides():
    weeks("csat", [*STABLE, 50])
    achieved = evaluation.evaluate(GoalFactory(target=80, baseline=70, due=date(2026, 5, 24)))
    assert (achieved.value, achieved.value_end) == (87, date(2026, 5, 25))
    assert (achieved.status, achieved.reason) == ("achieved", "achieved_close")  # 79.0 to 92.2
    clearly = evaluation.evaluate(GoalFactory(target=75, baseline=70, due=date(2026, 5, 30)))
    assert _told(clearly) == (
        "achieved",
        "87.0\u00a0% in the week of 18 May 2026, the last one measured; the target was 75.0\u00a0%.",
    )
    missed = evaluation.evaluate(GoalFactory(target=88, due=date(2026, 5, 31)))
    assert _told(missed)[0] == "missed"
    assert _told(missed)[1].startswith("50.0\u00a0% in the week of 25 May 2026")
    close = evaluation.evaluate(GoalFactory(target=90, due=date(2026, 5, 24)))
    assert _told(close) == (
        "missed",
        (
            "87.0\u00a0% in the week of 18 May 2026, the last one measured; the target was 90.0\u00a0%. "
            "Too close to call: the target lies within the interval, 79.0\u00a0% to 92.2\u00a0%."
        ),
    )


def test_what_was_measured_long_before_the_end_decides_nothing():
    weeks("csat", [80] * 10, before=TODAY - timedelta(days=28))
    goal = evaluation.evaluate(GoalFactory(due=date(2026, 5, 31)))
    assert _told(goal) == (
        "too little data",
        "It was due on 31 May 2026, but none of its last 4 complete weeks has enough data.",
    )
    weeks("csat", [95], before=TODAY - timedelta(days=21))
    evaluation.evaluate(goal)
    assert goal.status == "achieved"


def test_nothing_before_the_start_decides():
    weeks("csat", [95] * 10, before=date(2026, 5, 25))
    goal = evaluation.evaluate(GoalFactory(start=date(2026, 5, 25), due=date(2026, 5, 31)))
    assert goal.status == "gathering"


def test_a_week_before_the_due_date_settles_it():
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(due=date(2026, 6, 3)))
    assert (goal.status, goal.probability) == ("off_track", 0.0)
    assert _told(goal)[1] == (
        "87.0\u00a0% in the week of 25 May 2026, the last complete one before 3 Jun 2026: "
        "short of the target of 90.0\u00a0%."
    )
    goal = evaluation.evaluate(GoalFactory(due=date(2026, 6, 3), target=85))
    assert (goal.status, goal.probability, goal.reason) == ("on_track", 1.0, "settled_reached")


def test_figures_that_may_still_change_are_waited_for():
    """First contact resolution counts for good after a week."""
    weeks("first_contact_resolution", [80] * 10)
    goal = GoalFactory(kpi="first_contact_resolution", due=date(2026, 5, 31))
    evaluation.evaluate(goal)
    assert goal.value_end == date(2026, 5, 25)
    assert _told(goal) == (
        "",
        "It was due on 31 May 2026; the figures of its last days are not final before 8 Jun 2026.",
    )
    with _later(7):
        evaluation.evaluate(goal)
    assert (goal.status, goal.value_end) == ("missed", TODAY)


def test_nothing_is_judged_while_figures_are_computed():
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(status="on_track", reason="forecast"))
    judged = goal.probability
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 27))
    share("csat", date(2026, 5, 26), 0, n=900)
    evaluation.evaluate(goal)
    assert (goal.probability, goal.value) == (judged, 87)
    assert goal.next_evaluation_at == NOW + timedelta(minutes=2)
    fresh = evaluation.evaluate(GoalFactory())
    assert (fresh.status, fresh.evaluated_at) == ("", None)
    assert _told(fresh) == ("", "Its figures are just being computed.")


def test_a_kpi_that_is_gone_is_said_and_nobody_is_reassured():
    goal = GoalFactory(kpi="smiles", status="on_track", value=12.5, target=20, baseline=10)
    evaluation.evaluate(goal)
    found = line(goal)
    assert (found.kpi, found.kpi_name, found.value, found.target) == (None, "smiles", "12.5", "20")
    assert (found.status, found.tone, found.probability) == ("gathering", "", None)
    assert found.reason == "The KPI “smiles” no longer exists, so the goal cannot be judged any more."


def test_a_calendar_that_was_removed_is_said():
    goal = GoalFactory(kpi="resolution_time", clock="business", revision=1, direction="lower", target=10, baseline=20)
    evaluation.evaluate(goal)
    assert _told(goal)[1] == "There is no business calendar any more, so business time cannot be measured."
    CalendarFactory()
    evaluation.evaluate(goal)
    assert goal.reason == "no_data"


def test_a_new_definition_asks_for_a_new_baseline(monkeypatch):
    weeks("csat", STABLE)
    goal = evaluation.evaluate(GoalFactory(revision=1))
    assert _told(goal) == (
        "too little data",
        "The definition of “Customer satisfaction (CSAT)” has changed since the baseline; measure the baseline again.",
    )


def test_a_dimension_that_is_gone_is_said():
    goal = evaluation.evaluate(GoalFactory(dimension="tier", member="plus"))
    assert _told(goal)[1] == "“Customer satisfaction (CSAT)” can no longer be told apart by customer tier."


def test_how_a_goal_ended_stays_when_the_kpi_goes():
    goal = evaluation.evaluate(GoalFactory(kpi="smiles", status="achieved", reason="achieved", value=90))
    assert (goal.status, goal.reason) == ("achieved", "achieved")


def test_only_active_goals_are_judged():
    weeks("csat", STABLE)
    for state in ("draft", "closed", "cancelled"):
        assert evaluation.evaluate(GoalFactory(state=state)).status == ""


def test_a_goal_for_one_channel_is_judged_by_that_channel():
    weeks("csat", STABLE)
    weeks("csat", [60] * 13, of=("channel", "chat"))
    goal = evaluation.evaluate(GoalFactory(dimension="channel", member="chat"))
    assert (goal.value, line(goal).scope) == (60, "channel: chat")
    assert goal.progress == -2.0
    assert (line(goal).progress, line(goal).share) == ("further away than at the start", 0.0)


def test_less_can_be_better():
    weeks("escalation_rate", [20, 19, 18, 17, 16, 15, 14, 13, 12, 11])
    goal = evaluation.evaluate(GoalFactory(kpi="escalation_rate", direction="lower", baseline=20, target=8))
    assert (goal.status, goal.progress) == ("on_track", 0.75)
    other = evaluation.evaluate(GoalFactory(kpi="escalation_rate", direction="lower", baseline=20, target=1))
    assert other.status == "off_track"


def test_a_number_is_judged_from_the_first_to_the_last_fact_only():
    tickets(date(2026, 5, 4), date(2026, 5, 20))
    goal = GoalFactory(kpi="ticket_volume", revision=1, target=50, baseline=40)
    evaluation.evaluate(goal)
    assert [(piece["start"], piece["value"]) for piece in goal.course] == [
        ("2026-05-04", 0),
        ("2026-05-11", 0),
        ("2026-05-18", 0),
    ]
    assert line(goal).value == "0 per week"


def test_due_goals_are_claimed_once():
    goal = GoalFactory(next_evaluation_at=NOW)
    GoalFactory(next_evaluation_at=NOW + timedelta(minutes=1))
    GoalFactory(next_evaluation_at=NOW, state="draft")
    assert evaluation.due_ids(NOW) == [goal.pk]
    evaluation.evaluate_due(goal.pk)
    goal.refresh_from_db()
    assert (goal.reason, goal.evaluated_at) == ("no_data", NOW)
    Goal.objects.update(reason="")
    evaluation.evaluate_due(goal.pk)  # the second worker
    goal.refresh_from_db()
    assert goal.reason == ""
    assert evaluation.due_ids(NOW) == []
    evaluation.evaluate_due(0)  # deleted meanwhile


def test_what_was_changed_meanwhile_is_judged_again_and_not_overwritten(monkeypatch):
    weeks("csat", STABLE)
    goal = GoalFactory(target=87)
    judge = judgement.judge

    def slowly(*arguments):
        Goal.objects.update(target=99)
        return judge(*arguments)

    monkeypatch.setattr(judgement, "judge", slowly)
    evaluation.evaluate(goal)
    stored = Goal.objects.get()
    assert (stored.target, stored.status, stored.next_evaluation_at) == (99, "", NOW)
    assert not StatusChange.objects.exists()


def test_every_kpi_of_the_catalogue_can_be_judged_without_data():
    # No goal can be set for what has no figure without a dimension.
    for code, kpi in ((code, kpi) for code, kpi in CATALOGUE.items() if not kpi.needs_dimension):
        for grain in ("week", "month"):
            goal = GoalFactory(kpi=code, grain=grain, revision=kpi.revision, due=date(2026, 12, 31))
            assert evaluation.evaluate(goal).reason == "no_data"


def test_judging_takes_the_same_queries_however_far_ahead_it_looks(django_assert_max_num_queries):
    weeks("csat", STABLE * 2)
    goals = [GoalFactory(due=date(2026, 6, 14)), GoalFactory(due=date(2028, 6, 14))]
    for goal in goals:
        with django_assert_max_num_queries(18):
            evaluation.evaluate(goal)
    assert len(goals[1].outlook["fan"]) == 104  # two years are drawn at most


def test_nothing_is_judged_where_the_forecast_cannot_tell_standing_still_from_arriving():
    """Up and down by 30 points, a goal of 4 points more follows the noise; over a whole scale it is no forecast."""
    weeks("csat", [70, 85] * 7)
    goal = evaluation.evaluate(GoalFactory(baseline=78, target=81, due=date(2026, 8, 2)))
    assert (goal.status, goal.reason, goal.probability, goal.candidate) == ("gathering", "unclear", None, "")
    assert StatusChange.objects.get().reason == "unclear"
    assert goal.outlook["fan"]
    assert _told(goal)[1] == (
        "The figure varies too much to tell: in 8 of 10 cases it will lie between "
        "52.7\u00a0% and 100.0\u00a0% on 2 Aug 2026."
    )
    assert evaluation.evaluate(goal).reason == "unclear"
    assert evaluation.evaluate(GoalFactory(baseline=60, target=90, due=date(2026, 8, 2))).status != "gathering"
    weeks("csat", [0, 100] * 7, of=("channel", "chat"))
    whole = GoalFactory(dimension="channel", member="chat", baseline=10, target=90, due=date(2026, 8, 2))
    assert evaluation.evaluate(whole).reason == "unclear"


def test_weeks_without_enough_answers_since_the_last_measured_one_are_said():
    weeks("csat", STABLE, before=TODAY - timedelta(days=14))
    weeks("csat", [0, 0], n=4)
    goal = evaluation.evaluate(GoalFactory(target=84, due=date(2026, 8, 2)))
    assert goal.value == 87
    assert _told(goal)[1].endswith(" The 2 complete weeks since the last measured one had fewer than 5 cases each.")
