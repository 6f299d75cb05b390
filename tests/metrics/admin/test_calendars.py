"""Opening hours, holidays and other days in the administration."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kpiproject.calendars import worktime
from kpiproject.models import BusinessCalendar, CalendarUse, Holiday
from metrics import targets
from tests.factories import CalendarFactory, ManagerFactory, ServiceTargetFactory, StaffFactory, TicketFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/kpiproject/businesscalendar/add/"
PREFIXES = ("uses", "holidays", "special_days", "earlier")
OFFICE = {"name": "Office", "time_zone": "Europe/Berlin", "is_default": "on"}


@pytest.fixture(autouse=True)
def manager(client):
    client.force_login(ManagerFactory())


def inlines(**rows):
    """Management forms of all inlines, with the one new row of each that is given."""
    found: dict[str, str] = {}
    for prefix in PREFIXES:
        given = rows.get(prefix)
        found |= {f"{prefix}-TOTAL_FORMS": "1" if given else "0", f"{prefix}-INITIAL_FORMS": "0"}
        found |= {f"{prefix}-0-{name}": value for name, value in (given or {}).items()}
    return found


def times(day, *pairs):
    return {f"{day}_from": [opens for opens, _ in pairs], f"{day}_to": [closes for _, closes in pairs]}


def change(calendar):
    return reverse("admin:kpiproject_businesscalendar_change", args=[calendar.pk])


def errors(answer):
    form = answer.context["adminform"].form
    return [str(one) for listed in form.errors.values() for one in listed]


def test_a_calendar_is_written_with_times(client):
    hours = {
        **times("mon", ("09:00", "12:00"), ("13:00", "17:00"), ("", "")),
        **times("fri", ("22:00", "06:00")),
        **times("sat", ("00:00", "00:00")),
        **times("sun", ("18:00:00", "24:00")),
    }
    answer = client.post(ADD, OFFICE | hours | inlines())
    calendar = BusinessCalendar.objects.get()
    assert answer.status_code == 302
    assert calendar.week == {
        "mon": [["09:00", "12:00"], ["13:00", "17:00"]],
        "fri": [["22:00", "06:00"]],
        "sat": [["00:00", "24:00"]],
        "sun": [["18:00", "24:00"]],
    }
    page = client.get(change(calendar)).content.decode()
    assert 'name="mon_from" id="id_mon_from_2" value="13:00" aria-label="Monday, opening time 2"' in page
    assert 'name="sun_to" id="id_sun_to_1" value="00:00"' in page
    assert page.count('name="tue_from"') == 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (times("mon", ("09:00", "")), "Give both times: when you open and when you close."),
        (times("mon", ("", "17:00")), "Give both times: when you open and when you close."),
        (times("mon", ("09:00", "09:00")), "You close when you open; a whole day is 00:00 – 00:00."),
        (times("mon", ("9", "17:00")), "“9 – 17:00” are no times such as 09:00 and 17:00."),
        (times("mon", ("09:00", "25:00")), "“09:00 – 25:00” are no times such as 09:00 and 17:00."),
        (
            times("mon", ("08:00", "12:00"), ("11:00", "13:00")),
            "08:00-12:00 and 11:00-13:00 overlap. Let one end before the other begins, or write them as one.",
        ),
        (
            {"time_zone": "Factory", **times("mon", ("09:00", "17:00"))},
            "“Factory” is not a time zone; write a name such as Europe/Berlin.",
        ),
        (
            {"time_zone": "Mars/Base", **times("mon", ("09:00", "17:00"))},
            "“Mars/Base” is not a time zone; write a name such as Europe/Berlin.",
        ),
        ({}, "Enter the hours of at least one day: a calendar that never opens measures nothing."),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(client, given, sentence):
    answer = client.post(ADD, OFFICE | given | inlines())
    assert errors(answer) == [sentence]
    assert not BusinessCalendar.objects.exists()


def test_a_special_day_with_hours_that_overlap_is_refused(client):
    day = {"date": "2026-12-19", "intervals": "10:00-14:00, 13:00-15:00", "reason": "Slip"}
    page = client.post(ADD, OFFICE | times("mon", ("09:00", "17:00")) | inlines(special_days=day)).content.decode()
    assert "10:00-14:00 and 13:00-15:00 overlap." in page
    assert not BusinessCalendar.objects.exists()


def test_a_second_default_calendar_is_refused(client):
    CalendarFactory()
    answer = client.post(ADD, OFFICE | times("mon", ("09:00", "17:00")) | inlines())
    assert answer.status_code == 200
    assert BusinessCalendar.objects.count() == 1


def test_holidays_other_days_and_uses_are_written_beside(client):
    rows = inlines(
        holidays={"date": "2026-12-24", "name": "Christmas Eve", "is_active": "on", "intervals": "9-12"},
        special_days={"date": "2026-12-19", "intervals": "10:00-14:00", "reason": "Shopping Saturday"},
        uses={"position": "1", "channel": "chat"},
    )
    client.post(ADD, OFFICE | times("mon", ("09:00", "17:00")) | rows)
    calendar = BusinessCalendar.objects.get()
    assert [(str(one), one.intervals) for one in calendar.holidays.all()] == [
        ("2026-12-24 Christmas Eve", [["09:00", "12:00"]])
    ]
    assert [(str(one), one.intervals) for one in calendar.special_days.all()] == [
        ("2026-12-19 Shopping Saturday", [["10:00", "14:00"]])
    ]
    assert [str(one) for one in CalendarUse.objects.all()] == ["chat"]


def test_a_use_is_for_something(client):
    answer = client.post(ADD, OFFICE | times("mon", ("09:00", "17:00")) | inlines(uses={"position": "1", "tier": " "}))
    assert "Say for which team, channel or tier; for all of them make it the default." in answer.content.decode()


def test_other_hours_count_from_a_date_on_and_the_past_stays(client):
    calendar = CalendarFactory(name="Office", week={"mon": [["09:00", "17:00"]]})
    client.post(change(calendar), OFFICE | times("mon", ("10:00", "16:00")) | {"start": "2026-05-01"} | inlines())
    calendar.refresh_from_db()
    assert (calendar.week, calendar.time_zone) == ({"mon": [["10:00", "16:00"]]}, "Europe/Berlin")
    assert [(str(one.until), one.week, one.time_zone) for one in calendar.earlier.all()] == [
        ("2026-05-01", {"mon": [["09:00", "17:00"]]}, "UTC")
    ]
    assert "Monday 09:00-17:00" in client.get(change(calendar)).content.decode()
    client.post(change(calendar), OFFICE | times("mon", ("08:00", "16:00")) | {"start": ""} | inlines())
    assert calendar.earlier.count() == 0


def test_another_name_changes_no_hours(client):
    calendar = CalendarFactory(week={"mon": [["09:00", "17:00"]]})
    values = OFFICE | {"time_zone": "UTC"} | times("mon", ("09:00", "17:00")) | {"start": "2026-05-01"} | inlines()
    client.post(change(calendar), values)
    calendar.refresh_from_db()
    assert (calendar.name, calendar.earlier.count()) == ("Office", 0)


def test_how_many_open_tickets_get_other_due_times_is_told(client):
    calendar = CalendarFactory(week={"mon": [["09:00", "17:00"]]})
    ServiceTargetFactory(seconds=3600, clock="business")
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T11:00Z")
    TicketFactory(created_at="2026-03-02T10:00Z")
    TicketFactory(created_at="2026-03-02T14:00Z")
    targets.apply_all()
    values = OFFICE | {"time_zone": "UTC"} | times("mon", ("13:00", "17:00")) | {"start": ""} | inlines()
    page = client.post(change(calendar), values, follow=True).content.decode()
    assert "1 open ticket gets another due time; figures follow in a moment." in page
    values |= times("mon", ("13:00", "16:00"))
    targets.apply_all()
    page = client.post(change(calendar), values, follow=True).content.decode()
    assert "No open ticket gets another due time." in page


def test_the_next_two_weeks_are_shown(client, time_machine):
    time_machine.move_to("2026-12-21T10:00Z", tick=False)
    client.force_login(ManagerFactory())
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 12, 24), name="Christmas Eve", intervals=[["09:00", "12:00"]])
    calendar.holidays.create(date=date(2026, 12, 25), name="Christmas Day")
    calendar.special_days.create(date=date(2026, 12, 26), intervals=[["10:00", "11:00"]], reason="Emergency")
    page = client.get(change(calendar)).content.decode()
    start, end = page.index('<table class="preview">'), page.index("</table>", page.index('<table class="preview">'))
    table = page[start:end]
    assert table.count("<tr>") == 15
    assert '<th scope="row">Monday, 21 December</th><td>09:00-17:00</td><td></td>' in table
    assert '<th scope="row">Thursday, 24 December</th><td>09:00-12:00</td><td>Christmas Eve</td>' in table
    assert '<th scope="row">Friday, 25 December</th><td>closed</td><td>Christmas Day</td>' in table
    assert '<th scope="row">Saturday, 26 December</th><td>10:00-11:00</td><td>Emergency</td>' in table


# --- Holidays by the dozen ----------------------------------------------------------------------------------------
FILE = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:one
DTSTART;VALUE=DATE:20260501
SUMMARY:Labour Day
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260101
RRULE:FREQ=WEEKLY
SUMMARY:Every Thursday
END:VEVENT
END:VCALENDAR
"""


