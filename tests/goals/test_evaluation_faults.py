"""A goal that cannot be judged, whatever the fault, says so and stops no other one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals import judgement
from goals.lines import line
from goals.tasks import evaluate_goal, evaluate_goals, sweep_goals
from tests.factories import GoalFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("before", "after"),
    [(("on_track", "forecast"), ("gathering", "failed")), (("achieved", "achieved"), ("achieved", "achieved"))],
)
def test_a_goal_that_cannot_be_judged_says_so(before, after, monkeypatch, caplog):
    goal = GoalFactory(status=before[0], reason=before[1], next_evaluation_at=NOW)

    def broken(goal, today):
        goal.value = 1
        raise KeyError("no")

    monkeypatch.setattr(judgement, "judge", broken)
    evaluate_goal(goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.reason, goal.value) == (*after, None)
    assert goal.next_evaluation_at == NOW + timedelta(hours=1)
    assert f"Goal {goal.pk} could not be judged." in caplog.text
    if after[1] == "failed":
        assert line(goal).reason == "It could not be judged; the log says why."


def test_a_failing_goal_does_not_stop_the_others(monkeypatch):
    weeks("csat", [85] * 13)
    broken, whole = GoalFactory(due=date(2026, 5, 31)), GoalFactory(due=date(2026, 12, 31))
    judge = judgement.judge

    def sometimes(goal, today):
        if goal.pk == broken.pk:
            raise ZeroDivisionError
        return judge(goal, today)

    monkeypatch.setattr(judgement, "judge", sometimes)
    sent = []
    monkeypatch.setattr(evaluate_goals, "apply_async", lambda arguments, **options: sent.append(arguments[0]))
    sweep_goals()
    assert sent == [[broken.pk, whole.pk]]
    evaluate_goals(sent[0])
    whole.refresh_from_db()
    broken.refresh_from_db()
    assert whole.reason not in ("", "failed")
    assert broken.reason == "failed"
    assert broken.next_evaluation_at == NOW + timedelta(hours=1)
