from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from goals import evaluation, milestone_changes, milestones
from goals.changes import NotPossibleError
from goals.milestones import Written
from goals.models import Goal, Milestone, MilestoneChange, StatusChange, TargetChange
from tests.factories import GoalFactory, ManagerFactory, StaffFactory
from tests.goal_factories import MilestoneFactory, goal_of
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
TODAY = date(2026, 3, 16)
STEPS = (("Written", date(2026, 2, 2), None), ("Reviewed", date(2026, 3, 9), None), ("Read", date(2026, 6, 1), None))


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def history(goal):
    return [(one.kind, one.name, one.before, one.after, one.reason) for one in goal.milestone_changes.order_by("id")]


def test_a_milestone_is_ticked_off_with_its_day_and_the_goal_is_judged_at_once():
    goal, by = goal_of(*STEPS), StaffFactory()
    assert evaluation.evaluate(goal, now=NOW).status == "off_track"
    done = milestone_changes.tick(goal.milestones.get(name="Written").pk, date(2026, 2, 20), by=by, now=NOW, note="v1")
    assert (done.status, done.value, done.progress) == ("at_risk", 1.0, pytest.approx(1 / 3))
    found = Milestone.objects.get(name="Written")
    assert (found.done_on, found.done_by, found.note) == (date(2026, 2, 20), by, "v1")
    assert history(goal) == [("done", "Written", None, date(2026, 2, 20), "v1")]
    assert (goal.milestone_changes.get().by, goal.milestone_changes.get().at) == (by, NOW)
    assert list(StatusChange.objects.order_by("id").values_list("before", "after")) == [
        ("", "off_track"),
        ("off_track", "at_risk"),
    ]


def test_taking_it_back_keeps_what_was_told():
    goal, by = goal_of(*STEPS), ManagerFactory()
    first = goal.milestones.get(name="Written").pk
    milestone_changes.tick(first, date(2026, 2, 2), by=by, now=NOW)
    again = milestone_changes.undo(first, by=by, now=NOW, why="The tone was wrong.")
    assert (again.value, again.status) == (0.0, "off_track")
    found = Milestone.objects.get(pk=first)
    assert (found.done_on, found.done_by, found.note) == (None, None, "")
    assert history(goal) == [
        ("done", "Written", None, date(2026, 2, 2), ""),
        ("undone", "Written", date(2026, 2, 2), None, "The tone was wrong."),
    ]


def test_the_same_told_twice_is_one():
    goal = goal_of(*STEPS)
    first = goal.milestones.get(name="Written").pk
    for _time in range(2):
        milestone_changes.tick(first, TODAY, by=None, now=NOW)
    for _time in range(2):
        milestone_changes.undo(first, by=None, now=NOW)
    assert [kind for kind, *_rest in history(goal)] == ["done", "undone"]


@pytest.mark.parametrize(
    ("on", "fields", "sentence"),
    [
        (date(2026, 3, 17), {}, "That day has not come yet: tell when it was done, today at the latest."),
        (
            date(2024, 12, 30),
            {},
            "That is more than a year before the goal starts, on 1 Jan 2026. Is the year right?",
        ),
        (
            TODAY,
            {"state": "closed"},
            "This goal is not active (it is “closed”), so nothing about its milestones changes.",
        ),
        (TODAY, {"kpi": "csat"}, "This goal is judged by a KPI and not by milestones."),
    ],
)
def test_what_cannot_be_is_said(on, fields, sentence):
    goal = goal_of(*STEPS, **fields)
    with pytest.raises(NotPossibleError) as error:
        milestone_changes.tick(goal.milestones.first().pk, on, by=None, now=NOW)
    assert str(error.value) == sentence
    assert not MilestoneChange.objects.exists()


def test_another_day_for_what_is_done_is_refused():
    goal = goal_of(("Written", TODAY, date(2026, 3, 2)))
    with pytest.raises(NotPossibleError) as error:
        milestone_changes.tick(goal.milestones.get().pk, TODAY, by=None, now=NOW)
    assert str(error.value) == "“Written” is done already, since 2 Mar 2026. Take that back first, if the day is wrong."


