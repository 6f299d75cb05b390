from datetime import timedelta

import pytest
from django.db.models import Q

from kpiproject.lib.periods import Grain
from metrics.frames import tickets
from metrics.frames.reopenings import reopenings
from metrics.frames.trails import Log
from metrics.models import Ticket
from tests.factories import CustomerFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import at, day, point, points

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later(time_machine):
    """Long after everything here, unless a test says otherwise."""
    time_machine.move_to("2026-06-01T12:00Z", tick=False)


def turned(ticket, *events, kind="status"):
    """Events from "03 10:00 Open>Solved", by day of March, or "03 10:00 reopen"."""
    for number, text in enumerate(events):
        day_of_march, clock, turn = text.split(" ", 2)
        before, _, after = turn.partition(">") if ">" in turn else ("", "", "")
        TicketEventFactory(
            ticket=ticket, key=str(number), at=f"2026-03-{day_of_march}T{clock}Z", from_value=before, to_value=after,
            kind=kind if ">" in turn else turn,
        )  # fmt: skip


def solved(**values):
    return TicketFactory(**{"solved_at": "2026-03-03T10:00Z", "agent_replies": 1, **values})


@pytest.mark.parametrize(
    ("values", "is_resolved_at_first_contact"),
    [
        ({}, True),
        ({"agent_replies": 0}, True),
        ({"agent_replies": 1}, True),
        ({"agent_replies": 2}, False),
        ({"reassignments": 0}, True),
        ({"reassignments": 1}, False),
        ({"reopens": 0}, True),
        ({"reopens": 1}, False),
        ({"fcr": True, "agent_replies": 5, "reopens": 3}, True),
        ({"fcr": False}, False),
        ({"fcr": True, "agent_replies": None}, True),
        ({"solved_at": None, "closed_at": "2026-03-04T10:00Z"}, True),
    ],
)
def test_first_contact_resolution(values, is_resolved_at_first_contact):
    solved(**values)
    found = point("first_contact_resolution")
    assert (found.part, found.whole, found.value) == (
        int(is_resolved_at_first_contact),
        1,
        100.0 * is_resolved_at_first_contact,
    )


def test_first_contact_resolution_leaves_out_unknown_replies():
    solved(agent_replies=None, reassignments=0)
    found = point("first_contact_resolution")
    assert (found.value, found.n, found.excluded) == (None, 0, {"replies_unknown": 1})


def test_first_contact_resolution_knows_of_reopenings_by_events():
    turned(solved(), "03 10:00 Open>Solved", "03 11:00 Solved>Open", "03 12:00 Open>Solved")
    turned(solved(), "03 10:00 Open>Solved")
    found = point("first_contact_resolution")
    assert (found.part, found.whole) == (1, 2)


@pytest.mark.parametrize(
    ("after", "values", "came_back"),
    [
        (timedelta(seconds=1), {}, True),
        (timedelta(days=7), {}, True),
        (timedelta(days=7, seconds=1), {}, False),
        (timedelta(hours=-1), {}, False),
        (timedelta(days=1), {"category": "other"}, False),
        (timedelta(days=1), {"is_spam": True}, False),
        (timedelta(days=1), {"is_outbound": True}, False),
        (timedelta(days=1), {"is_stub": True}, False),
    ],
)
def test_a_new_ticket_of_the_same_matter_within_a_week_is_a_second_contact(after, values, came_back):
    customer = CustomerFactory()
    solved(customer=customer, category="bill")
    second = {"customer": customer, "category": "bill", "created_at": at("2026-03-03 10:00") + after, **values}
    TicketFactory(**second)
    assert point("first_contact_resolution", start=day("2026-03-03"), end=day("2026-03-04")).part == int(not came_back)


def test_new_tickets_of_others_or_of_nobody_are_no_second_contact():
    solved(customer=CustomerFactory())
    solved(customer=None)
    TicketFactory(customer=CustomerFactory(), created_at="2026-03-04T10:00Z")
    TicketFactory(customer=None, created_at="2026-03-04T10:00Z")
    assert point("first_contact_resolution", start=day("2026-03-03"), end=day("2026-03-04")).part == 2


def facts_of_v172():
    """Solved on 2, 3, 5 and 28 June; the second was reopened, the third came back on 8 June."""
    customer = CustomerFactory()
    for number, values in ((2, {}), (3, {"reopens": 1}), (5, {"customer": customer}), (28, {})):
        TicketFactory(
            created_at=f"2025-06-{number:02}T08:00Z", solved_at=f"2025-06-{number:02}T10:00Z", agent_replies=1, **values
        )
    TicketFactory(customer=customer, created_at="2025-06-08T10:00Z")


