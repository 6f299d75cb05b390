from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals import cards, evaluation, guardrail_words, guardrails
from goals.models import Goal
from metrics.catalogue import CATALOGUE
from metrics.models import DirtyDay
from tests.factories import GoalFactory
from tests.goals.measured import TODAY, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


def guarded(**fields):
    """For satisfaction, with no more than 5 % of tickets escalated."""
    return GoalFactory(**({"guardrail": "escalation_rate", "guardrail_limit": 5.0} | fields))


@pytest.mark.parametrize(
    ("code", "is_needed"),
    [
        ("first_response_time", True),
        ("first_response_within_target", True),
        ("resolution_time", True),
        ("average_handling_time", True),
        ("agent_utilisation", True),
        ("solved_per_agent", True),
        ("cost_per_contact", True),
        ("backlog_age", True),
        ("time_to_value", True),
        ("downtime_communication", True),
        ("csat", False),
        ("nps", False),
        ("first_contact_resolution", False),
        ("ticket_volume", False),
        ("backlog", False),
        ("customer_lifetime", False),  # days, of which more are better
        ("average_revenue_per_account", False),
        ("retention_rate", False),
    ],
)
def test_speed_and_cost_need_a_guardrail(code, is_needed):
    assert guardrails.is_needed(CATALOGUE[code]) is is_needed


@pytest.mark.parametrize(
    ("code", "can"), [("csat", True), ("reopen_rate", True), ("agent_utilisation", False), ("channel_share", False)]
)
def test_only_what_can_get_worse_can_guard(code, can):
    assert guardrails.can_guard(CATALOGUE[code]) is can


@pytest.mark.parametrize(
    ("values", "limit", "value", "breached"),
    [
        ([4, 4, 6], 5.0, 6, True),
        ([4, 6, 4], 5.0, 4, False),  # only the last week speaks
        ([4, 4, 5], 5.0, 5, False),
        ([None, None, None], 5.0, None, None),
    ],
)
def test_the_last_complete_week_says_whether_it_holds(values, limit, value, breached):
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [9, *values])
    weeks("escalation_rate", [90], before=TODAY + timedelta(days=7))  # the running week
    goal = evaluation.evaluate(guarded(guardrail_limit=limit))
    stored = Goal.objects.get()
    if value is None:
        value, breached = 9, True  # three weeks ago it was measured last
    assert (stored.guardrail_value, stored.guardrail_breached) == (value, breached)
    assert (goal.guardrail_n, goal.evaluated_at) == (100, NOW)


def test_what_was_measured_long_ago_is_not_known_any_more():
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [9], before=TODAY - timedelta(days=28))
    goal = evaluation.evaluate(guarded(guardrail_value=3.0, guardrail_breached=False))
    assert (goal.guardrail_value, goal.guardrail_breached, goal.guardrail_n) == (None, None, 0)
    assert guardrail_words.guardrail(goal).text == (
        f"Guardrail, Escalation rate at most 5.0{NBSP}%: not measured in the last 4 complete periods."
    )


def test_more_can_be_better_and_the_scope_is_the_goals():
    weeks("escalation_rate", [10] * 13, of=("channel", "chat"))
    weeks("csat", [90] * 13)
    weeks("csat", [70] * 13, of=("channel", "chat"))
    fields = {"kpi": "escalation_rate", "direction": "lower", "target": 5.0, "baseline": 10.0}
    goal = guarded(dimension="channel", member="chat", guardrail="csat", guardrail_limit=80.0, **fields)
    evaluation.evaluate(goal)
    assert (goal.guardrail_value, goal.guardrail_breached) == (70, True)
    assert guardrail_words.guardrail(goal).text == (
        f"Guardrail breached: Customer satisfaction (CSAT) is to be at least 80.0{NBSP}% and was 70.0{NBSP}% "
        "(week of 25 May 2026)."
    )


