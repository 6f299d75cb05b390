"""Customers, what they pay, what else is done for them and what it costs, as frames: whole tables with the same names
for the same things. Days are the instants at which they begin in the organisation's time zone; `customer_id` ties rows
of one customer together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import FloatField, Manager, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from kpiproject.lib.periods import MISSING, Seconds, epoch, resolve_local
from metrics.frames.columns import Epoch, fetch, number, transposed, whole_numbers, words
from metrics.frames.context import Context
from metrics.frames.money import UNKNOWN_CURRENCY, converted, instants_of
from metrics.kpi import Frame
from metrics.models import AgentTime, CostEntry, Customer, Order, ServiceRecord, Subscription

Known = Callable[[Mapping[str, Any], Context], Any]
"""What all rows of a table tell together, out of its columns."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """How one table becomes a frame: column of the frame → column of the database, by how it is read. `amount` names
    a money column and its date; `told` are instants that only some sources have, among the other columns; `durations`
    are between two instants, in every clock. `known` says the same of every row: what the whole table tells, which
    must not be forgotten when rows are chosen later."""

    rows: Manager[Any]
    members: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    floats: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    instants: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    durations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    amount: tuple[str, str, str] | None = None
    known: Mapping[str, Known] = field(default_factory=dict)


def _any_premium(columns: Mapping[str, Any], _context: Context) -> bool:
    return bool((columns["is_premium"] == 1).any())


def _any_renewal(columns: Mapping[str, Any], _context: Context) -> bool:
    return bool((columns["renewed_at"] != MISSING).any())


def _last_placed(columns: Mapping[str, Any], context: Context) -> int:
    placed = columns["placed_at"]
    return int(placed[placed <= context.now_seconds].max(initial=MISSING))


_OF_CUSTOMER: Final = {"segment": "customer__segment", "tier": "customer__tier", "country": "customer__country"}

TABLES: Final[Mapping[str, Table]] = {
    "customers": Table(
        rows=Customer.objects,
        numbers={"id": "id", "customer_id": "id", "is_stub": "is_stub"},
        days={"signed_up_at": "signed_up_on", "left_at": "left_on"},
        members={
            "source": "source",
            "segment": "segment",
            "tier": "tier",
            "country": "country",
            "language": "language",
            "reason": "leave_reason",
        },
        texts={"external_id": "external_id"},
    ),
    "subscriptions": Table(
        rows=Subscription.objects,
        numbers={"id": "id", "customer_id": "customer_id", "is_premium": "is_premium"},
        days={
            "started_at": "started_on",
            "ended_at": "ended_on",
            "cancel_requested_at": "cancel_requested_on",
            "renewal_due_at": "renewal_due_on",
            "renewed_at": "renewed_on",
            "trial_ends_at": "trial_ends_on",
        },
        members={"source": "source", "plan": "plan", **_OF_CUSTOMER},
        texts={"external_id": "external_id"},
        amount=("mrr", "currency", "started_at"),
        known={"premium_known": _any_premium, "renewal_known": _any_renewal},
    ),
    "orders": Table(
        rows=Order.objects,
        numbers={"id": "id", "customer_id": "customer_id"},
        instants={"placed_at": "placed_at", "cancelled_at": "cancelled_at"},
        members={"source": "source", "status": "status", **_OF_CUSTOMER},
        texts={"external_id": "external_id"},
        amount=("amount", "currency", "placed_at"),
        known={"orders_until": _last_placed},
    ),
    "records": Table(
        rows=ServiceRecord.objects,
        numbers={"id": "id", "customer_id": "customer_id", "ticket_id": "ticket_id"},
        floats={"score": "score", "amount": "amount"},
        instants={name: name for name in ("started_at", "acknowledged_at", "due_at", "finished_at")},
        members={
            "source": "source",
            "kind": "kind",
            "group": "group",
            "outcome": "outcome",
            "channel": "channel",
            "segment": "customer__segment",
            "tier": "customer__tier",
        },
        texts={"external_id": "external_id"},
        told=("approved_at", "received_at", "told_at", "updated_at", "offered_at"),
        durations={"acknowledged": ("started_at", "acknowledged_at"), "handled": ("started_at", "finished_at")},
    ),
    "work": Table(
        rows=AgentTime.objects,
        numbers={"id": "id", "agent_id": "agent_id", "ticket_id": "ticket_id"},
        instants={"starts_at": "starts_at", "ends_at": "ends_at"},
        members={"source": "source", "kind": "kind", "team": "agent__team__name", "agent": "agent__external_id"},
        texts={"external_id": "key"},
    ),
    "costs": Table(
        rows=CostEntry.objects,
        numbers={"id": "id"},
        days={"from_at": "valid_from", "to_at": "valid_to"},
        members={"source": "source", "cost": "category", "team": "team__name", "channel": "channel"},
        texts={"external_id": "key"},
        amount=("amount", "currency", "from_at"),
    ),
}


def read(name: str, context: Context, which: Q | None = None) -> Frame:
    """A row per record of a table, or of those meant."""
    table = TABLES[name]
    plan = _plan(table)
    rows = table.rows.filter(which or Q())
    values = transposed(fetch(rows, [expression for _, expression, _ in plan]), len(plan))
    columns = {column: convert(found, context) for (column, _, convert), found in zip(plan, values, strict=True)}
    currencies = columns.pop("currency", None)
    because = np.full(len(values[0]), "", dtype=object)
    if table.amount and currencies is not None:
        amount, _, at = table.amount
        columns[amount] = converted(columns[amount], currencies, columns[at], context)
        because[np.isnan(columns[amount])] = UNKNOWN_CURRENCY
    for duration, (start, end) in table.durations.items():
        for clock, hours in context.clocks.items():
            columns[f"{duration}_{clock}_seconds"] = hours.seconds_between(columns[start], columns[end])
    told = {name: np.full(len(because), known(columns, context)) for name, known in table.known.items()}
    return pd.DataFrame(columns | told).assign(excluded_because=words(because.tolist()))


Converter = Callable[[Sequence[Any], Context], Any]


def _plan(table: Table) -> list[tuple[str, Any, Converter]]:
    """Of every column its name, what to ask the database for, and what makes a column of it."""
    plan: list[tuple[str, Any, Converter]] = []
    plan += [(name, number(column), _as_numbers) for name, column in table.numbers.items()]
    plan += [(name, Cast(column, FloatField()), _as_floats) for name, column in table.floats.items()]
    plan += [(name, column, _as_days) for name, column in table.days.items()]
    plan += [(name, Epoch(column), _as_numbers) for name, column in table.instants.items()]
    plan += [(name, KT(f"extra__{name}"), _as_told) for name in table.told]
    plan += [(name, column, _as_words) for name, column in table.members.items()]
    plan += [(name, column, _as_texts) for name, column in table.texts.items()]
    if table.amount:
        amount, currency, _ = table.amount
        plan += [(amount, Cast(amount, FloatField()), _as_floats), (currency, currency, _as_texts)]
    return plan


def _as_numbers(values: Sequence[Any], _context: Context) -> Seconds:
    return whole_numbers(values)


def _as_floats(values: Sequence[Any], _context: Context) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _as_told(values: Sequence[Any], context: Context) -> Seconds:
    """Instants as a source wrote them; without an offset, in the organisation's zone. What is none is missing."""
    codes, names = pd.factorize(np.array(["" if value is None else str(value) for value in values], dtype=object))
    found = np.array([_instant(name, context.zone) for name in names], dtype=np.int64)
    return found[codes] if len(names) else found


def _instant(text: str, zone: str) -> int:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return MISSING
    return epoch(at if at.tzinfo else resolve_local(at, zone))


def _as_days(values: Sequence[Any], context: Context) -> Seconds:
    return instants_of(values, context.zone)


def _as_words(values: Sequence[Any], _context: Context) -> Any:
    return words(values)


def _as_texts(values: Sequence[Any], _context: Context) -> Any:
    return np.array(["" if value is None else value for value in values], dtype=object)
