"""What no calendar counts for, although figures are in business time: that is said with them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.calendars import Measurers, Measuring, measurers
from metrics.frames import TICKET_FRAMES
from metrics.kpi import BUSINESS, Kpi
from metrics.queries import stored
from metrics.queries.questions import Asked, Point

_CHANNEL: Final = "channel"


def measuring(kpi: Kpi, channels: Iterable[str] | None) -> Measuring:
    """The calendars that can measure what a KPI counts, in these channels; in all, unless told otherwise."""
    return _measuring(measurers(), kpi, None if channels is None else list(channels))


def noted(asked: Asked, points: list[Point]) -> list[Point]:
    """The points with a note where calendar time counts for some of what is behind them, with how many these are where
    rollups tell it."""
    if asked.clock != BUSINESS:
        return points
    known = measurers()
    if asked.by != _CHANNEL and not _measuring(known, asked.kpi, asked.where.get(_CHANNEL)).has_gap:
        return points
    told = [_note(asked, point, known, len(points)) for point in points]
    # There may be thousands of points, of which few have one.
    return [replace(one, notes=(*one.notes, *note)) if note else one for one, note in zip(points, told, strict=True)]


def _measuring(known: Measurers, kpi: Kpi, channels: Collection[str] | None) -> Measuring:
    return known.of(channels) if kpi.frame in TICKET_FRAMES else known.everywhere


def _note(asked: Asked, point: Point, known: Measurers, count: int) -> tuple[str, ...]:
    is_member = asked.by == _CHANNEL and point.member is not None
    channels = [str(point.member)] if is_member else asked.where.get(_CHANNEL)
    if not point.n or not _measuring(known, asked.kpi, channels).has_gap:
        return ()
    if asked.kpi.frame not in TICKET_FRAMES:
        return (_("There is no default calendar, so this is measured in calendar time."),)
    if count > 1 or not _is_told(asked, known):
        return (_("Tickets without a calendar are measured in calendar time."),)
    n = _without(asked, known)
    text = ngettext(
        "%(n)s ticket without a calendar is measured in calendar time.",
        "%(n)s tickets without a calendar are measured in calendar time.",
        n,
    )
    return (text % {"n": n},) if n else ()


def _is_told(asked: Asked, known: Measurers) -> bool:
    """Whether rollups by channel tell how many tickets these are."""
    is_about_channels = {*asked.where, asked.by} <= {"", _CHANNEL}
    return known.by_channel_alone and asked.kpi.adds_up and asked.period is not None and is_about_channels


def _without(asked: Asked, known: Measurers) -> int:
    found = stored.gather(replace(asked.overall, by=_CHANNEL))
    return sum(total.whole for (_bucket, channel), total in found.sums.items() if known.of([channel]).has_gap)