def holidays_page(calendar):
    return reverse("admin:kpiproject_calendar_holidays", args=[calendar.pk])


def test_holidays_of_a_region_are_added_once(client):
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 10, 31), name="Reformation Day", is_active=False)
    values = {"library-country": "DE", "library-region": "HH", "library-first": "2026", "library-last": "2026"}
    page = client.post(holidays_page(calendar), values | {"library": "Add"}, follow=True).content.decode()
    assert "9 holidays were added; those that were there stayed as they are." in page
    assert not Holiday.objects.get(date=date(2026, 10, 31)).is_active
    client.post(holidays_page(calendar), values | {"library": "Add"})
    assert Holiday.objects.count() == 10


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"library-region": "ZZ"}, "“ZZ” is not a region of this country; there are: "),
        ({"library-last": "2040"}, "Choose up to 11 years, the first one first."),
        ({"library-last": "2020"}, "Choose up to 11 years, the first one first."),
        ({"library-country": "Atlantis"}, "Select a valid choice."),
    ],
)
def test_holidays_that_nobody_knows_are_refused(client, values, sentence):
    calendar = CalendarFactory()
    usual = {"library-country": "DE", "library-region": "", "library-first": "2026", "library-last": "2026"}
    answer = client.post(holidays_page(calendar), usual | values | {"library": "Add"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Holiday.objects.exists()


def test_holidays_out_of_a_file(client):
    calendar = CalendarFactory()
    upload = SimpleUploadedFile("days.ics", FILE, content_type="text/calendar")
    values = {"file-file": upload, "file-first": "2026", "file-last": "2027", "file": "Add"}
    page = client.post(holidays_page(calendar), values, follow=True).content.decode()
    assert [(str(one), one.uid) for one in Holiday.objects.all()] == [("2026-05-01 Labour Day", "one")]
    assert "1 event was left out: it repeats in a way that is not read here, or has no date, " in page


def file_of(*events):
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split("|"), "END:VEVENT")]
    content = "\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()
    upload = SimpleUploadedFile("days.ics", content, content_type="text/calendar")
    return {"file-file": upload, "file-first": "2026", "file-last": "2026", "file": "Add"}


