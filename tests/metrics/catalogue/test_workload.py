import pytest

from kpiproject.lib.periods import Grain
from metrics.models import Ticket
from metrics.queries import Question, rows
from tests.factories import TicketEventFactory, TicketFactory
from tests.metrics.figures import at, day, organisation, point, points

pytestmark = pytest.mark.django_db


def test_ticket_volume_counts_by_creation_and_says_what_it_leaves_out():
    TicketFactory.create_batch(3)
    TicketFactory(is_spam=True)
    TicketFactory(is_spam=True, is_deleted=True)
    TicketFactory(is_deleted=True)
    TicketFactory(merged_into="T-1")
    TicketFactory(is_test=True)
    TicketFactory(is_stub=True)
    found = point("ticket_volume")
    assert (found.value, found.n) == (3, 3)
    assert found.excluded == {"spam": 2, "deleted": 1, "merged": 1, "test": 1}
    assert (found.part, found.whole, found.low, found.mean, found.median) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        # v142: 04:00 UTC is 23:00 of the day before.
        ("America/New_York", [("2026-02-11", 1)]),
        ("UTC", [("2026-02-12", 1)]),
    ],
)
def test_day_is_the_organisations_own(zone, expected):
    organisation(time_zone=zone)
    TicketFactory(created_at="2026-02-12T04:00Z")
    found = points("ticket_volume", grain=Grain.DAY)
    assert [(str(one.start), one.n) for one in found] == expected


def test_day_is_that_of_the_date_not_of_todays_offset():
    organisation(time_zone="Europe/London")
    TicketFactory(created_at="2025-07-01T23:30Z")  # v198: British Summer Time
    assert [str(one.start) for one in points("ticket_volume", grain=Grain.DAY)] == ["2025-07-02"]


def test_day_of_25_hours_is_one_day():
    organisation(time_zone="Europe/Berlin")
    TicketFactory(created_at="2024-10-26T22:00Z")  # v195: the first and the last second of 27 October
    TicketFactory(created_at="2024-10-27T22:59:59Z")
    TicketFactory(created_at="2024-10-27T23:00Z")
    found = points("ticket_volume", grain=Grain.DAY)
    assert [(str(one.start), one.n) for one in found] == [("2024-10-27", 2), ("2024-10-28", 1)]


def test_solved_volume_counts_last_solves_and_closings_without_one():
    TicketFactory(solved_at="2026-03-03T10:00Z", closed_at="2026-03-09T10:00Z", first_solved_at="2026-03-02T12:00Z")
    TicketFactory(closed_at="2026-03-04T10:00Z")
    TicketFactory()
    found = points("solved_volume", grain=Grain.DAY, start=day("2026-03-02"), end=day("2026-03-06"))
    assert [one.n for one in found] == [0, 1, 1, 0]


def backlog_of_v175():
    TicketFactory(created_at="2025-06-01T00:00Z")
    TicketFactory(created_at="2025-06-02T00:00Z", solved_at="2025-06-03T00:00Z")
    reopened = TicketFactory(created_at="2025-06-02T00:00Z", solved_at="2025-06-03T00:00Z", reopens=1)
    TicketEventFactory(ticket=reopened, at="2025-06-03T00:00Z", from_value="Open", to_value="Solved")
    TicketEventFactory(ticket=reopened, at="2025-06-05T00:00Z", kind="reopen")
    TicketFactory(created_at="2025-06-04T00:00Z", solved_at="2025-06-12T00:00Z")
    TicketFactory(created_at="2025-06-10T00:00Z")
    merged = TicketFactory(created_at="2025-06-05T00:00Z")
    TicketEventFactory(ticket=merged, at="2025-06-06T00:00Z", kind="merge")
    spam = TicketFactory(created_at="2025-06-05T00:00Z")
    TicketEventFactory(ticket=spam, at="2025-06-05T00:00Z", from_value="Open", to_value="Spam")


