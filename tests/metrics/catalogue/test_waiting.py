"""How long customers wait: calls, replies, first solves, and the time in which they wait for us."""

import pytest

from kpiproject.lib.periods import Grain
from metrics.models import Message
from metrics.queries import Question, figures
from tests.factories import CalendarFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import compute, day, organisation, point, points

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


def said(ticket, *messages, **values):
    """Messages from "customer 10:05"; an "agent!" writes an internal note, "agent~" an automatic reply."""
    for number, text in enumerate(messages):
        who, clock = text.split()
        Message.objects.create(
            ticket=ticket,
            key=f"{number}",
            at=f"{DAY}T{clock}Z",
            author_type=who.rstrip("!~"),
            public=not who.endswith("!"),
            is_auto_reply=who.endswith("~"),
        )


def waits(code="reply_time", **question):
    found = point(code, **question)
    return found.n, found.value, found.mean


@pytest.mark.parametrize(
    ("messages", "minutes"),
    [
        (["customer 10:00", "agent 11:00"], [60]),
        (["customer 10:00", "customer 10:30", "agent 11:00"], [60]),  # one wait, from its first message
        (["customer 10:00", "agent 11:00", "agent 11:30"], [60]),
        (["customer 10:00", "agent 10:10", "customer 10:20", "agent 10:25"], [10, 5]),  # v109
        (["customer 10:00", "bot 10:01", "automation 10:02", "agent~ 10:03", "agent! 10:04", "agent 10:20"], [20]),
        (["customer 10:00", "third_party 10:05"], []),
        (["customer 10:00"], []),
        (["agent 10:30"], [30]),  # the ticket itself is what the customer said
    ],
)
def test_reply_time_is_every_wait_of_a_customer(messages, minutes):
    said(TicketFactory(created_at=f"{DAY}T10:00Z"), *messages)
    found = point("reply_time")
    assert (found.n, found.mean) == (len(minutes), 60 * sum(minutes) / len(minutes) if minutes else None)


def test_reply_time_is_v139_where_a_solve_ends_a_wait():
    """Customer, reply after an hour, solved; the customer comes back and waits half an hour. Then a solve without a
    reply: nobody waits any longer, and the message after it begins a wait of five minutes."""
    ticket = TicketFactory(created_at=f"{DAY}T05:00Z", solved_at=f"{DAY}T12:00Z")
    said(ticket, "customer 05:00", "agent 06:00", "customer 08:00", "agent 08:30", "customer 09:00", "customer 11:00",
         "agent 11:05")  # fmt: skip
    for clock, status in (("06:06", "Solved"), ("08:00", "Open"), ("10:00", "Closed"), ("11:00", "Open")):
        TicketEventFactory(ticket=ticket, at=f"{DAY}T{clock}Z", to_value=status)
    assert waits() == (3, 1800, (3600 + 1800 + 300) / 3)


def test_reply_time_without_messages_is_told_by_reply_events():
    ticket = TicketFactory(created_at=f"{DAY}T10:00Z")
    for clock, actor in (
        ("10:40", "agent"),
        ("11:00", "customer"),
        ("11:05", "bot"),
        ("11:10", "Agent"),
        ("12:00", ""),
    ):
        TicketEventFactory(ticket=ticket, at=f"{DAY}T{clock}Z", kind="reply", actor_type=actor)
    started_by_us = TicketFactory(created_at=f"{DAY}T10:00Z", is_outbound=True)
    TicketEventFactory(ticket=started_by_us, at=f"{DAY}T10:30Z", kind="reply", actor_type="agent")
    assert waits() == (2, 1500, 1500)


def test_reply_time_counts_on_the_day_of_the_reply_in_both_clocks():
    CalendarFactory()  # 9 to 17
    ticket = TicketFactory(created_at="2026-03-02T16:30Z")
    Message.objects.create(ticket=ticket, key="1", at="2026-03-02T16:30Z", author_type="customer")
    Message.objects.create(ticket=ticket, key="2", at="2026-03-03T09:30Z", author_type="agent")
    found = points("reply_time", grain=Grain.DAY)
    assert [(str(one.start), one.n, one.value) for one in found] == [("2026-03-02", 0, None), ("2026-03-03", 1, 3600)]
    assert point("reply_time", clock="calendar").value == 17 * 3600


@pytest.mark.parametrize(
    ("messages", "values", "minutes"),
    [
        (["agent 10:00", "customer 11:00", "agent 11:30", "agent 12:00"], {"first_agent_reply_at": "10:00"}, 30),
        (["agent 10:00", "customer 11:00", "agent! 11:05", "agent~ 11:06", "agent 11:30"], {}, 30),
        (["agent 10:00", "customer 11:00"], {"first_agent_reply_at": "11:45"}, 45),
        (["customer 10:10", "agent 10:20"], {"is_outbound": False, "first_agent_reply_at": "10:20"}, 20),
    ],
)
def test_who_writes_back_to_us_waits_for_a_first_response_from_then_on(messages, values, minutes):
    if "first_agent_reply_at" in values:
        values = values | {"first_agent_reply_at": f"{DAY}T{values['first_agent_reply_at']}Z"}
    said(TicketFactory(**{"created_at": f"{DAY}T10:00Z", "is_outbound": True} | values), *messages)
    found = point("first_response_time")
    assert (found.n, found.value, found.excluded) == (1, 60 * minutes, {})


