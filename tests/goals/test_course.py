from datetime import UTC, date, datetime

import pytest
import time_machine

from goals import course
from goals.course import Scope
from kpiproject.lib.periods import Grain
from metrics.catalogue import CATALOGUE
from tests.goals.measured import TODAY, share, tickets

MONDAY, SATURDAY = 0, 5


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        yield


def _scope(code="csat", grain=Grain.WEEK, *, week_start=MONDAY):
    return Scope(kpi=CATALOGUE[code], dimension="", member="", grain=grain, clock="", zone="UTC", week_start=week_start)


@pytest.mark.parametrize(
    ("scope", "before", "start", "end"),
    [
        (_scope(), TODAY, date(2026, 5, 18), TODAY),
        (_scope(), date(2026, 6, 4), date(2026, 5, 18), TODAY),
        (_scope(week_start=SATURDAY), TODAY, date(2026, 5, 16), date(2026, 5, 30)),
        (_scope(grain=Grain.MONTH), TODAY, date(2026, 4, 1), TODAY),
        (_scope(grain=Grain.MONTH), date(2026, 1, 31), date(2025, 11, 1), date(2026, 1, 1)),
        # Counts for good after a week, so that the last one is still open.
        (_scope("first_contact_resolution"), TODAY, date(2026, 5, 11), date(2026, 5, 25)),
        (_scope("first_contact_resolution"), date(2026, 5, 18), date(2026, 5, 4), date(2026, 5, 18)),
    ],
)
def test_a_window_holds_whole_periods_that_count_for_good(scope, before, start, end):
    found = course.window(scope, before=before, today=TODAY, most=2)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    ("grain", "first", "later", "found"),
    [
        (Grain.WEEK, date(2026, 3, 2), date(2026, 3, 30), 4),
        (Grain.WEEK, date(2026, 3, 30), date(2026, 3, 2), -4),
        (Grain.MONTH, date(2025, 11, 1), date(2026, 2, 1), 3),
        (Grain.MONTH, date(2026, 2, 1), date(2026, 2, 1), 0),
    ],
)
def test_steps_between_periods_are_counted(grain, first, later, found):
    assert course.steps(_scope(grain=grain), first, later) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("grain", "start", "due", "found"),
    [
        (Grain.WEEK, date(2026, 6, 1), date(2026, 6, 7), True),
        (Grain.WEEK, date(2026, 6, 1), date(2026, 6, 6), False),
        (Grain.WEEK, date(2026, 6, 3), date(2026, 6, 7), True),  # most of it is after the start
        (Grain.MONTH, date(2026, 6, 10), date(2026, 6, 30), True),
        (Grain.MONTH, date(2026, 6, 10), date(2026, 7, 30), True),
        (Grain.MONTH, date(2026, 6, 10), date(2026, 6, 29), False),
    ],
)
def test_a_goal_needs_a_period_that_ends_in_its_time(grain, start, due, found):
    assert course.has_complete_period(grain, start, due) is found


@pytest.mark.django_db
def test_a_period_with_too_few_rows_does_not_count_and_keeps_its_place():
    for day, n in ((date(2026, 5, 5), 5), (date(2026, 5, 12), 4), (date(2026, 5, 26), 50)):
        share("csat", day, 80, n=n)
    period = course.window(_scope(), before=TODAY, today=TODAY, most=4)
    found = course.pieces(_scope(), period)
    assert [(piece.start, piece.n) for piece in found] == [(date(2026, 5, 4), 5), (date(2026, 5, 25), 50)]
    assert [piece.n for piece in course.pieces(_scope(), period, least_rows=1)] == [5, 4, 50]


@pytest.mark.django_db
def test_numbers_are_zero_between_the_first_and_the_last_fact_and_unknown_outside():
    scope = _scope("ticket_volume")
    period = course.window(scope, before=TODAY, today=TODAY, most=6)
    assert course.pieces(scope, period) == []
    tickets(date(2026, 5, 6), date(2026, 5, 19))
    assert [(piece.start, piece.value) for piece in course.pieces(scope, period)] == [
        (date(2026, 5, 11), 0),  # the week before began before anything was known
        (date(2026, 5, 18), 0),
    ]
