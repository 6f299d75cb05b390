"""From the chance of reaching a target to a status that does not flicker."""

from enum import StrEnum
from typing import Final, NamedTuple

from goals.aims import Aim

Scale = tuple[float | None, float | None]


class Band(StrEnum):
    """What a goal's status can be while it runs, from the worst to the best; the values are those of Goal.Status."""

    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"


_ORDER: Final = {band: position for position, band in enumerate(Band)}


class Step(NamedTuple):
    """The status after a judgement, and the one that the next period must confirm ("" if none waits)."""

    status: str
    candidate: str


def first(chance: float) -> Band:
    """The status of a goal that has none yet."""
    if chance >= 0.55:
        return Band.ON_TRACK
    return Band.OFF_TRACK if chance < 0.25 else Band.AT_RISK


def wanted(current: Band, chance: float) -> Band:
    """What the chance speaks for. Each status is left later than it is entered."""
    if current is Band.ON_TRACK and chance >= 0.5:
        return Band.ON_TRACK
    if current is Band.OFF_TRACK and chance < 0.3:
        return Band.OFF_TRACK
    if chance >= 0.6:
        return Band.ON_TRACK
    return Band.OFF_TRACK if chance < 0.2 else Band.AT_RISK


def step(current: str, candidate: str, chance: float, *, is_new_period: bool) -> Step:
    """The next status: it changes when two periods in a row speak for it.

    `current` is a status of any kind; one that is not a Band counts as none. `is_new_period` says that another period
    is judged than the one in which the candidate was seen; without it nothing is confirmed.
    """
    if current not in _ORDER:
        return Step(first(chance), "")
    return confirm(current, candidate, wanted(Band(current), chance), is_new_period=is_new_period)


def confirm(current: str, candidate: str, next_one: Band, *, is_new_period: bool) -> Step:
    """The same for what speaks for a status by itself."""
    if current not in _ORDER:
        return Step(next_one, "")
    now = Band(current)
    if next_one is now:
        return Step(now, "")
    if candidate not in _ORDER or not is_new_period or not _same_side(now, Band(candidate), next_one):
        return Step(now, next_one)
    # Both left in the same direction: the nearer of the two is sure.
    sure = min(Band(candidate), next_one, key=lambda band: abs(_ORDER[band] - _ORDER[now]))
    return Step(sure, "" if next_one is sure else next_one)


def _same_side(now: Band, one: Band, other: Band) -> bool:
    return (_ORDER[one] - _ORDER[now]) * (_ORDER[other] - _ORDER[now]) > 0


SCALE_SHARE: Final = 0.8
WAYS: Final = 6.0
WAYS_AGAIN: Final = 5.0


def can_tell(low: float, high: float, *, scale: Scale, way: tuple[float, float] | None, was_unclear: bool) -> bool:
    """Whether a forecast, 8 in 10 between low and high, tells standing still from arriving. Plumbline's own definition.

    It does not if its band covers 80 % of a scale with two ends: that much is known without measuring. Nor if baseline
    and target (`way`) both lie inside the band, and the band is wider than six times the way between them: then the
    way is less than half a standard deviation (a band is 2.56 of them), and the chance follows the noise. A goal that
    was unclear becomes clear at five times, so that it does not go back and forth.
    """
    width = high - low
    least, most = scale
    if least is not None and most is not None and width >= SCALE_SHARE * (most - least):
        return False
    if way is None:
        return True
    is_within = low < min(way) and max(way) < high
    return not (is_within and width > (WAYS_AGAIN if was_unclear else WAYS) * abs(way[1] - way[0]))


class Result(NamedTuple):
    """How a goal ended. Close: the target lies within the interval, so chance may have decided."""

    is_achieved: bool
    is_close: bool


def final(value: float, aim: Aim, *, low: float | None, high: float | None) -> Result:
    return Result(aim.is_met(value), aim.touches(low, high))
