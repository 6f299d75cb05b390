"""Rules that are not judged by complete periods: goals, imports, single bad answers, the last answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from goals.alarms import watch, words
from goals.models import Alarm, AlertRule, Goal
from metrics import basis, dirty, rollups
from metrics.models import ImportRun
from tests.alarm_factories import AlertRuleFactory
from tests.factories import AnswerFactory, GoalFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Kind, State = AlertRule.Kind, AlertRule.State


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def check(rule: AlertRule, now: datetime = NOW) -> AlertRule:
    """As the sweep does when its time has come."""
    AlertRule.objects.filter(pk=rule.pk).update(next_check_at=now)
    watch.check_due(now)
    rule.refresh_from_db()
    return rule


# --- Goals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "danger", "state"),
    [
        ("off_track", "off_track", State.FIRING),
        ("at_risk", "off_track", State.QUIET),
        ("at_risk", "at_risk", State.FIRING),
        ("missed", "off_track", State.FIRING),
        ("on_track", "at_risk", State.QUIET),
        ("gathering", "at_risk", State.QUIET),
    ],
)
def test_goals_in_danger(status: str, danger: str, state: str) -> None:
    goal = GoalFactory(status=status, value=83)
    rule = check(AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal, danger=danger))
    assert rule.state == state


def test_a_goal_about_which_nothing_can_be_said_any_more_keeps_its_alarm() -> None:
    goal = GoalFactory(status="off_track")
    rule = check(AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal))
    Goal.objects.update(status="gathering")
    assert check(rule, NOW + timedelta(hours=1)).state == State.FIRING
    Goal.objects.update(status="on_track")
    assert check(rule, NOW + timedelta(hours=2)).state == State.QUIET


@pytest.mark.parametrize(
    ("kpi", "sentence"),
    [
        ("csat", "It was there for 2 hours; at worst it was 81.0\xa0%. Now the goal is on track, at 86.0\xa0%."),
        ("", "It was there for 2 hours. Now the goal is on track."),
    ],
    ids=["figure", "milestones"],
)
def test_the_end_of_a_goals_alarm_says_how_it_stands_and_how_bad_it_was(kpi: str, sentence: str) -> None:
    goal = GoalFactory(status="off_track", value=83, kpi=kpi)
    rule = check(AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal))
    Goal.objects.update(value=81)
    check(rule, NOW + timedelta(hours=1))
    Goal.objects.update(status="on_track", value=86)
    check(rule, NOW + timedelta(hours=2))
    assert words.recovered(Alarm.objects.get()) == sentence


def test_a_goal_that_is_deleted_with_its_alarm_open() -> None:
    goal = GoalFactory(status="off_track", statement="Nine of ten")
    rule = check(AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal))
    goal.delete()
    check(rule, NOW + timedelta(hours=1))
    alarm = Alarm.objects.get()
    assert (alarm.ended_because, alarm.facts["statement"], rule.is_active) == ("gone", "Nine of ten", False)


def test_a_goal_that_is_closed_needs_no_watch() -> None:
    goal = GoalFactory(status="off_track")
    rule = check(AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal))
    Goal.objects.update(state="closed")
    assert check(rule, NOW + timedelta(hours=1)).is_active is False
    assert Alarm.objects.get().ended_because == "gone"


# --- Imports ------------------------------------------------------------------------------------------------------
def imported(state: str = "done", *, hours_ago: int = 1, **fields: Any) -> ImportRun:
    known = {
        "kind": "tickets",
        "source": "zendesk",
        "file_name": "t.csv",
        "finished_at": NOW - timedelta(hours=hours_ago),
    }
    return ImportRun.objects.create(state=state, **known | fields)


def watch_imports(**fields: Any) -> AlertRule:
    return check(AlertRuleFactory(kind=Kind.IMPORT, kpi="", fire_level=None, side="", **fields))


def test_an_import_that_failed() -> None:
    imported(hours_ago=9)
    imported("failed", error="The file has no column “created_at”.")
    rule = watch_imports()
    alarm = Alarm.objects.get()
    assert (rule.state, alarm.feeds, alarm.facts["error"]) == (
        State.FIRING, ["tickets"], "The file has no column “created_at”.",
    )  # fmt: skip
    imported(hours_ago=0)
    assert check(rule, NOW + timedelta(minutes=1)).state == State.QUIET


def test_dry_runs_and_other_sources_do_not_count() -> None:
    imported("failed", is_dry_run=True)
    imported("failed", source="freshdesk")
    imported()
    assert watch_imports(source="zendesk").state == State.QUIET


@pytest.mark.parametrize(("hours_ago", "state"), [(23, State.QUIET), (25, State.FIRING)])
def test_an_import_that_does_not_come(hours_ago: int, state: str) -> None:
    imported(hours_ago=hours_ago)
    assert watch_imports(hours=24).state == state


def test_nothing_was_ever_imported() -> None:
    assert watch_imports(hours=24).state == State.QUIET


# --- Single bad answers -------------------------------------------------------------------------------------------
def test_a_single_bad_answer_is_an_alarm_for_a_day() -> None:
    AnswerFactory(score=1, standing=-1, channel="chat", answered_at=NOW - timedelta(minutes=5))
    AnswerFactory(score=5, standing=1, channel="mail", answered_at=NOW)
    AnswerFactory(survey=SurveyFactory(kind="esat"), score=1, standing=-1, answered_at=NOW)
    AlertRuleFactory(kind=Kind.ANSWER, dimension="channel", member="mail", fire_level=None)
    rule = check(AlertRuleFactory(kind=Kind.ANSWER, dimension="channel", member="chat", fire_level=None))
    assert [(alarm.rule, alarm.value) for alarm in Alarm.objects.all()] == [(rule, 1)]
    assert check(rule, NOW + timedelta(hours=24)).state == State.QUIET
    assert Alarm.objects.get().worst == 1


# --- The last answers ---------------------------------------------------------------------------------------------
def test_too_many_bad_ones_among_the_last_answers() -> None:
    """10 of the last 40 bad, 4 of the last 8: with a floor of 90 % that is no chance."""
    survey = SurveyFactory()
    pattern = "b" * 6 + "g" * 26 + "gbgbgbbg"
    for number, letter in enumerate("g" * 5 + pattern):
        at = NOW - timedelta(hours=60 - number)
        AnswerFactory(
            survey=survey, score=1 if letter == "b" else 5, standing=-1 if letter == "b" else 1, answered_at=at
        )
    dirty.mark("answers", basis.days("answers"))
    rollups.recompute()
    rule = check(AlertRuleFactory(kind=Kind.BUDGET, fire_level=90))
    alarm = Alarm.objects.get()
    assert (rule.state, alarm.n, alarm.value, alarm.facts["bad"], alarm.facts["short_bad"]) == (
        State.FIRING, 40, 75, 10, 4,
    )  # fmt: skip


def test_few_last_answers_say_nothing() -> None:
    assert check(AlertRuleFactory(kind=Kind.BUDGET, fire_level=90)).state == State.QUIET
