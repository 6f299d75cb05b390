import pytest

from kpiproject.lib.periods import Grain, Period
from metrics import frames, targets
from metrics.frames import Span
from metrics.models import ServiceTarget, Ticket
from metrics.queries import Kept, kept
from tests.factories import (
    CalendarFactory,
    CustomerFactory,
    ServiceTargetFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import at, day, organisation, point, points

pytestmark = pytest.mark.django_db


def replied(created, reply, **values):
    return TicketFactory(created_at=f"2026-03-0{created}Z", first_agent_reply_at=f"2026-03-0{reply}Z", **values)


def test_first_response_time_in_calendar_time():
    replied("2T10:00", "2T10:10")
    replied("2T10:00", "2T11:00")
    replied("2T10:00", "2T13:00")
    TicketFactory()
    found = point("first_response_time")
    assert (found.value, found.median, found.mean, found.p90, found.n) == (3600, 3600, 5000, 9360, 3)
    assert (found.low, found.high) == (600, 10800)


def test_first_response_time_prefers_the_calendar_of_the_organisation():
    CalendarFactory()
    replied("2T16:00", "3T10:00")  # Monday 16:00 to Tuesday 10:00, 17 to 9 closed
    replied("7T10:00", "7T12:00")  # Saturday
    found = point("first_response_time")
    assert (found.value, found.n, found.mean) == (3600, 2, 3600)
    assert point("first_response_time", clock="calendar").value == (18 * 3600 + 2 * 3600) / 2


def test_first_response_time_leaves_out_what_it_says():
    replied("2T10:00", "2T10:30")
    replied("2T10:00", "2T10:30", is_outbound=True)
    replied("2T10:00", "2T09:00")
    replied("2T10:00", "2T09:00", is_spam=True)
    found = point("first_response_time")
    assert (found.n, found.value) == (1, 1800)
    assert found.excluded == {"outbound": 1, "negative_duration": 1, "spam": 1}


def test_first_response_time_counts_on_the_day_of_the_reply():
    replied("2T23:50", "3T00:10")
    found = points("first_response_time", grain=Grain.DAY, start=day("2026-03-02"), end=day("2026-03-04"))
    assert [(one.n, one.value) for one in found] == [(0, None), (1, 1200)]


def test_mean_of_a_period_is_the_mean_of_its_events_not_of_its_days():
    """v141"""
    for created, seconds in (("26T10:00", 80), ("26T09:00", 100), ("19T10:00", 93)):
        minutes, rest = divmod(seconds, 60)
        start = f"2020-10-{created}:00Z"
        TicketFactory(created_at=start, first_agent_reply_at=start.replace(":00:00Z", f":{minutes:02}:{rest:02}Z"))
    found = points("first_response_time", grain=Grain.DAY)
    by_day = {str(one.start): one.mean for one in found if one.n}
    assert by_day == {"2020-10-19": 93.0, "2020-10-26": 90.0}
    assert {one.value for one in found if not one.n} == {None}
    assert point("first_response_time").mean == 91.0


def test_sums_of_a_day_in_both_clocks():
    """v144, with opening hours that let 60 and 20 of 100 and 40 seconds pass."""
    organisation(time_zone="America/New_York")
    CalendarFactory(time_zone="America/New_York", week={"wed": [["09:00", "09:01"], ["10:00", "10:01"]]})
    for clock, seconds in (("14:00:00", 100), ("15:00:40", 40)):
        minute, second = divmod(seconds + int(clock[-2:]), 60)
        reply = f"2026-02-11T{clock[:2]}:{minute:02}:{second:02}Z"
        TicketFactory(created_at=f"2026-02-11T{clock}Z", first_agent_reply_at=reply)
    day_11 = {"start": day("2026-02-11"), "end": day("2026-02-12")}
    calendar, business = (point("first_response_time", clock=clock, **day_11) for clock in ("calendar", "business"))
    assert (calendar.n, calendar.n * calendar.mean) == (2, 140)
    assert (business.n, business.n * business.mean) == (2, 80)


def test_resolution_time_ends_at_the_last_solve_and_is_silent_on_unknown_ones():
    TicketFactory(solved_at="2026-03-02T12:00Z", first_solved_at="2026-03-02T11:00Z", closed_at="2026-03-09T10:00Z")
    TicketFactory(closed_at="2026-03-05T10:00Z")
    TicketFactory(solved_at="2026-03-01T10:00Z")
    TicketFactory()
    found = point("resolution_time")
    assert (found.value, found.n) == (7200, 1)
    assert found.excluded == {"solve_time_unknown": 1, "negative_duration": 1}
    [closed_without] = points("resolution_time", grain=Grain.DAY, start=day("2026-03-05"), end=day("2026-03-06"))
    assert closed_without.excluded == {"solve_time_unknown": 1}


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], 10 * 3600),
        (["Pending"], 7 * 3600),
        (["pending", "Waiting-for customer"], 6 * 3600),
        (["New"], 9 * 3600),
    ],
)
def test_resolution_time_leaves_out_statuses_that_stop_the_clock(pauses, expected):
    organisation(pause_statuses=pauses)
    ticket = TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T20:00Z")
    for clock, before, after in (
        ("11:00", "New", "Pending"),
        ("13:00", "Pending", "Open"),
        ("14:00", "Open", "Waiting for Customer"),
        ("15:00", "Waiting for Customer", "Open"),
        ("19:00", "Open", "Pending"),  # one hour until it is solved
    ):
        TicketEventFactory(ticket=ticket, at=f"2026-03-02T{clock}Z", from_value=before, to_value=after)
    assert point("resolution_time").value == expected


