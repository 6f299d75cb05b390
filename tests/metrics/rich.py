"""A little of everything that can be measured, by chance but the same for the same seed: in every table some rows, and
in every column also nothing. Builds on `scattered`, which has the tickets and the answers."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from kpiproject.models import Agent, Team
from metrics.frames.tickets import CALL_INSTANTS
from metrics.models import (
    AgentTime,
    CostEntry,
    Customer,
    Message,
    Order,
    ServiceRecord,
    Subscription,
    Ticket,
    TicketEvent,
)
from tests.metrics import scattered
from tests.metrics.scattered import DAYS, START

KINDS = (
    "return", "availability_enquiry", "shipping_issue", "chat_conversion", "bug_report", "feature_request",
    "documentation", "downtime_notice", "compliance_enquiry", "account_issue", "regulatory_request", "security_notice",
    "appointment", "insurance_verification", "record_request", "onboarding", "adoption", "outreach", "cross_sell",
    "upsell", "referral", "renewal", "touchpoint", "incident",
)  # fmt: skip


def build(seed: int) -> None:
    random = Random(seed)
    tickets = scattered.tickets(random, 80)
    scattered.answers(random, 60)
    scattered.follow_ups(random, 30)
    _more_of_tickets(random, tickets)
    _insert([event for ticket in tickets for event in _events(random, ticket)])
    _insert([message for ticket in tickets for message in _messages(random, ticket)])
    customers = list(Customer.objects.all())
    _customers(random, customers)
    _insert(_subscriptions(random, customers))
    _insert([_order(random, customers, number) for number in range(60)])
    _insert([_record(random, customers, number) for number in range(4 * len(KINDS))])
    _insert([_work(random, tickets, number) for number in range(150)])
    _insert(_costs(random))


def _insert(rows: list[Any]) -> None:
    model: type[Model] = type(rows[0])
    model._default_manager.bulk_create(rows)


def _at(random: Random, days: float = DAYS) -> Any:
    return START + timedelta(seconds=random.randrange(int(days * 86400)))


def _more_of_tickets(random: Random, tickets: list[Ticket]) -> None:
    for ticket in tickets:
        ticket.customer_replies = random.choice([None, 0, 2])
        ticket.bot_involved = random.random() < 0.4
        if ticket.bot_involved and random.random() < 0.4:
            ticket.handed_to_human_at = ticket.created_at + timedelta(minutes=random.randrange(90))
        if ticket.channel == "phone":
            _call(random, ticket)
        ticket.category = random.choice([ticket.category, "Shipping", "Account"])
    Ticket.objects.bulk_update(
        tickets,
        ["customer_replies", "bot_involved", "handed_to_human_at", *CALL_INSTANTS, "category"],
    )


def _call(random: Random, ticket: Ticket) -> None:
    ticket.ring_started_at = random.choice([None, ticket.created_at, ticket.created_at])
    over = ticket.created_at + timedelta(seconds=random.randrange(60))
    if random.random() < 0.7:
        ticket.answered_at = over
    else:
        ticket.abandoned_at = over


def _events(random: Random, ticket: Ticket) -> list[TicketEvent]:
    found, at = [], ticket.created_at
    for number in range(random.choice([0, 0, 2, 5])):
        at += timedelta(seconds=random.randrange(1, 30 * 3600))
        kind = random.choice(["assignee", "team", "team", "reply", "escalate", "note", "handoff"])
        before, after = (random.choice(["", "A", "B", "C"]) for _ in range(2))
        actor = random.choice(["", "agent", "customer", "bot"])
        found.append(
            TicketEvent(
                ticket=ticket, key=f"more:{number}", at=at, kind=kind, from_value=before, to_value=after,
                actor_type=actor,
            )
        )  # fmt: skip
    return found


def _messages(random: Random, ticket: Ticket) -> list[Message]:
    found, at = [], ticket.created_at
    for number in range(random.choice([0, 1, 4, 8])):
        at += timedelta(seconds=random.randrange(0, 20 * 3600))
        who = random.choice(["customer", "customer", "agent", "agent", "bot", "automation", "third_party"])
        found.append(
            Message(
                ticket=ticket, key=str(number), at=at, author_type=who, public=random.random() < 0.8,
                is_auto_reply=random.random() < 0.1,
            )
        )  # fmt: skip
    return found


def _day(random: Random, first: int, last: int) -> date:
    return START.date() + timedelta(days=random.randint(first, last))


def _customers(random: Random, customers: list[Customer]) -> None:
    for customer in customers:
        customer.segment = random.choice(["", "home", "business"])
        customer.country = random.choice(["", "DE", "US"])
        customer.signed_up_on = random.choice([None, _day(random, -400, 10)])
        customer.left_on = random.choice([None, None, _day(random, 0, DAYS)])
        customer.leave_reason = random.choice(["", "price", "moved"]) if customer.left_on else ""
    Customer.objects.bulk_update(customers, ["segment", "country", "signed_up_on", "left_on", "leave_reason"])


def _subscriptions(random: Random, customers: list[Customer]) -> list[Subscription]:
    found = []
    for number, customer in enumerate(customers * 2):
        started = _day(random, -300, 10)
        ended = random.choice([None, started + timedelta(days=random.randint(1, 400))])
        found.append(
            Subscription(
                source="test", external_id=f"S-{number}", customer=customer, plan=random.choice(["", "basic", "plus"]),
                is_premium=random.random() < 0.5, mrr=random.choice([0, 20, 50]),
                currency=random.choice(["", "XYZ"]), started_on=started, ended_on=ended,
                renewal_due_on=random.choice([None, _day(random, 0, DAYS)]),
                renewed_on=random.choice([None, _day(random, 0, DAYS)]),
            )
        )  # fmt: skip
    return found


def _order(random: Random, customers: list[Customer], number: int) -> Order:
    placed = _at(random)
    cancelled = random.choice([None, None, placed + timedelta(days=1)])
    return Order(
        source="test", external_id=f"O-{number}", customer=random.choice(customers), placed_at=placed,
        amount=random.choice([5, 80]), currency=random.choice(["", "XYZ"]), cancelled_at=cancelled,
    )  # fmt: skip


def _record(random: Random, customers: list[Customer], number: int) -> ServiceRecord:
    started = _at(random)
    steps = [started + timedelta(hours=random.randint(-2, 90)) if random.random() < 0.8 else None for _ in range(3)]
    return ServiceRecord(
        source="test", kind=KINDS[number % len(KINDS)], external_id=f"R-{number}",
        customer=random.choice([None, *customers]), channel=random.choice(["", "email", "chat"]),
        group=random.choice(["", "control", "treated"]), started_at=started, acknowledged_at=steps[0], due_at=steps[1],
        finished_at=steps[2], outcome=random.choice(["", "done", "accepted", "declined", "no_show"]),
        amount=random.choice([None, 12]), score=random.choice([None, 1.0, 4.0]),
    )  # fmt: skip


def _work(random: Random, tickets: list[Ticket], number: int) -> AgentTime:
    starts = _at(random)
    kind = random.choice(["available", "available", "break", "training", "handling", "handling", "related"])
    hours = random.uniform(4, 30) if kind == "available" else random.uniform(-0.1, 3)
    agents = list(Agent.objects.order_by("pk"))
    if number < len(agents) and not agents[number].team:
        agents[number].team = random.choice([None, *Team.objects.order_by("pk")])
        agents[number].save()
    return AgentTime(
        source="test", key=str(number), agent=random.choice(agents), starts_at=starts,
        ends_at=starts + timedelta(hours=hours), kind=kind,
        ticket=random.choice([None, *tickets]) if kind in ("handling", "related") else None,
    )  # fmt: skip


def _costs(random: Random) -> list[CostEntry]:
    first = START.date() - timedelta(days=30)
    return [
        CostEntry(
            source="test", key=str(number), category=category, amount=random.randint(100, 900),
            currency=random.choice(["", "", "XYZ"]), valid_from=first, valid_to=first + timedelta(days=89),
            team=random.choice([None, *Team.objects.order_by("pk")]), channel=random.choice(["", "email", "fax"]),
        )
        for number, category in enumerate(CostEntry.Category.values)
    ]  # fmt: skip
