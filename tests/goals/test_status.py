import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.aims import Aim
from goals.models import Goal
from goals.status import Band, Result, Step, can_tell, confirm, final, first, step, wanted
from kpiproject.lib import intervals

ON, AT_RISK, OFF = Band.ON_TRACK, Band.AT_RISK, Band.OFF_TRACK
chances = st.floats(0, 1)


def _walk(status, judged, candidate=""):
    """The statuses after each of these chances, one a period."""
    found = []
    for chance in judged:
        status, candidate = step(status, candidate, chance, is_new_period=True)
        found.append(str(status))
    return found


def test_bands_are_statuses_of_goals():
    assert {band.value for band in Band} <= set(Goal.Status.values)


@pytest.mark.parametrize(
    ("chance", "found"),
    [(1, ON), (0.55, ON), (0.549, AT_RISK), (0.25, AT_RISK), (0.249, OFF), (0, OFF)],
)
def test_the_first_status_is_cut_plainly(chance, found):
    assert first(chance) is found
    assert step("", "", chance, is_new_period=True) == Step(found, "")
    assert step("gathering", "", chance, is_new_period=True) == Step(found, "")
    assert step("scheduled", "at_risk", chance, is_new_period=False) == Step(found, "")


def test_a_status_does_not_flicker():
    judged = [0.75, 0.55, 0.51, 0.49, 0.56, 0.48, 0.47, 0.54, 0.58, 0.59, 0.60, 0.61]
    assert _walk(ON, judged) == ["on_track"] * 6 + ["at_risk"] * 5 + ["on_track"]
    judged = [0.15, 0.15, 0.25, 0.29, 0.31, 0.32]
    assert _walk(ON, judged) == ["on_track", "off_track", "off_track", "off_track", "off_track", "at_risk"]


def test_who_sinks_fast_is_not_spared_longer():
    """The first week speaks for at risk, the second for off track: at risk is sure, off track waits for a third."""
    assert step(ON, AT_RISK, 0.1, is_new_period=True) == Step(AT_RISK, OFF)
    assert _walk(ON, [0.4, 0.1, 0.1]) == ["on_track", "at_risk", "off_track"]
    assert step(OFF, ON, 0.4, is_new_period=True) == Step(AT_RISK, "")


def test_the_same_period_confirms_nothing():
    assert step(ON, "", 0.4, is_new_period=True) == Step(ON, AT_RISK)
    assert step(ON, AT_RISK, 0.4, is_new_period=False) == Step(ON, AT_RISK)
    assert step(ON, AT_RISK, 0.1, is_new_period=False) == Step(ON, OFF)
    assert step(ON, AT_RISK, 0.7, is_new_period=False) == Step(ON, "")
    assert step(ON, AT_RISK, 0.4, is_new_period=True) == Step(AT_RISK, "")


def test_a_turn_to_the_other_side_starts_anew():
    assert step(AT_RISK, ON, 0.1, is_new_period=True) == Step(AT_RISK, OFF)


@given(st.sampled_from(Band), chances)
def test_the_same_chance_again_settles_and_stays(band, chance):
    settled, candidate = Step(band, "")
    for _ in range(4):
        settled, candidate = step(settled, candidate, chance, is_new_period=True)
    assert candidate == ""
    assert wanted(Band(settled), chance) is Band(settled)


@given(st.sampled_from(Band), chances, chances)
def test_a_better_chance_never_speaks_for_a_worse_status(band, one, other):
    order = list(Band)
    low, high = sorted((one, other))
    assert order.index(wanted(band, low)) <= order.index(wanted(band, high))
    assert order.index(first(low)) <= order.index(first(high))


@pytest.mark.parametrize(
    ("part", "whole", "target", "found"),
    [
        (9, 10, 90, Result(is_achieved=True, is_close=True)),
        (90, 100, 80, Result(is_achieved=True, is_close=False)),
        (400, 500, 90, Result(is_achieved=False, is_close=False)),
        (19, 20, 50, Result(is_achieved=True, is_close=False)),
        (43, 50, 90, Result(is_achieved=False, is_close=True)),
    ],
)
def test_a_result_says_whether_chance_may_have_decided(part, whole, target, found):
    low, high = intervals.wilson(part, whole)
    assert final(100 * part / whole, Aim(low=target, high=None), low=low, high=high) == found


def test_less_can_be_better_and_an_interval_can_be_missing():
    assert final(30, Aim(low=None, high=31), low=None, high=None) == Result(is_achieved=True, is_close=False)
    assert final(30, Aim(low=None, high=29), low=28, high=31) == Result(is_achieved=False, is_close=True)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(9, 10, 59.585, 98.2124), (45, 50, 78.6398, 95.6524), (0, 5, 0, 43.4482), (5, 5, 56.5518, 100)],
)
def test_the_interval_of_a_share_is_wilsons(part, whole, low, high):
    assert intervals.wilson(part, whole) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("low", "high", "way", "was_unclear", "found"),
    [
        (0.0, 100.0, None, False, False),
        (10.0, 90.0, (20.0, 80.0), False, False),  # 80 % of the scale
        (11.0, 90.0, (20.0, 80.0), False, True),
        (40.0, 70.5, (50.0, 55.0), False, False),  # more than six times the way
        (40.0, 70.0, (50.0, 55.0), False, True),
        (40.0, 70.0, (50.0, 55.0), True, False),  # until it is five times at most
        (40.0, 65.0, (50.0, 55.0), True, True),
        (52.0, 95.0, (50.0, 55.0), False, True),  # the baseline is left behind
        (40.0, 70.5, None, False, True),
    ],
)
def test_a_forecast_that_cannot_tell(low, high, way, was_unclear, found):
    scale = (0, 100)
    assert can_tell(low, high, scale=scale, way=way, was_unclear=was_unclear) is found
    mirrored = None if way is None else (-way[0], -way[1])
    assert can_tell(-high, -low, scale=(-100, 0), way=mirrored, was_unclear=was_unclear) is found


@pytest.mark.parametrize(
    ("current", "candidate", "next_one", "is_new", "found"),
    [
        ("", "", AT_RISK, True, Step(AT_RISK, "")),
        ("on_track", "", ON, True, Step(ON, "")),
        ("on_track", "", OFF, True, Step(ON, OFF)),
        ("on_track", "off_track", OFF, False, Step(ON, OFF)),  # the same period once more
        ("on_track", "off_track", OFF, True, Step(OFF, "")),
        ("on_track", "at_risk", OFF, True, Step(AT_RISK, OFF)),
    ],
)
def test_what_speaks_for_a_status_by_itself_is_confirmed_in_the_same_way(current, candidate, next_one, is_new, found):
    assert confirm(current, candidate, next_one, is_new_period=is_new) == found
