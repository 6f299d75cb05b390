from datetime import date

import pytest

from kpiproject.lib import ical

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def calendar(*events, newline="\r\n"):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return newline.join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events, **options):
    found = ical.read(calendar(*events, **options), first=FIRST, last=LAST, zone="Europe/Berlin")
    return [f"{event.day} {event.name}" for event in found.events], found.left_out


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260501|SUMMARY:Labour Day", ["2026-05-01 Labour Day"]),
        ("DTSTART;TZID=Europe/Berlin:20261224T000000|SUMMARY:Zone", ["2026-12-24 Zone"]),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260503|SUMMARY:Two", ["2026-05-01 Two", "2026-05-02 Two"]),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260501|SUMMARY:Empty", ["2026-05-01 Empty"]),
        (
            "DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY|SUMMARY:New",
            ["2026-01-01 New", "2027-01-01 New", "2028-01-01 New"],
        ),
        ("DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;COUNT=8|SUMMARY:N", ["2026-01-01 N", "2027-01-01 N"]),
        ("DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;INTERVAL=4|SUMMARY:N", ["2028-01-01 N"]),
        ("DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;UNTIL=20270101|SUMMARY:N", ["2026-01-01 N", "2027-01-01 N"]),
        ("DTSTART:20200501|RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;COUNT=7;WKST=MO|SUMMARY:N", ["2026-05-01 N"]),
        ("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY|SUMMARY:Leap", ["2028-02-29 Leap"]),
        ("DTSTART:20250101|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20260101|EXDATE:20270101,20280102", ["2028-01-01 –"]),
        ("DTSTART;VALUE=DATE:20260501|SUMMARY:One\\, two\\; three\\nfour \\\\", ["2026-05-01 One, two; three four \\"]),
        ("DTSTART;VALUE=DATE:20260501|SUMMARY:Long|  name", ["2026-05-01 Long name"]),
        ("DTSTART;VALUE=DATE:20260501|STATUS:CANCELLED|SUMMARY:Not", []),
        ("DTSTART;VALUE=DATE:20260501", ["2026-05-01 –"]),
        ("DTSTART;VALUE=DATE:20260501|SUMMARY:Day|BEGIN:VALARM|SUMMARY:Alarm|END:VALARM", ["2026-05-01 Day"]),
        ("DTSTART;VALUE=DATE:20230501|SUMMARY:Long ago", []),
    ],
)
def test_days_of_an_event(event, expected):
    assert read(event) == (expected, 0)


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:No date",
        "DTSTART:tomorrow",
        "DTSTART:20261350",
        "DTSTART:20260101|RRULE:FREQ=WEEKLY",
        "DTSTART:20260101|RRULE:FREQ=YEARLY;BYDAY=1MO",
        "DTSTART:20260101|RRULE:FREQ=YEARLY;BYMONTH=2",
        "DTSTART:20260101|RRULE:FREQ=YEARLY;INTERVAL=0",
        "DTSTART:20260101|RRULE:FREQ=YEARLY;INTERVAL=x",
        "DTSTART:20260101|RRULE:nonsense",
        "DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20290101",
        "DTSTART:20260101|EXDATE:never",
        "DTSTART:20261224T120000|SUMMARY:No length",
        "DTSTART:20261224T120000|DTEND:20261224T110000",
        "DTSTART:20261224T120000|DURATION:an hour",
        "DTSTART:20261224T250000|DTEND:20261224T260000",
        "DTSTART;TZID=W. Europe Standard Time:20261224T120000|DTEND:20261224T180000",
        "DTSTART;TZID=../etc:20261224T120000|DTEND:20261224T180000",
    ],
)
def test_an_event_that_is_not_understood_is_left_out_and_counted(event):
    assert read(event, "DTSTART:20260501|SUMMARY:Fine") == (["2026-05-01 Fine"], 1)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20261231T130000|DTEND:20261231T180000", [("2026-12-31", (780, 1080))]),
        ("DTSTART:20261231T120000Z|DTEND:20261231T170000Z", [("2026-12-31", (780, 1080))]),
        (
            "DTSTART;TZID=America/New_York:20261231T070000|DTEND;TZID=America/New_York:20261231T120000",
            [("2026-12-31", (780, 1080))],
        ),
        ("DTSTART:20261231T130000|DURATION:PT5H", [("2026-12-31", (780, 1080))]),
        (
            "DTSTART:20261224T130000|DTEND:20261226T120000",
            [("2026-12-24", (780, 1440)), ("2026-12-25", None), ("2026-12-26", (0, 720))],
        ),
        ("DTSTART:20261224T000000|DTEND:20261225T000000", [("2026-12-24", None)]),
        ("DTSTART;VALUE=DATE:20261224|DURATION:P2D", [("2026-12-24", None), ("2026-12-25", None)]),
        ("DTSTART:20261230T230000Z|DTEND:20261231T230000Z", [("2026-12-31", None)]),
        (
            "DTSTART:20251231T130000|DTEND:20251231T180000|RRULE:FREQ=YEARLY;COUNT=3",
            [("2026-12-31", (780, 1080)), ("2027-12-31", (780, 1080))],
        ),
    ],
)
def test_times_take_only_their_hours_in_the_zone_of_the_calendar(event, expected):
    found = ical.read(calendar(event), first=FIRST, last=LAST, zone="Europe/Berlin")
    assert ([(str(one.day), one.hours) for one in found.events], found.left_out) == (expected, 0)


def test_other_line_ends_and_alphabets():
    assert read("DTSTART:20260501|SUMMARY:Fête", newline="\n") == (["2026-05-01 Fête"], 0)
    found = ical.read(
        calendar("DTSTART:20260501|SUMMARY:Fete").replace(b"Fete", b"F\xeate"),
        first=FIRST,
        last=LAST,
        zone="Europe/Berlin",
    )
    assert found.events[0].name == "Fête"
    assert ical.read(b"\xef\xbb\xbf" + calendar(), first=FIRST, last=LAST, zone="Europe/Berlin").events == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is not an iCalendar file"),
        (b"PK\x03\x04\x00\x00", "This is not an iCalendar file"),
        (b"<html>BEGIN:VCALENDAR</html>", "This is not an iCalendar file"),
        (b"BEGIN:VCALENDAR\n" + b"x" * 1_000_000, "larger than 1 MB"),
        (calendar(*["DTSTART:20260501"] * 5001), "more than 5000 events"),
    ],
)
def test_another_file_is_refused(content, sentence):
    with pytest.raises(ical.NotACalendarError, match=sentence):
        ical.read(content, first=FIRST, last=LAST, zone="Europe/Berlin")


def test_events_that_never_end_are_no_events():
    content = b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nDTSTART:20260501\n" * 1000
    assert ical.read(content, first=FIRST, last=LAST, zone="Europe/Berlin").events == []
