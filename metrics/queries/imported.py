"""What has been imported so far."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.db.models import Max, Min

from metrics.catalogue import CATALOGUE
from metrics.models import Customer, ImportRun, Ticket, TicketEvent
from metrics.queries import audit, stored
from surveys import queries as surveys

_SHOWN_APART: Final = frozenset({"tickets", "ticket_events", "customers", "survey_responses", "invitations"})


@dataclass(frozen=True)
class Amount:
    """How much there is of one kind of facts, and from which local day to which; None where no fact has a day."""

    kind: str
    rows: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Overview:
    """`others` has the kinds that the other numbers do not tell of, as far as there is any of them."""

    tickets: int
    events: int
    customers: int
    flagged: int
    answers: int
    imported_answers: int
    first: datetime | None
    last: datetime | None
    others: list[Amount]


def overview() -> Overview:
    """How much there is, from when to when, and how many tickets have an instant that cannot be right."""
    ends = Ticket.objects.aggregate(first=Min("created_at")) | Ticket.objects.aggregate(last=Max("created_at"))
    answers = surveys.answers_by_origin()
    return Overview(
        tickets=Ticket.objects.count(),
        events=TicketEvent.objects.count(),
        customers=Customer.objects.count(),
        flagged=Ticket.objects.filter(is_flagged=True).count(),
        answers=sum(answers.values()),
        imported_answers=answers["import"],
        first=ends["first"],
        last=ends["last"],
        others=[one for one in amounts() if one.kind not in _SHOWN_APART],
    )


def amounts() -> list[Amount]:
    """Of every kind of facts that is there, whatever its source."""
    found = []
    for kind, parts in groupby(sorted(audit.sources(), key=attrgetter("kind")), attrgetter("kind")):
        own = list(parts)
        if rows := sum(one.rows for one in own):
            firsts, lasts = [one.first for one in own if one.first], [one.last for one in own if one.last]
            first, last = min(firsts, default=None), max(lasts, default=None)
            found.append(Amount(kind=kind, rows=rows, first=first, last=last))
    return found


def members(name: str) -> list[str]:
    """What there is of a channel, team, category, priority, tier, segment or source, to choose from."""
    if name in ("segment", "tier"):
        return sorted(set(Customer.objects.values_list(name, flat=True)) - {""})
    if name == "source":
        rows = (model.objects.order_by().values_list(name, flat=True).distinct() for model in (Customer, ImportRun))
        return sorted(set().union(*rows) - {""})
    path = {"team": "team__name"}.get(name, name)
    # What was computed is quick to look through, also with millions of tickets.
    found = stored.members(CATALOGUE["ticket_volume"], name) or set(
        Ticket.objects.values_list(path, flat=True).distinct()
    )
    return sorted(member for member in found if member)
