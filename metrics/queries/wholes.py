"""Figures that cannot be added up: computed from rows over each period asked for, and kept until the facts change."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from django.core.cache import cache
from django.utils.translation import get_language

from kpiproject.lib.periods import MISSING, Period, epoch, instant, local_day
from metrics import frames
from metrics.frames import UNKNOWN_CURRENCY, Span
from metrics.kpi import CALENDAR, Breakdown, Frame, Kpi, Shape, Whole, Window
from metrics.queries.questions import Asked, Point, refuse_too_many, refuse_without_dimension
from metrics.sums import Truths
from metrics.terms import Term

_KEPT_SECONDS: Final = 24 * 3600
_DAY: Final = 24 * 3600

Frames = Mapping[str, Frame]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows behind one figure: of the KPI's first frame, with what each of them says."""

    frame: Frame
    at: Any
    values: Any


def figures(asked: Asked) -> list[Point]:
    """A point for every period and member."""
    refuse_without_dimension(asked)
    if asked.kpi.frame == frames.EMPLOYEES:
        return list(_of_employees(asked))
    key = _key(asked)
    kept: list[Point] | None = cache.get(key)
    if kept is None:
        kept = list(_computed(asked))
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def rows(asked: Asked) -> Rows | None:
    """The rows behind the overall figure of a question, oldest first; None without a period."""
    moments = _moments(asked.overall)
    if not moments:
        return None
    [(_, window)] = moments
    # The members of a breakdown are its own: all rows are read to know which of them belong to whom.
    own = asked.kpi.default_by if asked.kpi.shape is Breakdown else ""
    counting, _ = _counting(_read(replace(asked, by=own), window, window))
    shape = _judge(asked.kpi, counting, window)
    counted = np.flatnonzero(_listed(shape, asked.where.get(own)))
    frame = counting[asked.kpi.frame].take(counted)
    at = _listed_at(asked.kpi, shape, frame, counted, window)
    values = shape.values if isinstance(shape, Whole) and shape.values is not None else None
    found = None if values is None else np.asarray(values)[counted]
    order = np.lexsort((frame["id"].to_numpy(), at))
    return Rows(frame=frame.take(order), at=at[order], values=None if found is None else found[order])


def _listed(shape: Shape, wanted: AbstractSet[str] | None) -> Truths:
    """The rows that make the figure; of a breakdown, those of the members that are wanted."""
    if wanted is None or not isinstance(shape, Breakdown):
        return np.asarray(shape.whole)
    found = np.zeros(len(shape.whole), dtype=np.bool_)
    for name in wanted & shape.parts.keys():
        found |= np.asarray(shape.parts[name].whole)
    return found


def _listed_at(kpi: Kpi, shape: Shape, frame: Frame, counted: Any, window: Window) -> Any:
    """When each row counts; of those without any time, at the beginning of the period."""
    own = shape.at if isinstance(shape, (Whole, Breakdown)) else None
    at = frame[kpi.at].to_numpy(dtype=np.int64) if own is None else np.asarray(own, dtype=np.int64)[counted]
    return np.where(at == MISSING, window.start, at)


def members(kpi: Kpi, dimensions: Collection[str]) -> dict[str, set[str]]:
    """By dimension the members that the facts of a KPI name; none of one that only its figures have."""
    if kpi.frame == frames.EMPLOYEES:
        return frames.EmployeeCells().members(dimensions)
    found = _all_members(kpi.frame, kpi.dimensions)
    return {dimension: found[dimension] for dimension in dimensions if dimension in found}


def _all_members(name: str, dimensions: Collection[str]) -> dict[str, set[str]]:
    """By dimension. The whole table is looked through for it, so it is kept until its facts change."""
    version = frames.versions([name])[name]
    key = f"members:{name}:{'+'.join(dimensions)}:{version}"
    found: dict[str, set[str]] | None = cache.get(key)
    if found is None:
        found = frames.stored_members(name, dimensions)
        if version:  # else nobody ever told of facts
            cache.set(key, found, _KEPT_SECONDS)
    return found


