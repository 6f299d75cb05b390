from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals import kinds, milestones
from goals.kinds import Kind
from goals.milestones import Written
from goals.models import Goal, Milestone
from goals.status import Band
from metrics.catalogue import CATALOGUE
from tests.goal_factories import goal_of

TODAY = date(2026, 3, 16)
DUE = date(2026, 6, 30)


def day(offset):
    return TODAY + timedelta(days=offset)


def steps(*pairs):
    """Due, and done, in days from today."""
    return [
        Milestone(pk=number, name=f"Step {number}", due=day(due), done_on=None if done is None else day(done))
        for number, (due, done) in enumerate(pairs)
    ]


def standing(*pairs, due=DUE):
    return milestones.standing(steps(*pairs), due=due, today=TODAY)


def test_what_is_expected_is_due_by_today_and_late_from_tomorrow_on():
    found = standing((-20, -18), (-3, None), (0, None), (3, None), (30, None))
    assert (found.total, found.done, found.expected, found.late, found.late_days, found.soon) == (5, 1, 3, 1, 3, 2)
    assert (found.first_late.name, found.upcoming.name, found.finished) == ("Step 1", "Step 1", None)


def test_the_last_one_that_was_done_finishes_it_whatever_the_order():
    assert standing((-20, -5), (-3, -9)).finished == day(-5)
    assert standing().finished is None


def test_without_a_day_a_milestone_is_due_with_the_goal():
    found = milestones.standing([Milestone(pk=1, name="A", due=None)], due=day(-2), today=TODAY)
    assert (found.expected, found.late, found.late_days) == (1, 1, 2)


@pytest.mark.parametrize(
    ("pairs", "left", "band"),
    [
        ([(-9, -9), (9, None), (30, None)], 60, Band.ON_TRACK),
        ([(0, None), (9, None), (30, None)], 60, Band.ON_TRACK),  # today is still time
        ([(-9, -9), (-1, None), (30, None)], 60, Band.AT_RISK),
        ([(-9, -9), (-14, None), (30, None)], 60, Band.AT_RISK),
        ([(-9, -9), (-15, None), (30, None)], 60, Band.OFF_TRACK),  # more than two weeks
        ([(-9, -9), (-5, None), (4, None)], 6, Band.AT_RISK),
        ([(-9, -9), (-5, None), (4, None)], 5, Band.OFF_TRACK),  # as late as there is time left
        ([(-9, -9), (-1, None)], 0, Band.OFF_TRACK),  # on the last day
        ([(-2, None), (-2, None), (30, None)], 60, Band.OFF_TRACK),  # two of two
        ([(-2, None), (-2, None), (-9, -9), (-8, -8)], 60, Band.AT_RISK),  # two of four
        ([(-2, None), (-2, None), (-2, None), (-9, -9), (-8, -8)], 60, Band.OFF_TRACK),  # three of five
        ([(6, None), (6, None), (30, None), (31, None)], 60, Band.AT_RISK),  # half of all in a week
        ([(6, None), (7, None), (30, None), (31, None)], 60, Band.ON_TRACK),  # the seventh day is not within it
        ([(6, None), (6, None), (30, None), (31, None), (32, None)], 60, Band.ON_TRACK),
        ([(6, None)], 60, Band.ON_TRACK),  # one is no crowd
    ],
)
def test_where_it_stands(pairs, left, band):
    assert milestones.band(standing(*pairs), left=left) is band


_pairs = st.lists(st.tuples(st.integers(-60, 60), st.none() | st.integers(-60, 0)), min_size=1, max_size=8)


@given(_pairs, st.integers(0, 90), st.data())
def test_ticking_one_off_never_makes_it_worse(pairs, left, data):
    order = list(Band)
    before = milestones.band(standing(*pairs), left=left)
    number = data.draw(st.integers(0, len(pairs) - 1))
    done = [(due, 0) if at == number else (due, ticked) for at, (due, ticked) in enumerate(pairs)]
    assert order.index(milestones.band(standing(*done), left=left)) >= order.index(before)


@given(_pairs, st.integers(0, 90))
def test_the_order_in_which_they_stand_changes_nothing(pairs, left):
    here, there = standing(*pairs), standing(*reversed(pairs))
    assert milestones.band(here, left=left) is milestones.band(there, left=left)
    assert (here.done, here.expected, here.late, here.late_days) == (
        there.done,
        there.expected,
        there.late,
        there.late_days,
    )


def test_they_are_kept_in_the_order_of_their_days_and_undated_ones_come_last():
    written = [Written(pk=None, name=name, due=due) for name, due in (("B", day(2)), ("C", None), ("A", day(1)))]
    assert [one.name for one in milestones.ordered(written)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("due", "start", "done", "status", "reason"),
    [
        (DUE, date(2026, 1, 1), (None, None), "on_track", "milestones"),
        (DUE, date(2026, 4, 1), (None, None), "scheduled", "scheduled"),
        (DUE, date(2026, 4, 1), (day(-1), day(0)), "achieved", "all_done"),  # before its time, and that counts
        (DUE, date(2026, 1, 1), (day(-1), day(0)), "achieved", "all_done"),
        (day(-1), date(2026, 1, 1), (day(-9), day(-1)), "achieved", "all_done"),  # on the last day
        (day(-1), date(2026, 1, 1), (day(-9), day(0)), "missed", "all_done"),  # a day late
        (day(-1), date(2026, 1, 1), (day(-9), None), "missed", "not_all_done"),
        (day(0), date(2026, 1, 1), (day(-9), None), "on_track", "milestones"),  # the day itself is still time
    ],
)
@pytest.mark.django_db
def test_a_goal_is_judged_by_days(due, start, done, status, reason):
    last = min(due, day(20))
    goal = goal_of(("Written", last, done[0]), ("Read", last, done[1]), due=due, start=start)
    milestones.judge(goal, TODAY)
    assert (goal.status, goal.reason, goal.value_n) == (status, reason, 2)
    assert (goal.value, goal.progress) == (sum(one is not None for one in done), goal.value / 2)
    assert (goal.probability, goal.course, goal.candidate) == (None, [], "")


@pytest.mark.django_db
def test_without_milestones_nothing_is_said():
    goal = goal_of()
    milestones.judge(goal, TODAY)
    assert (goal.status, goal.reason, goal.value, goal.progress) == ("gathering", "no_milestones", None, None)


@pytest.mark.parametrize(
    ("kpi", "baseline", "kind"),
    [
        ("", None, Kind.COMPLETE),
        ("csat", 80.0, Kind.REACH),
        ("csat", 92.0, Kind.MAINTAIN),
        ("solved_volume", 80.0, Kind.ACCUMULATE),
        ("gone", None, Kind.REACH),  # a KPI that is gone is not the same as none
    ],
)
def test_the_kind_follows_from_the_shape(kpi, baseline, kind):
    assert kpi in ("", "gone") or kpi in CATALOGUE
    assert kinds.of(Goal(kpi=kpi, baseline=baseline, target=90.0, direction="higher")) is kind
