"""Bots, channels, and what is only a category of tickets."""

from datetime import datetime

import pytest

from metrics.models import ServiceRecord
from tests.factories import (
    AgentFactory,
    AnswerFactory,
    CustomerFactory,
    InvitationFactory,
    SurveyFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import day, point, points

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


def talked(n=1, **values):
    return TicketFactory.create_batch(n, created_at=f"{DAY}T10:00Z", bot_involved=True, **values)


def test_bot_outcomes_are_exclusive_as_in_v187_and_v147():
    """Ten conversations: six solved without a person, of which one was reopened and one came back; three handed over,
    one of them solved as well; one abandoned."""
    talked(4, solved_at=f"{DAY}T11:00Z")
    talked(1, solved_at=f"{DAY}T11:00Z", reopens=1)
    customer = CustomerFactory()
    talked(1, solved_at=f"{DAY}T11:00Z", customer=customer, category="bill")
    TicketFactory(created_at="2026-03-05T10:00Z", customer=customer, category="bill")
    talked(1, handed_to_human_at=f"{DAY}T10:05Z", solved_at=f"{DAY}T12:00Z")
    talked(1, handed_to_human_at=f"{DAY}T10:05Z")
    talked(1, first_agent_reply_at=f"{DAY}T10:30Z")
    talked(1)
    talked(1, is_outbound=True)
    solved, handed = point("bot_resolution_rate"), point("bot_handoff_rate")
    assert (solved.value, handed.value, solved.n, handed.n) == (40.0, 30.0, 10, 10)
    assert solved.excluded == {"customer_silent": 1}
    assert (
        solved.beside
        == handed.beside
        == {
            "bot_solved_for_good": 4.0,
            "bot_came_back": 2.0,
            "bot_handed_over": 3.0,
            "bot_neither": 1.0,
        }
    )


@pytest.mark.parametrize(("back", "came_back"), [("2026-03-09T11:00Z", 1), ("2026-03-09T11:01Z", 0)])
def test_what_a_bot_solved_comes_back_within_a_week_by_its_events(back, came_back):
    [ticket] = talked(1, first_solved_at=f"{DAY}T11:00Z", solved_at="2026-03-20T10:00Z")
    TicketEventFactory(ticket=ticket, at=back, from_value="Solved", to_value="Open")
    found = point("bot_resolution_rate")
    assert (found.part, found.whole, found.beside["bot_came_back"]) == (1 - came_back, 1, came_back)


@pytest.mark.parametrize("code", ["bot_resolution_rate", "bot_handoff_rate"])
def test_outcomes_of_a_bot_add_up_to_n_of_what_counts_for_good(time_machine, code):
    time_machine.move_to("2026-03-12T12:00Z", tick=False)
    talked(1, solved_at=f"{DAY}T11:00Z")
    talked(1, solved_at=f"{DAY}T11:00Z", channel="chat")
    talked(1, solved_at=f"{DAY}T11:00Z", is_spam=True)
    talked(1, is_outbound=True)
    TicketFactory(created_at="2026-03-10T10:00Z", bot_involved=True, solved_at="2026-03-10T11:00Z")
    assert {key: value for key, value in point(code).beside.items() if value} == {"bot_solved_for_good": 2.0}
    assert point(code, where={"channel": ["chat"]}).beside["bot_solved_for_good"] == 1.0
    assert point(code, start=day("2026-03-10")).beside == {}


def test_a_conversation_that_is_handed_over_twice_counts_once():
    """v145: two conversations of one agent, one of them handed over twice, and one of another."""
    ann, bob = AgentFactory(external_id="ann"), AgentFactory(external_id="bob")
    for agent, times in ((ann, 2), (ann, 1), (bob, 1)):
        [ticket] = talked(1, handed_to_human_at=f"{DAY}T10:05Z", agent=agent)
        for minute in range(times):
            TicketEventFactory(ticket=ticket, kind="handoff", at=f"{DAY}T10:0{5 + minute}Z")
    assert point("bot_handoff_rate").part == 3
    by_agent = {one.member: one.part for one in points("bot_handoff_rate", by="agent")}
    assert by_agent == {"ann": 2, "bob": 1}


def test_bot_resolution_of_this_week_is_provisional(time_machine):
    time_machine.move_to("2026-03-08T12:00Z", tick=False)
    talked(2, solved_at=f"{DAY}T11:00Z")
    found = point("bot_resolution_rate")
    assert (found.value, found.n, found.provisional, found.provisional_n) == (None, 0, 100.0, 2)


def test_acceptance_is_to_stay_with_the_bot_and_to_be_satisfied():
    talked(1, satisfaction_score=5, solved_at=f"{DAY}T11:00Z")
    talked(1, satisfaction_score=2, solved_at=f"{DAY}T11:00Z")
    talked(1, solved_at=f"{DAY}T11:00Z")
    talked(1, satisfaction_score=5, handed_to_human_at=f"{DAY}T10:05Z", solved_at=f"{DAY}T11:00Z")
    found = point("automation_acceptance")
    assert (found.value, found.part, found.whole) == (25.0, 1, 4)
    assert found.beside == {
        "opted_out_percent": 25.0,
        "answered_percent": 75.0,
        "bot_csat_percent": 50.0,
        "human_csat_percent": 100.0,
        "difference_points": -50.0,
    }


def test_channel_quality_is_v183_in_tenths():
    """Satisfied: 9 of 10 by e-mail, 8 of 10 in half as many in chats, 7 of 10 by telephone."""
    survey, sent = SurveyFactory(), datetime.fromisoformat(f"{DAY}T09:00Z")
    for channel, n, satisfied in (("email", 20, 18), ("chat", 10, 8), ("phone", 10, 7), ("fax", 4, 0), ("", 2, 2)):
        for number in range(n):
            score = 5 if number < satisfied else 1
            invitation = InvitationFactory(survey=survey, channel=channel, sent_at=sent)
            AnswerFactory(survey=survey, invitation=invitation, score=score, channel=channel)
    found = point("channel_quality_variance")
    assert (round(found.value, 3), found.mean, found.n) == (8.165, 82.5, 40)
    assert (found.beside["range_points"], found.beside["channels"]) == (pytest.approx(20), 3)
    assert found.excluded == {"channel_unknown": 2, "channel_too_small": 4}


def test_channel_preference_is_of_customers_and_says_who_changed():
    ann, bob, eve = CustomerFactory.create_batch(3)
    for customer, channel, when in (
        (ann, "email", "2026-02-10"), (ann, "chat", "2026-03-02"), (ann, "chat", "2026-03-03"),
        (ann, "email", "2026-03-04"), (bob, "chat", "2026-02-10"), (bob, "email", "2026-03-02"),
        (bob, "chat", "2026-03-03"), (eve, "phone", "2026-03-03"), (None, "phone", "2026-03-03"),
    ):  # fmt: skip
        TicketFactory(customer=customer, channel=channel, created_at=f"{when}T10:00Z")
    march = {"start": day("2026-03-01"), "end": day("2026-03-29")}
    found = points("channel_preference", by="channel", **march)
    assert {one.member: (round(one.value, 2), one.part, one.whole, one.n) for one in found} == {
        "chat": (66.67, 2, 3, 5),
        "phone": (33.33, 1, 3, 1),
    }
    assert found[0].beside == {"came_from_another_percent": 50.0}
    assert found[0].excluded == {"customer_or_channel_unknown": 1}


def record(kind, hours, **values):
    ServiceRecord.objects.create(
        source="test", kind=kind, external_id=f"{ServiceRecord.objects.count()}", started_at=f"{DAY}T08:00Z",
        finished_at=f"{DAY}T{8 + hours:02}:00Z" if hours is not None else None, **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "category"),
    [
        ("availability_enquiry_resolution", "availability_enquiry", "Product availability"),
        ("account_issue_resolution_time", "account_issue", "Account"),
    ],
)
def test_cases_are_records_or_else_tickets_of_a_category(code, kind, category):
    TicketFactory(category=category, created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T14:00Z")
    TicketFactory(category=category, created_at=f"{DAY}T10:00Z", closed_at=f"{DAY}T14:00Z")
    TicketFactory(category="Other", created_at=f"{DAY}T10:00Z", solved_at=f"{DAY}T18:00Z")
    found = point(code)
    assert (found.value, found.n, found.excluded) == (4 * 3600, 1, {"solve_time_unknown": 1})
    assert "There are no service records of this kind" in found.notes[0]
    for hours in (1, 2, 6, None):
        record(kind, hours)
    found = point(code)
    assert (found.value, found.n, found.notes) == (
        2 * 3600,
        3,
        ("Computed from service records of this kind.",),
    )


def test_shipping_issues_are_judged_on_the_day_they_are_due(time_machine):
    time_machine.move_to("2026-03-03T12:00Z", tick=False)
    due = f"{DAY}T10:00Z"
    record("shipping_issue", 1, due_at=due)
    record("shipping_issue", 3, due_at=due)
    record("shipping_issue", None, due_at=due)
    record("shipping_issue", None, due_at="2026-03-03T18:00Z")
    found = point("shipping_issue_resolution", start=day(DAY), end=day("2026-03-04"))
    assert (found.part, found.whole, found.excluded) == (1, 3, {"pending": 1})


def test_first_response_after_a_bot_is_v138():
    """A bot settles it at 9:05 on Monday; the customer comes back on Friday at 14:00 and is answered at 14:10."""
    ticket = TicketFactory(created_at="2025-07-28T09:00Z", first_agent_reply_at="2025-08-01T14:10Z", bot_involved=True)
    for at, before, after in (
        ("2025-07-28T09:05Z", "open", "resolved"),
        ("2025-08-01T14:00Z", "resolved", "open"),
        ("2025-08-02T09:00Z", "open", "resolved"),
        ("2025-08-03T09:00Z", "resolved", "open"),
    ):
        TicketEventFactory(ticket=ticket, at=at, from_value=before, to_value=after)
    found = point("first_response_time")
    assert (found.value, found.n) == ((4 * 24 + 5) * 3600 + 600, 1)
    assert (found.beside["after_handover_seconds"], found.beside["after_handover"]) == (600.0, 1.0)


def test_first_response_after_a_hand_over_is_of_what_was_handed_over_first():
    talked(1, handed_to_human_at=f"{DAY}T10:10Z", first_agent_reply_at=f"{DAY}T10:20Z")
    talked(1, handed_to_human_at=f"{DAY}T10:10Z", first_agent_reply_at=f"{DAY}T10:30Z", channel="chat")
    talked(1, handed_to_human_at=f"{DAY}T10:10Z", first_agent_reply_at=f"{DAY}T10:05Z")
    talked(1, first_agent_reply_at=f"{DAY}T10:05Z")
    talked(1, handed_to_human_at=f"{DAY}T10:10Z", first_agent_reply_at=f"{DAY}T10:11Z", is_outbound=True)
    talked(1, handed_to_human_at=f"{DAY}T10:10Z", first_agent_reply_at=f"{DAY}T10:11Z", is_spam=True)
    talked(1, handed_to_human_at=f"{DAY}T09:50Z", first_agent_reply_at=f"{DAY}T09:55Z")  # before it was created
    talked(1, handed_to_human_at=f"{DAY}T10:10Z")
    TicketFactory(created_at=f"{DAY}T10:00Z", first_agent_reply_at=f"{DAY}T10:05Z")
    beside = point("first_response_time").beside
    assert (beside["after_handover_seconds"], beside["after_handover"]) == (900.0, 2.0)
    beside = point("first_response_time", where={"channel": ["chat"]}).beside
    assert (beside["after_handover_seconds"], beside["after_handover"]) == (1200.0, 1.0)


def test_first_response_says_who_still_waits(time_machine):
    """Of six tickets two have no reply. With them as censored, half are answered only after two hours."""
    time_machine.move_to(f"{DAY}T20:00Z", tick=False)
    for hour in (11, 11, 12, 13):
        TicketFactory(created_at=f"{DAY}T10:00Z", first_agent_reply_at=f"{DAY}T{hour}:00Z")
    TicketFactory(created_at=f"{DAY}T08:00Z")
    TicketFactory(created_at=f"{DAY}T10:00Z")
    TicketFactory(created_at=f"{DAY}T10:00Z", is_outbound=True)
    found = point("first_response_time")
    assert (found.value, found.n) == (5400, 4)
    assert found.beside == {
        "unanswered": 2.0,
        "oldest_unanswered_seconds": 12 * 3600.0,
        "median_with_unanswered_seconds": 7200.0,
    }