def test_backlog_at_the_end_of_a_period_is_v175():
    backlog_of_v175()
    found = point("backlog", start=day("2025-06-01"), end=day("2025-06-10"))
    assert (found.value, found.n, found.end, str(found.start)) == (3, 3, None, "2025-06-01")


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2025-05-31 23:59", 0),
        ("2025-06-01 00:00", 1),
        ("2025-06-02 00:00", 3),
        ("2025-06-03 00:00", 1),
        ("2025-06-05 00:00", 4),
        ("2025-06-06 00:00", 3),
        ("2025-06-09 23:59", 3),
        ("2025-06-10 00:00", 4),  # what happens exactly at the instant has happened
        ("2025-06-12 00:00", 3),
        ("2026-01-01 00:00", 3),
    ],
)
def test_backlog_at_an_instant(instant, expected):
    backlog_of_v175()
    assert point("backlog", at=at(instant)).value == expected


def test_backlog_series_is_the_level_at_each_end():
    backlog_of_v175()
    found = points("backlog", grain=Grain.DAY, start=day("2025-06-01"), end=day("2025-06-14"))
    assert [one.value for one in found] == [1, 3, 1, 2, 4, 3, 3, 3, 3, 4, 4, 3, 3]


def test_backlog_by_member_adds_up_and_keeps_quiet_members():
    TicketFactory(channel="email", created_at="2026-01-01T10:00Z")
    TicketFactory(channel="chat", created_at="2026-01-02T10:00Z", solved_at="2026-01-03T10:00Z")
    TicketFactory(channel="", created_at="2026-01-02T10:00Z")
    found = points("backlog", by="channel", grain=Grain.DAY, start=day("2026-01-01"), end=day("2026-01-04"))
    levels = {member: [one.value for one in found if one.member == member] for member in ("", "chat", "email")}
    assert levels == {"": [0, 1, 1], "chat": [0, 1, 0], "email": [1, 1, 1]}
    assert [one.value for one in points("backlog", grain=Grain.DAY)] == [1, 3, 2]


def test_backlog_says_what_it_leaves_out():
    TicketFactory(is_spam=True)
    TicketFactory(merged_into="T-9", solved_at="2026-03-02T11:00Z")
    TicketFactory()
    found = point("backlog", at=at("2026-03-03 00:00"))
    assert (found.value, found.excluded) == (1, {"spam": 1})


def test_backlog_of_a_ticket_closed_without_a_solve_ends_at_its_closing():
    ticket = TicketFactory(closed_at="2026-03-05T10:00Z")
    TicketEventFactory(ticket=ticket, at="2026-03-04T10:00Z", to_value="Resolved")
    assert [point("backlog", at=at(f"2026-03-05 {clock}")).value for clock in ("09:59", "10:00")] == [1, 0]
    assert Ticket.objects.count() == 1


def test_a_ticket_that_has_ended_nobody_knows_when_waits_nowhere():
    TicketFactory(status="Resolved")
    TicketFactory(status="Closed-Complete", is_spam=True)
    TicketFactory(status="open")
    known = TicketFactory(status="Closed")
    TicketEventFactory(ticket=known, at="2026-03-02T11:00Z", to_value="Closed")
    found = point("backlog", at=at("2026-03-03 00:00"))
    assert (found.value, found.excluded) == (1, {"spam": 1, "end_unknown": 1})
    assert rows(Question(code="backlog", at=at("2026-03-03 00:00"))).total == 1
    age = point("backlog_age", at=at("2026-03-03 10:00"))
    assert (age.n, age.median) == (1, 86_400)


def test_a_ticket_waits_again_once_its_status_is_an_open_one():
    ticket = TicketFactory(status="Resolved")
    assert point("backlog", at=at("2026-03-03 00:00")).value == 0
    Ticket.objects.filter(pk=ticket.pk).update(status="Open")
    assert point("backlog", at=at("2026-03-03 00:00")).value == 1
