"""Figures that belong beside others which add up: what the figure itself must leave out is said with it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

import numpy as np
from django.core.cache import cache

from kpiproject.lib.periods import MISSING, epoch, local_day
from kpiproject.lib.survival import kaplan_meier
from metrics import frames
from metrics.catalogue import automation
from metrics.frames import Span
from metrics.frames import unanswered as replies
from metrics.kpi import Kpi
from metrics.queries import computed
from metrics.queries.questions import Asked, Point

Beside = Mapping[str, float | None]

_KEPT_SECONDS: Final = 24 * 3600
CENSORED_FROM: Final = 0.05
"""From this share of unanswered tickets on, a median of the answered ones alone looks better than it is."""


def added(asked: Asked, points: list[Point]) -> list[Point]:
    """The points with what belongs beside them. What has to be read for it is read for a single figure only."""
    of_point = _OF_POINTS.get(asked.kpi.code)
    if of_point:
        return [replace(point, beside={**point.beside, **of_point(point)}) for point in points]
    of_question = _OF_QUESTIONS.get(asked.kpi.code)
    if of_question and len(points) == 1 and not asked.by and asked.period is not None:
        return [replace(points[0], beside={**points[0].beside, **_kept(asked, of_question)})]
    return points


def first_response_median(asked: Asked) -> float | None:
    """The median of the first response with the tickets that still wait as censored (Kaplan and Meier); of tickets
    that were opened in the period. None while more than half have no reply."""
    span = _span(asked)
    lengths, is_answered = replies.first_replies(span, asked.where, asked.clock, frames.context())
    return kaplan_meier(lengths, is_answered == 1).median


def _first_responses(asked: Asked) -> Beside:
    span = _span(asked)
    waiting, oldest = replies.unanswered(span, asked.where)
    opened = replies.opened(span, asked.where)
    found: dict[str, float | None] = {"unanswered": float(waiting)}
    if answered := replies.answered_some_time(span, asked.where):
        found["answered_some_time"] = float(answered)
    if waiting:
        found["oldest_unanswered_seconds"] = float(epoch(asked.now) - oldest) if oldest != MISSING else None
    if opened and waiting / opened > CENSORED_FROM:
        found["median_with_unanswered_seconds"] = first_response_median(asked)
    return {**found, **_after_handover(asked)}


def _after_handover(asked: Asked) -> Beside:
    """The figure is what customers see, from the creation of their tickets; this is what a team can be judged by."""
    lengths = replies.after_handover(_span(asked), asked.where, asked.clock, frames.context())
    if not len(lengths):
        return {}
    return {"after_handover_seconds": float(np.median(lengths)), "after_handover": float(len(lengths))}


def _workload(asked: Asked) -> Beside:
    """What several contacts at once add up to, and what was done outside available time."""
    frame = frames.read(["shifts"], _span(asked), frames.context(), at=["day_at"], where=asked.where)["shifts"]
    counted = frame[frame["available_seconds"] > 0]
    available = int(counted["available_seconds"].sum())
    if not available:
        return {}
    inside = counted["workload_seconds"].sum()
    return {
        "workload_percent": 100 * float(inside) / available,
        "outside_available_time_seconds": float(counted["outside_seconds"].sum()),
    }


def _outcomes(asked: Asked) -> Beside:
    """How the conversations behind the figure ended. Containment alone would hide those who gave up."""
    found: Counter[str] = Counter()
    for part in computed.parts(asked):
        rows = part.frame.iloc[part.events.rows]
        found.update({name: int(is_so.sum()) for name, is_so in automation.outcomes(rows).items()})
    return {name: float(count) for name, count in found.items()} if found.total() else {}


def _abandonment(point: Point) -> Beside:
    """Of the calls that could have been answered."""
    given_up = point.excluded.get("abandoned", 0)
    calls = point.n + given_up
    return {"abandoned_percent": 100 * given_up / calls} if calls else {}


def _span(asked: Asked) -> Span:
    period = asked.period
    return Span(epoch(period.start_at), epoch(period.end_at)) if period else Span(0, 0)


def _kept(asked: Asked, compute: Callable[[Asked], Beside]) -> Beside:
    """Computed once until the facts change; what only gets older does so once a day."""
    kpi: Kpi = asked.kpi
    said = (
        kpi.code,
        kpi.revision,
        asked.period,
        sorted((dimension, sorted(names)) for dimension, names in asked.where.items()),
        asked.clock,
        asked.zone,
        local_day(asked.now, asked.zone),
        sorted(frames.versions(kpi.frames).items()),
    )
    key = f"beside:{blake2b(repr(said).encode(), digest_size=20).hexdigest()}"
    found: Beside | None = cache.get(key)
    if found is None:
        found = compute(asked)
        cache.set(key, found, _KEPT_SECONDS)
    return found


_OF_POINTS: Final[Mapping[str, Callable[[Point], Beside]]] = {"speed_of_answer": _abandonment}
_OF_QUESTIONS: Final[Mapping[str, Callable[[Asked], Beside]]] = {
    "first_response_time": _first_responses,
    "agent_utilisation": _workload,
    "bot_resolution_rate": _outcomes,
    "bot_handoff_rate": _outcomes,
}