def _computed(asked: Asked) -> Iterator[Point]:
    moments = _moments(asked)
    if not moments:
        return
    by = asked.by if asked.kpi.shape is Whole else ""
    # How things stand at an instant is read for each instant; everything else once for all periods.
    batches = [[moment] for moment in moments] if asked.kpi.is_level else [moments]
    for batch in batches:
        counting, excluded = _counting(_read(asked, batch[0][1], batch[-1][1]))
        names = _members(counting[asked.kpi.frame], by)
        refuse_too_many(len(moments) * len(names))
        parts = {name: (_of_member(counting, by, name), _of_member(excluded, by, name)) for name in names}
        for place, window in batch:
            for name in names:
                yield from _points(asked, parts[name], window, replace(place, member=name if by else None))


def _of_employees(asked: Asked) -> Iterator[Point]:
    """Out of cells that are big enough each; they are read anew every time, so that nothing of them is kept."""
    cells = frames.EmployeeCells()
    by_team = "team" in (asked.by, *asked.where)
    for place, window in _moments(asked):
        found = cells.frame(Period(window.first, window.after, asked.zone), by_team=by_team)
        for dimension, members_ in asked.where.items():
            found = found[found[dimension].isin(list(members_)).to_numpy()]
        for name in _members(found, asked.by):
            part = found[(found[asked.by] == name).to_numpy()] if asked.by else found
            shape = asked.kpi.function(part)
            if isinstance(shape, Whole) and (shape.n or not asked.by):
                yield _filled(replace(place, member=name if asked.by else None), shape, {})


def _moments(asked: Asked) -> list[tuple[Point, Window]]:
    """Every period asked for, as a point still without a figure and as the KPI's function sees it."""
    today, chosen = local_day(asked.now, asked.zone), _chosen(asked)
    if asked.at is not None:
        day = local_day(asked.at, asked.zone)
        moment = epoch(asked.at)
        # Whatever happens exactly at the instant has happened.
        window = Window(
            start=moment,
            end=moment + 1,
            now=epoch(asked.now),
            first=day,
            after=day + timedelta(days=1),
            zone=asked.zone,
            **chosen,
        )
        return [(Point(start=asked.at, end=None), window)]
    found = []
    for part in asked.slices:
        end = None if asked.kpi.is_level else part.period.end
        is_over = part.complete and part.period.end <= today
        found.append((Point(start=part.period.start, end=end, complete=is_over), _window(part.period, asked, chosen)))
    return found


def _points(asked: Asked, both: tuple[Frames, Frames], window: Window, place: Point) -> Iterator[Point]:
    shape = _judge(asked.kpi, both[0], window)
    reasons = _reasons(asked.kpi, shape, both[1], window)
    if isinstance(shape, Breakdown):
        wanted = asked.where.get(asked.by)
        for name, one in sorted(shape.parts.items(), key=_in_order):
            if wanted is None or name in wanted:
                yield _filled(replace(place, member=name), one, reasons)
    elif isinstance(shape, Whole):
        yield _filled(place, shape, reasons)


def _in_order(part: tuple[str, Whole]) -> tuple[int, str]:
    """Numbers by what they are."""
    name = part[0]
    return (int(name) if name.isdecimal() else -1, name)


def _filled(place: Point, shape: Whole, reasons: Mapping[str, int]) -> Point:
    return replace(
        place,
        value=_plain(shape.value),
        n=int(np.count_nonzero(shape.whole)) if shape.n is None else shape.n,
        part=_plain(shape.part),
        whole=_plain(shape.base),
        low=_plain(shape.low),
        high=_plain(shape.high),
        mean=_plain(shape.mean),
        median=_plain(shape.median),
        p90=_plain(shape.p90),
        excluded=dict(reasons),
        beside={name: _plain(value) for name, value in shape.beside.items()},
        notes=tuple(note if isinstance(note, Term) else str(note) for note in shape.notes),
    )


def _judge(kpi: Kpi, counting: Frames, window: Window) -> Shape:
    return kpi.function(**{name: counting[name] for name in kpi.frames}, **_windowed(kpi, window))


