"""For whom a target counts, how it is counted, and what stops it."""

from decimal import Decimal

import pytest

from metrics import targets
from metrics.models import Customer, EarlierTier, ExchangeRate, Message, ServiceTarget, Subscription, Ticket
from tests.factories import (
    CalendarFactory,
    CustomerFactory,
    ServiceTargetFactory,
    TeamFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import at, organisation

pytestmark = pytest.mark.django_db


def applied(ticket, metric="resolution"):
    """The seconds of the target that counts for a ticket, or None."""
    targets.apply_all()
    target = getattr(Ticket.objects.get(pk=ticket.pk), f"{metric}_target")
    return target and target.seconds


def due(ticket, column="target_due_at"):
    targets.apply_all()
    found = getattr(Ticket.objects.get(pk=ticket.pk), column)
    return found and f"{found:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("customer", "terms", "fits"),
    [
        ({"company": "Acme"}, {"company": "ACME"}, True),
        ({"company": "Acme Ltd"}, {"company": "Acme"}, False),
        ({}, {"company": "Acme"}, False),
        ({"external_id": "C-7"}, {"customer": "c-7"}, True),
        ({"email": "ann@example.org"}, {"customer": "Ann@Example.org"}, True),
        ({"external_id": "C-8"}, {"customer": "C-7"}, False),
        # The ticket comes in on 2 March.
        ({"signed_up_on": "2026-03-01"}, {"from_day": 0, "until_day": 2}, True),
        ({"signed_up_on": "2026-03-01"}, {"from_day": 2}, False),
        ({"signed_up_on": "2026-03-01"}, {"until_day": 1}, False),
        ({"signed_up_on": "2025-01-01"}, {"from_day": 90}, True),
        ({"signed_up_on": None}, {"from_day": 0}, False),
        ({"signed_up_on": None}, {"until_day": 10**6}, False),
        ({"tier": "gold"}, {"tier": "gold"}, True),
        ({"tier": ""}, {"tier": "gold"}, False),
    ],
)
def test_conditions_about_the_customer(customer, terms, fits):
    ServiceTargetFactory(seconds=60, **terms)
    ServiceTargetFactory(seconds=3600)
    ticket = TicketFactory(customer=CustomerFactory(**customer))
    assert applied(ticket) == (60 if fits else 3600)
    assert applied(TicketFactory()) == 3600


@pytest.mark.parametrize("name", ["channel", "category", "priority"])
def test_conditions_about_the_ticket(name):
    ServiceTargetFactory(seconds=60, **{name: "this"})
    assert [applied(TicketFactory(**{name: value})) for value in ("this", "other", "")] == [60, None, None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "2026-03-02 10:10"),
        ({"answered_at": "2026-03-02T10:01Z"}, "2026-03-02 10:10"),
        ({"ring_started_at": "2026-03-02T09:55Z"}, "2026-03-02 10:05"),
        ({"ring_started_at": "2026-03-02T09:55Z", "is_outbound": True}, None),
    ],
)
def test_a_first_response_to_a_call_is_due_after_it_began_to_ring(values, expected):
    ServiceTargetFactory(metric="first_response", seconds=600)
    assert due(TicketFactory(created_at="2026-03-02T10:00Z", **values), "first_response_due_at") == expected


def subscribed(customer, mrr, start, end=None, currency=""):
    name = str(Subscription.objects.count())
    values = {"source": "test", "external_id": name, "mrr": mrr, "currency": currency}
    Subscription.objects.create(customer=customer, started_on=start, ended_on=end, **values)


@pytest.mark.parametrize(("amount", "fits"), [("99.99", True), ("100", True), ("100.01", False)])
def test_monthly_revenue_is_that_of_the_day_the_ticket_came_in(amount, fits):
    customer, other = CustomerFactory(), CustomerFactory()
    subscribed(customer, 60, "2025-01-01")
    subscribed(customer, 20, "2026-03-02", "2026-03-03", "EUR")
    subscribed(customer, 40, "2026-03-02", currency="USD")
    subscribed(customer, 500, "2026-03-02", currency="JPY")  # nobody knows what a yen is worth
    subscribed(customer, 500, "2025-01-01", "2026-03-02")  # over on that day
    subscribed(customer, 500, "2026-03-03")  # not begun yet
    subscribed(other, 900, "2025-01-01")
    ExchangeRate.objects.create(currency="USD", valid_from="2020-01-01", rate=Decimal("0.5"))
    ServiceTargetFactory(seconds=60, least_mrr=Decimal(amount))
    assert applied(TicketFactory(customer=customer)) == (60 if fits else None)
    assert applied(TicketFactory()) is None


