"""Facts as imported, figures as computed, and the bookkeeping between them."""

from metrics.models.adoption import Adoption, RetiredKpi
from metrics.models.among import Among
from metrics.models.asking import AskedTicket
from metrics.models.benchmark import Benchmark
from metrics.models.commerce import ExchangeRate, Order, Subscription
from metrics.models.custom import CustomKpi
from metrics.models.facts import Customer, Ticket, TicketEvent, TicketHistory
from metrics.models.imports import ImportChange, ImportRun, RejectedRow
from metrics.models.options import KpiOptions
from metrics.models.records import Message, ServiceRecord
from metrics.models.rollup import Basis, DirtyDay, FrameVersion, Redefinition, Rollup
from metrics.models.target import EarlierTarget, EarlierTier, ServiceTarget
from metrics.models.work import AgentTime, CostEntry

__all__ = [
    "Adoption",
    "AgentTime",
    "Among",
    "AskedTicket",
    "Basis",
    "Benchmark",
    "CostEntry",
    "CustomKpi",
    "Customer",
    "DirtyDay",
    "EarlierTarget",
    "EarlierTier",
    "ExchangeRate",
    "FrameVersion",
    "ImportChange",
    "ImportRun",
    "KpiOptions",
    "Message",
    "Order",
    "Redefinition",
    "RejectedRow",
    "RetiredKpi",
    "Rollup",
    "ServiceRecord",
    "ServiceTarget",
    "Subscription",
    "Ticket",
    "TicketEvent",
    "TicketHistory",
]
