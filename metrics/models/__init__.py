"""Facts as imported, figures as computed, and the bookkeeping between them."""

from metrics.models.facts import Customer, Ticket, TicketEvent, TicketHistory
from metrics.models.imports import ImportRun, RejectedRow
from metrics.models.rollup import Basis, DirtyDay, Rollup
from metrics.models.target import ServiceTarget

__all__ = [
    "Basis",
    "Customer",
    "DirtyDay",
    "ImportRun",
    "RejectedRow",
    "Rollup",
    "ServiceTarget",
    "Ticket",
    "TicketEvent",
    "TicketHistory",
]
