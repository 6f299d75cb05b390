from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals import calibration
from goals.calibration import Said
from goals.models import Prediction
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
END = date(2026, 3, 2)


def judged(**other):
    values = {"status": "on_track", "probability": 0.7, "value": 85.0, "value_end": END, "outlook": {"ahead": 6}}
    return GoalFactory(**values | other)


def kept(goal):
    return list(goal.predictions.values_list("period_end", "p", "horizon", "method", "target", "came_true"))


# --- Keeping
def test_what_was_said_about_a_period_is_kept_once():
    goal = judged(target=90.0)
    calibration.note(goal)
    goal.probability = 0.9
    calibration.note(goal)
    assert kept(goal) == [(END, 0.7, 6, 1, 90.0, None)]
    goal.value_end = date(2026, 3, 9)
    calibration.note(goal)
    assert [row[1] for row in kept(goal)] == [0.7, 0.9]


@pytest.mark.parametrize(
    "other",
    [
        {"probability": None, "status": "gathering"},
        {"outlook": {"ahead": 0}},
        {"outlook": {}},
        {"value_end": None},
    ],
)
def test_without_a_forecast_nothing_is_kept(other):
    goal = judged(**other)
    calibration.note(goal)
    assert kept(goal) == []


@pytest.mark.parametrize(
    ("direction", "value", "came_true"),
    [("higher", 90.0, True), ("higher", 89.9, False), ("lower", 90.0, True), ("lower", 90.1, False)],
)
def test_when_the_time_is_over_it_is_known_what_came_true(direction, value, came_true):
    goal = judged(target=90.0, direction=direction)
    calibration.note(goal)
    goal.status, goal.value = "achieved", value
    calibration.note(goal)
    assert [row[-1] for row in kept(goal)] == [came_true]


def test_each_is_judged_by_the_target_that_it_was_about():
    goal = judged(target=90.0)
    calibration.note(goal)
    goal.target, goal.value_end = 84.0, date(2026, 3, 9)
    calibration.note(goal)
    goal.status = "achieved"
    calibration.note(goal)
    assert [row[-2:] for row in kept(goal)] == [(90.0, False), (84.0, True)]


def test_what_was_said_about_another_date_is_never_judged():
    goal = judged()
    calibration.note(goal)
    goal.due, goal.status = date(2027, 1, 1), "missed"
    calibration.note(goal)
    assert [row[-1] for row in kept(goal)] == [None]


def test_figures_that_change_after_the_end_change_what_came_true():
    goal = judged(target=90.0)
    calibration.note(goal)
    for value, expected in ((91.0, True), (88.0, False), (88.0, False)):
        goal.status, goal.value = "achieved", value
        calibration.note(goal)
        assert [row[-1] for row in kept(goal)] == [expected]


# --- Judging
def test_bins_and_the_brier_score_by_hand():
    said = [Said(0.1, came_true=False), Said(0.2, came_true=True), Said(0.9, came_true=True), Said(1.0, came_true=True)]
    assert [(one.count, one.said, one.came_true) for one in calibration.bins(said)] == [
        (1, 0.1, 0.0),
        (1, 0.2, 1.0),
        (0, None, None),
        (0, None, None),
        (2, 0.95, 1.0),
    ]
    # 0.01, 0.64, 0.01 and 0
    assert calibration.brier(said) == pytest.approx(0.165)


def record_of(*rows):
    """Predictions of so many goals each: chance, what became of it."""
    for p, came_true in rows:
        Prediction.objects.create(
            goal=GoalFactory(), period_end=END, p=p, horizon=3, method=1, target=90, due=END, came_true=came_true
        )
    return calibration.record()


def test_too_few_forecasts_are_not_judged():
    found = record_of(*[(0.5, True)] * 3)
    assert (found.count, found.goals, found.brier) == (3, 3, None)
    assert found.sentence == (
        "So far 3 forecasts of 3 goals can be compared with how it ended. That is too few to judge: "
        "30 forecasts of 10 goals are needed."
    )


def test_without_any_forecast_the_page_says_so():
    found = record_of()
    assert (found.count, found.waiting, found.brier) == (0, 0, None)
    assert found.sentence.startswith("So far 0 forecasts of 0 goals")


@pytest.mark.parametrize(
    ("hits", "kept", "meaning"),
    [
        (24, 80, "Together they promise what comes true."),
        (18, 60, "They promise too much: take off a little in your mind."),
        (30, 100, "They promise too little: things turn out better than they say."),
    ],
)
def test_the_sentence_says_what_the_record_means(hits, kept, meaning):
    found = record_of(*[(0.8, True)] * hits, *[(0.8, False)] * (30 - hits))
    assert found.sentence == f"On average they gave a chance of 80 %, and {kept} % came true. {meaning}"
    assert found.brier == pytest.approx((hits * 0.04 + (30 - hits) * 0.64) / 30)


def test_those_whose_goal_still_runs_wait_and_those_of_another_method_do_not_count():
    goal = judged()
    calibration.note(goal)
    calibration.note(judged(state="cancelled"))
    Prediction.objects.create(
        goal=goal, period_end=date(2026, 1, 5), p=0.5, horizon=3, method=99, target=90, due=END, came_true=True
    )
    found = calibration.record()
    assert (found.count, found.waiting) == (0, 1)


@given(st.lists(st.builds(Said, st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_every_forecast_is_in_one_bin_and_the_score_stays_within_its_bounds(said):
    assert sum(one.count for one in calibration.bins(said)) == len(said)
    assert 0 <= calibration.brier(said) <= 1
    assert calibration.brier([Said(float(one.came_true), one.came_true) for one in said]) == 0
