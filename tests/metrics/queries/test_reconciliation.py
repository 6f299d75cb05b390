"""Why a duration of the source is what it is: a ticket for each rule, all created on Monday, 2 March 2026, at 10:00."""

from datetime import date, timedelta

import pytest

from kpiproject.lib.periods import Period
from kpiproject.queries import organisation
from metrics.queries import reconciliation
from metrics.queries.reconciliation import Comparison
from tests.factories import CalendarFactory, TicketEventFactory, TicketFactory

pytestmark = pytest.mark.django_db

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), "UTC")
RESOLUTION, BUSINESS = "resolution_time_calendar_seconds", "resolution_time_business_seconds"
HOUR = 3600


def ticket(name, **columns):
    return TicketFactory(external_id=name, **columns)


def rules(found: list[Comparison]) -> dict[str, str]:
    return {row.reference: row.rule for one in found for row in one.rows}


def test_nothing_is_compared_where_no_source_says_anything():
    ticket("plain", solved_at="2026-03-02T12:00Z")
    assert reconciliation.compare(MARCH) == []


def test_every_difference_has_its_reason_in_calendar_time():
    solved = {
        "first_solved_at": "2026-03-02T12:00Z",
        "solved_at": "2026-03-02T16:00Z",
        "closed_at": "2026-03-03T10:00Z",
    }
    for name, seconds in [
        ("same", 6 * HOUR),
        ("rounded", 6 * HOUR + 60),
        ("first", 2 * HOUR),
        ("closing", 24 * HOUR),
        ("odd", 11 * HOUR + 7),
    ]:
        ticket(name, **solved, reported={RESOLUTION: seconds})
    ticket("open", reported={RESOLUTION: HOUR})
    [found] = reconciliation.compare(MARCH)
    assert rules([found]) == {
        "same": "agrees",
        "rounded": "rounded",
        "first": "first_solve",
        "closing": "closing",
        "odd": "unexplained",
        "open": "ours_missing",
    }
    assert (found.source, found.measure, found.clock) == ("test", "resolution_time", "calendar")
    assert (found.n, found.agreeing, round(found.share or 0, 1)) == (6, 2, 33.3)
    assert found.rules == {
        "agrees": 1,
        "rounded": 1,
        "first_solve": 1,
        "closing": 1,
        "ours_missing": 1,
        "unexplained": 1,
    }
    assert (found.ours, found.theirs) == (6 * HOUR, 6 * HOUR + 60)


def test_business_time_of_the_source_may_be_calendar_time_or_other_hours():
    CalendarFactory(is_default=True, week={"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}, time_zone="UTC")
    solved = {"solved_at": "2026-03-03T10:00Z"}
    ticket("same", **solved, reported={BUSINESS: 8 * HOUR})
    ticket("calendar", **solved, reported={BUSINESS: 24 * HOUR})
    ticket("longer day", **solved, reported={BUSINESS: 11 * HOUR + 7})
    ticket("impossible", **solved, reported={BUSINESS: 30 * HOUR + 7})
    assert rules(reconciliation.compare(MARCH)) == {
        "same": "agrees",
        "calendar": "calendar_time",
        "longer day": "other_hours",
        "impossible": "unexplained",
    }


def test_statuses_that_stop_our_clock_explain_a_longer_time():
    house = organisation()
    house.pause_statuses = ["pending"]
    house.save()
    one = ticket("paused", solved_at="2026-03-02T16:00Z", reported={RESOLUTION: 6 * HOUR})
    TicketEventFactory(ticket=one, at="2026-03-02T11:00Z", from_value="open", to_value="pending")
    TicketEventFactory(ticket=one, at="2026-03-02T13:00Z", from_value="pending", to_value="open")
    [found] = reconciliation.compare(MARCH)
    assert (found.rows[0].ours, found.rows[0].theirs, found.rows[0].rule) == (4 * HOUR, 6 * HOUR, "pauses")


def test_measures_and_sources_are_kept_apart_and_the_worst_comes_first():
    good = {"first_agent_reply_at": "2026-03-02T11:00Z", "solved_at": "2026-03-02T12:00Z"}
    ticket("a", source="desk", **good, reported={"first_response_time_calendar_seconds": HOUR, RESOLUTION: 2 * HOUR})
    ticket("b", source="shop", **good, reported={RESOLUTION: HOUR + 7, "colour": "red", "resolution_time_x": 5})
    found = reconciliation.compare(MARCH)
    assert [(one.source, one.measure, one.agreeing) for one in found] == [
        ("shop", "resolution_time", 0),
        ("desk", "first_response_time", 1),
        ("desk", "resolution_time", 1),
    ]


def test_tickets_of_another_period_and_excluded_ones_are_left_out():
    ticket("spam", is_spam=True, solved_at="2026-03-02T12:00Z", reported={RESOLUTION: HOUR})
    ticket("old", created_at="2026-02-02T10:00Z", solved_at="2026-02-02T12:00Z", reported={RESOLUTION: HOUR})
    assert reconciliation.compare(MARCH) == []
    april = Period(MARCH.end, MARCH.end + timedelta(days=30), "UTC")
    assert reconciliation.compare(april) == []
