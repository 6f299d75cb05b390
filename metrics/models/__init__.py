"""Facts as imported, figures as computed, and the bookkeeping between them."""

from metrics.models.facts import Customer, Ticket, TicketEvent
from metrics.models.imports import ImportRun, RejectedRow
from metrics.models.rollup import DirtyDay, Rollup
from metrics.models.target import ServiceTarget

__all__ = [
    "Customer",
    "DirtyDay",
    "ImportRun",
    "RejectedRow",
    "Rollup",
    "ServiceTarget",
    "Ticket",
    "TicketEvent",
]
