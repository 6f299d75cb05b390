"""When we are there, and how customers reach us."""

from datetime import date

import pytest

from kpiproject.models import Organisation
from tests.factories import AgentFactory, CalendarFactory, TeamFactory, TicketFactory
from tests.manual.chapters.built import build, figures, lines, tables
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


def test_opening_hours_begin_with_the_first_day_of_the_week() -> None:
    Organisation.objects.create(pk=1, week_start=6)
    CalendarFactory(
        name="Shop",
        time_zone="Europe/Berlin",
        week={
            "mon": [["09:00", "12:00"], ["13:00", "17:00"]],
            "fri": [["22:00", "06:00"]],
            "sat": [["00:00", "24:00"]],
        },
    )
    assert tables(build("who").blocks)["Times of the calendar “Shop”"] == [
        ["Sunday", "closed"],
        ["Monday", "09:00–12:00, 13:00–17:00"],
        ["Tuesday", "closed"],
        ["Wednesday", "closed"],
        ["Thursday", "closed"],
        ["Friday", "22:00–06:00 of the next day"],
        ["Saturday", "00:00–24:00"],
    ]
    assert (
        "These are times in the zone Europe/Berlin. Business time in this manual passes only while we are open."
    ) in lines("who")


def test_holidays_of_the_next_twelve_months_are_listed_and_all_from_the_beginning_of_the_year_are_rules() -> None:
    calendar = CalendarFactory()
    for day, name, is_active in (
        (date(2025, 12, 25), "Last year's", True),
        (date(2026, 1, 1), "New Year's Day", True),
        (date(2026, 6, 15), "Today", True),
        (date(2026, 12, 25), "Christmas Day", True),
        (date(2026, 12, 26), "Not observed", False),
        (date(2027, 6, 15), "Far away", True),
    ):
        calendar.holidays.create(date=day, name=name, is_active=is_active)
    assert tables(build("who").blocks)["Holidays in the next twelve months, on which we are closed"] == [
        ["15 Jun 2026", "Monday", "Today"],
        ["25 Dec 2026", "Friday", "Christmas Day"],
    ]
    rules = {name: words for name, words in figures("who").items() if "holiday" in name}
    assert rules == {
        "calendar:holiday.2026-01-01": "New Year's Day",
        "calendar:holiday.2026-06-15": "Today",
        "calendar:holiday.2026-12-25": "Christmas Day",
        "calendar:holiday.2027-06-15": "Far away",
    }


def test_channels_are_shares_of_the_last_twelve_complete_months_the_largest_first() -> None:
    for channel in ("email", "email", "chat", ""):
        TicketFactory(channel=channel, created_at="2026-05-04T09:00Z")
    TicketFactory(channel="fax", created_at="2026-06-02T09:00Z")
    TicketFactory(channel="letter", created_at="2025-05-31T09:00Z")
    compute()
    assert tables(build("who").blocks)["Ways by which customers reached us, 1 Jun 2025 – 31 May 2026 (4 tickets)"] == [
        ["email", "2", "50.0 %"],
        ["(not given)", "1", "25.0 %"],
        ["chat", "1", "25.0 %"],
    ]


def test_many_channels_are_told_as_twelve_and_all_others() -> None:
    for number in range(15):
        for _times in range(20 - number):
            TicketFactory(channel=f"channel {number:02}", created_at="2026-05-04T09:00Z")
    compute()
    (rows,) = (rows for caption, rows in tables(build("who").blocks).items() if caption.startswith("Ways"))
    assert len(rows) == 13
    assert rows[-1] == ["all others", "21", "10.8 %"]


def test_teams_are_named_with_the_number_of_their_people() -> None:
    team = TeamFactory(name="First line")
    AgentFactory.create_batch(2, team=team)
    TeamFactory(name="Billing")
    assert tables(build("who").blocks)["How many people answer customers in each team"] == [
        ["Billing", "0"],
        ["First line", "2"],
    ]


def test_empty_organisation_says_so_in_words() -> None:
    assert lines("who") == [
        "Opening hours",
        "No business calendar has been set, so every time in this manual is calendar time, day and night.",
        "How customers reach us",
        "No contacts have been recorded in the last twelve complete months.",
    ]
    assert figures("who") == {}


def test_calendar_without_holidays_says_so() -> None:
    CalendarFactory()
    assert "No holidays are entered for the next twelve months." in lines("who")
