from collections import Counter
from collections.abc import Mapping

import pytest

from surveys.results import stages_of
from surveys.scales import BAD, GOOD, MIDDLE, Scale, ScoreOutOfScaleError
from surveys.scores import Score, of_sums
from surveys.sums import Sums


def score(scale: Scale, counts: Mapping[int, int]) -> Score:
    """What pages show of answers that were given so often."""
    judged: Counter[int | None] = Counter()
    for number, count in counts.items():
        judged[scale.standing(number)] += count
    n = sum(counts.values())
    sums = Sums(
        n=n,
        good=judged[GOOD],
        middle=judged[MIDDLE],
        bad=judged[BAD],
        scored=n,
        total=sum(number * count for number, count in counts.items()),
        square=sum(number**2 * count for number, count in counts.items()),
    )
    return of_sums(scale, sums)


def rounded(number: float | None) -> float:
    assert number is not None
    return round(number, 2)


# Scores, and what is made of them, by hand. The sources are test suites and help pages of other systems; V001 and so on
# name the vectors.
NPS = [
    ([10, 7, 3, 9], {"promoter": 2, "passive": 1, "detractor": 1}, 25.0),  # V001
    ([10], {"promoter": 1, "passive": 0, "detractor": 0}, 100.0),
    ([5], {"promoter": 0, "passive": 0, "detractor": 1}, -100.0),  # V004
    ([1, 10, 8, 7, 9, 9], {"promoter": 3, "passive": 2, "detractor": 1}, 33.33),  # V049
    ([1, 2, 6, 7, 8], {"promoter": 0, "passive": 2, "detractor": 3}, -60.0),  # V058
    ([1, 7, 7, 8, 9, 10], {"promoter": 2, "passive": 3, "detractor": 1}, 16.67),  # V059
    (list(range(11)), {"promoter": 2, "passive": 2, "detractor": 7}, -45.45),  # V062
    ([7] * 5 + [8] * 5, {"promoter": 0, "passive": 10, "detractor": 0}, 0.0),  # V034
    (list(range(7)) * 2, {"promoter": 0, "passive": 0, "detractor": 14}, -100.0),  # V035
    # V032
    ([0, 1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9, 9, 9, 10, 10, 10], {"promoter": 6, "passive": 4, "detractor": 7}, -5.88),
]


@pytest.mark.parametrize(("given", "groups", "value"), NPS)
def test_nps_is_promoters_minus_detractors_over_answers(given, groups, value):
    found = score(Scale(kind="nps", low=0, high=10), Counter(given))
    assert (dict(found.groups), found.n, rounded(found.value)) == (groups, len(given), value)


