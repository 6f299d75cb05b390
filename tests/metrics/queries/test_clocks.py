"""Which clocks of service targets are overdue, soon due or stand still."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import targets
from metrics.models import ServiceTarget, Ticket
from metrics.queries.clocks import NOT_GIVEN, SHOWN, Clocks, State, is_known, members
from tests.factories import (
    CalendarFactory,
    ServiceTargetFactory,
    TeamFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import at, organisation

pytestmark = pytest.mark.django_db
MONDAY = at("2026-03-02 18:00")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def shown(*states, now=MONDAY, **kept):
    rows = Clocks(now=now, **kept).rows(*(states or SHOWN))
    return [(one.ticket.external_id, one.metric, str(one.state), one.left_seconds) for one in rows]


def totals(now=MONDAY, **kept):
    return {str(state): sum(found.values()) for state, found in Clocks(now=now, **kept).counts().items()}


def hours(opens, closes, zone="UTC", **values):
    week = {day: [[opens, closes]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return CalendarFactory(week=week, time_zone=zone, **values)


def test_every_clock_is_in_one_state_and_what_stands_still_is_last():
    organisation(pause_statuses=["Waiting"])
    ServiceTargetFactory(seconds=3600, warn_minutes=30)
    ServiceTargetFactory(metric="first_response", seconds=600, warn_minutes=5)
    TicketFactory(external_id="both", created_at="2026-03-02T16:00Z")
    TicketFactory(external_id="soon", created_at="2026-03-02T17:20Z", first_agent_reply_at="2026-03-02T17:21Z")
    TicketFactory(external_id="runs", created_at="2026-03-02T17:50:01Z", first_agent_reply_at="2026-03-02T17:51Z")
    waits = TicketFactory(external_id="waits", created_at="2026-03-02T17:30Z", first_agent_reply_at="2026-03-02T17:31Z")
    TicketEventFactory(ticket=waits, at="2026-03-02T17:40Z", to_value="waiting")
    targets.apply_all()
    assert shown() == [
        ("both", "first_response", "overdue", -6600),
        ("both", "resolution", "overdue", -3600),
        ("soon", "resolution", "soon", 1200),
        ("waits", "resolution", "paused", None),
    ]
    assert shown(State.RUNNING) == [("runs", "resolution", "running", 3001)]
    assert totals() == {"overdue": 2, "soon": 1, "paused": 1, "running": 1}


def test_what_was_answered_nobody_knows_when_does_not_wait_for_an_answer():
    ServiceTargetFactory(metric="first_response", seconds=600)
    for name, replies in (("answered", 2), ("counted", 0), ("unknown", None)):
        TicketFactory(external_id=name, created_at="2026-03-02T17:00Z", agent_replies=replies)
    targets.apply_all()
    TicketFactory(external_id="call", ring_started_at="2026-03-02T17:00Z", answered_at="2026-03-02T17:01Z")
    targets.apply_all()
    assert [row[0] for row in shown()] == ["counted", "unknown"]


def test_nothing_is_due_for_who_gave_up_before_anybody_answered():
    for metric in ("first_response", "resolution"):
        ServiceTargetFactory(metric=metric, seconds=60)
    rang, gave_up = {"ring_started_at": "2026-03-02T17:00Z"}, {"abandoned_at": "2026-03-02T17:02Z"}
    TicketFactory(external_id="rings", **rang)
    TicketFactory(external_id="gone", **rang, **gave_up)
    TicketFactory(external_id="called back", **rang, **gave_up, first_agent_reply_at="2026-03-02T17:10Z")
    TicketFactory(external_id="closed", **rang, closed_at="2026-03-02T17:10Z")
    targets.apply_all()
    assert [row[:3] for row in shown()] == [
        ("rings", "resolution", "overdue"),
        ("called back", "resolution", "overdue"),
        ("rings", "first_response", "overdue"),
    ]
    assert totals() == {"overdue": 3, "soon": 0, "paused": 0, "running": 0}


@pytest.mark.parametrize("status", ["Closed", "solved", "Resolved"])
def test_what_has_ended_nobody_knows_when_waits_for_nothing(status):
    ServiceTargetFactory(metric="resolution")
    for name, is_over in (("open", False), ("over", True)):
        TicketFactory(external_id=name, created_at="2026-03-02T10:00Z", status=status if is_over else "open")
    targets.apply_all()
    assert [name for name, *_ in shown()] == ["open"]
    assert sum(totals().values()) == 1


def test_a_pause_that_begins_after_the_due_time_does_not_hide_that_it_was_missed():
    organisation(pause_statuses=["waiting"])
    ServiceTargetFactory(seconds=3600)
    late = TicketFactory(external_id="late", created_at="2026-03-02T15:00Z")
    TicketEventFactory(ticket=late, at="2026-03-02T16:01Z", to_value="waiting")
    targets.apply_all()
    assert shown() == [("late", "resolution", "overdue", -7200)]


def test_business_time_counts_what_is_left_and_what_is_overdue():
    hours("09:00", "17:00")
    ServiceTargetFactory(seconds=2 * 3600, clock="business", warn_minutes=60)
    TicketFactory(external_id="friday", created_at="2026-02-27T14:30Z")  # due at half past four
    TicketFactory(external_id="monday", created_at="2026-03-02T16:00Z")  # due on Tuesday at ten
    targets.apply_all()
    assert shown() == [("friday", "resolution", "overdue", -1800 - 8 * 3600), ("monday", "resolution", "soon", 3600)]


def test_what_is_soon_depends_on_the_calendar_of_the_ticket():
    """Both are due at ten on Tuesday with an hour of warning: at night only for whom the morning begins at nine."""
    hours("09:00", "17:00")
    early = hours("06:00", "17:00", zone="Europe/Berlin", is_default=False)
    early.uses.create(channel="chat")
    ServiceTargetFactory(seconds=3600, clock="business", warn_minutes=60)
    for channel, created in (("mail", "2026-03-02T17:00Z"), ("chat", "2026-03-02T17:00Z")):
        TicketFactory(external_id=channel, channel=channel, created_at=created)
    targets.apply_all()
    Ticket.objects.update(target_due_at="2026-03-03T10:00Z")
    found = list(Clocks(now=MONDAY).rows(*SHOWN))
    assert [(one.ticket.external_id, one.zone) for one in found] == [("mail", "UTC")]
    assert totals() == {"overdue": 0, "soon": 1, "paused": 0, "running": 1}
    assert [one.zone for one in Clocks(now=MONDAY).rows(State.RUNNING)] == ["Europe/Berlin"]
    assert totals(at("2026-03-03 09:00")) == {"overdue": 0, "soon": 2, "paused": 0, "running": 0}


def test_a_team_keeps_its_calendar_when_the_ticket_was_handed_over():
    hours("09:00", "17:00")
    night = TeamFactory(name="Night")
    always = CalendarFactory(is_default=False, week={"tue": [["00:00", "24:00"]], "mon": [["00:00", "24:00"]]})
    always.uses.create(team=night)
    ServiceTargetFactory(seconds=3600, clock="business", warn_minutes=60)
    ticket = TicketFactory(external_id="moved", created_at="2026-03-02T16:30Z")
    TicketEventFactory(ticket=ticket, kind="team", at="2026-03-02T17:00Z", from_value="Day", to_value="Night")
    targets.apply_all()
    assert Ticket.objects.get().target_due_at == at("2026-03-02 17:30")
    assert shown() == [("moved", "resolution", "overdue", -1800)]


def test_the_warning_is_that_of_the_version_which_was_applied():
    target = ServiceTargetFactory(seconds=3600, warn_minutes=10)
    TicketFactory(external_id="before", created_at="2026-03-02T17:20Z")
    target.warn_minutes = 60
    targets.change(target, at=at("2026-03-02 17:25"))
    TicketFactory(external_id="after", created_at="2026-03-02T17:30Z")
    targets.apply_all()
    assert shown() == [("after", "resolution", "soon", 1800)]
    assert [(one.ticket.external_id, one.promise.warn_minutes) for one in Clocks(now=MONDAY).rows(State.RUNNING)] == [
        ("before", 10)
    ]


def test_a_target_that_was_switched_off_still_binds_what_it_was_applied_to():
    target = ServiceTargetFactory(seconds=3600)
    TicketFactory(external_id="bound", created_at="2026-03-02T16:00Z")
    ServiceTarget.objects.filter(pk=target.pk).update(is_active=False)
    assert shown() == []
    ServiceTarget.objects.filter(pk=target.pk).update(is_active=True)
    targets.apply_all()
    ServiceTarget.objects.filter(pk=target.pk).update(is_active=False)
    assert shown() == [("bound", "resolution", "overdue", -3600)]


def test_a_channel_and_a_team_are_kept_and_so_are_tickets_without_one():
    ServiceTargetFactory(seconds=3600)
    for name, channel in (("Tier 1", "chat"), ("Tier 2", "mail"), ("Tier 2", "chat")):
        TicketFactory(external_id=f"{name} {channel}", channel=channel, team=TeamFactory(name=name))
    TicketFactory(external_id="neither")
    targets.apply_all()
    names = {kept: [row[0] for row in shown(**dict([kept]))] for kept in (("channel", "chat"), ("team", "Tier 2"))}
    assert names == {
        ("channel", "chat"): ["Tier 1 chat", "Tier 2 chat"],
        ("team", "Tier 2"): ["Tier 2 mail", "Tier 2 chat"],
    }
    assert shown(channel="chat", team="Tier 2") == [("Tier 2 chat", "resolution", "overdue", -7 * 3600)]
    assert [row[0] for row in shown(team=NOT_GIVEN)] == ["neither"] == [row[0] for row in shown(channel=NOT_GIVEN)]
    assert totals(channel="mail") == {"overdue": 1, "soon": 0, "paused": 0, "running": 0}
    assert members() == (["chat", "mail"], ["Tier 1", "Tier 2"])
    assert (is_known("team", "Tier 1"), is_known("channel", "fax")) == (True, False)


def test_pages_are_pieces_of_the_whole():
    ServiceTargetFactory(seconds=3600)
    ServiceTargetFactory(metric="first_response", seconds=600)
    for minute in range(10, 15):
        TicketFactory(created_at=f"2026-03-02T10:{minute}Z")
    targets.apply_all()
    clocks = Clocks(now=MONDAY)
    whole = [(one.ticket.pk, one.metric) for one in clocks.rows(*SHOWN)]
    pieces = [(one.ticket.pk, one.metric) for first in (0, 4, 8) for one in clocks.rows(*SHOWN, first=first, limit=4)]
    assert pieces == whole
    assert len(set(whole)) == 10


def test_the_number_of_queries_does_not_grow():
    calendar = hours("09:00", "17:00", is_default=False)
    calendar.uses.create(team=TeamFactory(name="Tier 1"))
    ServiceTargetFactory(seconds=3600, clock="business", warn_minutes=600)
    found = []
    for count in (1, 12):
        TicketFactory.create_batch(count, created_at="2026-03-02T17:30Z")
        targets.apply_all()
        with CaptureQueriesContext(connection) as queries:
            clocks = Clocks(now=MONDAY)
            clocks.counts()
            assert list(clocks.rows(*SHOWN, limit=50))
        found.append(len(queries))
    assert found[0] == found[1] <= 25


def test_nothing_promised():
    TicketFactory()
    assert (shown(), totals()) == ([], {"overdue": 0, "soon": 0, "paused": 0, "running": 0})
