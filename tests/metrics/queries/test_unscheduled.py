"""Durations that are in business time although no calendar counts for some of the tickets."""

import pytest

from kpiproject.queries import calendar_name
from metrics.queries import Question, figures, find_kpi, freshness
from metrics.queries.unscheduled import measuring
from metrics.why import why
from tests.factories import CalendarFactory, TeamFactory, TicketFactory
from tests.metrics.figures import compute, day

pytestmark = pytest.mark.django_db

CODE = "first_response_time"
SPAN = {"code": CODE, "start": day("2026-03-01"), "end": day("2026-04-01")}
WITHOUT_NUMBER = "Tickets without a calendar are measured in calendar time."


@pytest.fixture(autouse=True)
def tickets():
    """On Saturday evening two e-mails, and on Monday morning one call."""
    for channel, start in (("email", "07T20"), ("email", "07T20"), ("phone", "09T10")):
        TicketFactory(channel=channel, created_at=f"2026-03-{start}:00Z", first_agent_reply_at=f"2026-03-{start}:30Z")
    compute()


def use(name="Phone", **values):
    """A calendar that is no default one, in use."""
    week = {"week": values.pop("week")} if "week" in values else {}
    CalendarFactory(name=name, is_default=False, **week).uses.create(**(values or {"channel": "phone"}))
    compute()


def asked(**where):
    found = figures(Question(**SPAN, where={name: [member] for name, member in where.items()}))
    (point,) = found.points
    told = why(found, point, freshness("UTC"), where={name: [member] for name, member in where.items()})
    return point.value, told.calendar_name, point.notes


def test_what_has_no_calendar_is_said_to_be_measured_round_the_clock():
    use()
    # half an hour at night is half an hour
    assert asked(channel="email") == (
        1800,
        "round the clock",
        ("2 tickets without a calendar are measured in calendar time.",),
    )
    assert asked(channel="phone") == (1800, "Phone", ())
    assert asked() == (1800, "Phone, round the clock", ("2 tickets without a calendar are measured in calendar time.",))
    assert calendar_name() == "Phone, round the clock"


def test_the_default_calendar_leaves_nothing_without():
    CalendarFactory(name="Office")
    use()
    assert asked(channel="email") == (0, "Office", ())
    assert asked(channel="phone")[1:] == ("Phone", ())
    assert asked()[1:] == ("Office, Phone", ())


def test_a_calendar_that_never_opens_measures_nothing():
    CalendarFactory(name="Office")
    use("Closed", channel="email", week={})
    assert asked(channel="email") == (
        1800,
        "round the clock",
        ("2 tickets without a calendar are measured in calendar time.",),
    )
    assert asked()[1] == "Office, round the clock"


def test_calendars_that_never_open_are_no_business_time():
    use("Closed", week={})
    assert figures(Question(**SPAN)).clock == "calendar"
    assert calendar_name() == ""


def test_where_no_ticket_is_without_a_calendar_nothing_is_said():
    use("Post", channel="email")
    use("Phone", channel="phone")
    assert asked()[2] == ()


def test_for_some_teams_the_number_is_not_known():
    use("Night", team=TeamFactory(name="Night"))
    assert asked()[1:] == ("Night, round the clock", (WITHOUT_NUMBER,))


def test_parts_and_steps_are_noted_where_they_have_any():
    use()
    found = figures(Question(**SPAN, by="channel")).points
    assert {point.member: point.notes for point in found} == {"email": (WITHOUT_NUMBER,), "phone": ()}


def test_what_is_no_ticket_knows_the_default_calendar_alone():
    use()
    returns = find_kpi("return_processing_time")
    assert (measuring(returns, None).text, measuring(find_kpi(CODE), ["phone"]).text) == ("round the clock", "Phone")


def test_calendar_time_needs_no_words():
    use()
    (point,) = figures(Question(**SPAN, clock="calendar")).points
    assert point.notes == ()
