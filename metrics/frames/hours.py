"""Which calendar counts for each ticket, and from when on."""

from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from kpiproject.calendars import ROUND_THE_CLOCK, OpeningHours, Use
from kpiproject.lib.clock import Clock, Rows
from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.schedules import Pieces, Schedules
from kpiproject.lib.workdays import due_after_days
from kpiproject.lib.worktime import WorkTime
from metrics.frames.context import Context
from metrics.frames.history import Handovers, Texts, handovers, tiers
from metrics.kpi import BUSINESS, CALENDAR, Frame
from metrics.models import Among

_NO_HANDOVERS: Final = Handovers(np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros(0, object), np.zeros(0, object))


class RowClocks:
    """The clocks of the rows of a frame of tickets. Everybody has the same unless calendars are told apart."""

    def __init__(self, frame: Frame, which: Q, context: Context) -> None:
        self._frame, self._context = frame, context
        self._hours = context.hours if context.hours and context.hours.uses and len(frame) else None
        self._moves = handovers(frame, which) if self._hours and self._hours.by_team else _NO_HANDOVERS
        self._shared: Clock | None = None

    def until(self, ends: Seconds) -> dict[str, Clock]:
        """The clocks by their names for durations that end at these instants; MISSING is an end that has not come."""
        found: dict[str, Clock] = dict(self._context.clocks)
        if self._hours is not None:
            found[BUSINESS] = self._business(self._hours, ends)
        return found

    def zones(self) -> list[str]:
        """The time zone of each row's calendar, that of the team which has the ticket last; the organisation's where
        business time is calendar time."""
        if self._hours is None:
            return [self._zone(self._context.clocks.get(BUSINESS))] * len(self._frame)
        found = [self._zone(calendar) for calendar in self._hours.calendars]
        ends = np.full(len(self._frame), MISSING, dtype=np.int64)
        return [found[place] for place in self._at_end(self._hours, ends).calendars]

    def _zone(self, hours: WorkTime | None) -> str:
        return self._context.zone if hours is None or hours is ROUND_THE_CLOCK else hours.zone

    def _business(self, hours: OpeningHours, ends: Seconds) -> Clock:
        if self._context.schedule_at_end:
            return Schedules(hours.calendars, self._at_end(hours, ends))
        if self._shared is None:
            self._shared = Schedules(hours.calendars, self._while_it_passes(hours))
        return self._shared

    def _while_it_passes(self, hours: OpeningHours) -> Pieces:
        """From each handing over on, the calendar of the team that has the ticket then."""
        n, moves = len(self._frame), self._moves
        rows = np.concatenate([np.arange(n, dtype=np.intp), moves.rows])
        starts = np.concatenate([np.full(n, MISSING, dtype=np.int64), moves.at])
        teams = np.concatenate([self._first_teams(), moves.after])
        order = np.lexsort((starts, rows))
        rows, starts, teams = rows[order], starts[order], teams[order]
        return Pieces(rows, starts, self._calendars(hours, rows, teams))

    def _at_end(self, hours: OpeningHours, ends: Seconds) -> Pieces:
        """One calendar for all the time: that of the team which has the ticket at the end."""
        teams, moves = self._first_teams(), self._moves
        is_before = (ends[moves.rows] == MISSING) | (moves.at <= ends[moves.rows])
        teams[moves.rows[is_before]] = moves.after[is_before]  # of several, numpy keeps the last
        rows = np.arange(len(self._frame), dtype=np.intp)
        return Pieces(rows, np.full(len(rows), MISSING, dtype=np.int64), self._calendars(hours, rows, teams))

    def _first_teams(self) -> Texts:
        """Before the first handing over: as that says, else the team that the ticket has."""
        teams = np.array(self._frame["team"], dtype=object)
        rows, first = np.unique(self._moves.rows, return_index=True)
        teams[rows] = self._moves.before[first]
        return teams

    def _calendars(self, hours: OpeningHours, rows: Rows, teams: Texts) -> Rows:
        """The calendar of the first use that fits each piece."""
        created = self._frame["created_at"].to_numpy(dtype=np.int64)
        own_tiers = tiers(self._frame, created) if any(use.tier for use in hours.uses) else np.zeros(0, object)
        result = np.zeros(len(rows), dtype=np.intp)
        is_free = np.ones(len(rows), dtype=np.bool_)
        for use in hours.uses:
            fits = is_free & self._fit_rows(use, own_tiers)[rows]
            if use.teams:
                fits &= _are_in(teams, use.teams)
            result[fits] = use.calendar
            is_free &= ~fits
        return result

    def _fit_rows(self, use: Use, own_tiers: Texts) -> npt.NDArray[np.bool_]:
        fits = np.ones(len(self._frame), dtype=np.bool_)
        if use.channel:
            fits &= (self._frame["channel"] == use.channel).to_numpy()
        if use.tier:
            fits &= own_tiers == use.tier
        return fits


def row_clocks(frame: Frame, context: Context) -> RowClocks:
    """The clocks of the rows of a frame that has a row per ticket."""
    return RowClocks(frame, Q(Among("pk", frame["id"].tolist())), context)


def due_days(clock: Clock, starts: Seconds, days: int, *, ends_day: bool) -> Seconds:
    """The due time after so many days on which each row's calendar is open."""
    if isinstance(clock, Schedules):
        return clock.due_after_days(starts, days, ends_day=ends_day)
    if isinstance(clock, WorkTime):
        return due_after_days(clock, starts, days, ends_day=ends_day)
    msg = f"{type(clock).__name__} knows no days."
    raise TypeError(msg)


def named(clocks: dict[str, Clock], name: str) -> Clock:
    """Without a business calendar, business time is calendar time."""
    return clocks.get(name, clocks[CALENDAR])


def _are_in(teams: Texts, wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.isin(teams.astype(str), sorted(wanted))
    return found
