"""Spearman's ρ by hand."""

from math import atanh, sqrt, tanh

import numpy as np
import pytest

from kpiproject.lib.correlation import spearman


def test_by_hand_with_ties() -> None:
    # Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: the correlation of the ranks is 4.5 ÷ √(4.5 × 5).
    found = spearman([1, 2, 2, 9], [10, 30, 20, 40], least=4)
    rho = 4.5 / sqrt(4.5 * 5)
    reach = 1.959963984540054 * sqrt((1 + rho**2 / 2) / 1)
    assert found.rho == pytest.approx(rho)
    assert (found.low, found.high) == (pytest.approx(tanh(atanh(rho) - reach)), pytest.approx(tanh(atanh(rho) + reach)))


def test_too_few_pairs_and_constants_say_nothing() -> None:
    assert spearman(range(29), range(29)) == (None, None, None, 29)
    assert spearman(range(30), [1] * 30) == (None, None, None, 30)
    assert spearman([], []) == (None, None, None, 0)


def test_perfect_order_either_way() -> None:
    assert spearman(range(30), [value**3 for value in range(30)]) == (1, 1, 1, 30)
    assert spearman(range(30), [-value for value in range(30)]) == (-1, -1, -1, 30)


def test_it_does_not_matter_which_is_which() -> None:
    random = np.random.default_rng(7)
    one, other = random.normal(size=50), random.integers(0, 5, size=50)
    assert spearman(one, other).rho == pytest.approx(spearman(other, one).rho)
