from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.aims import Aim
from goals.forecast import Band, TooLittleError, chance, chance_of, fan, methods
from metrics.kpi import Better

STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]
RISING = [80, 81, 80, 82, 83, 83, 85, 84, 86, 87]
FALLING = [40, 38, 41, 37, 36, 35, 36, 33, 34, 31]
ANY = (None, None)
series = st.lists(st.floats(0, 100, allow_nan=False).map(lambda number: round(number, 2)), min_size=8, max_size=20)
targets = st.floats(0, 100, allow_nan=False)
ahead = st.integers(1, 30)


def _of_each(values, target, *, steps, better):
    """What each of the three says, with the mirror image for less is better."""
    sign = 1 if better is Better.HIGHER else -1
    found = methods([-sign * value for value in values], [steps])
    return [float(method.below(np.array([-sign * target]))[0]) for method in found]


@pytest.mark.parametrize(
    ("values", "target", "steps", "better", "theirs"),
    [
        (STABLE, 87, 4, Better.HIGHER, (0.46917, 0.522992, 0.400989)),
        (STABLE, 90, 4, Better.HIGHER, (0.070809, 0.322284, 0.048379)),
        (RISING, 88, 1, Better.HIGHER, (None, 0.430378, 0.229994)),
        (RISING, 90, 4, Better.HIGHER, (0.000003, 0.51534, 0.364559)),
        (RISING, 97, 8, Better.HIGHER, (None, 0.20937, 0.00412)),
        (RISING, 90, 8, Better.HIGHER, (0.000003, 0.754807, 0.971293)),
        (FALLING, 30, 4, Better.LOWER, (0.019644, 0.707022, 0.817297)),
        (FALLING, 24, 4, Better.LOWER, (0.0, 0.292978, 0.026385)),
    ],
)
def test_each_forecast_gives_the_chance_computed_by_hand(values, target, steps, better, theirs):
    found = _of_each(values, target, steps=steps, better=better)
    assert found == pytest.approx([found[0] if theirs[0] is None else theirs[0], *theirs[1:]], abs=1e-6)
    assert chance(values, target, ahead=steps, better=better) == pytest.approx(sum(found) / 3)


@pytest.mark.parametrize(
    ("steps", "drift", "drift_spread", "trend", "trend_spread"),
    [
        (1, 87.777778, 1.266862, 87.333333, 0.85894),
        (4, 90.111111, 2.888889, 89.642424, 0.996928),
        (8, 93.222222, 4.671955, 92.721212, 1.227209),
    ],
)
def test_drift_and_trend_have_their_textbook_centres_and_spreads(steps, drift, drift_spread, trend, trend_spread):
    _, found_drift, found_trend = methods(RISING, [steps])
    assert float(found_drift.centre[0]) == pytest.approx(drift, abs=1e-6)
    assert float(found_drift.spread[0]) == pytest.approx(drift_spread, abs=1e-6)
    assert float(found_trend.centre[0]) == pytest.approx(trend, abs=1e-6)
    assert float(found_trend.spread[0]) == pytest.approx(trend_spread, abs=1e-6)
    assert found_trend.degrees == 8


@pytest.mark.parametrize(
    ("steps", "drift_80", "trend_80"),
    [(1, (86.154229, 89.401326), (86.133553, 88.533114)), (8, (87.234871, 99.209573), (91.007028, 94.435397))],
)
def test_eight_in_ten_lie_within_the_textbook_intervals(steps, drift_80, trend_80):
    _, drift, trend = methods(RISING, [steps])
    for method, interval in ((drift, drift_80), (trend, trend_80)):
        assert [float(method.quantile(share)[0]) for share in (0.1, 0.9)] == pytest.approx(interval, abs=1e-5)


def test_the_level_is_that_of_the_last_six():
    level, _, _ = methods(STABLE, [4])
    sigma = (sum(abs(b - a) for a, b in pairwise(STABLE)) / 12) / 1.128
    assert sigma == pytest.approx(1.994681, abs=1e-6)
    assert float(level.centre[0]) == pytest.approx(sum(STABLE[-6:]) / 6)
    assert float(level.spread[0]) == pytest.approx(sigma * (7 / 6) ** 0.5)


def test_below_eight_periods_nothing_is_said():
    with pytest.raises(TooLittleError, match=r"^A forecast needs 8 periods, and there are 7\.$"):
        chance(STABLE[:7], 90, ahead=4, better=Better.HIGHER)
    with pytest.raises(TooLittleError, match=r"^A forecast needs 8 periods, and there are 0\.$"):
        fan([], ahead=4, scale=ANY)


@pytest.mark.parametrize("value", [0.0, 0.1, 87.3, 123456.789])
def test_a_figure_that_never_varied_stays(value):
    values = [value] * 9
    assert chance(values, value, ahead=3, better=Better.HIGHER) == 1
    assert chance(values, value, ahead=3, better=Better.LOWER) == 1
    assert chance(values, value + 0.1, ahead=3, better=Better.HIGHER) == 0
    assert chance(values, value + 0.1, ahead=3, better=Better.LOWER) == 1
    assert fan(values, ahead=2, scale=ANY) == [pytest.approx((value, value, value))] * 2


