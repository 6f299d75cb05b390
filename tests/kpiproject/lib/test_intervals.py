import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiproject.lib import intervals


def measured(interval):
    assert interval is not None
    return interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (8, 10, 49.0162, 94.3318),
        (74, 107, 59.87, 77.12),  # V098
        (27, 54, 37.11, 62.89),  # V100
        (3, 5, 23.07, 88.24),  # V101
        (10, 10, 72.25, 100.0),  # V103
        (0, 10, 0.0, 27.75),
    ],
)
def test_wilson(part, whole, low, high):
    assert intervals.wilson(part, whole) == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "low", "high"),
    [
        (70, 20, 10, 45.27, 71.24),  # V092
        (500, 300, 200, 25.08, 34.74),  # V094
        (6, 4, 7, -42.25, 32.25),  # V095
        (10, 0, 0, 47.5, 100.0),  # V097
        (0, 0, 10, -100.0, -47.5),
    ],
)
def test_nps(promoters, passives, detractors, low, high):
    n = promoters + passives + detractors
    assert intervals.nps(promoters, detractors, n) == pytest.approx((low, high), abs=0.005)


def test_mean():
    # 1, 2, 3: standard deviation 1, t(2) = 4.3027, margin 4.3027 / sqrt(3) = 2.4841
    assert intervals.mean(3, 6, 14) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=0.0001)
    assert intervals.mean(4, 20, 100) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("n", "outside"),
    # P(Binomial(n, 1/2) < k) <= 0.025: 6 -> k 1, 8 -> 1, 9 -> 2, 12 -> 3, 20 -> 6, 50 -> 18, 100 -> 40
    [(1, 0), (5, 0), (6, 0), (8, 0), (9, 1), (12, 2), (20, 5), (50, 17), (100, 39)],
)
def test_values_outside_the_median_interval(n, outside):
    assert intervals.values_outside(n) == outside


def test_median():
    assert intervals.median([1, 2, 3, 4, 5, 6, 7, 8, 9]) == (2.0, 8.0)
    assert intervals.median(np.arange(100)) == (39.0, 60.0)
    assert intervals.median([7]) == (7.0, 7.0)


def test_nothing_to_measure_has_no_interval():
    assert intervals.wilson(0, 0) is None
    assert intervals.nps(0, 0, 0) is None
    assert intervals.mean(0, 0, 0) is None
    assert intervals.mean(1, 5, 25) is None
    assert intervals.median([]) is None


@given(st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_wilson_stays_on_the_scale_and_encloses_the_share(share):
    low, high = measured(intervals.wilson(*share))
    assert 0 <= low <= 100 * share[0] / share[1] + 1e-9
    assert 100 * share[0] / share[1] - 1e-9 <= high <= 100


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 5000))
def test_nps_mirrors(promoters, detractors, passives):
    n = promoters + detractors + passives
    low, high = measured(intervals.nps(promoters, detractors, n))
    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100
    assert intervals.nps(detractors, promoters, n) == pytest.approx((-high, -low), abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300))
def test_the_median_lies_in_its_interval(values):
    low, high = measured(intervals.median(sorted(values)))
    assert low <= np.median(values) <= high


def test_the_median_interval_covers_what_it_promises():
    random = np.random.default_rng(42)
    samples = np.sort(random.lognormal(size=(4000, 40)), axis=1)
    found = [measured(intervals.median(sample)) for sample in samples]
    covered = np.mean([low <= 1.0 <= high for low, high in found])
    assert 0.945 <= covered <= 0.985


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # The table in Newcombe 1998, method 10: 56/70 and 48/80, 9/10 and 3/10, 10/10 and 0/20; the last: 26.34 · √2.
    [
        ((56, 70), (48, 80), 5.24, 33.39),
        ((9, 10), (3, 10), 17.05, 80.90),
        ((10, 10), (0, 20), 67.91, 100.0),
        ((5, 10), (5, 10), -37.25, 37.25),
    ],
)
def test_newcombe(one, other, low, high):
    assert intervals.newcombe(one, other) == pytest.approx((low, high), abs=0.005)


def test_nps_difference():
    # 70 and 10 of 100: (70.75 - 10.75) / 103 = 0.58252, variance (81.5/103 - 0.58252²) / 103 = 0.0043876
    # 50 and 20 of 100: (50.75 - 20.75) / 103 = 0.29126, variance (71.5/103 - 0.29126²) / 103 = 0.0059159
    # 0.29126 ± 1.95996 · sqrt(0.0103035) = 0.29126 ± 0.19895
    assert intervals.nps_difference((70, 10, 100), (50, 20, 100)) == pytest.approx((9.23, 49.02), abs=0.005)


@pytest.mark.parametrize("difference", [intervals.newcombe, intervals.nps_difference])
def test_nothing_has_no_difference(difference):
    nothing = (0, 0) if difference is intervals.newcombe else (0, 0, 0)
    something = (1, 2) if difference is intervals.newcombe else (1, 1, 2)
    assert (difference(nothing, something), difference(something, nothing)) == (None, None)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_differences_contain_what_was_seen_and_turn_their_sign(good, bad, good_before, bad_before):
    n, before = good + bad + 1, good_before + bad_before + 1
    low, high = measured(intervals.nps_difference((good, bad, n), (good_before, bad_before, before)))
    seen = 100 * ((good - bad) / n - (good_before - bad_before) / before)
    assert low - 1e-6 <= seen <= high + 1e-6
    turned = measured(intervals.nps_difference((good_before, bad_before, before), (good, bad, n)))
    assert turned == pytest.approx((-high, -low))
    low, high = measured(intervals.newcombe((good, n), (good_before, before)))
    assert low - 1e-6 <= 100 * (good / n - good_before / before) <= high + 1e-6
