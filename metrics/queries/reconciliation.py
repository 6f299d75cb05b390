"""Ours against theirs: durations as the sources report them beside those computed here, with why they differ.

A difference is explained by the first rule that makes both equal: what the source measures is then known, not guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from kpiproject.lib.periods import MISSING, Period, Seconds, epoch
from metrics import frames
from metrics.frames import Context, Span
from metrics.frames.columns import between, fetch
from metrics.kpi import CALENDAR, CLOCKS, Frame
from metrics.models import Ticket

MOST_TICKETS: Final = 200_000
_MINUTE, _HOUR = 60, 3600
_ENDING: Final = "_seconds"

AGREES, ROUNDED = "agrees", "rounded"
CALENDAR_TIME, PAUSES = "calendar_time", "pauses"
FIRST_SOLVE, LAST_SOLVE, CLOSING = "first_solve", "last_solve", "closing"
OTHER_HOURS, OURS_MISSING, UNEXPLAINED = "other_hours", "ours_missing", "unexplained"
RULES: Final = (
    AGREES, ROUNDED, CALENDAR_TIME, PAUSES, FIRST_SOLVE, LAST_SOLVE, CLOSING, OTHER_HOURS, OURS_MISSING, UNEXPLAINED,
)  # fmt: skip
"""Why a duration of the source is what it is, in the order in which it is tried."""

_ENDS: Final[Mapping[str, str]] = {
    "first_response_time": "first_agent_reply_at",
    "first_resolution_time": "first_solved_at",
    "resolution_time": "solved_at",
}
"""What can be compared: the measures that sources report, and the instant at which each of them ends here."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One duration of one ticket, in seconds; `ours` is None where the instants for it are missing here."""

    source: str
    reference: str
    pk: int
    ours: int | None
    theirs: int
    rule: str


@dataclass(kw_only=True)
class Comparison:
    """One measure of one source in one kind of time."""

    source: str
    measure: str
    clock: str
    rows: list[Compared] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def agreeing(self) -> int:
        return sum(row.rule in (AGREES, ROUNDED) for row in self.rows)

    @property
    def share(self) -> float | None:
        return 100 * self.agreeing / self.n if self.n else None

    @property
    def rules(self) -> dict[str, int]:
        counts = {rule: sum(row.rule == rule for row in self.rows) for rule in RULES}
        return {rule: count for rule, count in counts.items() if count}

    @property
    def ours(self) -> float | None:
        return _median([row.ours for row in self.rows if row.ours is not None])

    @property
    def theirs(self) -> float | None:
        return _median([row.theirs for row in self.rows if row.ours is not None])


def compare(period: Period) -> list[Comparison]:
    """Every measure that sources report about tickets created in a period, the worst first. The newest 200,000
    tickets at most."""
    span = Span(epoch(period.start_at), epoch(period.end_at))
    told = _told(span)
    if not told:
        return []
    context = frames.context()
    frame = frames.read(["tickets"], span, context, at={"created_at"}, where={})["tickets"]
    frame = frame[frame["id"].isin(told) & (frame["excluded_because"] == "")].reset_index(drop=True)
    found = [one for measure in _ENDS for clock in CLOCKS for one in _of_measure(frame, told, measure, clock, context)]
    return sorted(found, key=lambda one: (one.share if one.share is not None else 100.0, one.source, one.measure))


def _told(span: Span) -> dict[int, dict[str, Any]]:
    """What the sources say of tickets that were created in the span, by the ticket's id."""
    rows = Ticket.objects.filter(between("created_at", *span), ~Q(reported={}), is_stub=False).order_by("-created_at")
    found = Ticket.objects.filter(pk__in=[pk for (pk,) in fetch(rows[:MOST_TICKETS], ["id"])])
    return dict(found.values_list("id", "reported"))


