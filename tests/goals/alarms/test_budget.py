"""Error budgets by single answers, and burn rates as others compute them."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.alarms import budget


@pytest.mark.parametrize(
    ("bad", "n", "chance", "is_surprising"),
    [
        (1, 1, 0.1, False),
        (2, 4, 0.0523, False),
        (3, 10, 0.070191, False),
        (4, 10, 0.012795, True),
        (8, 40, 0.041902, False),
        (12, 60, 0.014585, True),
    ],
)
def test_few_answers_are_no_alarm(bad: int, n: int, chance: float, is_surprising: bool) -> None:
    """With a floor of 90 %."""
    assert budget.tail(bad, n, 0.1) == pytest.approx(chance, abs=5e-7)
    assert budget.is_surprising(bad, n, 0.1) is is_surprising


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_the_tail_is_what_the_definition_says(n: int, most: int, allowed: float) -> None:
    bad = min(n, most)
    by_hand = sum(comb(n, k) * allowed**k * (1 - allowed) ** (n - k) for k in range(bad, n + 1))
    assert budget.tail(bad, n, allowed) == pytest.approx(by_hand, abs=1e-9)


def test_more_bad_ones_than_answers() -> None:
    with pytest.raises(ValueError, match=r"^There cannot be 3 bad ones among 2\.$"):
        budget.tail(3, 2, 0.1)


# --- Both windows -------------------------------------------------------------------------------------------------
def answers(good: int, then: str) -> list[bool]:
    """So many good ones, then as written: b is bad, g is good."""
    return [False] * good + [letter == "b" for letter in then]


@pytest.mark.parametrize(
    ("given_answers", "is_burning"),
    [
        (answers(32, "gggggbbb"), False),  # 3 of 40 are what one expects
        (answers(32, "gbgbgbbb"), False),  # nor are 5 of 40 surprising at 10 %
        (answers(27, "bbbb" + "ggggg" + "gggg"), False),  # it is over
        (answers(27, "bbbbb" + "gggbgbbb"), True),
        (answers(0, "bbbbgggg"), True),
        (answers(0, "bbgggggg"), False),  # 2 are never an alarm
    ],
)
def test_an_alarm_needs_both_windows(given_answers: list[bool], is_burning: bool) -> None:
    found = budget.burn(given_answers, 0.1)
    assert found is not None
    assert found.is_burning is is_burning


def test_what_is_told_of_it() -> None:
    found = budget.burn(answers(50, "bbbbgggb"), 0.1)
    assert found == budget.Burn(
        n=40,
        bad=5,
        rate=pytest.approx(1.25),
        short_n=8,
        short_bad=5,
        chance=pytest.approx(budget.tail(5, 40, 0.1)),
        short_chance=pytest.approx(budget.tail(5, 8, 0.1)),
    )


def test_nothing_can_be_said_of_seven_answers() -> None:
    assert budget.burn([True] * 7, 0.1) is None


@pytest.mark.parametrize("allowed", [0.0, 1.0, -0.1, 1.5])
def test_a_floor_without_a_budget(allowed: float) -> None:
    with pytest.raises(ValueError, match=r"^A floor must leave something that may go wrong"):
        budget.burn([True] * 8, allowed)


@given(st.lists(st.booleans(), min_size=8, max_size=80), st.floats(0.01, 0.5))
def test_a_better_answer_never_starts_an_alarm(is_bad: list[bool], allowed: float) -> None:
    before = budget.burn(is_bad, allowed)
    better = budget.burn([*is_bad[:-1], False], allowed)
    assert before is not None
    assert better is not None
    assert before.is_burning or not better.is_burning


# --- Burn rates ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "percent", "hours", "factor"),
    [
        (30, 2, 1, 14.4),
        (30, 5, 6, 6),
        (30, 10, 24, 3),
        (30, 10, 72, 1),
        (28, 2, 1, 13.44),
        (28, 5, 6, 5.6),
        (28, 10, 24, 2.8),
        (28, 10, 72, 0.933333),
    ],
)
def test_time_left_at_the_factors_of_sloth(days: int, percent: float, hours: float, factor: float) -> None:
    """A factor is the rate at which so many hours use up so many percent of the budget."""
    assert hours / budget.time_left(24 * days, factor) == pytest.approx(percent / 100, abs=1e-7)


@pytest.mark.parametrize(("rate", "days"), [(1, 30), (2, 15)])
def test_time_left_as_datadog_has_it(rate: float, days: float) -> None:
    assert budget.time_left(30, rate) == days


def test_one_failure_among_ten_requests_an_hour() -> None:
    """The low-traffic service of the SRE workbook, whose text says a burn rate of 1,000; it is 100."""
    allowed = 1 - 0.999
    assert budget.burn_rate(1, 10, allowed) == pytest.approx(100)
    assert 1 / budget.time_left(30 * 24, 100) == pytest.approx(0.139, abs=5e-4)
    assert int(10 * 24 * 30 * allowed) == 7
