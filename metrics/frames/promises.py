"""What decides when tickets are due, a row per ticket: of the ticket, of its customer, and what was applied before."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Coalesce, Lower

from kpiproject.lib.periods import MISSING, Seconds, local_days
from metrics.frames.columns import Epoch, fetch, number, transposed, whole_numbers, words
from metrics.frames.context import Context
from metrics.frames.history import Texts, positions
from metrics.frames.money import converted
from metrics.frames.tickets import counted
from metrics.kpi import Frame
from metrics.models import Message, Subscription, TicketEvent

DUE: Final[Mapping[str, str]] = {
    "first_response": "first_response_due_at",
    "next_reply": "next_reply_due_at",
    "resolution": "target_due_at",
}
"""Where the due time of each promise is kept."""

ASKED_AT: Final = Coalesce("ring_started_at", "created_at")
"""When the customer began to wait for a first response: a telephone rings before there is a ticket, or after."""

RESPONDED_AT: Final = Coalesce("answered_at", "first_agent_reply_at")
"""When a person responded first: who picks up the telephone has."""

HAS_NO_RESPONSE_TIME: Final = Q(answered_at__isnull=True, first_agent_reply_at__isnull=True)

IS_UNANSWERED: Final = HAS_NO_RESPONSE_TIME & ~Q(agent_replies__gt=0)
"""Tickets that nobody has answered. Some sources count replies and do not tell when the first one came: of those
with any, only the time is not known."""

_MEMBERS: Final = {
    "channel": "channel",
    "category": "category",
    "priority": "priority",
    "team": "team__name",
    "tier": "customer__tier",
}
_INSTANTS: Final = (
    "created_at", "first_agent_reply_at", "ring_started_at", "answered_at", "solved_at", "closed_at", *DUE.values(),
)  # fmt: skip
_NEVER: Final = np.iinfo(np.int64).max

Days = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]


def promised(which: Q) -> Frame:
    columns: dict[str, Any] = {"id": "id", "is_outbound": number("is_outbound"), "customer_id": number("customer_id")}
    columns |= {name: Epoch(name) for name in _INSTANTS}
    for metric in DUE:
        columns |= {f"{metric}_target": number(f"{metric}_target_id"), f"{metric}_version": number(f"{metric}_version")}
    texts = {**_MEMBERS, **{f"{metric}_tier": f"{metric}_tier" for metric in DUE}}
    rows = fetch(counted().filter(which), [*columns.values(), *texts.values()])
    names = [*columns, *texts]
    found = zip(names, transposed(rows, len(names)), strict=True)
    return pd.DataFrame({name: words(values) if name in texts else whole_numbers(values) for name, values in found})


def customer_names(which: Q, frame: Frame) -> dict[str, Texts]:
    """Company, id and address of each row's customer, in small letters."""
    names = ("company", "external_id", "email")
    texts = [Lower(Coalesce(F(f"customer__{name}"), Value(""), output_field=TextField())) for name in names]
    ids, *columns = transposed(fetch(counted().filter(which), ["id", *texts]), 4)
    return {name: _placed(column, ids, frame) for name, column in zip(names, columns, strict=True)}


def customer_days(which: Q, frame: Frame, zone: str) -> Days:
    """For how many days each row's customer had been one when the ticket came in; far below zero where the day of
    signing up is not known."""
    ids, days = transposed(fetch(counted().filter(which), ["id", "customer__signed_up_on"]), 2)
    signed = _dates(_placed(days, ids, frame))
    return np.where(signed == MISSING, MISSING, _created(frame, zone) - np.where(signed == MISSING, 0, signed))


def monthly_revenue(frame: Frame, context: Context) -> Amounts:
    """What the subscriptions of each row's customer brought a month on the day the ticket came in, in the
    organisation's currency by the rate of that day; what cannot be converted brings nothing."""
    columns = ["customer_id", "mrr", "currency", "started_on", "ended_on"]
    owners, mrr, currencies, starts, ends = transposed(fetch(Subscription.objects.all(), columns), len(columns))
    paid = pd.DataFrame({"customer": whole_numbers(owners), "place": np.arange(len(owners))})
    paid["start"], paid["end"] = (_dates(np.array(column, dtype=object)) for column in (starts, ends))
    paid["end"] = np.where(paid["end"] == MISSING, _NEVER, paid["end"])
    days = _created(frame, context.zone)
    asked = pd.DataFrame({"row": np.arange(len(frame)), "customer": frame["customer_id"], "day": days})
    both = asked.merge(paid, on="customer")
    both = both[(both["start"] <= both["day"]) & (both["day"] < both["end"])]
    rows, places = (both[name].to_numpy(dtype=np.intp) for name in ("row", "place"))
    at = frame["created_at"].to_numpy(dtype=np.int64)[rows]
    amounts = converted([mrr[place] for place in places], [currencies[place] for place in places], at, context)
    result = np.zeros(len(frame))
    np.add.at(result, rows, np.nan_to_num(amounts))
    return result


def waiting_since(frame: Frame, which: Q) -> Seconds:
    """Since when customers wait for our next reply, after we have answered them before; MISSING where nobody waits."""
    ids, at, actors = transposed([*_replies(which), *_messages(which)], 3)
    found, instants, who = positions(frame, whole_numbers(ids)), whole_numbers(at), np.array(actors, dtype=object)
    replied = frame["first_agent_reply_at"].to_numpy(dtype=np.int64).copy()
    np.maximum.at(replied, found[who == "agent"], instants[who == "agent"])
    first = np.full(len(frame), _NEVER, dtype=np.int64)
    asks = (who == "customer") & (replied[found] != MISSING) & (instants > replied[found])
    np.minimum.at(first, found[asks], instants[asks])
    is_open = ((frame["solved_at"] == MISSING) & (frame["closed_at"] == MISSING)).to_numpy()
    return np.where(is_open & (first != _NEVER), first, MISSING)


def _replies(which: Q) -> list[tuple[Any, ...]]:
    """Ticket, instant and who wrote, of the events of these tickets."""
    tickets = counted().filter(which).values("pk")
    rows = TicketEvent.objects.filter(kind=TicketEvent.Kind.REPLY, ticket__in=tickets)
    return fetch(rows, ["ticket_id", Epoch("at"), Lower("actor_type")])


def _messages(which: Q) -> list[tuple[Any, ...]]:
    """The same of messages that the other side could read and a person wrote."""
    tickets = counted().filter(which).values("pk")
    rows = Message.objects.filter(public=True, is_auto_reply=False, ticket__in=tickets)
    return fetch(rows, ["ticket_id", Epoch("at"), Lower("author_type")])


def _created(frame: Frame, zone: str) -> Days:
    return local_days(frame["created_at"].to_numpy(dtype=np.int64), zone).astype(np.int64)


def _dates(values: Texts) -> Days:
    """Days since 1970-01-01 of dates, as whatever the database gives them; MISSING where there is none."""
    return np.array(["NaT" if day is None else str(day)[:10] for day in values], dtype="datetime64[D]").astype(np.int64)


def _placed(values: Sequence[Any], ids: Sequence[Any], frame: Frame) -> Texts:
    """The values in the order of the frame's rows."""
    result = np.empty(len(frame), dtype=object)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    result[positions(frame, whole_numbers(ids))] = column
    return result
