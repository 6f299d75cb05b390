"""An iCalendar file that every program reads: folded, escaped, and read back by our own reader."""

import re
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


# --- RFC 5545, by a reader that shares nothing with the writer
def content_lines(file):
    """Unfolded (section 3.1): a line break with a space or tab after it is nothing."""
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert b"\r" not in file.replace(b"\r\n", b"")
    return re.sub(rb"\r\n[ \t]", b"", file).decode().split("\r\n")[:-1]


def text_of(value):
    """A value of type TEXT (section 3.3.11), read character by character."""
    found, characters = "", iter(value)
    for character in characters:
        if character == "\\":
            following = next(characters)
            assert following in ("\\", ";", ",", "n", "N")
            found += "\n" if following in "nN" else following
        else:
            assert character not in ";,"
            found += character
    return found


def values_of(file, name):
    return [line.partition(":")[2] for line in content_lines(file) if re.match(rf"{name}[;:]", line)]


def test_the_example_of_the_standard_for_text():
    text = "Project XYZ Final Review\nConference Room - 3B\nCome Prepared."
    (value,) = values_of(written(day(description=text)), "DESCRIPTION")
    assert value == r"Project XYZ Final Review\nConference Room - 3B\nCome Prepared."


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_comes_back_as_it_was_but_for_what_is_no_text(summary, description):
    def kept(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(one for one in text if one in {"\n", "\t"} or not (ord(one) < 32 or ord(one) == 127))

    file = written(day(summary=summary, description="x" + description))
    assert [text_of(value) for value in values_of(file, "SUMMARY")] == [kept(summary)]
    assert [text_of(value) for value in values_of(file, "DESCRIPTION")] == ["x" + kept(description)]


@pytest.mark.parametrize("character", ["a", "ß", "€", "😀", ",", "\n"])
@pytest.mark.parametrize("before", range(8))
def test_a_line_is_folded_between_characters_wherever_the_border_falls(character, before):
    """Of one, two, three and four octets, and of those that are escaped."""
    text = "x" * before + character * 200
    file = written(day(summary=text))
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert [text_of(value) for value in values_of(file, "SUMMARY")] == [text]


def test_every_line_and_every_event_has_what_the_standard_asks_for():
    file = written(day(), day(uid="review-2@example.org", description="a:b;c", is_cancelled=True))
    lines = content_lines(file)
    name = r"[A-Z0-9-]+"
    assert all(re.fullmatch(rf"{name}(;{name}=[^:;]+)*:.*", line) for line in lines)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert [values_of(file, one) for one in ("VERSION", "PRODID")] == [["2.0"], ["-//Example//Dates//EN"]]
    for once in ("UID", "DTSTAMP", "DTSTART"):
        assert len(values_of(file, once)) == 2
    assert len(set(values_of(file, "UID"))) == 2


@pytest.mark.parametrize(
    ("on", "after"), [("2026-12-31", "20270101"), ("2028-02-28", "20280229"), ("2026-03-29", "20260330")]
)
def test_a_day_ends_with_the_next_one_also_at_the_end_of_a_year_and_when_clocks_change(on, after):
    file = written(day(day=date.fromisoformat(on)))
    assert values_of(file, "DTSTART") == [on.replace("-", "")]
    assert values_of(file, "DTEND") == [after]