CSAT = [
    ([5, 4, 2, 1], 50.0, 3.0),  # V007
    ([5], 100.0, 5.0),  # V008
    ([5, 4, 3, 1, 5], 60.0, 3.6),  # V010
    ([1, 2, 3, 4, 5], 40.0, 3.0),  # V053
    ([5, 4, 3, 5], 75.0, 4.25),  # V005
    ([5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14, 69.16, 3.74),  # V077
]


@pytest.mark.parametrize(("given", "value", "mean"), CSAT)
def test_csat_is_the_share_of_the_satisfied_with_neutral_in_the_denominator(given, value, mean):
    found = score(Scale(kind="csat", low=1, high=5), Counter(given))
    assert (rounded(found.value), rounded(found.mean), found.n) == (value, mean, len(given))


def test_ces_is_the_share_that_found_it_easy_with_the_mean_beside_it():
    found = score(Scale(kind="ces", low=1, high=7), Counter([7, 5, 4, 2]))
    assert (found.value, found.mean, dict(found.groups)) == (50.0, 4.5, {"easy": 2, "neutral": 1, "effort": 1})


INTERVALS = [
    ("nps", 0, 10, {10: 70, 8: 20, 0: 10}, (45.27, 71.24)),  # V092
    ("nps", 0, 10, {10: 500, 8: 300, 0: 200}, (25.08, 34.74)),  # V094
    ("nps", 0, 10, {10: 6, 8: 4, 0: 7}, (-42.25, 32.25)),  # V095
    ("nps", 0, 10, {10: 10}, (47.5, 100.0)),  # V097
    ("csat", 1, 5, {5: 74, 1: 33}, (59.87, 77.12)),  # V098
    ("csat", 1, 5, {5: 27, 1: 27}, (37.11, 62.89)),  # V100
    ("csat", 1, 5, {5: 3, 1: 2}, (23.07, 88.24)),  # V101
    ("csat", 1, 5, {5: 10}, (72.25, 100.0)),  # V103
]


@pytest.mark.parametrize(("kind", "low", "high", "counts", "bounds"), INTERVALS)
def test_score_has_the_interval_of_its_kind(kind, low, high, counts, bounds):
    found = score(Scale(kind=kind, low=low, high=high), counts)
    assert (rounded(found.low), rounded(found.high)) == bounds


@pytest.mark.parametrize("kind", ["csat", "nps", "ces", "esat", "enps"])
def test_nothing_answered_is_none_and_never_zero(kind):
    found = score(Scale(kind=kind, low=0, high=10), {})
    assert (found.value, found.n, found.low, found.high, found.mean) == (None, 0, None, None, None)


def test_scale_without_thresholds_has_no_value_but_counts():
    found = score(Scale(kind="csat", low=1, high=6), {6: 2})
    assert (found.value, found.n) == (None, 2)


@pytest.mark.parametrize(
    ("kind", "low", "high", "given"),
    [
        ("csat", 1, 5, [1, 2, 3, 15]),  # V056
        ("nps", 0, 10, [1, 2, 3, 15]),  # V061
        ("nps", 0, 10, [11]),  # V068
    ],
)
def test_score_out_of_scale_is_refused(kind, low, high, given):
    with pytest.raises(ScoreOutOfScaleError):
        score(Scale(kind=kind, low=low, high=high), Counter(given))


# What other systems do and we do not: by vector, our scores, our value, and theirs.
TRAPS = [
    ("V002", Scale(kind="nps", low=0, high=10), {10: 1}, 100.0, 33.33),  # two who skipped spoil the denominator
    ("V025", Scale(kind="csat", low=1, high=5), {}, None, 0.0),  # nothing asked is shown as nobody satisfied
    ("V038", Scale(kind="nps", low=0, high=10), {0: 1, 1: 1, 2: 1}, -100.0, 0.0),  # a total of 0 wins over the answers
    ("V052", Scale(kind="nps", low=0, high=10), {}, None, float("nan")),
    ("V089", Scale(kind="csat", low=1, high=10), dict.fromkeys((1, 3, 4, 5, 6, 8, 9, 10), 1) | {7: 2}, 20.0, 60.0),
    ("V091", Scale(kind="csat", low=1, high=2), {2: 49, 1: 4}, 92.45, 8.5),  # of ten, whatever the scale
]


@pytest.mark.parametrize(("vector", "scale", "counts", "ours", "theirs"), TRAPS)
def test_traps_that_others_fall_into(vector, scale, counts, ours, theirs):
    found = score(scale, counts)
    assert (None if found.value is None else rounded(found.value)) == ours
    assert ours != theirs
    assert found.n == sum(counts.values())


def test_who_skipped_is_not_among_those_who_answered():
    """V050: of two answers and one blank n is 2, not 3."""
    found = score(Scale(kind="csat", low=1, high=5), Counter([2, 4]))
    assert (found.mean, found.n) == (3.0, 2)


@pytest.mark.parametrize(
    ("vector", "scale", "counts", "value"),
    [
        ("V080", Scale(kind="csat", low=1, high=3), {3: 8, 1: 2}, 80.0),
        ("V080", Scale(kind="csat", low=1, high=3), {3: 8, 2: 10, 1: 2}, 40.0),  # neutral stays in the denominator
        ("V083", Scale(kind="csat", low=1, high=5), {5: 1, 3: 1}, 50.0),
        ("V085", Scale(kind="csat", low=1, high=5, middle_from=4, good_from=5), {5: 1, 4: 1}, 50.0),
        ("V085", Scale(kind="csat", low=1, high=5, middle_from=2, good_from=3), {5: 1, 3: 1}, 100.0),
        ("V037", Scale(kind="nps", low=0, high=2), {0: 1, 1: 2, 2: 3}, None),  # only eleven points make an NPS
        ("V079", Scale(kind="ces", low=1, high=7), {5: 1, 6: 1, 7: 1, 4: 1}, 75.0),
    ],
)
def test_rules_of_the_field(vector, scale, counts, value):
    assert score(scale, counts).value == value


def test_ces_has_the_mean_of_its_ratings_beside_it():
    """V086, V011 and V013: means of 1 to 7 and of 1 to 5, never of both together."""
    assert score(Scale(kind="ces", low=1, high=7), Counter([7, 6, 2])).mean == 5.0
    assert score(Scale(kind="ces", low=1, high=5), Counter([5, 4, 2, 3])).mean == 3.5
    assert score(Scale(kind="ces", low=1, high=5), Counter([3])).mean == 3.0


# --- What we do not take over -------------------------------------------------------------------------------------
# V014, V016: others measure against how often a page was displayed and call what was begun and not finished a drop-off.
#   We send mails: the stages are of those delivered, and drop-off belongs to further questions (test_courses.py).
# V017: no time to complete. A page without script has no clock, and how long somebody thinks is nobody's business.
# V029, V044: a rate of nothing is 0 to others, None to us.
# V031: an answer that can no longer be changed is 410 with a sentence that says so, not 422 (views/test_answering.py).
# V040 to V043: no dismissals. Nothing pops up, so there is nothing to dismiss.
# V055: no answers are no error: the score is None (test_nothing_answered_is_none_and_never_zero).
@pytest.mark.parametrize(
    ("vector", "counts", "waiting", "theirs"),
    [
        ("V029", {}, 0, 0.0),
        ("V044", {"sent": 0, "answered": 0}, 3, 0.0),
        ("V044", {"sent": 2, "bounced": 2}, 0, 0.0),
    ],
)
def test_rate_of_nothing_sent_or_delivered_is_none(vector, counts, waiting, theirs):
    found = stages_of(counts, waiting)
    assert (found.delivered, found.rate) == (0, None)
    assert found.rate != theirs


def test_rate_is_of_those_delivered():
    """V028, and V014 as we count it: ten delivered, three opened the page, two answered."""
    assert stages_of({"sent": 50, "answered": 20}).rate == 40.0
    found = stages_of({"sent": 12, "bounced": 2, "clicked": 3, "unconfirmed": 1, "answered": 2})
    assert (found.delivered, found.rate, found.unconfirmed) == (10, 20.0, 1)