def test_a_straight_line_goes_on():
    values = [float(number) for number in range(10)]  # 0 … 9: drift and trend say 13 after 4 more, the level 6.5
    assert chance(values, 13, ahead=4, better=Better.HIGHER) == pytest.approx(2 / 3, abs=1e-6)
    assert chance(values, 13.01, ahead=4, better=Better.HIGHER) == pytest.approx(0, abs=1e-6)


def test_the_fan_is_cut_to_the_scale_and_widens():
    found = fan([96, 99, 94, 98, 97, 99, 96, 98], ahead=12, scale=(0, 100))
    assert len(found) == 12
    assert all(0 <= band.low <= band.middle <= band.high <= 100 for band in found)
    free = fan(STABLE, ahead=12, scale=ANY)
    widths = [band.high - band.low for band in free]
    assert widths == sorted(widths)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_fan_holds_the_quantiles_of_the_three_together(share):
    """Against a million draws from the mixture."""
    random = np.random.default_rng(7)
    level, drift, trend = methods(RISING, [4])
    draws = np.concatenate(
        [
            random.normal(level.centre, level.spread, 400_000),
            random.normal(drift.centre, drift.spread, 400_000),
            trend.centre + trend.spread * random.standard_t(trend.degrees, 400_000),
        ]
    )
    band = fan(RISING, ahead=4, scale=ANY)[-1]
    found = {0.1: band.low, 0.5: band.middle, 0.9: band.high}[share]
    assert found == pytest.approx(float(np.quantile(draws, share)), abs=0.03)


def test_periods_that_were_not_measured_keep_their_place():
    """Of a straight line with a hole the drift and the trend are the same as without."""
    whole = [float(number) for number in range(12)]
    at = [0, 1, 2, 5, 6, 7, 8, 9, 10, 11]
    _, drift, trend = methods([whole[place] for place in at], [4], at)
    assert [float(drift.centre[0]), float(trend.centre[0])] == pytest.approx([15, 15])
    _, straight, _ = methods(whole, [4], range(12))
    assert float(straight.centre[0]) == 15


@given(series, targets, ahead)
def test_a_mirrored_series_with_a_mirrored_target_has_the_same_chance(values, target, steps):
    up = chance(values, target, ahead=steps, better=Better.HIGHER)
    down = chance([-value for value in values], -target, ahead=steps, better=Better.LOWER)
    assert up == down


@given(series, targets, st.floats(0, 50), ahead)
def test_a_harder_target_is_never_likelier(values, target, harder, steps):
    easy = chance(values, target, ahead=steps, better=Better.HIGHER)
    assert 0 <= chance(values, target + harder, ahead=steps, better=Better.HIGHER) <= easy + 1e-12 <= 1 + 1e-12


@given(series, ahead)
def test_the_fan_is_in_order_and_mirrors(values, steps):
    found = fan(values, ahead=steps, scale=ANY)
    assert all(band.low <= band.middle + 1e-6 and band.middle <= band.high + 1e-6 for band in found)
    mirrored = fan([-value for value in values], ahead=steps, scale=ANY)
    for band, other in zip(found, mirrored, strict=True):
        assert Band(-other.high, 0, -other.low) == pytest.approx((band.low, 0, band.high), abs=1e-3)


@given(series, ahead)
def test_eight_in_ten_are_within_the_fan(values, steps):
    band = fan(values, ahead=steps, scale=ANY)[-1]
    inside = chance(values, band.high, ahead=steps, better=Better.LOWER) - chance(
        values, band.low, ahead=steps, better=Better.LOWER
    )
    spreads = [float(method.spread[0]) for method in methods(values, [steps])]
    if min(spreads) > 0.001:  # otherwise there are jumps, and no quantile is exact
        assert inside == pytest.approx(0.8, abs=1e-3)


def test_the_chance_of_a_single_end_is_that_of_its_direction():
    assert chance_of(STABLE, Aim(low=87, high=None), ahead=4) == chance(STABLE, 87, ahead=4, better=Better.HIGHER)
    assert chance_of(FALLING, Aim(low=None, high=30), ahead=4) == chance(FALLING, 30, ahead=4, better=Better.LOWER)


def test_the_chance_of_a_range_is_what_its_ends_leave():
    found = chance_of(STABLE, Aim(low=85, high=88), ahead=4)
    least, more = (chance(STABLE, end, ahead=4, better=Better.HIGHER) for end in (85, 88))
    assert found == pytest.approx(least - more)
    assert 0.3 < found < 0.5


def test_what_stands_still_on_an_end_of_a_range_is_within_it():
    assert [
        chance_of([85.0] * 8, Aim(low=low, high=high), ahead=3) for low, high in ((85, 90), (80, 85), (86, 90))
    ] == [
        1.0,
        1.0,
        0.0,
    ]


@given(series, targets, targets, ahead)
def test_beneath_within_and_above_a_range_are_everything(values, one, other, steps):
    low, high = sorted((one, other))
    beneath = 1 - chance(values, low, ahead=steps, better=Better.HIGHER)
    above = 1 - chance(values, high, ahead=steps, better=Better.LOWER)
    assert beneath + chance_of(values, Aim(low=low, high=high), ahead=steps) + above == pytest.approx(1)


@given(series, targets, targets, targets, ahead)
def test_a_wider_range_is_never_less_likely(values, one, other, third, steps):
    low, middle, high = sorted((one, other, third))
    narrow = chance_of(values, Aim(low=low, high=middle), ahead=steps)
    assert chance_of(values, Aim(low=low, high=high), ahead=steps) >= narrow - 1e-12
