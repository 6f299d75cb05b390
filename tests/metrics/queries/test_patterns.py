from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kpiproject.lib.periods import day_start, epoch
from metrics.queries import Question
from metrics.queries.patterns import HOURS, by_hour, by_month, by_weekday, hours_there
from tests.factories import TicketFactory
from tests.metrics.figures import compute, organisation


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield


def ends(first: str, after: str, zone: str) -> tuple[int, int]:
    start, end = (epoch(day_start(date.fromisoformat(day), zone)) for day in (first, after))
    return start, end


@pytest.mark.parametrize(
    ("first", "after", "zone", "hours", "sunday_at_two"),
    [
        ("2026-03-23", "2026-03-30", "Europe/Berlin", 167.0, 0.0),  # 02:00 is skipped
        ("2026-10-19", "2026-10-26", "Europe/Berlin", 169.0, 2.0),  # 02:00 comes twice
        ("2026-06-01", "2026-06-08", "Europe/Berlin", 168.0, 1.0),
        ("2026-10-19", "2026-10-26", "UTC", 168.0, 1.0),
        ("2026-03-30", "2026-04-06", "Australia/Lord_Howe", 168.5, 1.0),  # half an hour comes twice, at 1:30
        ("2026-10-19", "2026-10-26", "Asia/Kathmandu", 168.0, 1.0),
    ],
)
def test_hours_that_were_there(first, after, zone, hours, sunday_at_two):
    found = hours_there(*ends(first, after, zone), zone)
    assert (len(found), sum(found), found[6 * 24 + 2]) == (HOURS, hours, sunday_at_two)


def test_no_time_has_no_hours():
    assert hours_there(10, 10, "UTC") == [0.0] * HOURS


@pytest.mark.django_db
def test_the_hour_that_comes_twice_counts_as_two():
    organisation(time_zone="Europe/Berlin")
    # 02:30 summer time and 02:30 winter time on Sunday 25 October, and Monday 09:15 in local time
    for at in ("2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-19T07:15Z"):
        TicketFactory(created_at=at)
    compute()
    slots = by_hour(Question(code="ticket_volume", start=date(2026, 10, 19), end=date(2026, 10, 26)))
    told = {hour: (slot.point.n, slot.often) for hour, slot in enumerate(slots) if slot.point.n}
    assert told == {9: (1, 1.0), 6 * 24 + 2: (2, 2.0)}


@pytest.mark.django_db
def test_hours_and_weekdays_add_up_to_the_whole_with_filters():
    for day in range(1, 29):
        for hour in range(0, 24, 5):
            TicketFactory(
                created_at=datetime(2026, 9, day, hour, tzinfo=UTC),
                channel="chat" if hour == 5 else "email",
                priority="high" if day % 2 else "low",
            )
    compute()
    span = {"start": date(2026, 9, 1), "end": date(2026, 9, 29)}
    for where, n in (({}, 140), ({"channel": ["chat"]}, 28), ({"channel": ["chat"], "priority": ["high"]}, 14)):
        question = Question(code="ticket_volume", where=where, **span)
        assert sum(slot.point.n for slot in by_hour(question)) == n
        assert sum(slot.point.n for slot in by_weekday(question)) == n
    assert [slot.often for slot in by_weekday(Question(code="ticket_volume", **span))] == [4] * 7


@pytest.mark.django_db
def test_other_figures_are_those_of_their_rows():
    monday = datetime(2026, 9, 7, 10, tzinfo=UTC)
    for minutes in (10, 20, 60):
        TicketFactory(created_at=monday, first_agent_reply_at=monday + timedelta(minutes=minutes))
    compute()
    question = Question(code="first_response_time", start=date(2026, 9, 1), end=date(2026, 10, 1))
    assert by_weekday(question)[0].point.value == 1200
    # counted when the reply comes: two at 10 o'clock, one at 11
    assert [by_hour(question)[hour].point.value for hour in (10, 11, 12)] == [900, 3600, None]


@pytest.mark.django_db
def test_only_whole_months_make_a_season():
    for day in ("2026-08-10", "2026-09-10", "2026-09-11", "2026-10-10", "2026-11-10"):
        TicketFactory(created_at=f"{day}T10:00Z")
    compute()
    slots = by_month(Question(code="ticket_volume", start=date(2026, 1, 1), end=date(2026, 12, 1)))
    # facts begin on 10 August, and November is not over
    assert {n: (slot.point.n, slot.often) for n, slot in enumerate(slots) if slot.often} == {8: (2, 1), 9: (1, 1)}


@pytest.mark.django_db
def test_hours_before_the_first_fact_are_not_empty_hours():
    organisation(time_zone="Asia/Kathmandu")  # 5 hours and 45 minutes ahead
    # Monday 12 October 14:45 in local time, and a week later
    for at in ("2026-10-12T09:00Z", "2026-10-19T09:10Z"):
        TicketFactory(created_at=at)
    compute()
    slots = by_hour(Question(code="ticket_volume", start=date(2026, 10, 1), end=date(2026, 10, 27)))
    assert [slots[hour].often for hour in (0, 13, 14, 23, 24)] == [1, 1, 2, 2, 1]
    assert (slots[14].point.n, sum(slot.often for slot in slots)) == (2, 8 * 24 - 14)


@pytest.mark.django_db
def test_without_facts_there_is_nothing():
    question = Question(code="ticket_volume", start=date(2026, 1, 1), end=date(2026, 2, 1))
    assert (by_hour(question), by_weekday(question), by_month(question)) == ([], [], [])
