"""Clocks of service targets that run now: which are overdue, which run out soon, and which stand still.

What is looked for is found by the database, however many tickets are open. Only where calendars are told apart, and
only of clocks that are soon due by one of them and not by another, the tickets themselves are asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, reduce
from operator import or_
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Lower

from kpiproject.lib.clock import Clock
from kpiproject.lib.periods import MISSING, epoch, instant
from metrics import frames
from metrics.frames.hours import RowClocks, named
from metrics.frames.promises import DUE, IS_UNANSWERED
from metrics.frames.spells import ENDED_STATUSES
from metrics.frames.tickets import EXCLUDED_BECAUSE, MEMBERS, counted
from metrics.kpi import BUSINESS, CALENDAR
from metrics.models import Among, EarlierTarget, ServiceTarget, Ticket
from metrics.models.target import Promise

_IS_OPEN: Final = Q(solved_at__isnull=True, closed_at__isnull=True)
RUNS: Final[Mapping[str, Q]] = {
    "first_response": _IS_OPEN & IS_UNANSWERED,
    "next_reply": _IS_OPEN,
    "resolution": _IS_OPEN,
}
"""Which tickets still wait for what a target promises."""
_GIVEN_UP: Final = IS_UNANSWERED & Q(abandoned_at__isnull=False)
"""Calls that were over before anybody answered: nobody is there any more for whom something is due. Targets that they
missed stay missed."""
NOT_GIVEN: Final = "-"
"""Stands for tickets without a channel or team: an import takes this sign as nothing, so none is called so."""
_AT_ONCE: Final = 2000
_EVER: Final = 2**37


class State(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    PAUSED = "paused"
    RUNNING = "running"


SHOWN: Final = (State.OVERDUE, State.SOON, State.PAUSED)
"""Those that ask for a look; whatever else runs has time left."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """A clock that has not ended. `promise` is the version of the target that was applied to the ticket.

    `left_seconds` are those of its own time until it is due, below zero since it was; `zone` is that of the calendar
    in which business time is counted. Neither instant nor seconds while the clock stands still.
    """

    ticket: Ticket
    metric: str
    target: ServiceTarget
    promise: Promise
    state: State
    due_at: datetime | None
    left_seconds: int | None
    zone: str


class _Key(NamedTuple):
    stands_still: bool
    pk: int
    what: str
    at: datetime | None
    promised_by: int
    in_version: int


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """The clocks that have not ended at an instant, of one channel or team where that is asked for. Promises, calendars
    and what counts as soon are looked up once."""

    now: datetime
    channel: str = ""
    team: str = ""
    _context: frames.Context = field(default_factory=frames.context, repr=False)

    def counts(self) -> dict[State, dict[str, int]]:
        """How many there are, by state and by what is promised."""
        found: dict[State, dict[str, int]] = {state: {} for state in State}
        for metric in DUE:
            counts = {str(state): Count("pk", filter=self._is(state, metric)) for state in State}
            for state, count in self._waiting(metric).aggregate(**counts).items():
                found[State(state)][metric] = count
        return found

    def rows(self, *states: State, first: int = 0, limit: int | None = None) -> Iterator[Open]:
        """Those in these states, the longest overdue first, and what stands still last."""
        keys = self._keys(states)[first : None if limit is None else first + limit]
        found = [_Key(*row) for row in keys]
        for start in range(0, len(found), _AT_ONCE):
            yield from self._told(found[start : start + _AT_ONCE])

    @cached_property
    def _promises(self) -> dict[tuple[int, int], Promise]:
        """By target and version."""
        found: dict[tuple[int, int], Promise] = {(pk, one.version): one for pk, one in self._targets.items()}
        return found | {(one.target_id, one.version): one for one in EarlierTarget.objects.all()}

    @cached_property
    def _targets(self) -> dict[int, ServiceTarget]:
        return {one.pk: one for one in ServiceTarget.objects.all()}

    @cached_property
    def _soon(self) -> dict[str, Q]:
        return {metric: self._is_soon(metric) for metric in DUE}

    def _waiting(self, metric: str) -> "QuerySet[Ticket]":
        which = RUNS[metric] & ~_GIVEN_UP & Q(**{f"{metric}_target__isnull": False})
        for column, member in ((MEMBERS["channel"], self.channel), (MEMBERS["team"], self.team)):
            if member == NOT_GIVEN:
                which &= Q(**{column: ""}) | Q(**{f"{column}__isnull": True})
            elif member:
                which &= Q(**{column: member})
        rows = counted().alias(reason=EXCLUDED_BECAUSE, now=Lower("status")).filter(which, reason="").order_by()
        return rows.exclude(now__in=ENDED_STATUSES)  # nobody knows when they ended, but nobody waits for anything

    def _is(self, state: State, metric: str) -> Q:
        due = DUE[metric]
        if state is State.PAUSED:
            return Q(**{f"{due}__isnull": True})
        if state is State.OVERDUE:
            return Q(**{f"{due}__lt": self.now})
        ahead = Q(**{f"{due}__gte": self.now})
        return ahead & (self._soon[metric] if state is State.SOON else ~self._soon[metric])

    def _keys(self, states: Sequence[State]) -> "QuerySet[Any, Any]":
        parts = [self._part(metric, reduce(or_, (self._is(state, metric) for state in states))) for metric in DUE]
        return parts[0].union(*parts[1:], all=True).order_by("stands_still", "at", "pk", "what")

    def _part(self, metric: str, which: Q) -> "QuerySet[Any, Any]":
        columns = {
            "stands_still": ExpressionWrapper(Q(**{f"{DUE[metric]}__isnull": True}), BooleanField()),
            "what": Value(metric, CharField()),
            "at": F(DUE[metric]),
            "promised_by": F(f"{metric}_target"),
            "in_version": F(f"{metric}_version"),
        }
        return self._waiting(metric).filter(which).annotate(**columns).values_list(*_Key._fields)

    # --- What is soon

    def _is_soon(self, metric: str) -> Q:
        """Due within the warning time of the version that was applied. That is counted in its own time: nobody is
        warned in the middle of the night because something is due in the morning."""
        limits = {key: self._limits(one) for key, one in self._promises.items()}
        limits = {key: ends for key, ends in limits.items() if self._targets[key[0]].metric == metric}
        surely = _before(metric, {key: ends[0] for key, ends in limits.items()})
        if all(first == last for first, last in limits.values()):
            return surely
        perhaps = _before(metric, {key: ends[1] for key, ends in limits.items()}) & ~surely
        ahead = Q(**{f"{DUE[metric]}__gte": self.now})
        left = self._left([_Key(*row) for row in self._part(metric, ahead & perhaps)])
        return surely | Q(Among("pk", [key.pk for key, (seconds, _) in left.items() if seconds <= self._warning(key)]))

    def _limits(self, promise: Promise) -> tuple[int, int]:
        """What is due before the first of these instants is soon by every calendar that may count, from the last one
        on by none."""
        after = np.array([60 * promise.warn_minutes + 1])
        found = [int(clock.due_at(np.array([epoch(self.now)]), after)[0]) for clock in self._clocks_of(promise)]
        ends = [_EVER if at == MISSING else at for at in found]
        return min(ends), max(ends)

    def _clocks_of(self, promise: Promise) -> Sequence[Clock]:
        hours = self._context.hours
        if promise.clock != Promise.Clock.BUSINESS or hours is None:
            return [self._context.clocks[CALENDAR]]
        return hours.calendars

    def _warning(self, key: _Key) -> int:
        return 60 * self._promise(key).warn_minutes

    def _promise(self, key: _Key) -> Promise:
        return self._promises.get((key.promised_by, key.in_version), self._targets[key.promised_by])

    # --- What is told of each

    def _told(self, keys: Sequence[_Key]) -> Iterator[Open]:
        rows = Ticket.objects.filter(Among("pk", sorted({key.pk for key in keys})))
        tickets = {ticket.pk: ticket for ticket in rows.select_related("customer", "team", "agent")}
        left = self._left(keys)
        for key in keys:
            if key.pk not in tickets or key not in left:
                continue
            seconds, zone = left[key]
            yield Open(
                ticket=tickets[key.pk],
                metric=key.what,
                target=self._targets[key.promised_by],
                promise=self._promise(key),
                state=self._state(key, seconds),
                due_at=key.at,
                left_seconds=None if key.at is None else seconds,
                zone=zone,
            )

    def _state(self, key: _Key, left_seconds: int) -> State:
        if key.at is None:
            return State.PAUSED
        if key.at < self.now:
            return State.OVERDUE
        return State.SOON if left_seconds <= self._warning(key) else State.RUNNING

    def _left(self, keys: Sequence[_Key]) -> dict[_Key, tuple[int, str]]:
        """Seconds until each is due, in the time in which it is measured, and the zone of that time."""
        if not keys:
            return {}
        which = Q(Among("pk", sorted({key.pk for key in keys})))
        frame = frames.promised(which)
        places = {pk: place for place, pk in enumerate(frame["id"].tolist())}
        # Less than was asked for where a ticket or a target was deleted meanwhile.
        keys = [key for key in keys if key.pk in places and key.promised_by in self._targets]
        rows = np.array([places[key.pk] for key in keys], dtype=np.intp)
        now = epoch(self.now)
        due = np.array([now if key.at is None else epoch(key.at) for key in keys], dtype=np.int64)
        first, last = np.minimum(due, now), np.maximum(due, now)
        clocks = RowClocks(frame, which, self._context)
        business = named(clocks.until(np.full(len(frame), MISSING, dtype=np.int64)), BUSINESS)
        is_business = np.array([self._promise(key).clock == Promise.Clock.BUSINESS for key in keys], dtype=np.bool_)
        own = np.where(is_business, business.lengths(rows, first, last), last - first)
        zones = clocks.zones()
        signed = np.where(due < now, -own, own).tolist()
        zone_of = [zones[row] if counts else self._context.zone for row, counts in zip(rows, is_business, strict=True)]
        return dict(zip(keys, zip(signed, zone_of, strict=True), strict=True))


def members() -> tuple[list[str], list[str]]:
    """The channels and the teams of open tickets, in their order."""
    found = counted().filter(_IS_OPEN).order_by().values_list("channel", "team__name").distinct()
    channels, teams = zip(*found, strict=True) if found else ((), ())
    return sorted({one for one in channels if one}), sorted({one for one in teams if one})


def is_known(dimension: str, member: str) -> bool:
    """Whether any ticket has this channel or team."""
    return counted().filter(**{MEMBERS[dimension]: member}).exists()


def _before(metric: str, ends: Mapping[tuple[int, int], int]) -> Q:
    """What is due before the instant that belongs to the version of its target."""
    by_end: dict[int, dict[int, list[int]]] = {}
    for (target, version), end in ends.items():
        by_end.setdefault(end, {}).setdefault(target, []).append(version)
    found = Q(pk__in=[])
    for end, targets in by_end.items():
        which = (Q(**{f"{metric}_target": pk, f"{metric}_version__in": them}) for pk, them in targets.items())
        found |= reduce(or_, which) & Q(**{f"{DUE[metric]}__lt": instant(end)})
    return found
