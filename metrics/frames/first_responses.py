"""From when to when a customer waited for the first response: of what we started, only if the customer wrote back."""

from typing import Final

import numpy as np

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, fetch, texts, transposed, whole_numbers
from metrics.frames.trails import Texts, Truths, firsts, of, positions, trail
from metrics.kpi import Frame
from metrics.models import Message

_NEVER: Final = np.iinfo(np.int64).max


def first_responses(frame: Frame) -> tuple[Seconds, Seconds, Truths]:
    """Beginning and end of each wait, and of which tickets there is none because we started them and the customer has
    not written.

    Customers who come to us wait from the creation of the ticket. Those to whom we wrote wait from their first message
    to the first public reply by a person after it.
    """
    begins = frame["created_at"].to_numpy(dtype=np.int64).copy()
    ends = frame["first_agent_reply_at"].to_numpy(dtype=np.int64).copy()
    is_ours = frame["is_outbound"].to_numpy() == 1
    if not is_ours.any():
        return begins, ends, is_ours
    places = np.flatnonzero(is_ours)
    asked, replied = _spoken(frame.take(places).reset_index(drop=True), ends[places])
    has_asked = asked != MISSING
    begins[places[has_asked]], ends[places[has_asked]] = asked[has_asked], replied[has_asked]
    is_ours[places[has_asked]] = False
    return begins, ends, is_ours


def _spoken(frame: Frame, known: Seconds) -> tuple[Seconds, Seconds]:
    """The first message of the customer, and the first reply by a person after it: by messages, by the events of
    tickets without any, and by the column, which may say what neither does."""
    messages = Message.objects.filter(of(frame), public=True, is_auto_reply=False)
    ids, instants, names = transposed(fetch(messages, ["ticket_id", Epoch("at"), "author_type"]), 3)
    rows, at, who = positions(frame, whole_numbers(ids)), whole_numbers(instants), texts(names)
    events = trail(frame, ("reply",))
    is_silent = ~np.isin(events.rows, rows)
    rows = np.concatenate([rows, events.rows[is_silent], np.arange(len(frame))[known != MISSING]])
    at = np.concatenate([at, events.times[is_silent], known[known != MISSING]])
    who = np.concatenate([who, events.actors[is_silent], np.full(int((known != MISSING).sum()), "agent", dtype=object)])
    asks, replies = _are(who, "customer"), _are(who, "agent")
    asked = firsts(rows[asks], at[asks], len(frame))
    replies &= at >= np.where(asked != MISSING, asked, _NEVER)[rows]
    return asked, firsts(rows[replies], at[replies], len(frame))


def _are(who: Texts, name: str) -> Truths:
    return np.array([str(one).lower() == name for one in who], dtype=np.bool_)
