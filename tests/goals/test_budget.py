import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.aims import Aim
from goals.budget import Budget, assurance, assured, band
from goals.status import Band
from kpiproject.lib.spc import Assurance

STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]
SHARE = (0, 100)


def budget(bad, n, *, expected=300.0, share=0.1):
    return Budget(n=n, bad=bad, expected=expected, allowed_share=share)


@pytest.mark.parametrize(
    ("bad", "n", "remaining", "burn", "projected"),
    [
        (3, 40, 0.9, 0.75, 0.25),
        (12, 80, 0.6, 1.5, -0.5),
        (31, 200, -0.033333, 1.55, -0.55),
        (0, 0, 1.0, None, 1.0),
    ],
)
def test_how_much_of_a_budget_is_left(bad, n, remaining, burn, projected):
    found = budget(bad, n)
    assert found.allowed == pytest.approx(30)
    assert (found.remaining, found.projected) == pytest.approx((remaining, projected), abs=1e-6)
    assert found.burn == pytest.approx(burn)


def test_where_nothing_may_go_wrong_one_is_too_many():
    assert (budget(0, 40, share=0.0).remaining, budget(0, 40, share=0.0).burn) == (1.0, None)
    assert (budget(1, 40, share=0.0).remaining, budget(1, 40, share=0.0).projected) == (-1.0, -1.0)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 1000), st.floats(0.01, 1))
def test_more_misses_never_leave_more(bad, more, n, share):
    one, other = budget(bad, n, expected=2.0 * n, share=share), budget(bad + more, n, expected=2.0 * n, share=share)
    assert other.remaining <= one.remaining
    assert other.projected <= one.projected


@pytest.mark.parametrize(
    ("direction", "target", "low", "high", "found"),
    [
        ("increase", 4, 1, 3, Assurance.FAIL),
        ("increase", 4, 5, 7, Assurance.PASS),
        ("increase", 4, 3, 5, Assurance.HIT_AND_MISS),
        ("decrease", 4, 1, 3, Assurance.PASS),
        ("decrease", 4, 5, 7, Assurance.FAIL),
        ("decrease", 4, 3, 5, Assurance.HIT_AND_MISS),
    ],
)
def test_what_the_limits_promise(direction, target, low, high, found):
    aim = Aim(low=target, high=None) if direction == "increase" else Aim(low=None, high=target)
    assert assured(low, high, aim) is found


@pytest.mark.parametrize(
    ("target", "found"), [(80, Assurance.PASS), (87, Assurance.HIT_AND_MISS), (95, Assurance.FAIL)]
)
def test_what_a_figure_promises(target, found):
    """Its limits are 80.63 and 92.60."""
    assert assurance(STABLE, Aim(low=target, high=None), SHARE) is found


def test_a_range_is_kept_by_what_varies_within_it():
    assert assurance(STABLE, Aim(low=80, high=93), SHARE) is Assurance.PASS
    assert assurance(STABLE, Aim(low=82, high=93), SHARE) is Assurance.HIT_AND_MISS
    assert assurance(STABLE, Aim(low=93, high=95), SHARE) is Assurance.FAIL


def test_limits_end_where_the_scale_does():
    assert assurance([99, 100] * 6, Aim(low=None, high=100), SHARE) is Assurance.PASS


def test_few_values_promise_nothing():
    assert assurance([90] * 5, Aim(low=80, high=None), SHARE) is None


@pytest.mark.parametrize(
    ("bad", "n", "found", "wanted"),
    [
        (1, 40, Assurance.PASS, Band.ON_TRACK),
        (3, 40, Assurance.PASS, Band.ON_TRACK),  # a quarter will be left
        (4, 40, Assurance.PASS, Band.AT_RISK),  # exactly used up at the end
        (5, 40, Assurance.PASS, Band.OFF_TRACK),
        (12, 80, Assurance.PASS, Band.OFF_TRACK),
        (1, 40, Assurance.HIT_AND_MISS, Band.AT_RISK),
        (1, 40, Assurance.FAIL, Band.OFF_TRACK),
        (1, 40, None, Band.ON_TRACK),
    ],
)
def test_where_a_kept_level_stands(bad, n, found, wanted):
    assert band(budget(bad, n), found) is wanted


def test_before_its_first_period_only_the_figure_itself_speaks():
    assert band(None, Assurance.PASS) is Band.ON_TRACK
    assert band(None, Assurance.HIT_AND_MISS) is Band.AT_RISK
