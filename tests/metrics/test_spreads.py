import numpy as np
import pytest

from metrics.spreads import EXACT_LIMIT, Spread, encode

RANDOM = np.random.default_rng(7)


def many(n, seed=7):
    """Durations as they occur: log-normal, some of them 0."""
    random = np.random.default_rng(seed)
    values = np.exp(random.normal(8, 2, n)).astype(np.int64)
    values[::50] = 0
    return np.sort(values)


def test_spread_of_nothing_has_no_quantile():
    spread = Spread()
    assert (len(spread), spread.is_exact, spread.quantile(0.5), spread.median_interval()) == (0, True, None, None)


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([7], 7.0, 7.0), ([1, 2], 1.5, 1.9), ([1, 2, 30], 2.0, 24.4), ([0, 0, 0, 8], 0.0, 5.6)],
)
def test_quantile_of_few_values_is_interpolated(values, median, p90):
    spread = Spread(stored=[encode(np.array(values))])
    assert [spread.quantile(0.5), spread.quantile(0.9)] == pytest.approx([median, p90])


def test_few_values_are_kept_exactly_and_add_up():
    first, second = many(EXACT_LIMIT, 1), many(EXACT_LIMIT, 2)
    spread = Spread(stored=[encode(first), encode(second)])
    both = np.concatenate([first, second])
    assert spread.is_exact
    assert len(spread) == 2 * EXACT_LIMIT
    for share in (0.0, 0.25, 0.5, 0.9, 1.0):
        assert spread.quantile(share) == pytest.approx(np.quantile(both, share))


def test_many_values_are_kept_as_a_small_histogram_that_is_right_within_two_percent():
    values = many(100_000)
    stored = encode(values)
    spread = Spread(stored=[stored])
    assert not spread.is_exact
    assert len(spread) == 100_000
    assert len(stored) < 3_300
    for share in (0.1, 0.5, 0.9, 0.99):
        assert spread.quantile(share) == pytest.approx(np.quantile(values, share), rel=0.02)


def test_histogram_keeps_zeros_and_values_beyond_its_pace():
    values = np.sort(np.concatenate([np.zeros(900, np.int64), np.full(901, 2**31 - 1)]))
    spread = Spread(stored=[encode(values)])
    assert spread.quantile(0.25) == 0.0
    assert spread.quantile(0.9) == pytest.approx(2**31 - 1, rel=0.02)


def test_exact_and_bucketed_parts_add_up_in_any_order():
    few, large = many(10, 3), many(5000, 4)
    parts = [encode(few), encode(large), encode(many(3000, 5))]
    forwards, backwards = Spread(stored=parts), Spread(stored=parts[::-1])
    assert len(forwards) == 8010
    assert [forwards.quantile(q / 20) for q in range(21)] == [backwards.quantile(q / 20) for q in range(21)]
    whole = Spread(stored=[encode(np.sort(np.concatenate([few, large, many(3000, 5)])))])
    assert [forwards.quantile(q / 20) for q in range(21)] == [whole.quantile(q / 20) for q in range(21)]


def test_those_up_to_a_limit_are_counted():
    few = Spread(stored=[encode(np.array([0, 5, 5, 9]))])
    assert [few.up_to(limit) for limit in (-1, 0, 4, 5, 9, 100)] == [0, 1, 1, 3, 4, 4]
    values = many(EXACT_LIMIT + 5000)
    spread = Spread(stored=[encode(values)])
    assert not spread.is_exact
    assert spread.up_to(3600) == pytest.approx(int((values <= 3600).sum()), rel=0.02)
    assert (spread.up_to(-1), spread.up_to(2**31)) == (0, len(values))


def test_median_lies_within_its_interval():
    spread = Spread(stored=[encode(many(1001))])
    interval = spread.median_interval()
    assert interval is not None
    assert interval.low <= spread.quantile(0.5) <= interval.high
