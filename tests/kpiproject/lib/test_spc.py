import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiproject.lib.spc import (
    LEAST_VALUES,
    Assurance,
    Limits,
    Signal,
    assurance,
    changed_at,
    is_uneven,
    limits,
    limits_of_each,
    share_limits,
    signals,
    strongest,
)

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
        # ranges 0 0 0 0 0 0 8: without the leap nothing varies, so that it stays: mean 8/7, margin 3.04
        ([2, 2, 2, 2, 2, 2, 2, 10], 3.0, -0.04, 6.04),
        # ranges 1 1 1 1 1 1 21: mean 27/7, and 21 is above 3.267 of them; without it 1, while the mean stays 30/8
        ([1, 2, 1, 2, 1, 2, 1, 22], 4.0, 1.34, 6.66),
    ],
)
def test_limits_by_hand(values, centre, low, high):
    found = limits(values)
    assert (found.centre, round(found.low, 10), round(found.high, 10)) == (centre, low, high)


def test_fewer_than_six_values_have_no_limits_and_fewer_than_thirteen_provisional_ones():
    found = [limits([1.0] * n) for n in range(15)]
    assert [one is None for one in found] == [True] * LEAST_VALUES + [False] * 9
    assert LEAST_VALUES == 6
    assert [one.is_provisional for one in found[6:]] == [True] * 7 + [False, False]


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
        # seven that rise: six steps up
        ([6, 7, 8, 9, 10, 11, 12, 9], ["", "", "", "", "", "", "t", ""]),
        ([14, 13, 12, 11, 10, 9, 8, 7], ["", "", "", "", "", "", "t", "t"]),
        # two equal ones are no rise
        ([6, 7, 8, 8, 9, 10, 11, 12], [""] * 8),
        # beyond 10 ± 3.33, two of three on one side; the middle one tells nothing
        ([10, 14, 11, 14, 10], ["", "n", "", "n", ""]),
        ([10, 14, 11, 11, 14, 10], [""] * 6),
        # on opposite sides they tell nothing, nor does one that is beyond the limits beside one that is near
        ([10, 14, 6, 14, 6, 10], [""] * 6),
        ([10, 14, 11, 16, 10], ["", "", "", "b", ""]),
        ([], []),
    ],
)
def test_signals_by_hand(values, expected):
    assert told(values, AROUND_TEN) == expected


def test_a_series_that_never_changes_has_no_signal():
    values = [0.1] * 30
    assert signals(values, limits(values)) == [frozenset()] * 30


@given(st.lists(st.integers(-1000, 1000), min_size=6, max_size=40), st.integers(-1000, 1000))
def test_moving_all_values_moves_the_limits(values, by):
    here, moved = limits(values), limits([value + by for value in values])
    assert moved.centre == pytest.approx(here.centre + by, abs=1e-6)
    assert moved.high - moved.low == pytest.approx(here.high - here.low, abs=1e-6)


@given(st.lists(st.integers(-50, 50), min_size=6, max_size=40))
def test_the_mirror_image_has_the_same_signals(values):
    mirrored = [-value for value in values]
    assert signals(values, limits(values)) == signals(mirrored, limits(mirrored))


def test_what_says_most_comes_first():
    assert list(Signal) == [Signal.BEYOND, Signal.TREND, Signal.NEAR, Signal.SHIFT]
    assert strongest(frozenset({Signal.SHIFT, Signal.TREND})) is Signal.TREND
    assert strongest(frozenset()) is None


# --- Published and computed cases ---------------------------------------------------------------------------------
_DRAWN = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285,
    -0.44566197, 1.2240818, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716,
    0.7013559, -0.47279141,
]  # fmt: skip
_LEAPING = [*_DRAWN[:14], 10.0, *_DRAWN[15:]]
_FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
_STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]
_SHIFTED = [86, 88, 85, 87, 89, 86, 84, 88, 91, 92, 90, 93, 91, 92, 93, 92]


@pytest.mark.parametrize(
    ("values", "centre", "low", "high"),
    [
        # NHSRplotthedots, with its screening of leaps
        (_DRAWN, 0.1416238, -3.01138, 3.294627),
        (_LEAPING, 0.6694159, -2.383666, 3.722497),
        # NIST/SEMATECH 6.3.2.2, with the rounded 2.66
        (_FLOW, 50.81, 45.8151, 55.8049),
        (_STABLE, 86.615385, 80.630385, 92.600385),
        (_SHIFTED[:8], 86.625, 79.785, 93.465),
    ],
)
def test_published_limits(values, centre, low, high):
    found = limits(values)
    assert (found.centre, found.low, found.high) == pytest.approx((centre, low, high), abs=2e-4)


def test_a_shift_beyond_a_fixed_baseline():
    found = limits(_SHIFTED[:8])
    told = signals(_SHIFTED, found)
    # from 88, the eighth value, on all are above the mean; the eighth of them is told of and the ninth
    assert [n for n, here in enumerate(told) if Signal.SHIFT in here] == [14, 15]
    assert [n for n, here in enumerate(told) if Signal.NEAR in here] == [9, 11, 13, 14, 15]
    assert not any(here & {Signal.BEYOND, Signal.TREND} for here in told)
    assert changed_at(_SHIFTED, found) == 7
    assert changed_at(_SHIFTED, found, fixed=8) == 8


def test_a_stable_process_tells_nothing():
    found = limits(_STABLE)
    assert signals(_STABLE, found) == [frozenset()] * 13
    assert changed_at(_STABLE, found) is None
    assert [assurance(found, target, is_higher_better=True) for target in (80, 87, 95)] == [
        Assurance.PASS,
        Assurance.HIT_AND_MISS,
        Assurance.FAIL,
    ]


