"""What is promised, and how it was kept by the contacts for which each promise counts."""

from typing import Any

import pytest

from kpiproject.models import Organisation
from metrics import targets
from metrics.models import Ticket
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketFactory
from tests.manual.chapters.built import build, figures, lines, tables
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
_START = (
    "It starts when the contact reaches us. For the first answer it stops when a person answers, for the solution with "
    "the last solve."
)
CAPTION = "What we promise, and what was measured, 1 Mar – 31 May 2026"


def solved(hours: int, **values: Any) -> None:
    at = f"2026-05-04T{9 + hours:02}:00Z"
    TicketFactory(created_at="2026-05-04T09:00Z", first_solved_at=at, solved_at=at, **values)


def judge() -> None:
    targets.apply(list(Ticket.objects.values_list("pk", flat=True)))
    compute()


def test_each_promise_is_measured_by_the_contacts_for_which_it_counts() -> None:
    ServiceTargetFactory(name="Urgent", priority="urgent", seconds=3600, position=1)
    ServiceTargetFactory(name="Everybody", seconds=4 * 3600, position=2)
    for hours in (0, 2, 3):
        solved(hours, priority="urgent")
    for hours in (1, 2, 5, 6):
        solved(hours, priority="low")
    solved(3)
    judge()
    assert tables(build("service_levels").blocks)[CAPTION] == [
        ["Urgent", "priority: urgent", "1 h of calendar time", "33.3 %", "6.1 % to 79.2 %", "3"],
        ["Everybody", "every contact", "4 h of calendar time", "60.0 %", "23.1 % to 88.2 %", "5"],
    ]
    found = {name: words for name, words in figures("service_levels").items() if name.endswith(".kept")}
    assert list(found.values()) == ["33.3\u00a0% of 3 tickets", "60.0\u00a0% of 5 tickets"]


def test_first_answers_are_counted_against_their_promise() -> None:
    ServiceTargetFactory(name="Chat", metric="first_response", channel="chat", seconds=180)
    for minute in range(1, 11):
        TicketFactory(
            created_at="2026-05-04T09:00Z", first_agent_reply_at=f"2026-05-04T09:{minute:02}Z", channel="chat"
        )
    TicketFactory(created_at="2026-05-04T09:00Z", first_agent_reply_at="2026-05-04T19:00Z", channel="phone")
    judge()
    assert tables(build("service_levels").blocks)[CAPTION] == [
        ["Chat", "channel: chat", "3 min of calendar time", "30.0 %", "10.8 % to 60.3 %", "10"]
    ]


def test_nothing_promised_and_nothing_measured_are_said_in_words() -> None:
    said = lines("service_levels")
    assert "No time within which a person answers first has been promised yet." in said
    assert "No time within which contacts are solved has been promised yet." in said
    ServiceTargetFactory(name="All")
    assert tables(build("service_levels").blocks)[CAPTION] == [
        ["All", "every contact", "2 h of calendar time", "no data", "–", "0"]
    ]


def test_business_time_without_a_calendar_is_measured_in_calendar_time_and_says_so() -> None:
    ServiceTargetFactory(metric="first_response", clock="business")
    assert lines("service_levels")[-1] == (
        f"{_START} No status makes it stand still. "
        "There is no business calendar, so business time is calendar time, day and night."
    )


def test_statuses_that_stop_the_clock_are_named() -> None:
    Organisation.objects.create(pk=1, pause_statuses=["waiting", "on hold"])
    CalendarFactory()
    assert lines("service_levels")[-1] == (
        f"{_START} "
        "It stands still while a contact is in one of these statuses: “waiting”, “on hold”. "
        "Business time passes only during opening hours; calendar time always."
    )
    assert figures("service_levels")["organisation:pause_statuses"] == "waiting, on hold"


def test_a_corner_that_an_earlier_target_takes_is_left_out() -> None:
    ServiceTargetFactory(name="Urgent chats", priority="urgent", channel="chat", seconds=3600, position=1)
    ServiceTargetFactory(name="Everybody", seconds=4 * 3600, position=2)
    solved(2, priority="urgent", channel="chat")
    solved(2, priority="urgent", channel="phone")
    solved(5, channel="chat")
    judge()
    assert [(row[0], row[3], row[5]) for row in tables(build("service_levels").blocks)[CAPTION]] == [
        ("Urgent chats", "0.0 %", "1"),
        ("Everybody", "50.0 %", "2"),
    ]


def test_open_contacts_count_when_their_time_is_over_and_unknown_replies_never() -> None:
    ServiceTargetFactory(name="Chat", metric="first_response", seconds=180)
    TicketFactory(created_at="2026-05-04T09:00Z", first_agent_reply_at="2026-05-04T09:01Z")
    TicketFactory(created_at="2026-05-04T09:00Z")
    TicketFactory(created_at="2026-05-04T09:00Z", first_agent_reply_at="2026-05-04T08:00Z")
    solved(1)
    TicketFactory(created_at="2026-05-04T09:00Z", is_spam=True)
    judge()
    assert [(row[3], row[5]) for row in tables(build("service_levels").blocks)[CAPTION]] == [("50.0 %", "2")]


def test_further_answers_are_watched() -> None:
    target = ServiceTargetFactory(name="Next", metric="next_reply", seconds=3600)
    assert figures("service_levels")[f"target:{target.pk}.kept"] == "watched, not counted"
    assert "No time for answers after the first one has been promised yet." not in lines("service_levels")
