import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.aims import Aim
from goals.progress import is_reached
from metrics.kpi import Better
from tests.factories import GoalFactory

LEAST, MOST, BETWEEN = Aim(low=90, high=None), Aim(low=None, high=90), Aim(low=75, high=85)
numbers = st.floats(-1000, 1000, allow_nan=False)


@pytest.mark.parametrize(
    ("aim", "value", "is_met", "end", "needed"),
    [
        (LEAST, 89.9, False, 90, pytest.approx(0.1)),
        (LEAST, 90, True, 90, 0),
        (LEAST, 92, True, 90, -2),
        (MOST, 90.5, False, 90, -0.5),
        (MOST, 90, True, 90, 0),
        (BETWEEN, 70, False, 75, 5),
        (BETWEEN, 75, True, None, 0),
        (BETWEEN, 80, True, None, 0),
        (BETWEEN, 85, True, None, 0),
        (BETWEEN, 88, False, 85, -3),
    ],
)
def test_what_meets_a_goal_and_where_the_way_leads(aim, value, is_met, end, needed):
    assert (aim.is_met(value), aim.end(value), aim.needed(value)) == (is_met, end, needed)


def test_without_a_beginning_only_a_single_end_is_known():
    assert (LEAST.end(None), MOST.end(None), BETWEEN.end(None)) == (90, 90, None)


@pytest.mark.parametrize(
    ("aim", "low", "high", "found"),
    [
        (LEAST, 88, 91, True),
        (LEAST, 91, 95, False),
        (LEAST, None, None, False),
        (BETWEEN, 70, 90, True),
        (BETWEEN, 84, 88, True),
        (BETWEEN, 76, 84, False),
    ],
)
def test_chance_may_have_decided_where_an_end_lies_in_the_interval(aim, low, high, found):
    assert aim.touches(low, high) is found


@given(numbers, numbers)
def test_a_single_end_is_met_as_its_direction_says(value, end):
    assert Aim(low=end, high=None).is_met(value) == is_reached(value, end, Better.HIGHER)
    assert Aim(low=None, high=end).is_met(value) == is_reached(value, end, Better.LOWER)


@given(numbers, numbers, numbers)
def test_a_range_is_met_where_both_of_its_ends_are(value, one, other):
    low, high = sorted((one, other))
    both = Aim(low=low, high=None).is_met(value) and Aim(low=None, high=high).is_met(value)
    assert Aim(low=low, high=high).is_met(value) is both


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "aim", "was_met"),
    [
        ({"target": 90, "baseline": 80}, Aim(low=90, high=None), False),
        ({"target": 75, "baseline": 80}, Aim(low=75, high=None), True),
        ({"target": 75, "baseline": 80, "direction": "lower"}, Aim(low=None, high=75), False),
        ({"target": 75, "target_high": 85, "baseline": 80}, Aim(low=75, high=85), True),
        ({"target": 75, "target_high": 85, "baseline": 90}, Aim(low=75, high=85), False),
        ({"target": 75, "baseline": None}, Aim(low=75, high=None), False),
    ],
)
def test_the_aim_of_a_goal(fields, aim, was_met):
    goal = GoalFactory(**fields)
    assert (goal.aim, goal.was_met) == (aim, was_met)
