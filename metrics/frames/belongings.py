"""Frames "messages" and "ticket_events": a row for each of them, with what is known of its ticket.

Identity and members are those of the ticket, so that whatever tickets are told apart and found by holds here, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import BooleanField, F, Func, Manager, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Length, NullIf

from kpiproject.lib.periods import Seconds
from metrics.frames.columns import Epoch, between, fetch, number, transposed, whole_numbers, words
from metrics.frames.context import Span
from metrics.frames.tickets import IS_TOLD, STORED, excluded_because
from metrics.frames.trails import turns
from metrics.kpi import UNKNOWN, Frame
from metrics.models import Among, Message, TicketEvent

TICKET: Final = "ticket__"
"""Leads from a row to its ticket."""

_IS_REST: Final = Func(
    # As literals, for the sake of the index.
    F("kind"),
    template="%(expressions)s IN ('created', 'priority', 'category', 'note', 'handoff')",
    output_field=BooleanField(),
)


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """How one table becomes a frame: its own members, and truths and numbers, by the names of their columns. `searches`
    are the rows in parts, each of which has an index by time."""

    rows: Manager[Any]
    searches: "Sequence[QuerySet[Any]]"
    members: Mapping[str, str]
    numbers: Mapping[str, Any] = field(default_factory=dict)


BELONGINGS: Final[Mapping[str, Belonging]] = {
    "messages": Belonging(
        rows=Message.objects,
        searches=[Message.objects.all()],
        members={"author_type": "author_type", "author": "author"},
        numbers={
            "public": number("public"),
            "is_auto_reply": number("is_auto_reply"),
            "characters": Coalesce(NullIf(Length("text"), Value(0)), Value(UNKNOWN)),  # no text was imported
        },
    ),
    "ticket_events": Belonging(
        rows=TicketEvent.objects,
        searches=[turns(), TicketEvent.objects.filter(IS_TOLD), TicketEvent.objects.filter(_IS_REST)],
        members={
            "kind": "kind",
            "from_value": "from_value",
            "to_value": "to_value",
            "actor_type": "actor_type",
            "actor": "actor",
        },
    ),
}
_INSTANTS: Final = ("created_at", "first_agent_reply_at", "first_solved_at", "solved_at", "closed_at")
_REFERENCE: Final = "external_id"


def belongings(name: str, span: Span, which: Q) -> Frame:
    """The rows of a span that belong to the tickets meant (as a condition on the rows), in the order in which they were
    stored."""
    plan = _plan(BELONGINGS[name])
    known = between("at", *span) & which & Q(ticket__is_stub=False)
    rows = [row for search in BELONGINGS[name].searches for row in fetch(search.filter(known), list(plan.values()))]
    columns = dict(zip(plan, transposed(rows, len(plan)), strict=True))
    order = np.argsort(whole_numbers(columns.pop("pk")), kind="stable")
    texts = {"source", "excluded_because", *STORED, *BELONGINGS[name].members}
    return (
        pd.DataFrame({key: _column(key, found, texts) for key, found in columns.items()})
        .take(order)
        .reset_index(drop=True)
    )


def belonging_instants(name: str, tickets: Sequence[int]) -> Seconds:
    """When everything of this kind happened that belongs to these tickets, given by their ids."""
    rows = BELONGINGS[name].rows.filter(Among("ticket_id", tickets))
    return whole_numbers([at for (at,) in fetch(rows, [Epoch("at")])])


def _plan(table: Belonging) -> dict[str, Any]:
    """Of every column of the frame what to ask the database for."""
    plan: dict[str, Any] = {"pk": "pk", "id": "ticket_id", "at": Epoch("at"), **table.numbers, **table.members}
    plan |= {"source": f"{TICKET}source", _REFERENCE: f"{TICKET}{_REFERENCE}"}
    plan |= {"excluded_because": excluded_because(TICKET), "customer_id": number(f"{TICKET}customer_id")}
    plan |= {instant: Epoch(f"{TICKET}{instant}") for instant in _INSTANTS}
    return plan | {name: f"{TICKET}{path}" for name, path in STORED.items()}


def _column(name: str, found: Sequence[Any], texts: set[str]) -> Any:
    if name == _REFERENCE:
        return np.array(found, dtype=object)
    return words(found) if name in texts else whole_numbers(found)
