"""How targets were kept, and which clocks run out."""

import pytest

from kpiproject.lib.periods import Period
from metrics import targets
from metrics.queries import Kept, Question, figures, kept
from metrics.queries.clocks import Clocks, State
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import at, compute, day

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 18:00")
WEEK = Period(day("2026-03-01"), day("2026-03-08"), "UTC")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def due_soon(now):
    return list(Clocks(now=now).rows(State.SOON))


def breached(now, *, most=None):
    return list(Clocks(now=now).rows(State.OVERDUE, limit=most))


def names(found):
    return [(one.ticket.external_id, one.metric, one.left_seconds) for one in found]


@pytest.mark.parametrize("metric", ["first_response", "resolution"])
def test_kept_is_what_the_kpi_says(metric):
    chat = ServiceTargetFactory(metric=metric, channel="chat", seconds=3600)
    rest = ServiceTargetFactory(metric=metric, seconds=7200)
    end = "first_agent_reply_at" if metric == "first_response" else "solved_at"
    for channel in ("chat", "mail"):
        for hour in ("10:30", "11:30", "12:30"):
            TicketFactory(channel=channel, **{end: f"2026-03-02T{hour}Z"})
        TicketFactory(channel=channel)
        TicketFactory(channel=channel, created_at="2026-03-02T17:30Z")
        TicketFactory(channel=channel, is_spam=True)
        TicketFactory(channel=channel, status="closed")  # nobody knows when
        if metric == "first_response":
            TicketFactory(channel=channel, agent_replies=1)  # nobody knows when
        TicketFactory(channel=channel, created_at="2026-03-02T12:00Z", **{end: "2026-03-02T11:00Z"})
    TicketFactory(channel="mail", closed_at="2026-03-02T10:30Z")
    targets.apply_all()
    compute()
    found = kept(metric, WEEK, NOW)
    assert found[chat.pk].met + found[rest.pk].met == figures(Question(code=f"{metric}_within_target")).points[0].part
    if metric == "first_response":
        assert found == {chat.pk: Kept(met=1, whole=4), rest.pk: Kept(met=2, whole=4)}
    else:
        assert found == {chat.pk: Kept(met=1, whole=4), rest.pk: Kept(met=3, whole=5)}


def test_clocks_that_run_out_are_named_in_their_order():
    ServiceTargetFactory(seconds=3600, warn_minutes=30)
    ServiceTargetFactory(metric="first_response", seconds=1800, warn_minutes=10)
    TicketFactory(external_id="early", created_at="2026-03-02T17:45Z")
    TicketFactory(external_id="soon", created_at="2026-03-02T17:20Z")
    TicketFactory(external_id="answered", created_at="2026-03-02T17:40Z", first_agent_reply_at="2026-03-02T17:41Z")
    TicketFactory(external_id="late", created_at="2026-03-02T16:00Z", first_agent_reply_at="2026-03-02T16:10Z")
    TicketFactory(external_id="done", created_at="2026-03-02T17:20Z", solved_at="2026-03-02T17:50Z")
    TicketFactory(external_id="spam", created_at="2026-03-02T17:20Z", is_spam=True)
    targets.apply_all()
    assert names(due_soon(NOW)) == [("soon", "resolution", 1200)]
    assert names(breached(NOW)) == [("late", "resolution", -3600), ("soon", "first_response", -600)]
    assert names(breached(NOW, most=1)) == [("late", "resolution", -3600)]


def test_due_in_this_very_second_is_soon_and_not_breached():
    ServiceTargetFactory(seconds=3600)
    TicketFactory(external_id="now", created_at="2026-03-02T17:00Z")
    targets.apply_all()
    assert names(due_soon(NOW)) == [("now", "resolution", 0)]
    assert breached(NOW) == []


def test_nobody_is_warned_at_night_of_what_is_due_in_the_morning(time_machine):
    """v058: open from eight to six, four hours after ten, an hour of warning: at one, and never at night."""
    CalendarFactory(week={day: [["08:00", "18:00"]] for day in ("mon", "tue")})
    ServiceTargetFactory(seconds=4 * 3600, clock="business", warn_minutes=60)
    TicketFactory(external_id="v058", created_at="2026-01-12T10:00Z")
    TicketFactory(external_id="late", created_at="2026-01-12T15:30Z")  # due on Tuesday at nine and a half
    targets.apply_all()
    assert names(due_soon(at("2026-01-12 12:59"))) == []
    assert names(due_soon(at("2026-01-12 13:00"))) == [("v058", "resolution", 3600)]
    assert names(due_soon(at("2026-01-13 00:00"))) == []
    assert names(due_soon(at("2026-01-13 08:30"))) == [("late", "resolution", 3600)]


def test_a_next_reply_is_watched():
    ServiceTargetFactory(metric="next_reply", seconds=3600)
    ticket = TicketFactory(external_id="waits", first_agent_reply_at="2026-03-02T10:30Z")
    TicketEventFactory(ticket=ticket, at="2026-03-02T16:00Z", kind="reply", actor_type="customer")
    targets.apply_all()
    assert names(breached(NOW)) == [("waits", "next_reply", -3600)]


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    ServiceTargetFactory(seconds=3600, warn_minutes=60)
    for count in (1, 3):
        TicketFactory.create_batch(count, created_at="2026-03-02T17:30Z")
        targets.apply_all()
        with django_assert_max_num_queries(16):
            due_soon(NOW)


def test_nothing_promised():
    TicketFactory()
    assert (kept("resolution", WEEK, NOW), due_soon(NOW), breached(NOW)) == ({}, [], [])
