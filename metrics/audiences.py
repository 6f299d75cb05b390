"""Who is asked on a schedule: customers, everybody who was ever asked, or our own people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from kpiproject.lib.periods import local_day
from kpiproject.models import Agent, User
from kpiproject.queries import organisation
from metrics.models import Customer
from surveys import addresses, contacts, reasons
from surveys.models import Contact, SendingRule
from surveys.rules import Plan
from surveys.screening import Invitee

BATCH: Final = 500
Row = dict[str, Any]
PATHS: Final = {"segment": "segment", "tier": "tier", "source": "source"}
"""What customers can be narrowed by, and where it is stored."""


def invitees(rule: SendingRule, *, round_number: int, at: datetime) -> Iterator[Invitee]:
    """The people of one round who belong to its group, with why somebody is not asked.

    Whoever belongs to another group is not passed over but asked another time, so they are left out.
    """
    plan = Plan(rule)
    ours = _our_own() if rule.audience != SendingRule.Audience.AGENTS else set()
    for batch in _batches(rule, at):
        known = contacts.of([contacts.normalise(one["email"]) for one in batch])
        for one in batch:
            found = _invitee(one, rule, plan, known=known, at=at, round_number=round_number)
            if found is not None:
                yield found if contacts.normalise(found.email) not in ours else _outside(found)


def _batches(rule: SendingRule, at: datetime) -> Iterator[list[Row]]:
    """In pieces by id: nothing stays open while mails are written, and nobody who comes meanwhile is seen twice."""
    columns, rows = _columns(rule.audience), _rows(rule, at).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).values(*columns)[:BATCH]):
        yield [dict(row) for row in batch]
        last = batch[-1]["pk"]


def _columns(audience: str) -> tuple[str, ...]:
    if audience == SendingRule.Audience.AGENTS:
        return ("pk", "email", "name")
    known = ("pk", "email", "name", "company", "language", "time_zone")
    return known if audience == SendingRule.Audience.CONTACTS else (*known, "segment", "tier", "external_id")


def _rows(rule: SendingRule, at: datetime) -> "QuerySet[Any]":
    if rule.audience == SendingRule.Audience.AGENTS:
        return Agent.objects.exclude(email="")
    if rule.audience == SendingRule.Audience.CONTACTS:
        return Contact.objects.all()
    return _customers(rule, at)


def _customers(rule: SendingRule, at: datetime) -> "QuerySet[Customer]":
    """Customers of that day: those who have left are not asked how much they like it here."""
    today = local_day(at, organisation().time_zone)
    rows = Customer.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=today))
    if rule.customer_since is not None:
        rows = rows.filter(signed_up_on__lte=rule.customer_since)
    for name, members in rule.filters.items():
        if members and name in PATHS:
            rows = rows.filter(**{f"{PATHS[name]}__in": members})
    return rows


def _invitee(
    row: Row, rule: SendingRule, plan: Plan, *, known: dict[str, Contact], at: datetime, round_number: int
) -> Invitee | None:
    email = contacts.normalise(row["email"])
    person = addresses.person_key(email) if email else f"customer:{row['pk']}"
    if not plan.is_in_group(person, round_number):
        return None
    cause = f"rule:{rule.pk}:{round_number}:{person}"
    zone = (known[email].time_zone if email in known else "") or row.get("time_zone", "")
    refusal = "" if email else reasons.NO_ADDRESS
    if not refusal and not plan.is_drawn(cause):
        refusal = reasons.SAMPLED_OUT
    return Invitee(
        email=row["email"],
        name=row["name"],
        company=row.get("company", ""),
        language=row.get("language", ""),
        time_zone=row.get("time_zone", ""),
        cause=cause,
        refusal=refusal,
        send_at=plan.send_at(at, zone),
        context={
            "segment": row.get("segment", ""),
            "tier": row.get("tier", ""),
            "customer": row.get("external_id", ""),
        },
    )


def _outside(one: Invitee) -> Invitee:
    """Our own people are among customers where somebody tried the shop, or answered a survey of employees."""
    return Invitee(email=one.email, name=one.name, cause=one.cause, refusal=one.refusal or reasons.OUTSIDE_AUDIENCE)


def _our_own() -> set[str]:
    agents = Agent.objects.exclude(email="").annotate(address=Lower("email")).values_list("address", flat=True)
    users = User.objects.annotate(address=Lower("email")).values_list("address", flat=True)
    return {*agents, *users}
