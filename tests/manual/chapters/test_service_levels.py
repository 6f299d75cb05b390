"""What is promised, and how it was kept by the contacts for which each promise counts."""

from typing import Any

import pytest

from kpiproject.models import Organisation
from manual.chapters.service_levels import counted_for
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
    compute()
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


@pytest.mark.parametrize(
    ("earlier", "wanted", "expected"),
    [
        ([], {}, {}),
        ([], {"priority": "high"}, {"priority": ["high"]}),
        # What another priority takes cannot concern this one.
        ([{"priority": "urgent"}], {"priority": "high"}, {"priority": ["high"]}),
        ([{"priority": "high"}], {}, {"priority": ["", "low"]}),
        ([{"priority": "high"}, {"priority": "low"}], {}, {"priority": [""]}),
        ([{"priority": "high"}], {"channel": "chat"}, {"channel": ["chat"], "priority": ["", "low"]}),
        (
            [{"priority": "high", "channel": "chat"}],
            {"channel": "chat"},
            {"channel": ["chat"], "priority": ["", "low"]},
        ),
        ([{"priority": "high", "channel": "chat"}], {"channel": "phone"}, {"channel": ["phone"]}),
        # A corner is missing, which no single question leaves out.
        ([{"priority": "high", "channel": "chat"}], {}, None),
        # The same again: nothing is left for it.
        ([{"priority": "high"}], {"priority": "high"}, None),
    ],
)
def test_counted_for_names_the_contacts_that_no_earlier_target_takes(earlier, wanted, expected) -> None:
    TicketFactory(priority="high", channel="chat")
    TicketFactory(priority="low", channel="phone")
    TicketFactory()
    compute()
    before = [ServiceTargetFactory(**values) for values in earlier]
    assert counted_for(ServiceTargetFactory(**wanted), before) == expected


def test_promise_that_cannot_be_told_apart_says_so() -> None:
    ServiceTargetFactory(priority="high", channel="chat", position=1)
    target = ServiceTargetFactory(position=2)
    assert figures("service_levels")[f"target:{target.pk}.kept"] == "cannot be told apart from other targets"
