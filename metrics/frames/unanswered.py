"""Tickets that wait for their first reply, beside those that got it."""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from django.db.models import Min, Q, QuerySet

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, between, number
from metrics.frames.context import Context, Span
from metrics.frames.hours import row_clocks
from metrics.frames.promises import HAS_NO_RESPONSE_TIME, IS_UNANSWERED
from metrics.frames.read import is_member
from metrics.frames.reopenings import returns
from metrics.frames.tickets import EXCLUDED_BECAUSE, MEMBERS, counted, described
from metrics.frames.trails import Log
from metrics.models import Ticket

_HAS_NO_TIME: Final = HAS_NO_RESPONSE_TIME & Q(agent_replies__gt=0)
_IS_CALL: Final = Q(first_agent_reply_at__isnull=True, answered_at__isnull=False)
"""Answered on the telephone and not in writing, which is no reply: see the speed of answer."""

_Where = Mapping[str, Collection[str]]


def unanswered(span: Span, where: _Where) -> tuple[int, int]:
    """How many tickets that customers opened in a span have no reply, are not solved and were not given up, and the
    instant at which the oldest of them was created (MISSING without any)."""
    still = {"solved_at__isnull": True, "closed_at__isnull": True, "abandoned_at__isnull": True}
    waiting = _asked(span, where).filter(IS_UNANSWERED, **still)
    oldest = waiting.aggregate(at=Min("created_at"))["at"]
    return waiting.count(), MISSING if oldest is None else int(oldest.timestamp() // 1)


def answered_some_time(span: Span, where: _Where) -> int:
    """How many tickets that customers opened in a span have replies of which nobody knows when the first one came."""
    return _asked(span, where).filter(_HAS_NO_TIME).count()


def opened(span: Span, where: _Where) -> int:
    """How many tickets customers opened in a span."""
    return _asked(span, where).count()


def first_replies(span: Span, where: _Where, clock: str, context: Context) -> tuple[Seconds, Seconds]:
    """Of every ticket that a customer opened in a span, by one clock: how long it waited for its first reply, or waits
    until now, or waited when it was solved; and whether it got the reply (1 or 0). One that was answered before it
    came in is left out, and so are calls that somebody picked up, and what was answered nobody knows when."""
    columns = {name: Epoch(name) for name in ("created_at", "first_agent_reply_at", "solved_at", "closed_at")}
    members = {name: MEMBERS[name] for name in ("channel", "team", "tier")}
    frame = described(
        Q(pk__in=_asked(span, where).exclude(_HAS_NO_TIME).exclude(_IS_CALL).values("pk")),
        {"id": "id", "customer_id": number("customer_id"), **columns, **members},
    )
    created, replied, solved, closed = (frame[name].to_numpy(dtype=np.int64) for name in columns)
    done = np.where(solved != MISSING, solved, closed)
    ends = np.where(replied != MISSING, replied, np.where(done != MISSING, done, context.now_seconds))
    hours = row_clocks(frame, context).until(ends)
    lengths = hours[clock].seconds_between(created, ends)
    is_sound = ends >= created
    return lengths[is_sound], (replied != MISSING)[is_sound].astype(np.int64)


def after_handover(span: Span, where: _Where, clock: str, context: Context) -> Seconds:
    """How long customers waited for a person after a bot, by one clock: from when it handed them over or they came
    back to what it had settled, whichever was later, to the first reply. Of tickets that got it in the span."""
    which = Q(bot_involved=True) | Q(handed_to_human_at__isnull=False)
    found = counted().filter(which, between("first_agent_reply_at", *span), is_outbound=False)
    found = found.alias(reason=EXCLUDED_BECAUSE).filter(is_member(where), reason="")
    names = ("created_at", "first_agent_reply_at", "handed_to_human_at")
    members = {name: MEMBERS[name] for name in ("channel", "team", "tier")}
    columns = {"id": "id", "customer_id": number("customer_id"), **{name: Epoch(name) for name in names}, **members}
    frame = described(Q(pk__in=found.values("pk")), columns)
    created, replied, handed = (frame[name].to_numpy(dtype=np.int64) for name in names)
    starts = np.where(handed <= replied, handed, MISSING)
    back = returns(Log(frame).turns)
    is_before = back.times <= replied[back.rows]
    np.maximum.at(starts, back.rows[is_before], back.times[is_before])
    hours = row_clocks(frame, context).until(replied)[clock]
    is_after = (starts != MISSING) & (replied >= created)
    waited: Seconds = hours.seconds_between(starts, replied)[is_after]
    return waited


def _asked(span: Span, where: _Where) -> "QuerySet[Ticket]":
    found = counted().filter(between("created_at", *span), is_outbound=False).alias(reason=EXCLUDED_BECAUSE)
    return found.filter(is_member(where), reason="")