def test_a_first_response_to_who_writes_back_is_counted_on_its_own_day():
    ticket = TicketFactory(created_at=f"{DAY}T10:00Z", is_outbound=True, first_agent_reply_at=f"{DAY}T10:00Z")
    for number, (when, who) in enumerate((("04T10:00", "customer"), ("05T10:00", "Agent"))):
        TicketEventFactory(ticket=ticket, key=str(number), at=f"2026-03-{when}Z", kind="reply", actor_type=who)
    found = points("first_response_time", grain=Grain.DAY, start=day(DAY), end=day("2026-03-06"))
    assert [one.n for one in found] == [0, 0, 0, 1]
    exact = figures(Question(code="first_response_time", where={"channel": [""], "team": [""]}))
    assert (exact.points[0].n, exact.points[0].value) == (1, 86400)


def test_what_nobody_wrote_back_to_is_no_first_response():
    said(TicketFactory(is_outbound=True, first_agent_reply_at=f"{DAY}T10:00Z"), "agent 10:00", "bot 10:30")
    found = point("first_response_time")
    assert (found.n, found.excluded) == (0, {"outbound": 1})


def test_speed_of_answer_leaves_out_calls_given_up():
    def call(second, **ended):
        TicketFactory(
            channel="phone", created_at=f"{DAY}T10:00Z", ring_started_at=f"{DAY}T10:00:00Z",
            **dict.fromkeys(ended, f"{DAY}T10:00:{second:02}Z"),
        )  # fmt: skip

    call(6, answered_at=True)
    call(18, answered_at=True)
    call(30, answered_at=True)
    call(4, abandoned_at=True)
    call(5, abandoned_at=True)
    TicketFactory(answered_at=f"{DAY}T10:00Z")
    TicketFactory(ring_started_at=f"{DAY}T10:00Z", answered_at=f"{DAY}T10:01Z", is_outbound=True)
    found = point("speed_of_answer")
    assert (found.value, found.mean, found.n) == (18, 18, 3)
    assert found.excluded == {"abandoned_early": 1, "abandoned": 1, "ring_unknown": 1, "outbound": 1}
    assert found.beside == {"abandoned_percent": 25.0}


@pytest.mark.parametrize("clock", ["", "business", "calendar"])
def test_a_telephone_rings_on_the_wall_whatever_the_opening_hours_are(clock):
    CalendarFactory()
    for on, second in (("2026-03-07", 40), ("2026-03-02", 10)):  # a Saturday and a Monday
        TicketFactory(created_at=f"{on}T10:00Z", ring_started_at=f"{on}T10:00:00Z", answered_at=f"{on}T10:00:{second}Z")
    compute()
    found = figures(Question(code="speed_of_answer", clock=clock))
    assert (found.clock, found.points[0].value) == ("calendar", 25)


def test_first_resolution_time_ends_at_the_first_solve():
    TicketFactory(created_at=f"{DAY}T10:00Z", first_solved_at=f"{DAY}T11:00Z", solved_at=f"{DAY}T20:00Z")
    TicketFactory(created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T13:00Z")
    TicketFactory(created_at=f"{DAY}T10:00Z", closed_at=f"{DAY}T15:00Z")
    TicketFactory(created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T09:00Z")
    TicketFactory()
    found = point("first_resolution_time")
    assert (found.n, found.mean) == (2, 2 * 3600)
    assert found.excluded == {"solve_time_unknown": 1, "negative_duration": 1}


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        # From 10: new to 11, pending to 13, on hold to 14, waiting for the customer to 15, open to 16, solved to 18.
        ([], 1 + 1 + 1 + 2),
        (["Waiting on supplier"], 5),
        (["Open"], 1 + 1),  # the organisation says that the clock stops
    ],
)
def test_requester_wait_time_leaves_out_time_in_which_we_wait(pauses, expected):
    organisation(pause_statuses=pauses)
    ticket = TicketFactory(created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T20:00Z")
    for clock, kind, status in (
        ("11:00", "status", "Pending"),
        ("13:00", "status", "On-hold"),
        ("14:00", "status", "Waiting for customer"),
        ("15:00", "status", "Open"),
        ("16:00", "status", "Solved"),
        ("18:00", "reopen", ""),
        ("20:00", "status", "Solved"),
    ):
        TicketEventFactory(ticket=ticket, at=f"{DAY}T{clock}Z", kind=kind, to_value=status)
    TicketFactory(solved_at=f"{DAY}T20:00Z")
    found = point("requester_wait_time")
    assert (found.value, found.n) == (expected * 3600, 1)
    assert found.excluded == {"statuses_unknown": 1}
