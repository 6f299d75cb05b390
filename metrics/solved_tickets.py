"""Solved tickets whose customers can be asked: still solved, ours to ask about, not asked about before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from kpiproject.lib.periods import epoch
from metrics.frames.context import plain
from metrics.frames.spells import ENDED_STATUSES
from metrics.models import AskedTicket, Ticket, TicketEvent
from surveys import contacts, queries, reasons, rules
from surveys.models import Contact, SendingRule
from surveys.rules import Plan
from surveys.screening import Invitee

# Whoever switches a rule on and imports months of tickets later asks nobody about the first of them.
LOOKS_BACK: Final = timedelta(days=30)
PATHS: Final = {
    "channel": "channel",
    "team": "team__name",
    "category": "category",
    "priority": "priority",
    "tier": "customer__tier",
    "source": "source",
}
"""What a rule can be narrowed by, and where it is stored."""

# Help desks leave the instant of the last solve where it is; the status says that somebody is at it again.
_OPEN_STATUSES: Final = frozenset(
    {"new", "open", "opened", "reopened", "re_opened", "active", "assigned", "in_progress", "work_in_progress"}
    | {"pending", "on_hold", "hold", "waiting", "snoozed", "unsolved", "escalated"}
)
_RELATED: Final = ("customer", "team", "agent")


def solved(rule: SendingRule, start: datetime, end: datetime) -> "QuerySet[Ticket]":
    """Tickets solved in (start, end] that the rule is about."""
    rows = Ticket.objects.filter(
        solved_at__gt=start,
        solved_at__lte=end,
        is_stub=False,
        is_outbound=False,
        is_spam=False,
        is_deleted=False,
        is_test=False,
        merged_into="",
    )
    for name, members in rule.filters.items():
        if members and name in PATHS:
            rows = rows.filter(**{f"{PATHS[name]}__in": members})
    return rows.select_related(*_RELATED).order_by("solved_at", "id")


def unasked(rule: SendingRule, now: datetime, *, limit: int) -> list[Ticket]:
    """Those whose delay is over, solved since the rule is on, that it has not dealt with."""
    since = max(rule.since or now, now - LOOKS_BACK)
    done = AskedTicket.objects.filter(rule=rule, ticket=OuterRef("pk"), solved_at=OuterRef("solved_at"))
    rows = solved(rule, since, now - timedelta(hours=rule.delay_hours)).filter(~Exists(done))
    return list(rows[:limit])


def invitees(rule: SendingRule, found: Sequence[Ticket], *, plan: Plan, now: datetime | None) -> Iterator[Invitee]:
    """Their customers, with everything that an answer is counted by as it is now, and why somebody is not asked.

    Without `now`, as if each had been looked at when its delay was over.
    """
    places = {(ticket.source, ticket.external_id) for ticket in found}
    open_again, asked = reopened(places), queries.asked_about(rule.survey, places)
    known = contacts.of([contacts.normalise(ticket.customer.email) for ticket in found if ticket.customer])
    for ticket in found:
        place, cause = (ticket.source, ticket.external_id), _cause(ticket)
        due_at = (ticket.solved_at or ticket.created_at) + timedelta(hours=rule.delay_hours)
        if place in asked:
            refusal = reasons.ALREADY_INVITED
        elif place in open_again:
            refusal = reasons.REOPENED
        else:
            refusal = _reason_against(ticket, due_at=due_at, now=now)
            if not refusal and not plan.is_drawn(cause):
                refusal = reasons.SAMPLED_OUT
        send_at = plan.send_at(max(due_at, now or due_at), _zone(ticket, known))
        yield _invitee(ticket, cause=cause, refusal=refusal, send_at=send_at)


def reopened(places: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the tickets (source, external id) that are not solved (any more)."""
    found: set[tuple[str, str]] = set()
    wanted = sorted(places)
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        rows = Ticket.objects.filter(external_id__in={name for _, name in chunk}, source__in={src for src, _ in chunk})
        tickets = [one for one in rows if (one.source, one.external_id) in places]
        later = _last_turns(tickets)
        found |= {(one.source, one.external_id) for one in tickets if _is_open(one, later.get(one.pk, ""))}
    return found


def _is_open(ticket: Ticket, last_status: str) -> bool:
    if ticket.solved_at is None:
        return True
    status = plain(last_status or ticket.status)
    return status in _OPEN_STATUSES or status.startswith("awaiting")


def _last_turns(tickets: Iterable[Ticket]) -> dict[int, str]:
    """What became of them after they were solved, by the last event that tells it."""
    solved_at = {ticket.pk: ticket.solved_at for ticket in tickets if ticket.solved_at}
    is_turn = Q(kind=TicketEvent.Kind.REOPEN) | Q(kind=TicketEvent.Kind.STATUS)
    rows = TicketEvent.objects.filter(is_turn, ticket__in=list(solved_at)).order_by("at", "id")
    found = {}
    for pk, at, kind, status in rows.values_list("ticket_id", "at", "kind", "to_value"):
        if at > solved_at[pk]:
            found[pk] = "reopened" if kind == TicketEvent.Kind.REOPEN else status
    return {pk: status for pk, status in found.items() if plain(status) not in ENDED_STATUSES}


def _reason_against(ticket: Ticket, *, due_at: datetime, now: datetime | None) -> str:
    if ticket.customer is None or not ticket.customer.email.strip():
        return reasons.NO_ADDRESS
    return reasons.TOO_LATE if now and due_at < now - rules.MOST_LATE else ""


def _zone(ticket: Ticket, known: dict[str, Contact]) -> str:
    """That of the person: as the contact says, else the customer's row."""
    if ticket.customer is None:
        return ""
    contact = known.get(contacts.normalise(ticket.customer.email))
    return (contact.time_zone if contact else "") or ticket.customer.time_zone


def _cause(ticket: Ticket) -> str:
    """One solve, one question. One that was called off because the ticket came back may be asked at the next solve."""
    solved_at = epoch(ticket.solved_at) if ticket.solved_at else 0
    return f"ticket:{ticket.source}:{ticket.external_id}:{solved_at}"


def _invitee(ticket: Ticket, *, cause: str, refusal: str, send_at: datetime) -> Invitee:
    customer = ticket.customer
    return Invitee(
        email=customer.email if customer else "",
        name=customer.name if customer else "",
        company=customer.company if customer else "",
        language=ticket.language or (customer.language if customer else ""),
        time_zone=customer.time_zone if customer else "",
        cause=cause,
        refusal=refusal,
        send_at=send_at,
        context={
            "ticket": ticket.external_id,
            "ticket_source": ticket.source,
            "agent": ticket.agent.external_id if ticket.agent else "",
            "team": ticket.team.name if ticket.team else "",
            "channel": ticket.channel,
            "category": ticket.category,
            "priority": ticket.priority,
            "customer": customer.external_id if customer else "",
        },
    )
