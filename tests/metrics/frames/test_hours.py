"""Which calendar measures a ticket: by team, channel and tier, while the time passed."""

import pytest

from metrics.models import EarlierTier, Ticket, TicketEvent
from metrics.queries import BadQuestion
from tests.factories import CalendarFactory, CustomerFactory, TeamFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import at, organisation, point

pytestmark = pytest.mark.django_db
HOUR = 3600
ROUND = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def hours(**use):
    """A calendar that is always open, for what is told."""
    calendar = CalendarFactory(is_default=False, week=ROUND)
    calendar.uses.create(**use)
    return calendar


def solved(**values):
    """Open for a day, from Monday noon on: 8 opening hours, 24 hours of the other calendar."""
    return TicketFactory(created_at="2026-03-02T12:00Z", solved_at="2026-03-03T12:00Z", **values)


def business_hours():
    return point("resolution_time", clock="business").value / HOUR


@pytest.mark.parametrize(
    ("use", "ticket", "expected"),
    [
        ({"channel": "chat"}, {"channel": "chat"}, 24),
        ({"channel": "chat"}, {"channel": "mail"}, 8),
        ({"channel": "chat"}, {}, 8),
        ({"tier": "gold"}, {"customer": {"tier": "gold"}}, 24),
        ({"tier": "gold"}, {"customer": {"tier": "silver"}}, 8),
        ({"tier": "gold", "channel": "chat"}, {"customer": {"tier": "gold"}}, 8),
        ({"tier": "gold", "channel": "chat"}, {"customer": {"tier": "gold"}, "channel": "chat"}, 24),
    ],
)
def test_a_calendar_counts_for_what_it_is_used_for(use, ticket, expected):
    CalendarFactory()
    hours(**use)
    customer = CustomerFactory(**ticket.pop("customer")) if "customer" in ticket else None
    solved(customer=customer, **ticket)
    assert business_hours() == expected


def test_a_calendar_counts_for_a_team_by_its_name_and_by_its_id():
    CalendarFactory()
    team = TeamFactory(name="Night desk", external_id="N1")
    hours(team=team)
    ticket = solved(team=team)
    assert business_hours() == 24
    Ticket.objects.update(team=TeamFactory(name="Night desk", external_id="other"))
    assert business_hours() == 24
    Ticket.objects.update(team=TeamFactory(name="Day desk"))
    assert business_hours() == 8
    TicketEventFactory(ticket=ticket, at="2026-03-02T10:00Z", kind="team", to_value="N1")
    assert business_hours() == 24


def test_every_hour_counts_by_the_team_that_had_the_ticket_while_it_passed():
    """Noon to six with the day desk, which closes at five; all of the night with the other; from six on the first."""
    CalendarFactory()
    night = TeamFactory(name="Night")
    hours(team=night)
    ticket = solved(team=night)
    TicketEventFactory(ticket=ticket, at="2026-03-02T18:00Z", kind="team", from_value="Day", to_value="Night")
    TicketEventFactory(ticket=ticket, at="2026-03-03T06:00Z", kind="team", from_value="Night", to_value="Day")
    assert business_hours() == 5 + 12 + 3
    TicketEvent.objects.filter(to_value="Day").delete()
    assert business_hours() == 5 + 18


def test_as_zendesk_measures_the_calendar_at_the_end_counts_for_the_whole_time():
    CalendarFactory()
    night = TeamFactory(name="Night")
    hours(team=night)
    ticket = solved(team=night, first_agent_reply_at="2026-03-02T18:00Z")
    TicketEventFactory(ticket=ticket, at="2026-03-02T20:00Z", kind="team", from_value="Day", to_value="Night")
    organisation(schedule_at_end=True)
    assert business_hours() == 24
    assert point("first_response_time", clock="business").value == 5 * HOUR
    organisation(schedule_at_end=False)
    assert business_hours() == 5 + 16


def test_pauses_are_cut_out_of_the_calendar_in_which_they_lie():
    CalendarFactory()
    organisation(pause_statuses=["Pending"])
    night = TeamFactory(name="Night")
    hours(team=night)
    ticket = solved(team=night)
    TicketEventFactory(ticket=ticket, at="2026-03-02T18:00Z", kind="team", from_value="Day", to_value="Night")
    TicketEventFactory(ticket=ticket, at="2026-03-02T16:00Z", from_value="Open", to_value="Pending")
    TicketEventFactory(ticket=ticket, at="2026-03-02T19:00Z", from_value="Pending", to_value="Open")
    assert business_hours() == 5 + 18 - 1 - 1


def test_the_first_use_by_its_order_counts():
    CalendarFactory()
    calendar = hours(channel="chat", position=2)
    solved(channel="chat")
    CalendarFactory(is_default=False, week={"tue": [["00:00", "01:00"]]}).uses.create(channel="chat", position=1)
    assert business_hours() == 1
    calendar.uses.update(position=0)
    assert business_hours() == 24


def test_the_tier_is_that_of_the_day_the_ticket_came_in():
    CalendarFactory()
    hours(tier="gold")
    customer = CustomerFactory(tier="gold")
    solved(customer=customer)
    assert business_hours() == 24
    EarlierTier.objects.create(customer=customer, tier="silver", until=at("2026-03-02 12:01"))
    assert business_hours() == 8


@pytest.mark.parametrize("week", [{}, {"mon": []}])
def test_a_calendar_that_never_opens_measures_calendar_time(week):
    CalendarFactory()
    CalendarFactory(is_default=False, week=week).uses.create(channel="chat")
    solved(channel="chat")
    assert business_hours() == 24


def test_without_a_default_the_rest_is_measured_in_calendar_time():
    with pytest.raises(BadQuestion):
        point("resolution_time", clock="business")
    CalendarFactory(is_default=False, week={"mon": [["13:00", "14:00"]]}).uses.create(channel="chat")
    solved(channel="chat")
    assert business_hours() == 1
    Ticket.objects.update(channel="mail")
    assert business_hours() == 24


def test_other_hours_from_a_date_on_leave_the_time_before_as_it_was():
    calendar = CalendarFactory()
    solved()
    calendar.earlier.create(until="2026-03-03", week=calendar.week, time_zone="UTC")
    calendar.week = {"tue": [["11:00", "13:00"]]}
    calendar.save()
    assert business_hours() == 5 + 1