def test_pause_counts_business_seconds_in_business_time():
    CalendarFactory()
    organisation(pause_statuses=["Pending"])
    ticket = TicketFactory(created_at="2026-03-02T16:00Z", solved_at="2026-03-03T12:00Z")
    TicketEventFactory(ticket=ticket, at="2026-03-02T16:30Z", from_value="Open", to_value="Pending")
    TicketEventFactory(ticket=ticket, at="2026-03-03T10:00Z", from_value="Pending", to_value="Open")
    assert point("resolution_time").value == 2.5 * 3600
    assert point("resolution_time", clock="calendar").value == 2.5 * 3600


def promise(**values):
    ServiceTargetFactory(**values)
    targets.apply_all()


def test_resolution_within_target_is_v174(time_machine):
    """Target two hours; solved after 30, 90 and 200 minutes; unsolved for 150 and 40 minutes."""
    time_machine.move_to("2026-03-02T20:00Z", tick=False)
    for minutes in ("10:30", "11:30", "13:20"):
        TicketFactory(created_at="2026-03-02T10:00Z", solved_at=f"2026-03-02T{minutes}Z")
    TicketFactory(created_at="2026-03-02T17:30Z")
    TicketFactory(created_at="2026-03-02T19:20Z")
    promise()
    found = point("resolution_within_target")
    assert (found.value, found.part, found.whole, found.n, found.excluded) == (50.0, 2, 4, 4, {"pending": 1})


def test_resolution_within_target_uses_the_sources_word_where_no_target_applies():
    TicketFactory(priority="low", sla_met=True, solved_at="2026-03-04T10:00Z")
    TicketFactory(priority="low", sla_met=False, closed_at="2026-03-05T10:00Z")
    TicketFactory(priority="low", sla_met=True)
    TicketFactory(priority="low", sla_met=None, solved_at="2026-03-04T10:00Z")
    TicketFactory(priority="high", sla_met=True, solved_at="2026-03-05T10:00Z")
    promise(priority="high")
    found = points("resolution_within_target", grain=Grain.DAY)
    assert {str(one.start): (one.part, one.whole) for one in found if one.n} == {
        "2026-03-02": (0, 1),  # due two hours after its creation, by our target
        "2026-03-04": (1, 1),
        "2026-03-05": (0, 1),
    }


def test_resolution_within_target_leaves_out_what_was_solved_before_it_was_created():
    TicketFactory(priority="low", sla_met=True, solved_at="2026-03-01T10:00Z")
    TicketFactory(priority="high", closed_at="2026-03-01T10:00Z")
    TicketFactory(priority="high", solved_at="2026-03-02T10:00Z")  # created and solved at once
    promise(priority="high")
    found = point("resolution_within_target")
    assert (found.value, found.whole, found.excluded) == (100.0, 1, {"negative_duration": 2})