@pytest.mark.parametrize(
    ("sides", "flags"),
    [
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [0] * 6 + [1, 1, 0]),
        ([-1] * 8 + [1], [0] * 6 + [1, 1, 0]),
    ],
)
def test_runs_of_seven_as_the_nhs_counts_them(sides, flags):
    told = signals([10 + side for side in sides], AROUND_TEN, run=7)
    assert [int(Signal.SHIFT in here) for here in told] == flags


@pytest.mark.parametrize(
    ("sides", "flags"),
    [
        ([1] * 7, [0] * 7),
        ([1] * 7 + [-1], [0] * 8),
        ([1] * 9 + [-1], [0] * 7 + [1, 1, 0]),
        ([-1] * 9 + [1], [0] * 7 + [1, 1, 0]),
    ],
)
def test_runs_of_eight_as_xmrit_counts_them_are_ours(sides, flags):
    told = signals([10 + side for side in sides], AROUND_TEN)
    assert [int(Signal.SHIFT in here) for here in told] == flags


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [0] * 6 + [1]),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] * 7 + [1, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [0] * 6 + [1]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0] * 7 + [1, 0]),
    ],
)
def test_trends_of_seven(values, flags):
    told = signals(values, Limits(centre=4, low=-50, high=58))
    assert [int(Signal.TREND in here) for here in told] == flags


@pytest.mark.parametrize(
    ("near", "sides", "marked"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 0, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 0, 1, 1, 0, 0, 0]),
        ([1, 0, 0, 1], [1] * 4, [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 0, 1, 1]),
    ],
)
def test_two_of_three_near_a_limit(near, sides, marked):
    values = [10 + side * (4 if is_near else 1) for is_near, side in zip(near, sides, strict=True)]
    told = signals(values, AROUND_TEN)
    assert [int(Signal.NEAR in here) for here in told] == marked


def test_two_near_opposite_limits_are_chance():
    values = [1, -1] * 7 + [5.5, -5.5]
    assert signals(values, limits(values))[-2:] == [frozenset(), frozenset()]


@pytest.mark.parametrize(
    ("is_higher_better", "low", "high", "expected"),
    [
        (True, 1, 3, Assurance.FAIL),
        (True, 5, 7, Assurance.PASS),
        (False, 1, 3, Assurance.PASS),
        (False, 5, 7, Assurance.FAIL),
        (True, 3, 5, Assurance.HIT_AND_MISS),
        (False, 4, 5, Assurance.HIT_AND_MISS),
        (None, 1, 3, None),
    ],
)
def test_assurance_of_a_target_of_four(is_higher_better, low, high, expected):
    found = Limits(centre=(low + high) / 2, low=low, high=high)
    assert assurance(found, 4, is_higher_better=is_higher_better) == expected


# --- Percentages of different numbers -----------------------------------------------------------------------------
def test_limits_of_percentages_by_hand():
    # (6·50·100 + 6·50·25) / … = 50 %; three times sqrt(50·50/100) = 15, sqrt(50·50/25) = 30
    found = share_limits([50.0] * 12, [100, 25] * 6)
    assert [(one.centre, one.low, one.high) for one in found[:2]] == [(50.0, 35.0, 65.0), (50.0, 20.0, 80.0)]
    assert {one.is_provisional for one in found} == {True}


def test_percentages_that_vary_more_than_their_rows_explain_have_wider_limits():
    # each lies three standard deviations off on either side: ranges of 6, over 1.128
    found = share_limits([80.0, 20.0] * 6, [25] * 12)
    assert found[0].high - found[0].centre == pytest.approx(30 * 6 / 1.128)


def test_percentages_of_nothing_but_hits_do_not_vary():
    found = share_limits([100.0] * 8, [5, 50] * 4)
    assert [(one.low, one.high) for one in found] == [(100.0, 100.0)] * 8


@pytest.mark.parametrize(
    ("wholes", "expected"),
    [([100, 125, 75], False), ([100, 126, 74], True), ([10] * 8, False), ([], False), ([0, 10], False)],
)
def test_more_than_a_quarter_off_is_uneven(wholes, expected):
    assert is_uneven(wholes) is expected


def test_limits_follow_the_rows_only_where_these_are_uneven():
    values = [50.0, 52.0, 49.0, 51.0, 50.0, 48.0]
    assert limits_of_each(values, [40] * 6) == [limits(values)] * 6
    assert limits_of_each(values, [40, 80] * 3) == share_limits(values, [40, 80] * 3)
    assert limits_of_each(values) == [limits(values)] * 6
    assert limits_of_each(values[:5], [40, 80, 40, 80, 40]) is None


# --- Where a process changed --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([9] * 5 + [11] * 8, 5),
        ([9] * 5 + [11] * 7, None),
        # it went back
        ([9] * 5 + [11] * 8 + [9], None),
        # nothing was before
        ([11] * 8, None),
        ([], None),
    ],
)
def test_a_run_that_goes_on_is_a_change(values, expected):
    assert changed_at(values, AROUND_TEN) == expected


@given(st.lists(st.integers(-50, 50), min_size=6, max_size=40), st.integers(-60, 60))
def test_assurance_mirrors(values, target):
    found, mirrored = limits(values), limits([-value for value in values])
    here = assurance(found, target, is_higher_better=True)
    assert here == assurance(mirrored, -target, is_higher_better=False)