def test_recent_solves_are_provisional_as_in_v172(time_machine):
    time_machine.move_to("2025-06-30T00:00Z", tick=False)
    facts_of_v172()
    found = point("first_contact_resolution")
    assert (round(found.value, 4), found.n, found.part) == (33.3333, 3, 1)
    assert (found.provisional, found.provisional_n, found.excluded) == (50.0, 4, {"too_recent": 1})


def test_recent_solves_count_a_week_later(time_machine):
    facts_of_v172()
    time_machine.move_to("2025-07-06T00:00Z", tick=False)
    found = point("first_contact_resolution")
    assert (found.value, found.n, found.excluded) == (50.0, 4, {})


def test_reopen_rate_counts_by_first_solve():
    solved(reopens=2, first_solved_at="2026-03-02T11:00Z")
    solved(reopens=0, first_solved_at="2026-03-02T11:00Z")
    solved(reopens=0)
    TicketFactory(closed_at="2026-03-04T10:00Z", reopens=1)
    TicketFactory(reopens=1)
    found = points("reopen_rate", grain=Grain.DAY, start=day("2026-03-02"), end=day("2026-03-05"))
    assert [(one.part, one.whole, one.value) for one in found] == [(1, 2, 50.0), (0, 1, 0.0), (1, 1, 100.0)]
    assert point("reopen_rate").value == 50.0


def test_reopen_rate_is_unknown_where_neither_columns_nor_events_tell():
    solved(reopens=None)
    merged = solved(reopens=None)
    turned(merged, "03 10:00 >", kind="merge")
    found = point("reopen_rate")
    assert (found.value, found.n, found.excluded) == (None, 0, {"reopens_unknown": 2})


@pytest.mark.parametrize(
    ("events", "times"),
    [
        (["03 10:00 Open>Solved"], 0),
        (["02 10:00 New>Open", "02 11:00 Open>Pending", "02 12:00 Pending>Open"], 0),
        (["03 10:00 Open>Solved", "04 10:00 Solved>Closed"], 0),
        (["03 10:00 Open>Solved", "03 11:00 Solved>Open", "03 12:00 Open>Solved"], 1),
        (["03 10:00 Open>Resolved", "03 11:00 Resolved>In progress", "03 12:00 In progress>Open"], 1),
        (["03 11:00 Solved>Open", "03 12:00 Open>Solved"], 1),
        (["03 10:00 Open>Closed", "03 11:00 Closed>Open", "03 12:00 Open>Closed", "03 13:00 Closed>Open"], 2),
        (["03 11:00 reopen"], 1),
        (["03 11:00 reopen", "03 15:00 reopen"], 2),
        (["03 10:00 Open>Solved", "03 11:00 Solved>Open", "03 11:00 reopen"], 1),
        (["03 10:00 Open>Solved", "03 11:00 reopen", "03 11:00 Solved>Open"], 1),
    ],
)
def test_events_tell_how_often_a_ticket_came_back(events, times):
    turned(solved(), *events)
    turned(solved(reopens=0, external_id="counted"), "03 10:00 Open>Solved", "03 11:00 Solved>Open")
    first = Ticket.objects.exclude(external_id="counted").get()
    frame = tickets.stored(Q(pk=first.pk))
    counted, _instants = reopenings(frame, Log(frame))
    assert counted.tolist() == [times]
    found = point("reopen_rate")
    assert (found.part, found.whole) == (int(times > 0), 2)  # the number of a source wins over its events


@pytest.mark.parametrize(
    ("values", "events", "came_back"),
    [
        ({"reopens": None}, ["10 10:00 Solved>Open"], True),
        ({"reopens": None}, ["10 10:01 Solved>Open"], False),
        ({"reopens": None}, ["05 10:00 Solved>Open", "06 10:00 Open>Solved", "20 10:00 Solved>Open"], True),
        ({"reopens": 1}, ["10 10:01 Solved>Open"], False),
        ({"reopens": 1}, [], True),
    ],
)
def test_a_ticket_is_reopened_if_it_comes_back_within_a_week(values, events, came_back):
    first = {"first_solved_at": "2026-03-03T10:00Z", "solved_at": "2026-03-21T10:00Z"}
    turned(solved(**first, **values), *events)
    found = point("reopen_rate")
    assert (found.part, found.whole) == (int(came_back), 1)


def test_recent_solves_may_still_be_reopened(time_machine):
    time_machine.move_to("2026-03-31T12:00Z", tick=False)
    solved(solved_at="2026-03-03T10:00Z", reopens=1)
    solved(solved_at="2026-03-30T10:00Z", reopens=0)
    found = point("reopen_rate")
    assert (found.value, found.n, found.excluded) == (100.0, 1, {"too_recent": 1})
    assert (found.provisional, found.provisional_n) == (50.0, 2)
