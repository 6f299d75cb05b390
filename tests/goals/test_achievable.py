from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goals import achievable
from goals.achievable import Reach
from metrics.kpi import Better

STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]
FALLING = [40, 38, 41, 37, 36, 35, 36, 33, 34, 31]
HIGHER, LOWER = Better.HIGHER, Better.LOWER
values = st.lists(st.floats(-100, 100).map(lambda number: round(number, 2)), min_size=6, max_size=30)


@pytest.mark.parametrize(
    ("y", "target", "better", "z", "is_record", "reach"),
    [
        (STABLE, 85, HIGHER, -0.809846, False, Reach.ALREADY_MET),
        (STABLE, 87.5, HIGHER, 0.443487, False, Reach.INSIDE),
        (STABLE, 89, HIGHER, 1.195487, False, Reach.STRETCH),
        (STABLE, 96, HIGHER, 4.704821, True, Reach.BEYOND),
        (FALLING, 28, LOWER, 4.327958, True, Reach.BEYOND),
        (FALLING, 34, LOWER, 1.122063, False, Reach.STRETCH),
    ],
)
def test_how_far_a_target_lies_beyond_what_the_figure_does(y, target, better, z, is_record, reach):
    assert achievable.distance(y, target, better) == pytest.approx(z, abs=1e-6)
    assert achievable.is_record(y, target, better) is is_record
    assert achievable.reach(y, target, better) is reach


@pytest.mark.parametrize(
    ("y", "better", "sigma", "best"), [(STABLE, HIGHER, 1.994681, 89), (FALLING, LOWER, 1.871552, 31)]
)
def test_how_a_figure_varies_and_what_was_its_best(y, better, sigma, best):
    assert achievable.sigma(y) == pytest.approx(sigma, abs=1e-6)
    assert achievable.best(y, better) == best


def test_a_record_is_one_of_all_there_ever_was():
    assert achievable.reach([80, 82] * 6, 83, HIGHER) is Reach.BEYOND
    assert achievable.reach([80, 82] * 6, 83, HIGHER, ever=[90, 85, *[80, 82] * 6]) is Reach.STRETCH


def test_what_never_varied_needs_a_change():
    assert achievable.distance([80] * 8, 81, HIGHER) == inf
    assert achievable.distance([80] * 8, 79, HIGHER) == -inf
    assert achievable.distance([80] * 8, 80, HIGHER) == 0
    assert achievable.reach([80] * 8, 81, HIGHER) is Reach.BEYOND


def test_one_value_says_nothing_about_how_it_varies():
    with pytest.raises(ValueError, match=r"^How a figure varies cannot be told from fewer than two values\.$"):
        achievable.sigma([80])


@given(values, st.floats(-100, 100))
def test_of_mirrored_figures_less_is_what_more_was(y, target):
    mirrored = [-value for value in y]
    found = achievable.distance(y, target, HIGHER)
    assert achievable.distance(mirrored, -target, LOWER) == pytest.approx(found)
    assert achievable.reach(mirrored, -target, LOWER) is achievable.reach(y, target, HIGHER)


@given(values, st.floats(-100, 100), st.floats(0.01, 50))
def test_a_target_further_away_is_never_nearer(y, target, more):
    assume(len(set(y)) > 1)
    assert achievable.distance(y, target + more, HIGHER) > achievable.distance(y, target, HIGHER)


@pytest.mark.parametrize(
    ("y", "better", "slope"),
    [
        ([10, 11, 12, 13, 14, 15], HIGHER, 1.0),
        ([10, 11, 12, 13, 14, 15], LOWER, 1.0),  # it never fell: the least bad
        ([15, 14, 13, 12, 11, 10], LOWER, -1.0),
        ([0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6], HIGHER, 1.0),
        ([80, 80, 80, 90, 90, 90, 90], HIGHER, pytest.approx(90 / 35)),
        ([1, 2, 3, 4, 5], HIGHER, None),
    ],
)
def test_the_fastest_it_has_ever_changed(y, better, slope):
    assert achievable.best_slope(y, better) == slope


def test_the_slope_that_is_needed_has_a_sign():
    assert achievable.needed_slope(80, 90, ahead=5) == 2
    assert achievable.needed_slope(80, 70, ahead=5) == -2
    assert achievable.needed_slope(80, 90, ahead=0) == 10
