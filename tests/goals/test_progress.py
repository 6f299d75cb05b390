from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goals.progress import expected, is_reached, progress
from metrics.kpi import Better

START, DUE = date(2026, 1, 1), date(2026, 4, 1)
numbers = st.floats(-1000, 1000, allow_nan=False).map(lambda number: round(number, 3))


@pytest.mark.parametrize(
    ("baseline", "value", "target", "found"),
    [
        (80, 84, 90, 0.4),
        (200, 100, 0, 0.5),  # less is better
        (10, 7, 0, 0.3),
        (8, 8, 10, 0.0),
        (10, -10, 0, 2.0),  # beyond the target
        (48, 52, 24, -1 / 6),  # away from it
        (80, 95, 90, 1.5),
        (-10, 20, 40, 0.6),  # points below 0
        (20, -10, -40, 0.5),
    ],
)
def test_progress_is_right_in_either_direction(baseline, value, target, found):
    assert progress(baseline, target, value) == pytest.approx(found)


def test_a_target_that_is_the_baseline_is_refused():
    with pytest.raises(ValueError, match=r"^The target is the baseline, so there is no way between the two\.$"):
        progress(5, 5, 5)


@given(numbers, numbers, numbers)
def test_progress_of_mirrored_numbers_is_the_same(baseline, target, value):
    assume(abs(target - baseline) > 0.01)
    assert progress(-baseline, -target, -value) == pytest.approx(progress(baseline, target, value))


@given(numbers, numbers, numbers, st.floats(0, 100))
def test_more_reached_never_lowers_progress(baseline, target, value, more):
    assume(abs(target - baseline) > 0.01)
    forward = more if target > baseline else -more
    assert progress(baseline, target, value + forward) >= progress(baseline, target, value)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2025, 12, 25), 80.0),  # not started
        (START, 80.0),
        (date(2026, 2, 15), 85.0),  # 45 of 90 days
        (DUE, 90.0),
        (date(2026, 5, 1), 90.0),  # over
    ],
)
def test_the_expected_line_goes_straight_from_baseline_to_target(on, found):
    assert expected(80, 90, start=START, due=DUE, on=on) == found
    assert expected(-80, -90, start=START, due=DUE, on=on) == -found


def test_a_target_met_exactly_is_reached():
    assert [is_reached(value, 90, Better.HIGHER) for value in (89.9, 90, 91)] == [False, True, True]
    assert [is_reached(value, 90, Better.LOWER) for value in (89.9, 90, 91)] == [True, True, False]
