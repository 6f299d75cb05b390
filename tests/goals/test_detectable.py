import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals import detectable


@pytest.mark.parametrize(
    ("p", "n", "found"),
    [(0.85, 50, 0.200073), (0.85, 200, 0.100037), (0.9, 100, 0.118861), (0.0, 50, 0.0), (1.0, 50, 0.0)],
)
def test_the_smallest_change_of_a_share(p, n, found):
    assert detectable.share(p, n) == pytest.approx(found, abs=1e-6)


def test_a_share_is_a_mean_of_zeros_and_ones():
    assert detectable.mean(0.5, 80) == pytest.approx(detectable.share(0.5, 80))


def test_without_rows_nothing_can_be_told():
    with pytest.raises(ValueError, match=r"^Without rows no change can be told from chance\.$"):
        detectable.share(0.5, 0)


@given(st.floats(1e-9, 1 - 1e-9), st.integers(1, 10**6))
def test_four_times_the_rows_halve_it_and_mirrored_shares_are_the_same(p, n):
    assert detectable.share(p, 4 * n) == pytest.approx(detectable.share(p, n) / 2)
    assert detectable.share(1 - p, n) == pytest.approx(detectable.share(p, n))