def test_without_subscriptions_nobody_brings_anything():
    ServiceTargetFactory(seconds=60, least_mrr=Decimal(1))
    assert applied(TicketFactory(customer=CustomerFactory())) is None


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"clock": "business", "count": "days"}, "2026-03-16 16:00"),
        ({"clock": "business", "count": "day_ends"}, "2026-03-16 17:00"),
        ({"clock": "calendar", "count": "days"}, "2026-03-12 16:00"),
        ({"clock": "calendar", "count": "day_ends"}, "2026-03-12 23:00"),
        ({"clock": "business", "count": "seconds"}, "2026-04-13 16:00"),
    ],
)
def test_ten_days_are_counted_as_the_target_says(terms, expected):
    """In Berlin, on a Monday at 17:00 of the clock on the wall; the office is open until 18:00."""
    organisation(time_zone="Europe/Berlin")
    CalendarFactory(time_zone="UTC")
    ServiceTargetFactory(seconds=10 * 86400, **terms)
    assert due(TicketFactory(created_at="2026-03-02T16:00Z")) == expected


def test_days_without_a_calendar_are_calendar_days():
    ServiceTargetFactory(seconds=2 * 86400, clock="business", count="days")
    assert due(TicketFactory(created_at="2026-03-06T16:00Z")) == "2026-03-08 16:00"


@pytest.mark.parametrize("weeks", [[], [{}], [{"mon": [], "fri": []}]])
def test_business_time_without_an_open_hour_is_calendar_time_as_in_v070(weeks):
    for week in weeks:
        CalendarFactory(week=week)
    ServiceTargetFactory(seconds=3600, clock="business")
    assert due(TicketFactory(created_at="2024-01-19T16:00Z")) == "2024-01-19 17:00"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, "2026-03-02 15:00"),
        ({"pausing": "none"}, "2026-03-02 12:00"),
        ({"pausing": "own", "pause_statuses": ["on-hold"]}, "2026-03-02 12:50"),
        ({"pausing": "own"}, "2026-03-02 12:00"),
        ({"count": "days", "seconds": 86400}, "2026-03-03 10:00"),
    ],
)
def test_each_target_has_its_own_pauses(terms, expected):
    organisation(pause_statuses=["Pending"])
    ticket = TicketFactory()
    for hour, before, after in (
        ("11:00", "Open", "Pending"),
        ("14:00", "Pending", "On hold"),
        ("15:00", "On hold", "Open"),
    ):
        TicketEventFactory(ticket=ticket, at=f"2026-03-02T{hour}Z", from_value=before, to_value=after)
    TicketEventFactory(ticket=ticket, at="2026-03-02T10:10Z", from_value="Open", to_value="On hold")
    TicketEventFactory(ticket=ticket, at="2026-03-02T11:00Z", kind="note")
    ServiceTargetFactory(**{"seconds": 7200, **terms})
    assert due(ticket) == expected


def test_first_response_and_resolution_have_their_own_targets():
    reply = ServiceTargetFactory(metric="first_response", seconds=600)
    solve = ServiceTargetFactory(metric="resolution", seconds=7200)
    ticket, ours = TicketFactory(), TicketFactory(is_outbound=True)
    targets.apply_all()
    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.first_response_due_at, found.target_due_at) == (at("2026-03-02 10:10"), at("2026-03-02 12:00"))
    assert (found.first_response_target, found.resolution_target) == (reply, solve)
    assert (found.first_response_version, found.resolution_version, found.resolution_tier) == (1, 1, "")
    assert due(ours, "first_response_due_at") is None
    assert due(ours) == "2026-03-02 12:00"


def test_next_reply_runs_from_the_first_unanswered_question():
    ServiceTargetFactory(metric="next_reply", seconds=3600)
    ticket = TicketFactory(first_agent_reply_at="2026-03-02T10:30Z")
    steps = [
        (("customer", "11:00"), "2026-03-02 12:00"),
        (("customer", "11:20"), "2026-03-02 12:00"),
        (("bot", "11:21"), "2026-03-02 12:00"),
        (("agent", "11:30"), None),
        (("customer", "14:00"), "2026-03-02 15:00"),
    ]
    assert due(ticket, "next_reply_due_at") is None
    for (actor, hour), expected in steps:
        TicketEventFactory(ticket=ticket, at=f"2026-03-02T{hour}Z", kind="reply", actor_type=actor)
        assert due(ticket, "next_reply_due_at") == expected
    Ticket.objects.filter(pk=ticket.pk).update(solved_at="2026-03-02T14:30Z")
    assert due(ticket, "next_reply_due_at") is None