def test_resolution_within_target_of_nothing_is_none():
    TicketFactory(solved_at="2026-03-02T12:00Z")
    found = point("resolution_within_target")
    assert (found.value, found.n, found.part, found.whole, found.low) == (None, 0, 0, 0, None)


def test_solved_exactly_when_due_is_in_time():
    TicketFactory(solved_at="2026-03-02T12:00Z")
    TicketFactory(solved_at="2026-03-02T12:01Z")
    promise()
    assert point("resolution_within_target").value == 50.0


def test_first_target_that_fits_counts():
    gold = CustomerFactory(tier="gold")
    TicketFactory(customer=gold, channel="chat")
    TicketFactory(channel="chat")
    TicketFactory(channel="email")
    promise(position=1, tier="gold", seconds=60)
    promise(position=2, channel="chat", seconds=600)
    promise(position=3, channel="chat", seconds=1)
    assert [str(due)[11:19] for due in Ticket.objects.order_by("pk").values_list("target_due_at", flat=True)] == [
        "10:01:00",
        "10:10:00",
        "",
    ]


# --- First response within target ---------------------------------------------------------------------------------
def test_first_response_within_target_is_v174(time_machine):
    """Target two hours; answered after 30, 90 and 200 minutes; unanswered for 150 and 40 minutes."""
    time_machine.move_to("2026-03-02T20:00Z", tick=False)
    for minutes in ("10:30", "11:30", "13:20"):
        TicketFactory(created_at="2026-03-02T10:00Z", first_agent_reply_at=f"2026-03-02T{minutes}Z")
    TicketFactory(created_at="2026-03-02T17:30Z")
    TicketFactory(created_at="2026-03-02T19:20Z")
    promise(metric="first_response")
    found = point("first_response_within_target")
    assert (found.value, found.part, found.whole, found.n, found.excluded) == (50.0, 2, 4, 4, {"pending": 1})


def test_first_response_within_target_says_what_it_leaves_out():
    TicketFactory(first_agent_reply_at="2026-03-02T12:00Z")  # exactly when due
    TicketFactory(first_agent_reply_at="2026-03-02T12:01Z")
    TicketFactory(first_agent_reply_at="2026-03-02T09:00Z")
    TicketFactory(solved_at="2026-03-02T10:30Z")
    TicketFactory(is_outbound=True, first_agent_reply_at="2026-03-02T10:30Z")
    TicketFactory(is_spam=True, first_agent_reply_at="2026-03-02T10:30Z")
    promise(metric="first_response")
    found = point("first_response_within_target")
    assert (found.value, found.n) == (50.0, 2)
    assert found.excluded == {"negative_duration": 1, "reply_unknown": 1, "spam": 1}


@pytest.mark.parametrize(
    ("created", "values", "is_met"),
    [
        # Nothing was written, and it was picked up after 10 and after 30 seconds.
        ("10:00:00", {"ring_started_at": "10:00:00", "answered_at": "10:00:10"}, True),
        ("10:00:00", {"ring_started_at": "10:00:00", "answered_at": "10:00:30"}, False),
        ("10:00:00", {"answered_at": "10:00:10"}, True),
        # The ticket was made when somebody picked up, after five minutes, and answered in writing soon.
        ("10:05:00", {"ring_started_at": "10:00:00", "answered_at": "10:05:00", "first_agent_reply_at": "10:05:10"}, 0),
        # The ticket was made before the call was put through.
        ("10:00:00", {"ring_started_at": "10:01:00", "answered_at": "10:01:18"}, True),
        ("10:05:00", {"ring_started_at": "10:00:00", "first_agent_reply_at": "10:05:10"}, False),
        ("10:00:00", {"first_agent_reply_at": "10:00:10"}, True),
        ("10:00:00", {"ring_started_at": "10:00:00"}, False),
    ],
)
def test_a_call_is_answered_in_time_by_how_long_it_rang(created, values, is_met):
    TicketFactory(
        created_at=f"2026-03-02T{created}Z", **{name: f"2026-03-02T{clock}Z" for name, clock in values.items()}
    )
    promise(metric="first_response", seconds=18)
    found = point("first_response_within_target")
    assert (found.part, found.whole, found.excluded) == (int(is_met), 1, {})
    (target,) = ServiceTarget.objects.all()
    period = Period(day("2026-03-02"), day("2026-03-03"), "UTC")
    assert kept("first_response", period, at("2026-06-01 12:00")) == {target.pk: Kept(met=int(is_met), whole=1)}


