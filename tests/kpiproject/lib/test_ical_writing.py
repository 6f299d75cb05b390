"""An iCalendar file that every program reads: folded, escaped, and read back by our own reader."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiproject.lib import ical, ical_writing
from kpiproject.lib.ical_writing import Calendar, Day

NOW = datetime(2026, 3, 18, 11, 30, tzinfo=UTC)


def written(*days, name="Dates", zone="Europe/Berlin"):
    calendar = Calendar(name=name, product="-//Example//Dates//EN", zone=zone, days=days)
    return ical_writing.write(calendar, NOW)


def day(**fields):
    return Day(**{"uid": "review-1@example.org", "day": date(2026, 12, 31), "summary": "Review"} | fields)


def test_a_whole_file():
    event = day(description="Led by Mara", url="https://example.org/reviews/1/", category="Review")
    assert written(event).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Dates",
        "X-WR-CALNAME:Dates",
        "X-WR-TIMEZONE:Europe/Berlin",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "BEGIN:VEVENT",
        "UID:review-1@example.org",
        "DTSTAMP:20260318T113000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Review",
        "DESCRIPTION:Led by Mara",
        "URL:https://example.org/reviews/1/",
        "CATEGORIES:Review",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_what_is_cancelled_says_so():
    assert b"\r\nSTATUS:CANCELLED\r\n" in written(day(is_cancelled=True))


def test_an_empty_calendar_is_one():
    assert written().endswith(b"PT1H\r\nEND:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a, b; c", "a\\, b\\; c"),
        ("one\r\ntwo\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("C:\\new", "C:\\\\new"),
        ("bell\x07 and null\x00", "bell and null"),
        ("a: “b”", "a: “b”"),
    ],
)
def test_text_is_escaped(text, escaped):
    assert ical_writing.escaped(text) == escaped


def test_nobody_writes_lines_of_their_own_into_it():
    text = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil"
    file = written(day(summary=text, description=text, url="https://example.org/\r\nSUMMARY:evil"), name=text)
    lines = file.decode().replace("\r\n ", "").split("\r\n")
    assert sum(line.startswith("BEGIN:VEVENT") for line in lines) == 1
    assert sum(line.startswith("SUMMARY") for line in lines) == 1


@given(st.text(max_size=300))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text):
    file = written(day(summary=text, description=text))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    for line in file.split(b"\r\n"):
        line.decode()
    unfolded = file.decode().replace("\r\n ", "").split("\r\n")
    assert f"SUMMARY:{ical_writing.escaped(text)}" in unfolded


@given(
    st.dates(date(2000, 1, 1), date(2090, 12, 30)), st.text(st.characters(codec="ascii", categories=["L"]), min_size=1)
)
def test_it_can_be_read_again(on, summary):
    found = ical.read(written(day(day=on, summary=summary)), first=on, last=on, zone="UTC")
    assert [(event.day, event.name, event.uid) for event in found.events] == [(on, summary, "review-1@example.org")]
