from collections import Counter

import pytest

from surveys.scales import ScoreOutOfScaleError
from surveys.scores import score


def rounded(number: float | None) -> float:
    assert number is not None
    return round(number, 2)


# Scores, and what is made of them, by hand. The sources are test suites and help pages of other systems.
NPS = [
    ([10, 7, 3, 9], {"promoter": 2, "passive": 1, "detractor": 1}, 25.0),
    ([10], {"promoter": 1, "passive": 0, "detractor": 0}, 100.0),
    ([5], {"promoter": 0, "passive": 0, "detractor": 1}, -100.0),
    ([1, 10, 8, 7, 9, 9], {"promoter": 3, "passive": 2, "detractor": 1}, 33.33),
    ([1, 2, 6, 7, 8], {"promoter": 0, "passive": 2, "detractor": 3}, -60.0),
    ([1, 7, 7, 8, 9, 10], {"promoter": 2, "passive": 3, "detractor": 1}, 16.67),
    (list(range(11)), {"promoter": 2, "passive": 2, "detractor": 7}, -45.45),
    ([7] * 5 + [8] * 5, {"promoter": 0, "passive": 10, "detractor": 0}, 0.0),
    ([0, 1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9, 9, 9, 10, 10, 10], {"promoter": 6, "passive": 4, "detractor": 7}, -5.88),
]


@pytest.mark.parametrize(("given", "groups", "value"), NPS)
def test_nps_is_promoters_minus_detractors_over_answers(given, groups, value):
    found = score("nps", 0, 10, Counter(given))
    assert (dict(found.groups), found.n, rounded(found.value)) == (groups, len(given), value)


CSAT = [
    ([5, 4, 2, 1], 50.0, 3.0),
    ([5], 100.0, 5.0),
    ([5, 4, 3, 1, 5], 60.0, 3.6),
    ([1, 2, 3, 4, 5], 40.0, 3.0),
    ([5, 4, 3, 5], 75.0, 4.25),
    ([5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14, 69.16, 3.74),
]


@pytest.mark.parametrize(("given", "value", "mean"), CSAT)
def test_csat_is_the_share_of_the_satisfied_with_neutral_in_the_denominator(given, value, mean):
    found = score("csat", 1, 5, Counter(given))
    assert (rounded(found.value), rounded(found.mean), found.n) == (value, mean, len(given))


def test_ces_is_the_share_that_found_it_easy_with_the_mean_beside_it():
    found = score("ces", 1, 7, Counter([7, 5, 4, 2]))
    assert (found.value, found.mean, dict(found.groups)) == (50.0, 4.5, {"easy": 2, "neutral": 1, "effort": 1})


INTERVALS = [
    ("nps", 0, 10, {10: 70, 8: 20, 0: 10}, (45.27, 71.24)),
    ("nps", 0, 10, {10: 500, 8: 300, 0: 200}, (25.08, 34.74)),
    ("nps", 0, 10, {10: 6, 8: 4, 0: 7}, (-42.25, 32.25)),
    ("nps", 0, 10, {10: 10}, (47.5, 100.0)),
    ("csat", 1, 5, {5: 74, 1: 33}, (59.87, 77.12)),
    ("csat", 1, 5, {5: 27, 1: 27}, (37.11, 62.89)),
    ("csat", 1, 5, {5: 3, 1: 2}, (23.07, 88.24)),
    ("csat", 1, 5, {5: 10}, (72.25, 100.0)),
]


@pytest.mark.parametrize(("kind", "low", "high", "counts", "bounds"), INTERVALS)
def test_score_has_the_interval_of_its_kind(kind, low, high, counts, bounds):
    found = score(kind, low, high, counts)
    assert (rounded(found.low), rounded(found.high)) == bounds


@pytest.mark.parametrize("kind", ["csat", "nps", "ces", "esat", "enps"])
def test_nothing_answered_is_none_and_never_zero(kind):
    found = score(kind, 0, 10, {})
    assert (found.value, found.n, found.low, found.high, found.mean) == (None, 0, None, None, None)


def test_scale_without_thresholds_has_no_value_but_counts():
    found = score("csat", 1, 6, {6: 2})
    assert (found.value, found.n) == (None, 2)


@pytest.mark.parametrize(("kind", "low", "high", "wrong"), [("csat", 1, 5, 15), ("nps", 0, 10, 15), ("nps", 0, 10, 11)])
def test_score_out_of_scale_is_refused(kind, low, high, wrong):
    with pytest.raises(ScoreOutOfScaleError):
        score(kind, low, high, {low: 1, wrong: 1})