def test_a_call_that_was_picked_up_is_not_unanswered():
    TicketFactory(ring_started_at="2026-03-02T10:00Z", answered_at="2026-03-02T10:01Z")
    TicketFactory()
    assert point("first_response_time").beside["unanswered"] == 1.0


def test_replies_without_a_time_are_neither_unanswered_nor_missed(time_machine):
    """What Zendesk exports: the number of replies, and nothing about when the first one came."""
    time_machine.move_to("2026-03-02T20:00Z", tick=False)
    TicketFactory(agent_replies=2)
    TicketFactory(agent_replies=1)
    TicketFactory(agent_replies=0)
    TicketFactory()
    promise(metric="first_response")
    found = point("first_response_within_target")
    assert (found.value, found.whole, found.excluded) == (0.0, 2, {"reply_unknown": 2})
    beside = point("first_response_time").beside
    assert (beside["unanswered"], beside["answered_some_time"]) == (2.0, 2.0)


@pytest.mark.parametrize(("status", "is_left_out"), [("Closed", True), ("resolved", True), ("open", False)])
def test_whose_end_nobody_knows_is_neither_met_nor_missed_nor_pending(time_machine, status, is_left_out):
    """What a list of tickets without a column for the end says: only the status."""
    time_machine.move_to("2026-03-02T20:00Z", tick=False)
    for metric in ("resolution", "first_response"):
        promise(metric=metric, seconds=7200)
    overdue, due_later = "2026-03-02T10:00Z", "2026-03-02T19:00Z"
    for created in (overdue, due_later):
        TicketFactory(created_at=created, status=status)
        TicketFactory(created_at=created, status=status, first_agent_reply_at=created)
    targets.apply_all()
    resolved, replied = point("resolution_within_target"), point("first_response_within_target")
    today = Span(*(int(at(f"2026-03-0{n} 00:00").timestamp()) for n in (2, 3)))
    if is_left_out:
        assert (resolved.value, resolved.n, resolved.excluded) == (None, 0, {"end_unknown": 4})
        assert (replied.value, replied.n, replied.excluded) == (100.0, 2, {"reply_unknown": 2})
        assert (frames.pending_in(today), frames.unanswered_in(today)) == (0, 0)
    else:
        assert (resolved.value, resolved.n, resolved.excluded) == (0.0, 2, {"pending": 2})
        assert (replied.value, replied.n, replied.excluded) == (100 * 2 / 3, 3, {"pending": 1})


@pytest.mark.parametrize(("replies", "pending"), [(None, 1), (0, 1), (1, 0)])
def test_what_is_pending_today_is_what_the_figures_call_so(time_machine, replies, pending):
    time_machine.move_to("2026-03-02T11:00Z", tick=False)
    TicketFactory(agent_replies=replies)
    promise(metric="first_response")
    today = Span(int(at("2026-03-02 11:00").timestamp()), int(at("2026-03-03 00:00").timestamp()))
    assert frames.unanswered_in(today) == pending
    assert point("first_response_within_target").excluded.get("pending", 0) == pending


def test_first_response_within_target_is_counted_on_the_day_it_is_due():
    TicketFactory(created_at="2026-03-02T23:00Z", first_agent_reply_at="2026-03-02T23:10Z")
    promise(metric="first_response")
    found = points("first_response_within_target", grain=Grain.DAY)
    assert [(str(one.start), one.n) for one in found if one.n] == []
    (one,) = points("first_response_within_target", start=day("2026-03-03"), end=day("2026-03-04"))
    assert one.n == 1


def test_first_response_within_target_of_nothing_is_none():
    TicketFactory(first_agent_reply_at="2026-03-02T10:30Z")
    found = point("first_response_within_target")
    assert (found.value, found.n, found.whole, found.low) == (None, 0, 0, None)