def test_messages_are_replies_as_well():
    ServiceTargetFactory(metric="next_reply", seconds=3600)
    ticket = TicketFactory(first_agent_reply_at="2026-03-02T10:30Z")

    def wrote(author, hour, **values):
        key = str(Message.objects.count())
        Message.objects.create(ticket=ticket, key=key, at=f"2026-03-02T{hour}Z", author_type=author, **values)

    wrote("customer", "11:00")
    wrote("agent", "11:10", public=False)
    wrote("agent", "11:20", is_auto_reply=True)
    assert due(ticket, "next_reply_due_at") == "2026-03-02 12:00"
    wrote("agent", "11:30")
    assert due(ticket, "next_reply_due_at") is None


def test_a_question_before_the_first_answer_is_the_first_answers_matter():
    ServiceTargetFactory(metric="next_reply", seconds=3600)
    ticket = TicketFactory()
    TicketEventFactory(ticket=ticket, at="2026-03-02T11:00Z", kind="reply", actor_type="customer")
    assert due(ticket, "next_reply_due_at") is None


# --- Tiers --------------------------------------------------------------------------------------------------------
def test_a_rise_does_not_rewrite_what_is_closed_and_counts_for_what_is_open():
    customer = CustomerFactory(tier="silver")
    ServiceTargetFactory(tier="gold", seconds=60, position=1)
    ServiceTargetFactory(seconds=3600, position=2)
    closed = TicketFactory(customer=customer, solved_at="2026-03-02T11:00Z")
    still_open = TicketFactory(customer=customer)
    later = TicketFactory(customer=customer, solved_at="2026-03-05T11:00Z")
    targets.apply_all()
    targets.keep_tiers({customer.pk: "silver"}, until=at("2026-03-03 00:00"))
    Customer.objects.update(tier="gold")
    assert [applied(one) for one in (closed, still_open, later)] == [3600, 60, 60]
    assert [one.resolution_tier for one in Ticket.objects.order_by("pk")] == ["silver", "gold", "gold"]
    assert [str(one) for one in EarlierTier.objects.all()] == ["silver, 2026-03-03"]


def test_a_first_tier_is_no_change():
    targets.keep_tiers({CustomerFactory().pk: ""}, until=at("2026-03-03 00:00"))
    assert not EarlierTier.objects.exists()


def test_the_tier_of_each_stretch_of_time():
    customer, other = CustomerFactory(tier="gold"), CustomerFactory(tier="bronze")
    EarlierTier.objects.create(customer=customer, tier="silver", until=at("2026-03-04 00:00"))
    EarlierTier.objects.create(customer=customer, tier="bronze", until=at("2026-03-02 00:00"))
    EarlierTier.objects.create(customer=other, tier="gold", until=at("2026-03-03 00:00"))
    for tier in ("bronze", "silver", "gold"):
        ServiceTargetFactory(tier=tier, seconds=60)
    tickets = [
        TicketFactory(customer=owner, created_at="2026-02-01T10:00Z", solved_at=f"2026-03-0{day}T00:00Z")
        for owner, day in ((customer, 1), (customer, 2), (customer, 3), (customer, 4), (other, 2), (other, 3))
    ]
    targets.apply_all()
    found = dict(Ticket.objects.values_list("pk", "resolution_tier"))
    assert [found[one.pk] for one in tickets] == ["bronze", "silver", "silver", "gold", "gold", "bronze"]


# --- Calendars ----------------------------------------------------------------------------------------------------
def test_a_due_time_passes_from_the_calendar_of_one_team_to_that_of_the_next():
    CalendarFactory()
    night = CalendarFactory(is_default=False, week={"mon": [["20:00", "24:00"]]})
    team = TeamFactory(name="Night")
    night.uses.create(team=team)
    ServiceTargetFactory(seconds=3 * 3600, clock="business")
    ticket = TicketFactory(created_at="2026-03-02T15:00Z", team=team)
    TicketEventFactory(ticket=ticket, at="2026-03-02T18:00Z", kind="team", from_value="Day", to_value="Night")
    assert due(ticket) == "2026-03-02 21:00"
    organisation(schedule_at_end=True)
    assert due(ticket) == "2026-03-02 23:00"


def test_targets_are_first_match_by_their_order():
    ServiceTargetFactory(channel="chat", seconds=60, position=2)
    ServiceTargetFactory(seconds=120, position=1)
    assert applied(TicketFactory(channel="chat")) == 120
    ServiceTarget.objects.filter(seconds=60).update(position=0)
    assert applied(TicketFactory(channel="chat")) == 60
