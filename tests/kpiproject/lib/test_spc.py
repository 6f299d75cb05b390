import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiproject.lib.spc import LEAST_VALUES, Limits, Signal, limits, signals

B, S, T = Signal.BEYOND, Signal.SHIFT, Signal.TREND
AROUND_TEN = Limits(centre=10.0, low=5.0, high=15.0)


def told(values, found):
    return ["".join(sorted(signal.value[0] for signal in here)) for here in signals(values, found)]


@pytest.mark.parametrize(
    ("values", "centre", "low", "high"),
    [
        # moving ranges 2 2 2 2 2 2 2: mean 2, margin 5.32
        ([9, 11, 9, 11, 9, 11, 9, 11], 10.0, 4.68, 15.32),
        # moving ranges 1 1 1 1 1 1 1: margin 2.66
        ([1, 2, 3, 4, 5, 6, 7, 8], 4.5, 1.84, 7.16),
        ([5, 5, 5, 5, 5, 5, 5, 5], 5.0, 5.0, 5.0),
        # ranges 0 0 0 0 0 0 8: mean 8/7, margin 3.04
        ([2, 2, 2, 2, 2, 2, 2, 10], 3.0, -0.04, 6.04),
    ],
)
def test_limits_by_hand(values, centre, low, high):
    found = limits(values)
    assert (found.centre, round(found.low, 10), round(found.high, 10)) == (centre, low, high)


def test_fewer_than_eight_values_have_no_limits():
    assert [limits([1.0] * n) is None for n in range(10)] == [True] * LEAST_VALUES + [False, False]


def test_limits_are_cut_to_what_the_values_can_be():
    found = Limits(centre=95.0, low=-3.0, high=104.0)
    assert found.within(0, 100) == Limits(centre=95.0, low=0, high=100)
    assert found.within(None, None) == found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 15, 5, 15.1, 4.9, 10], ["", "", "", "b", "b", ""]),
        # eight above the mean; the ninth still tells, the one beneath ends it
        ([11, 12] * 4 + [11, 9], [""] * 7 + ["s", "s", ""]),
        # a value on the mean interrupts the run
        ([11, 12] * 3 + [10] + [11, 12] * 3, [""] * 13),
        # six that rise: five steps up
        ([6, 7, 8, 9, 10, 11, 9], ["", "", "", "", "", "t", ""]),
        ([14, 13, 12, 11, 10, 9, 8], ["", "", "", "", "", "t", "t"]),
        # two equal ones are no rise
        ([6, 7, 8, 8, 9, 10, 11], [""] * 7),
        ([], []),
    ],
)
def test_signals_by_hand(values, expected):
    assert told(values, AROUND_TEN) == expected


def test_a_series_that_never_changes_has_no_signal():
    values = [0.1] * 30
    assert signals(values, limits(values)) == [frozenset()] * 30


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=40), st.floats(-1e3, 1e3))
def test_moving_all_values_moves_the_limits(values, by):
    here, moved = limits(values), limits([value + by for value in values])
    assert moved.centre == pytest.approx(here.centre + by, abs=1e-6)
    assert moved.high - moved.low == pytest.approx(here.high - here.low, abs=1e-4)


@given(st.lists(st.integers(-50, 50), min_size=8, max_size=40))
def test_the_mirror_image_has_the_same_signals(values):
    mirrored = [-value for value in values]
    assert signals(values, limits(values)) == signals(mirrored, limits(mirrored))
