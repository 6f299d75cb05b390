"""Everything that reads a goal stands one without a KPI."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import time_machine

from goals import (
    agenda,
    cards,
    changes,
    check_ins,
    close_out,
    close_out_words,
    evaluation,
    lines,
    milestone_changes,
    milestones,
    next_goal,
    recognition,
    report_mail,
)
from goals.alarms import sources
from goals.changes import NotPossibleError
from goals.check_ins import Said
from goals.close_out import Ending
from goals.models import AlertRule, CloseOut, Goal, Prediction
from goals.report_content import _goals
from kpiproject.lib.periods import Period
from metrics.models import DirtyDay
from tests.factories import ManagerFactory, ReviewFactory
from tests.goal_factories import goal_of
from tests.goals import measured

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = date(2026, 6, 1)
DONE = (("Written", date(2026, 2, 2), date(2026, 2, 1)), ("Read", date(2026, 5, 4), date(2026, 5, 3)))
OPEN = (DONE[0], ("Read", date(2026, 5, 22), None), ("Asked", date(2026, 6, 26), None))


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def judged(*steps, **fields):
    return evaluation.evaluate(goal_of(*steps, **fields), now=NOW)


def closed(goal, **ending):
    return close_out.close(goal.pk, Ending(**ending), by=None, now=NOW)


# --- In words -----------------------------------------------------------------------------------------------------
def test_a_line_says_what_is_done_and_why_it_stands_so():
    found = lines.line(judged(*OPEN))
    assert (found.kpi, found.kpi_name, found.value, found.target, found.progress) == (
        None,
        "Milestones",
        "1 of 3 milestones",
        "all 3 milestones",
        "33\u00a0%",
    )
    assert (found.status_name, found.tone, found.probability, found.baseline) == ("at risk", "warn", None, "")
    assert found.reason == (
        "1 of 3 milestones are done; 2 were due by today. “Read” was due on 22 May 2026 and is late by 10 days."
    )


@pytest.mark.parametrize(
    ("steps", "fields", "reason"),
    [
        (DONE, {}, "All 2 milestones are done, the last one on 3 May 2026; due was 30 Jun 2026."),
        (
            (DONE[0], ("Read", date(2026, 4, 6), date(2026, 5, 3))),
            {"due": date(2026, 5, 1)},
            "All 2 milestones are done, but the last one on 3 May 2026, 2 days after it was due.",
        ),
        (OPEN, {"due": date(2026, 5, 31)}, "1 of 3 milestones were done when it was due on 31 May 2026."),
        ((), {}, "It has neither a KPI nor milestones, so there is nothing to judge it by."),
        (OPEN, {"start": date(2026, 6, 8)}, "It starts on 8 Jun 2026."),
        (OPEN, {"state": "draft"}, "A draft: it is judged once it is active."),
        (
            (DONE[0], ("A", date(2026, 6, 5), None), ("B", date(2026, 6, 6), None)),
            {},
            "1 of 3 milestones are done; 1 were due by today. 2 fall due within a week, half of all or more.",
        ),
        (
            (*DONE, ("Asked", date(2026, 6, 29), None), ("Told", date(2026, 6, 30), TODAY)),
            {},
            "3 of 4 milestones are done; 2 were due by today. That is ahead of its days.",
        ),
        (
            (DONE[0], ("A", date(2026, 5, 1), None), ("B", date(2026, 5, 2), None)),
            {},
            (
                "1 of 3 milestones are done; 3 were due by today. “A” was due on 1 May 2026 and is late by 31 days. "
                "1 more is late."
            ),
        ),
    ],
)
def test_the_reason_is_one_line(steps, fields, reason):
    assert lines.reason(judged(*steps, **fields)) == reason


def test_a_card_says_what_should_be_done_and_which_is_next():
    found = cards.card(judged(*OPEN), TODAY)
    assert found.way == "2 of 3 should be done by now · next: “Read”, due on 22 May 2026"
    assert (found.kind, found.bar, found.trend, found.pace) == ("complete milestones", 33.3, [], "")
    done = [(name, due, due) for name, due, _on in OPEN]
    assert cards.card(judged(*done), TODAY).way == "nothing is left to be done"
    draft = cards.card(goal_of(*OPEN, state="draft"), TODAY)
    assert (draft.way, draft.line.value, draft.bar) == ("To be done: all 3 milestones", "all 3 milestones", None)


def test_no_chance_is_made_up():
    goal = judged(*OPEN)
    assert (goal.probability, Prediction.objects.count(), goal.outlook.get("fan")) == (None, 0, None)


# --- Checking in, reviewing, reporting, alarms --------------------------------------------------------------------
def test_a_check_in_keeps_how_many_were_done():
    goal = judged(*OPEN)
    said = Said(confidence="at_risk", what_changed="Two are on leave.", next_step="Ask them when they are back.")
    found = check_ins.check_in(goal.pk, said, by=goal.owner, now=NOW)
    assert (found.value, found.target, found.probability) == (1.0, 3.0, None)
    assert check_ins.line(found, goal, None).value == "1 milestone"


def test_an_agenda_has_no_signal_of_it_and_no_benchmark():
    measured.house()
    goal, review = judged(*OPEN), ReviewFactory(on=date(2026, 6, 3))
    review.goals.add(goal)
    found = agenda.build(review, today=TODAY, zone="UTC")
    assert [topic.statement for topic in found.topics] == [goal.statement]
    assert (found.signals, found.guardrails, found.benchmarks) == ([], [], [])


def test_a_report_tells_of_it():
    judged(*OPEN)
    (found,) = _goals(Period(date(2026, 5, 25), TODAY, "UTC"))
    assert report_mail.has_news(found)
    assert report_mail.goal_details(found) == [
        "1 of 3 milestones; due 30 Jun 2026",
        "1 of 3 milestones are done; 2 were due by today. “Read” was due on 22 May 2026 and is late by 10 days.",
    ]
    assert report_mail.goal_news(found)[0] == "1 of 3 milestones; due 30 Jun 2026"


@pytest.mark.parametrize(
    ("steps", "danger", "verdict"),
    [(OPEN, "at_risk", "breach"), (OPEN, "off_track", "clear"), (DONE, "at_risk", "clear")],
)
def test_an_alarm_watches_its_status(steps, danger, verdict):
    rule = AlertRule(pk=1, kind="goal", goal=judged(*steps), danger=danger)
    (reading,) = sources.goals([rule], SimpleNamespace(), NOW)[1]
    assert (str(reading.verdict), reading.value) == (verdict, float(sum(step[2] is not None for step in steps)))


def test_one_that_cannot_be_judged_says_so(monkeypatch):
    goal = judged(*OPEN)
    monkeypatch.setattr(milestones, "standing", lambda *_given, **_named: 1 / 0)
    assert (evaluation.evaluate(goal, now=NOW).status, goal.reason) == ("gathering", "failed")


def test_what_was_measured_once_is_not_measured_again():
    with pytest.raises(NotPossibleError) as error:
        changes.measure_again(goal_of(*OPEN, state="draft"))
    assert str(error.value) == "It has milestones and no KPI, so there is no baseline to measure."


# --- Closing ------------------------------------------------------------------------------------------------------
def test_it_is_achieved_when_all_are_done_in_time():
    goal = judged(*DONE)
    made = closed(goal)
    goal.refresh_from_db()
    assert (made.outcome, made.certainty, made.is_early, made.value, made.target) == ("achieved", "", False, 2.0, 2.0)
    assert (goal.state, goal.status, goal.reason) == ("closed", "achieved", "all_done")
    assert close_out_words.of_goal(goal).sentences == [
        "All 2 milestones are done, the last one on 3 May 2026; due was 30 Jun 2026."
    ]


@pytest.mark.parametrize(
    ("steps", "due", "sentence"),
    [
        (OPEN, date(2026, 5, 31), "1 of 3 milestones were done when it was due on 31 May 2026."),
        (DONE, date(2026, 5, 2), "All 2 milestones are done, but the last one on 3 May 2026, 1 day after it was due."),
    ],
)
def test_late_is_missed_and_still_says_how_many(steps, due, sentence):
    goal = judged(*steps, due=due)
    assert closed(goal).outcome == "missed"
    goal.refresh_from_db()
    assert (goal.status, close_out_words.of_goal(goal).sentences) == ("missed", [sentence])


@pytest.mark.parametrize(("is_cancelled", "outcome"), [(False, "missed"), (True, "cancelled")])
def test_before_its_time_it_ends_with_a_reason(is_cancelled, outcome):
    goal = judged(*OPEN)
    with pytest.raises(NotPossibleError):
        closed(goal, is_cancelled=is_cancelled)
    assert closed(goal, is_cancelled=is_cancelled, reason="The manual is bought.").outcome == outcome
    goal.refresh_from_db()
    assert close_out_words.of_goal(goal).sentences[-1] == "1 of 3 milestones are done."


def test_a_breached_guardrail_makes_a_hollow_win():
    measured.house()
    measured.weeks("csat", [70] * 5)
    goal = judged(*DONE, guardrail="csat", guardrail_limit=80.0)
    assert (goal.guardrail_breached, goal.status) == (True, "achieved")
    assert closed(goal).outcome == "hollow"
    goal.refresh_from_db()
    assert (goal.status, close_out_words.of_goal(goal).sentences[1]) == (
        "missed",
        "A hollow win: the target was met, but its guardrail was breached on the way. It does not count.",
    )


def test_without_any_milestone_it_ends_as_not_judged():
    goal = judged(due=date(2026, 5, 31))
    assert closed(goal).outcome == "unknown"
    goal.refresh_from_db()
    assert close_out_words.of_goal(goal).sentences == [
        "It has neither a KPI nor milestones, so there is nothing to judge it by."
    ]


def test_what_all_have_done_together_is_worth_naming():
    goal = judged(*DONE, due=date(2026, 5, 31))
    assert [one.goal for one in recognition.milestones(recognition.achieved(TODAY))] == [goal]


# --- The next goal ------------------------------------------------------------------------------------------------
def test_the_next_goal_has_what_is_still_open_on_later_days():
    goal, by = judged(*OPEN, start=date(2026, 1, 5), due=date(2026, 5, 31)), ManagerFactory()
    closed(goal)
    made = next_goal.seed(goal.pk, by=by, today=TODAY)
    made.refresh_from_db()
    assert (made.state, made.kpi, made.target, made.statement, made.baseline) == (
        "draft",
        "",
        2.0,
        f"{goal.statement} (until 1 Nov 2026)",
        None,
    )
    assert (made.start, made.due) == (date(2026, 6, 8), date(2026, 11, 1))
    assert [(one.name, one.due, one.done_on) for one in milestones.of(made)] == [
        ("Read", date(2026, 10, 23), None),
        ("Asked", date(2026, 11, 27), None),
    ]
    assert CloseOut.objects.get(goal=goal).next_goal == made


def test_where_all_are_done_there_is_no_next_goal():
    goal = judged(*DONE)
    closed(goal)
    with pytest.raises(NotPossibleError) as error:
        next_goal.seed(goal.pk, by=ManagerFactory(), today=TODAY)
    assert str(error.value) == (
        "All of its milestones are done, so nothing is left for a next goal. Write a new one down instead."
    )


# --- The nightly round --------------------------------------------------------------------------------------------
def test_the_day_alone_makes_one_late():
    goal = judged(
        ("Read", date(2026, 6, 1), None), ("Asked", date(2026, 6, 29), None), ("Told", date(2026, 6, 30), None)
    )
    assert goal.status == "on_track"
    later = datetime(2026, 6, 2, 9, tzinfo=UTC)
    with time_machine.travel(later, tick=False):
        evaluation.evaluate_due(goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.evaluated_at) == ("at_risk", later)


def test_figures_being_computed_do_not_keep_it_waiting():
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 25))
    assert judged(*OPEN).status == "at_risk"


def test_taking_a_tick_back_opens_it_again():
    goal = judged(*DONE)
    milestone_changes.undo(goal.milestones.last().pk, by=None, now=NOW, why="Two have not.")
    goal.refresh_from_db()
    assert (goal.status, Goal.objects.get().value) == ("off_track", 1.0)
