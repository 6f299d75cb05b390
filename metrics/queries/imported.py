"""What has been imported so far."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from metrics.models import Customer, Ticket, TicketEvent


@dataclass(frozen=True)
class Overview:
    tickets: int
    events: int
    customers: int
    flagged: int
    first: datetime | None
    last: datetime | None


def overview() -> Overview:
    """How much there is, from when to when, and how many tickets have an instant that cannot be right."""
    ends = Ticket.objects.aggregate(first=Min("created_at")) | Ticket.objects.aggregate(last=Max("created_at"))
    return Overview(
        tickets=Ticket.objects.count(),
        events=TicketEvent.objects.count(),
        customers=Customer.objects.count(),
        flagged=Ticket.objects.filter(is_flagged=True).count(),
        first=ends["first"],
        last=ends["last"],
    )
