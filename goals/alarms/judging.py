"""From figures to verdicts. Lower may be better: the side of the limit that is bad is written with the rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from goals.alarms.lifecycle import Verdict
from goals.alarms.series import Piece
from goals.models import AlertRule
from kpiproject.lib import spc
from kpiproject.lib.spc import Limits, Signal
from metrics.kpi import Better, Kpi

Side = AlertRule.Side
_ORDER: Final = (Signal.BEYOND, Signal.TREND, Signal.SHIFT)
"""Of several signals of one value the most telling one."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one check of one period says. `is_gone`: what was watched does not exist any more, or is closed."""

    verdict: Verdict
    key: str = "now"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    start: date | None = None
    end: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    problem: str = ""
    is_gone: bool = False


def failed(problem: str) -> Reading:
    return Reading(verdict=Verdict.ERROR, problem=problem[:300])


def side(kpi: Kpi) -> str:
    """On which side of a limit a figure is bad; empty where neither direction is better in itself."""
    return {Better.HIGHER: str(Side.BELOW), Better.LOWER: str(Side.ABOVE)}.get(kpi.better, "")


def against(value: float, fire: float, clear: float | None, bad_side: str) -> Verdict:
    """Past the fire level is a breach; a value that has not come back to the clear level yet is neither."""
    sign = -1.0 if bad_side == Side.ABOVE else 1.0
    if sign * value < sign * fire:
        return Verdict.BREACH
    return Verdict.CLEAR if sign * value >= sign * (fire if clear is None else clear) else Verdict.BETWEEN


def worse(one: float | None, other: float | None, bad_side: str) -> float | None:
    """Which of two values lies further on the bad side; of both sides being bad, the later one."""
    if one is None or other is None:
        return other if one is None else one
    if not bad_side:
        return other
    return max(one, other) if bad_side == Side.ABOVE else min(one, other)


def thresholds(rule: AlertRule, pieces: Sequence[Piece], first: int) -> Iterator[Reading]:
    """A reading for every period from one on."""
    for piece in pieces[first:]:
        verdict = Verdict.INCONCLUSIVE
        if piece.value is not None and rule.fire_level is not None:
            verdict = against(piece.value, rule.fire_level, rule.clear_level, rule.side)
        yield _reading(verdict, piece)


def silences(pieces: Sequence[Piece], first: int, feed: str) -> Iterator[Reading]:
    """Whether anything was measured at all; before the first fact ever, nobody can say that it is missing."""
    for piece in pieces[first:]:
        if piece.is_empty is None:
            yield _reading(Verdict.INCONCLUSIVE, piece)
        else:
            reading = _reading(Verdict.BREACH if piece.is_empty else Verdict.CLEAR, piece, feeds=[feed])
            yield reading


def signals(
    rule: AlertRule, pieces: Sequence[Piece], first: int, scale: tuple[float | None, float | None]
) -> Iterator[Reading]:
    """Whether a period tells of a real change for the worse, by the limits of the periods before it."""
    for place in range(first, len(pieces)):
        piece = pieces[place]
        before = [one.value for one in pieces[:place] if one.value is not None]
        found = spc.limits(before)
        if piece.value is None or found is None:
            yield _reading(Verdict.INCONCLUSIVE, piece)
            continue
        seen = spc.signals([*before, piece.value], found)[-1]
        bad = [
            signal for signal in _ORDER if signal in seen and _is_bad(signal, piece.value, before[-1], found, rule.side)
        ]
        shown = found.within(*scale)
        facts = {"centre": shown.centre, "low": shown.low, "high": shown.high, "signal": str(bad[0]) if bad else ""}
        yield _reading(Verdict.BREACH if bad else Verdict.CLEAR, piece, facts=facts)


def _is_bad(signal: Signal, value: float, before: float, found: Limits, bad_side: str) -> bool:
    """A change for the better is no alarm; where neither direction is better, every change is one."""
    if not bad_side:
        return True
    reference = before if signal is Signal.TREND else found.centre
    return value > reference if bad_side == Side.ABOVE else value < reference


def _reading(
    verdict: Verdict, piece: Piece, *, facts: dict[str, Any] | None = None, feeds: list[str] | None = None
) -> Reading:
    return Reading(
        verdict=verdict,
        key=piece.start.isoformat(),
        value=piece.value,
        low=piece.low,
        high=piece.high,
        n=piece.n,
        start=piece.start,
        end=piece.end,
        facts=facts or {},
        feeds=feeds or [],
    )
