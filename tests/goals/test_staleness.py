from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals import staleness
from goals.models import Goal
from goals.progress import expected

START = date(2026, 1, 5)
TODAY = date(2026, 3, 18)


def goal(**fields):
    given = {"state": "active", "status": "on_track", "start": START, "due": date(2026, 6, 28)}
    return Goal(**given | {"created_at": datetime(2026, 1, 1, tzinfo=UTC)} | fields)


@pytest.mark.parametrize(
    ("days", "is_stale"), [(0, False), (7, False), (13, False), (14, True), (15, True), (90, True)]
)
def test_a_weekly_check_in_may_be_missed_once(days, is_stale):
    assert staleness.is_too_long(days, staleness.CADENCE_DAYS) is is_stale
    assert staleness.is_stale(goal(checked_in_on=TODAY - timedelta(days=days)), TODAY) is is_stale


@pytest.mark.parametrize(("elapsed", "share", "is_behind"), [(0.6, 0.3, True), (0.6, 0.6, False), (0.6, 0.7, False)])
def test_whoever_is_short_of_the_straight_way_is_behind(elapsed, share, is_behind):
    due = START + timedelta(days=100)
    way = expected(0, 1, start=START, due=due, on=START + timedelta(days=round(100 * elapsed)))
    assert (share < way) is is_behind


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, 72),  # since the start
        ({"start": date(2026, 3, 10)}, 8),
        ({"created_at": datetime(2026, 3, 1, tzinfo=UTC)}, 17),  # it was set after its start
        ({"checked_in_on": date(2026, 3, 4)}, 14),
        ({"checked_in_on": date(2025, 12, 1)}, 72),  # as a draft it was talked about
    ],
)
def test_the_days_are_counted_from_the_first_day_on_which_there_was_something_to_say(fields, days):
    assert staleness.days_without(goal(**fields), TODAY) == days


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"state": "closed"},
        {"state": "cancelled"},
        {"status": "achieved"},
        {"status": "missed"},
        {"start": date(2026, 3, 19)},
    ],
)
def test_only_what_is_running_can_be_stale(fields):
    assert staleness.words(goal(**fields), TODAY) == ""


@pytest.mark.parametrize(
    ("checked_in_on", "words"),
    [
        (None, "no check-in in its first 72 days"),
        (date(2026, 3, 2), "no check-in for 16 days"),
        (date(2026, 3, 5), ""),
    ],
)
def test_it_is_told_in_words(checked_in_on, words):
    assert staleness.words(goal(checked_in_on=checked_in_on), TODAY) == words


@given(days=st.integers(0, 400), cadence=st.integers(1, 92))
def test_what_is_stale_stays_so_until_somebody_checks_in(days, cadence):
    assert not staleness.is_too_long(days, cadence) or staleness.is_too_long(days + 1, cadence)
    assert not staleness.is_too_long(cadence, cadence)