def test_a_breach_that_may_be_chance_says_so():
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [6] * 3)
    found = guardrail_words.guardrail(evaluation.evaluate(guarded()))
    assert (found.tone, found.note) == ("bad", "100 tickets")
    assert found.text.endswith("It may be chance: the limit lies within the interval, 2.8\u00a0% to 12.5\u00a0%.")


def test_one_that_holds_says_so():
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [4] * 3)
    found = guardrail_words.guardrail(evaluation.evaluate(guarded()))
    assert (found.tone, found.text) == (
        "good",
        f"Guardrail holds: Escalation rate is to be at most 5.0{NBSP}% and was 4.0{NBSP}% (week of 25 May 2026).",
    )


def test_a_guardrail_that_is_gone_guards_nothing():
    weeks("csat", [85] * 13)
    goal = evaluation.evaluate(guarded(guardrail="smiles", guardrail_breached=True, guardrail_value=9.0))
    assert (goal.guardrail_value, goal.guardrail_breached) == (None, None)
    found = guardrail_words.guardrail(goal)
    assert (found.tone, found.text) == (
        "",
        "The KPI of the guardrail, “smiles”, no longer exists: nothing guards this goal.",
    )


def test_without_a_guardrail_nothing_is_left_of_an_earlier_one():
    weeks("csat", [85] * 13)
    goal = evaluation.evaluate(GoalFactory(guardrail_breached=True, guardrail_value=9.0))
    assert (goal.guardrail_value, goal.guardrail_breached) == (None, None)
    assert guardrail_words.guardrail(goal) is None


def test_while_figures_are_computed_it_stays_as_it_was():
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [9] * 3)
    goal = guarded(guardrail_value=3.0, guardrail_breached=False)
    DirtyDay.objects.create(frame="tickets", day=date(2026, 5, 27))
    evaluation.evaluate(goal)
    assert (goal.guardrail_value, goal.guardrail_breached) == (3, False)


def test_after_the_end_it_is_what_it_was_at_the_end():
    weeks("csat", [85] * 13)
    weeks("escalation_rate", [4, 9, 4])
    goal = evaluation.evaluate(guarded(due=date(2026, 5, 24)))
    assert (goal.guardrail_value, goal.guardrail_start) == (9, date(2026, 5, 18))


def test_a_card_shows_its_guardrail_and_a_goal_without_one_none():
    goal = guarded(guardrail_value=9.0, guardrail_breached=True, guardrail_start=date(2026, 5, 25))
    assert cards.card(goal, TODAY).guardrail.tone == "bad"
    assert cards.card(GoalFactory(), TODAY).guardrail is None


def test_without_a_calendar_business_time_is_not_known():
    weeks("csat", [85] * 13)
    goal = guarded(guardrail="resolution_time", guardrail_limit=7200.0, guardrail_clock="business")
    evaluation.evaluate(goal)
    assert (goal.guardrail_value, goal.guardrail_breached) == (None, None)
    assert goal.reason == "forecast"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"guardrail": ""}, ""),
        ({"guardrail_breached": None}, "guardrail not measured"),
        ({"guardrail_breached": False, "status": "on_track"}, "guardrail holds"),
        ({"guardrail_breached": True, "status": "on_track"}, "hollow win so far"),
        ({"guardrail_breached": True, "status": "achieved"}, "hollow win so far"),
        ({"guardrail_breached": True, "status": "off_track", "value": 80.0}, "guardrail breached"),
        ({"guardrail_breached": True, "status": "at_risk", "value": 91.0}, "hollow win so far"),
        ({"guardrail_breached": True, "status": "", "value": None}, "guardrail breached"),
        ({"guardrail_breached": True, "value": 5.0, "target": 6.0, "direction": "lower"}, "hollow win so far"),
        ({"guardrail_breached": True, "value": 80.0, "target": 66.0, "target_high": 76.0}, "guardrail breached"),
    ],
)
def test_a_win_at_the_expense_of_the_guardrail_is_called_hollow_and_a_loss_is_not(fields, said):
    assert guardrail_words.standing(guarded(**fields)) == said
