"""What has been imported so far."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from metrics.models import Customer, ImportRun, Ticket, TicketEvent
from metrics.queries import stored
from surveys import queries as surveys


@dataclass(frozen=True)
class Overview:
    tickets: int
    events: int
    customers: int
    flagged: int
    answers: int
    imported_answers: int
    first: datetime | None
    last: datetime | None


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
    )


def members(name: str) -> list[str]:
    """What there is of a channel, team, category, priority, tier, segment or source, to choose from."""
    if name in ("segment", "tier"):
        return sorted(set(Customer.objects.values_list(name, flat=True)) - {""})
    if name == "source":
        rows = (model.objects.order_by().values_list(name, flat=True).distinct() for model in (Customer, ImportRun))
        return sorted(set().union(*rows) - {""})
    path = {"team": "team__name"}.get(name, name)
    # What was computed is quick to look through, also with millions of tickets.
    found = stored.named("ticket_volume", name) or set(Ticket.objects.values_list(path, flat=True).distinct())
    return sorted(member for member in found if member)