def test_today_is_that_of_the_organisation():
    organisation(time_zone="Pacific/Auckland")  # there it is 17 March already at 13:00 UTC
    goal = goal_of(*STEPS)
    later = datetime(2026, 3, 16, 13, tzinfo=UTC)
    found = milestone_changes.tick(goal.milestones.first().pk, date(2026, 3, 17), by=None, now=later)
    assert found.value == 1.0


def test_a_judgement_of_what_was_before_is_not_kept(monkeypatch):
    goal = evaluation.evaluate(goal_of(*STEPS), now=NOW)
    judge = milestones.judge

    def judged_while_somebody_ticks(found, today):
        judge(found, today)
        monkeypatch.setattr(milestones, "judge", judge)
        milestone_changes.tick(goal.milestones.first().pk, TODAY, by=None, now=datetime(2026, 3, 16, 9, 1, tzinfo=UTC))

    monkeypatch.setattr(milestones, "judge", judged_while_somebody_ticks)
    assert evaluation.evaluate(goal, now=NOW).value == 1.0


# --- Writing them down --------------------------------------------------------------------------------------------
def written(goal):
    return milestones.as_written(goal)


def save(goal, steps, **said):
    milestone_changes.save(goal, steps, by=None, now=NOW, **said)
    goal.refresh_from_db()


def test_a_draft_is_written_without_a_history():
    goal = GoalFactory(kpi="", state="draft", target=0, baseline=None)
    steps = [
        Written(pk=None, name="Read", due=date(2026, 6, 1)),
        Written(pk=None, name="Written", due=date(2026, 2, 2)),
    ]
    save(goal, steps)
    assert [(one.name, one.position) for one in milestones.of(goal)] == [("Written", 0), ("Read", 1)]
    kept = written(goal)
    save(goal, kept[:1])
    assert ([one.name for one in written(goal)], goal.target, history(goal)) == (["Written"], 1.0, [])
    goal.state = Goal.State.ACTIVE
    save(goal, [*written(goal), steps[0]])
    assert history(goal) == []  # what a draft was is not told


def test_what_changes_in_an_active_goal_is_told_with_its_reason():
    goal = goal_of(*STEPS)
    one, two, three = written(goal)
    renamed = Written(pk=one.pk, name="Written and translated", due=one.due)
    moved = Written(pk=two.pk, name=two.name, due=date(2026, 4, 6))
    save(goal, [renamed, moved, Written(pk=None, name="Tested", due=date(2026, 5, 4))], why="We need German, too.")
    said = "We need German, too."
    assert sorted(history(goal), key=lambda row: row[0]) == [
        ("added", "Tested", None, date(2026, 5, 4), said),
        ("moved", "Reviewed", date(2026, 3, 9), date(2026, 4, 6), said),
        ("removed", "Read", date(2026, 6, 1), None, said),
        ("renamed", "Written and translated", None, None, said),
    ]
    assert goal.milestone_changes.get(kind="renamed").was == "Written"
    assert goal.milestone_changes.get(kind="removed").milestone is None
    assert (goal.target, TargetChange.objects.exists(), three.name) == (3.0, False, "Read")


def test_what_is_not_changed_is_not_written_again():
    goal = goal_of(*STEPS)
    save(goal, written(goal))
    assert (history(goal), goal.milestones_at) == ([], None)


def test_what_is_done_is_told_by_a_day():
    found = MilestoneFactory()
    found.note = "Nobody has done it."
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()


def test_a_goal_that_goes_takes_its_milestones_along():
    goal = goal_of(*STEPS)
    milestone_changes.tick(goal.milestones.first().pk, TODAY, by=None, now=NOW)
    Goal.objects.filter(pk=goal.pk).delete()
    assert (Milestone.objects.count(), MilestoneChange.objects.count()) == (0, 0)
