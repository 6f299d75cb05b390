"""The way tickets took: touches, hand-overs, escalations, contacts, and the time spent on them."""

import pytest

from metrics.models import AgentTime, Message, TicketEvent
from tests.factories import AgentFactory, TicketFactory
from tests.metrics.figures import day, point, points

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


def solved(**values):
    return TicketFactory(created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T20:00Z", **values)


def happened(ticket, *events):
    """Events from "11:00 team A>B"."""
    for number, text in enumerate(events):
        clock, kind, values = f"{text} >".split()[:3]
        before, after = values.split(">")
        TicketEvent.objects.create(
            ticket=ticket, key=str(number), at=f"{DAY}T{clock}Z", kind=kind, from_value=before, to_value=after
        )


def test_one_touch_is_an_answer_without_waiting_or_coming_back():
    solved(agent_replies=1, reopens=0)
    solved(agent_replies=3, reopens=0)
    happened(solved(agent_replies=1), "11:00 status New>Open")
    solved(agent_replies=0, reopens=0)
    solved(agent_replies=1, reopens=1)
    happened(solved(agent_replies=1), "11:00 status New>Pending", "12:00 status Pending>Open")
    happened(solved(agent_replies=1), "11:00 status On-hold>Open")
    happened(solved(agent_replies=2), "11:00 status Open>Solved", "12:00 status Solved>Open")
    solved()
    found = point("one_touch_resolution")
    assert (found.part, found.whole, found.excluded) == (3, 8, {"replies_unknown": 1})


def test_one_touch_is_unknown_where_nobody_tells_whether_it_came_back():
    """What Freshdesk gives: interactions of agents and customers, and nothing about reopenings."""
    solved(agent_replies=5, customer_replies=3)
    found = point("one_touch_resolution")
    assert (found.value, found.n, found.excluded) == (None, 0, {"reopens_unknown": 1})


def test_transfer_rate_is_told_by_the_source_or_by_events():
    solved(reassignments=0)
    solved(reassignments=2)
    happened(solved(), "11:00 assignee >ann", "11:00 team >first")  # given to somebody, not handed over
    happened(solved(), "11:00 assignee ann>bob", "11:00 team first>second", "12:00 team second>third")
    happened(solved(), "11:00 status New>Open")
    solved()
    found = point("transfer_rate")
    assert (found.part, found.whole, found.mean, found.excluded) == (2, 4, 1.0, {"transfers_unknown": 2})


def test_escalation_rate_counts_by_the_day_of_escalation():
    escalated = TicketFactory(created_at=f"{DAY}T10:00Z")
    happened(escalated, "12:00 escalate", "13:00 escalate")
    happened(solved(), "11:00 status New>Open")
    solved()
    solved()
    TicketFactory()
    found = point("escalation_rate")
    assert (found.value, found.part, found.whole) == (25.0, 1, 4)


def test_escalation_rate_is_unknown_where_no_source_tells_of_any():
    solved()
    found = point("escalation_rate")
    assert (found.value, found.n, found.excluded) == (None, 0, {"escalations_unknown": 1})


def test_escalation_accuracy_has_precision_and_recall():
    """Of four escalations three were needed; one ticket should have been escalated and was not, so recall is 3 of 4."""
    for _number in range(3):
        happened(solved(), "11:00 team first>second", "11:00 escalate", "12:00 team second>third")
    happened(solved(), "11:00 team first>second", "11:00 escalate", "12:00 team second>first")
    solved(reopens=1)
    solved(sla_met=True)
    found = point("escalation_accuracy")
    assert (found.value, found.part, found.whole, found.n) == (75.0, 3, 4, 4)
    assert found.beside == {"recall_percent": 75.0, "should_have_been_escalated": 1.0}


def test_contacts_per_ticket_are_public_messages_of_people():
    ticket = solved()
    authors = (("customer", True), ("agent", True), ("agent", False), ("bot", True), ("customer", True))
    for number, (who, public) in enumerate(authors):
        Message.objects.create(
            ticket=ticket, key=str(number), at=f"{DAY}T11:0{number}Z", author_type=who, public=public
        )
    solved(agent_replies=2, customer_replies=3)
    solved(agent_replies=1)
    solved()
    found = point("contacts_per_ticket")
    assert (found.value, found.part, found.whole, found.excluded) == (3.0, 9, 3, {"contacts_unknown": 1})


def spent(ticket, minutes, kind="handling", start="11:00", agent=None):
    hours, rest = divmod(60 * int(start[:2]) + int(start[3:]) + minutes, 60)
    AgentTime.objects.create(
        source="test", key=f"{AgentTime.objects.count()}", agent=agent or AgentFactory(), ticket=ticket, kind=kind,
        starts_at=f"{DAY}T{start}Z", ends_at=f"{DAY}T{hours:02}:{rest:02}Z",
    )  # fmt: skip


def test_average_handling_time_is_the_mean_of_solved_tickets():
    long, short = solved(), solved()
    spent(long, 30)
    spent(long, 10, "related")
    spent(short, 20)
    spent(short, 5, "break")
    spent(TicketFactory(), 50)  # not solved yet
    solved()
    found = point("average_handling_time")
    assert (found.value, found.n, found.excluded) == (1800, 2, {"handling_unknown": 1})


def test_solved_per_agent():
    ann, bob = AgentFactory(external_id="ann"), AgentFactory(external_id="bob")
    for agent in (ann, ann, ann, bob, None):
        solved(agent=agent)
    found = point("solved_per_agent")
    assert (found.value, found.n, found.part, found.whole) == (2.0, 4, 4, 2)
    assert found.excluded == {"agent_unknown": 1}
    by_agent = {one.member: one.value for one in points("solved_per_agent", by="agent")}
    assert by_agent == {"": None, "ann": 3.0, "bob": 1.0}


def test_context_was_lost_if_the_ticket_came_back_after_the_hand_over_and_not_before():
    back = ("status Open>Solved", "status Solved>Open")
    happened(solved(), "11:00 " + back[0], "11:30 " + back[1], "12:00 assignee ann>bob")
    happened(solved(), "11:00 assignee ann>bob", "11:30 " + back[0], "12:00 " + back[1])
    happened(solved(reopens=1), "11:00 " + back[0], "11:30 " + back[1], "12:00 assignee ann>bob")
    found = point("context_transfer")
    assert (found.part, found.whole) == (2, 3)


def test_hand_overs_of_which_nobody_knows_when_are_left_out_and_shown():
    happened(solved(reassignments=2), "11:00 assignee ann>bob")
    for told in (2, 1, 0, None):
        solved(reassignments=told)
    TicketFactory(reassignments=1, created_at="2020-01-01T10:00Z")
    found = point("context_transfer", start=day("2026-03-02"), end=day("2026-03-03"))
    assert (found.part, found.whole, found.excluded) == (1, 1, {"handover_time_unknown": 2})


def test_what_events_tell_to_have_come_back_should_have_been_escalated():
    happened(solved(), "11:00 team first>second", "11:00 escalate")
    happened(solved(), "11:00 status Open>Solved", "12:00 status Solved>Open")
    assert point("escalation_accuracy").beside["should_have_been_escalated"] == 1.0


def test_context_is_kept_by_a_note_or_else_if_nobody_comes_back():
    noted, silent = solved(), solved()
    for ticket in (noted, silent):
        Message.objects.create(ticket=ticket, key="1", at=f"{DAY}T10:30Z", author_type="agent", public=ticket == silent)
        happened(ticket, "11:00 assignee ann>bob")
    happened(solved(), "11:00 assignee ann>bob")
    happened(solved(reopens=1), "11:00 assignee ann>bob")
    happened(solved(), "11:00 assignee >bob")
    found = point("context_transfer")
    assert (found.value, found.part, found.whole) == (50.0, 2, 4)
    assert found.beside == {"judged_by_note": 2.0, "judged_by_return": 2.0}
    assert found.notes == ("Judged by stand-ins: 2 tickets by an internal note, 2 by whether they were reopened.",)