def _windowed(kpi: Kpi, window: Window) -> dict[str, Window]:
    return {"window": window} if "window" in kpi.function.__annotations__ else {}


def _reasons(kpi: Kpi, shape: Shape, excluded: Frames, window: Window) -> dict[str, int]:
    """How many rows the KPI leaves out by reason, and how many of its period the frame does."""
    found = {reason: int(np.count_nonzero(column)) for reason, column in shape.excluded.items()}
    frame = excluded[kpi.frame]
    if len(frame):  # most often there is nothing to count, and counting it takes as long as the figure
        at = frame[kpi.at].to_numpy(dtype=np.int64)
        inside = frame["excluded_because"][(at >= window.start) & (at < window.end)]
        for reason, count in inside.value_counts().items():
            found[str(reason)] = found.get(str(reason), 0) + int(count)
    for name in set(kpi.frames[1:]):
        # Of what a figure rests on besides its rows, amounts that cannot be converted are missing in every period.
        if len(excluded[name]) and (count := int((excluded[name]["excluded_because"] == UNKNOWN_CURRENCY).sum())):
            found[UNKNOWN_CURRENCY] = found.get(UNKNOWN_CURRENCY, 0) + count
    return {reason: count for reason, count in found.items() if count}


def _read(asked: Asked, first: Window, last: Window) -> Frames:
    kpi, context = asked.kpi, frames.context()
    where = asked.where if kpi.shape is Whole else {d: m for d, m in asked.where.items() if d != asked.by}
    span = Span(first.start - kpi.looks_back_days * _DAY, last.end + kpi.looks_ahead_days * _DAY)
    stored = [name for name in kpi.frames if not (kpi.is_level and name == "spells")]
    found = frames.read_whole(stored, span, context, at=kpi.at, where=where)
    if len(stored) < len(kpi.frames):
        found["spells"] = frames.read_open(last.end - 1, where=where)
    return found


def _counting(found: Frames) -> tuple[Frames, Frames]:
    """The rows that may count, and those that count nowhere."""
    counting, excluded = {}, {}
    for name, frame in found.items():
        is_counted: Truths = (frame["excluded_because"] == "").to_numpy()
        counting[name] = frame[is_counted].reset_index(drop=True)
        excluded[name] = frame[~is_counted].reset_index(drop=True)
    return counting, excluded


def _members(frame: Frame, by: str) -> list[str]:
    return sorted(map(str, frame[by].unique())) if by else [""]


def _of_member(found: Frames, by: str, name: str) -> Frames:
    if not by:
        return found
    return {
        key: frame[(frame[by] == name).to_numpy()].reset_index(drop=True) if by in frame else frame
        for key, frame in found.items()
    }


def _window(period: Period, asked: Asked, chosen: Mapping[str, Any]) -> Window:
    return Window(
        start=epoch(period.start_at),
        end=epoch(period.end_at),
        now=epoch(asked.now),
        first=period.start,
        after=period.end,
        zone=asked.zone,
        **chosen,
    )


def _chosen(asked: Asked) -> dict[str, Any]:
    return {"by": asked.by, "clock": asked.clock or CALENDAR, "options": frames.options()}


def _key(asked: Asked) -> str:
    """What the answer depends on. Facts that only get older do so once a day."""
    said = (
        asked.kpi.code,
        asked.kpi.revision,
        asked.period,
        [part.period for part in asked.slices],
        asked.at,
        asked.by,
        asked.clock,
        frames.options(),
        sorted((dimension, sorted(names)) for dimension, names in asked.where.items()),
        asked.zone,
        local_day(asked.now, asked.zone),
        sorted(frames.versions(asked.kpi.frames).items()),
        get_language(),
    )
    return f"whole:{blake2b(repr(said).encode(), digest_size=20).hexdigest()}"


def _plain(value: Any) -> float | None:
    """Nothing that is not a number: an empty mean has no value."""
    return None if value is None or not np.isfinite(value) else float(value)


def instants(found: Rows) -> list[Any]:
    """When each of the rows was counted."""
    return [instant(second) for second in found.at.tolist()]