def test_an_event_of_some_hours_closes_only_these(client):
    """The calendar opens from 9 to 17 from Monday to Friday; 31 December 2026 is a Thursday."""
    calendar = CalendarFactory(time_zone="Europe/Berlin")
    values = file_of(
        "DTSTART:20261231T130000|DTEND:20261231T180000|SUMMARY:New Year's Eve",
        "DTSTART:20261224T080000|DTEND:20261224T190000|SUMMARY:Christmas Eve",
        "DTSTART:20260704T100000|DTEND:20260704T120000|SUMMARY:On a Saturday",
        "DTSTART:20261223T180000|DTEND:20261223T230000|SUMMARY:In the evening",
        "DTSTART:20261222T090000|DTEND:20261222T100000|SUMMARY:Breakfast",
        "DTSTART;VALUE=DATE:20261222|SUMMARY:Whole day",
    )
    page = client.post(holidays_page(calendar), values, follow=True).content.decode()
    assert [(str(one), one.intervals) for one in Holiday.objects.all()] == [
        ("2026-12-22 Whole day", []),
        ("2026-12-24 Christmas Eve", []),
        ("2026-12-31 New Year's Eve", [["09:00", "13:00"]]),
    ]
    assert "3 events were left out: you are closed in their hours anyway." in page
    noon, evening = datetime(2026, 12, 31, 11, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert worktime(calendar).segments(noon, evening) == [(noon, datetime(2026, 12, 31, 12, tzinfo=UTC))]


def test_another_file_is_refused(client):
    calendar = CalendarFactory()
    values = {
        "file-file": SimpleUploadedFile("a.ics", b"PK\x03\x04"),
        "file-first": "2026",
        "file-last": "2027",
        "file": "Add",
    }
    answer = client.post(holidays_page(calendar), values)
    assert answer.status_code == 422
    assert "This is not an iCalendar file" in answer.content.decode()


@pytest.mark.parametrize("object_id", ["999999", "x", "-1"])
def test_holidays_of_no_calendar(client, object_id):
    assert client.get(f"/admin/kpiproject/businesscalendar/{object_id}/holidays/").status_code == 404


def test_calendars_are_the_managers(client):
    calendar = CalendarFactory()
    client.force_login(StaffFactory())
    assert client.get(holidays_page(calendar)).status_code == 403
    assert client.post(holidays_page(calendar), {"library": "Add"}).status_code == 403