def _of_measure(
    frame: Frame, told: Mapping[int, Mapping[str, Any]], measure: str, clock: str, context: Context
) -> Iterator[Comparison]:
    name = f"{measure}_{clock}{_ENDING}"
    theirs = np.array([_number(told[pk].get(name)) for pk in frame["id"].tolist()], dtype=np.int64)
    if measure == "first_response_time":
        # Of what was started by us, the customer's wait is measured here, and others measure from its creation.
        theirs[(frame["is_outbound"] == 1).to_numpy()] = MISSING
    some = np.flatnonzero(theirs != MISSING)
    if not len(some):
        return
    part = frame.take(some).reset_index(drop=True)
    ours, rules = _explained(part, theirs[some], measure, clock, context)
    by_source: dict[str, Comparison] = {}
    columns = zip(
        part["source"],
        part["external_id"],
        part["id"].tolist(),
        ours.tolist(),
        theirs[some].tolist(),
        rules,
        strict=True,
    )
    for source, reference, pk, mine, yours, rule in columns:
        one = by_source.setdefault(source, Comparison(source=source, measure=measure, clock=clock))
        known = None if mine == MISSING else mine
        one.rows.append(Compared(source=source, reference=reference, pk=pk, ours=known, theirs=yours, rule=rule))
    yield from by_source.values()


def _explained(
    frame: Frame, theirs: Seconds, measure: str, clock: str, context: Context
) -> tuple[Seconds, npt.NDArray[np.object_]]:
    """Our durations, and for each of theirs the rule that explains it."""
    hours = context.clocks.get(clock, context.clocks[CALENDAR])
    created = frame["created_at"].to_numpy(dtype=np.int64)
    ends = {name: frame[name].to_numpy(dtype=np.int64) for name in (*_ENDS.values(), "closed_at")}
    end = ends[_ENDS[measure]]
    column = f"{_COLUMNS[measure]}_{clock}{_ENDING}"
    plain = hours.seconds_between(created, end)
    ours = frame[column].to_numpy(dtype=np.int64) if column in frame else plain
    tried = {
        CALENDAR_TIME: context.clocks[CALENDAR].seconds_between(created, end),
        PAUSES: plain,
        FIRST_SOLVE: hours.seconds_between(created, ends["first_solved_at"]),
        LAST_SOLVE: hours.seconds_between(created, ends["solved_at"]),
        CLOSING: hours.seconds_between(created, ends["closed_at"]),
    }
    rules = np.full(len(frame), UNEXPLAINED, dtype=object)
    is_possible = (theirs >= 0) & (theirs <= tried[CALENDAR_TIME])
    rules[(clock != CALENDAR) & (ours != MISSING) & is_possible] = OTHER_HOURS
    rules[ours == MISSING] = OURS_MISSING
    if clock == CALENDAR:
        del tried[CALENDAR_TIME]
    for rule in reversed(tried):
        rules[_same(tried[rule], theirs)] = rule
    rules[(ours != MISSING) & (np.abs(ours - theirs) <= _tolerance(theirs))] = ROUNDED
    rules[(ours != MISSING) & (np.abs(ours - theirs) <= 1)] = AGREES
    return ours, rules


_COLUMNS: Final[Mapping[str, str]] = {
    "first_response_time": "first_response",
    "first_resolution_time": "first_resolution",
    "resolution_time": "resolution",
}


def _same(candidate: Seconds, theirs: Seconds) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (candidate != MISSING) & (np.abs(candidate - theirs) <= _tolerance(theirs))
    return found


def _tolerance(theirs: Seconds) -> Seconds:
    """Whole minutes may have been rounded either way; anything else is meant to the second."""
    found: Seconds = np.where(theirs % _MINUTE == 0, _MINUTE, 1)
    return found


def _number(value: Any) -> int:
    return round(value) if isinstance(value, int | float) and not isinstance(value, bool) else MISSING


def _median(values: list[int]) -> float | None:
    return float(np.median(values)) if values else None
