"""Which version of which target counts for each ticket, and when the ticket is due under it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from kpiproject.lib.clock import Clock, Pauses, Rows
from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.worktime import WorkTime
from metrics import frames
from metrics.frames import Context, history, hours, promises
from metrics.frames.context import plain
from metrics.frames.history import Texts
from metrics.kpi import BUSINESS, Frame
from metrics.models import ServiceTarget
from metrics.models.target import Promise
from metrics.targets.versions import Version

NONE: Final = -1
_KNOWN_DAYS: Final = -(10**6)
Truths = npt.NDArray[np.bool_]
Metric = ServiceTarget.Metric


@dataclass(frozen=True, kw_only=True)
class Applied:
    """Of every ticket: due time, target and its version (NONE where none fits), and the customer's tier then."""

    due: Seconds
    target: Seconds
    version: Seconds
    tier: Texts


class Tickets:
    """What is known of some tickets, looked up when a target asks for it."""

    def __init__(self, frame: Frame, which: Q, context: Context) -> None:
        self.frame, self.which, self.context = frame, which, context
        self.created = self.instants("created_at")
        solved = self.instants("solved_at")
        self.done = np.where(solved != MISSING, solved, self.instants("closed_at"))
        self._pauses: dict[frozenset[str], Pauses | None] = {}

    def instants(self, name: str) -> Seconds:
        return self.frame[name].to_numpy(dtype=np.int64)

    @cached_property
    def names(self) -> dict[str, Texts]:
        return promises.customer_names(self.which, self.frame)

    @cached_property
    def days(self) -> Seconds:
        return promises.customer_days(self.which, self.frame, self.context.zone)

    @cached_property
    def revenue(self) -> npt.NDArray[np.float64]:
        return promises.monthly_revenue(self.frame, self.context)

    @cached_property
    def clocks(self) -> hours.RowClocks:
        return hours.RowClocks(self.frame, self.which, self.context)

    def pauses(self, promise: Promise) -> Pauses | None:
        statuses = _pausing(promise, self.context)
        if statuses not in self._pauses:
            context = replace(self.context, pause_statuses=statuses)
            self._pauses[statuses] = frames.ticket_pauses(self.frame, context)
        return self._pauses[statuses]

    def starts(self, metric: str) -> Seconds:
        """When the clock begins to run; MISSING where it does not."""
        if metric == Metric.NEXT_REPLY:
            return promises.waiting_since(self.frame, self.which)
        if metric == Metric.FIRST_RESPONSE:
            rang = self.instants("ring_started_at")
            asked = np.where(rang != MISSING, rang, self.created)
            return np.where(self.frame["is_outbound"] == 1, MISSING, asked)
        return self.created

    def ends(self, metric: str) -> Seconds:
        """When it stopped; MISSING while it still runs."""
        if metric == Metric.FIRST_RESPONSE:
            return np.where(self.responded != MISSING, self.responded, self.done)
        return self.done

    @property
    def responded(self) -> Seconds:
        """When a person responded first: who picks up the telephone has."""
        answered = self.instants("answered_at")
        return np.where(answered != MISSING, answered, self.instants("first_agent_reply_at"))


def applied(tickets: Tickets, metric: str, versions: Sequence[Version]) -> Applied:
    """The first version that fits each ticket, and its due time."""
    n = len(tickets.frame)
    nothing = np.full(n, NONE, dtype=np.int64)
    due = np.full(n, MISSING, dtype=np.int64)
    if not versions or not n:
        return Applied(due=due, target=nothing, version=nothing, tier=np.full(n, "", dtype=object))
    starts, ends = tickets.starts(metric), tickets.ends(metric)
    tiers = history.tiers(tickets.frame, ends)
    chosen = _chosen(tickets, starts, tiers, versions)
    clocks = tickets.clocks.until(ends)
    for alike in _alike(versions, tickets.context):
        here = np.isin(chosen, alike)
        if here.any():
            seconds = np.array([one.promise.seconds for one in versions], dtype=np.int64)[chosen]
            due = np.where(
                here, _due(tickets, versions[alike[0]].promise, np.where(here, starts, MISSING), (clocks, seconds)), due
            )
    is_there = chosen != NONE
    targets, numbers = (
        np.array(column, dtype=np.int64) for column in zip(*((one.target, one.number) for one in versions), strict=True)
    )
    return Applied(
        due=due,
        target=np.where(is_there, targets[chosen], NONE),
        version=np.where(is_there, numbers[chosen], NONE),
        tier=np.where(is_there, tiers, ""),
    )


def _chosen(tickets: Tickets, starts: Seconds, tiers: Texts, versions: Sequence[Version]) -> Rows:
    """The position of the first version that fits; NONE where none does."""
    chosen = np.full(len(starts), NONE, dtype=np.intp)
    is_free = starts != MISSING
    for place, version in enumerate(versions):
        if not is_free.any():
            break
        fits = is_free & _fits(tickets, tiers, version)
        chosen[fits] = place
        is_free &= ~fits
    return chosen


def _fits(tickets: Tickets, tiers: Texts, version: Version) -> Truths:
    promise, frame = version.promise, tickets.frame
    fits: Truths = (tickets.created >= version.start) & (tickets.created < version.end)
    for dimension in ("channel", "category", "priority"):
        if wanted := getattr(promise, dimension):
            fits &= (frame[dimension] == wanted).to_numpy()
    if promise.tier:
        fits &= tiers == promise.tier
    return fits & _fits_customer(tickets, promise)


def _fits_customer(tickets: Tickets, promise: Promise) -> Truths:
    """An agreement with the customer, their value, and how long they have been one."""
    fits: Truths = np.ones(len(tickets.frame), dtype=np.bool_)
    if promise.company:
        fits &= tickets.names["company"] == promise.company.lower()
    if promise.customer:
        wanted = promise.customer.lower()
        fits &= (tickets.names["external_id"] == wanted) | (tickets.names["email"] == wanted)
    if promise.least_mrr is not None:
        fits &= tickets.revenue >= float(promise.least_mrr)
    if promise.from_day is not None or promise.until_day is not None:
        fits &= tickets.days > _KNOWN_DAYS
    if promise.from_day is not None:
        fits &= tickets.days >= promise.from_day
    if promise.until_day is not None:
        fits &= tickets.days < promise.until_day
    return fits


def _alike(versions: Sequence[Version], context: Context) -> list[list[int]]:
    """Positions of versions that are calculated at once: those with the same clock, count and pauses."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, version in enumerate(versions):
        promise = version.promise
        days = promise.seconds if promise.count != Promise.Count.SECONDS else 0
        key = (promise.clock, promise.count, days, _pausing(promise, context))
        groups.setdefault(key, []).append(place)
    return list(groups.values())


def _due(tickets: Tickets, promise: Promise, starts: Seconds, how: tuple[dict[str, Clock], Seconds]) -> Seconds:
    clocks, seconds = how
    clock = hours.named(clocks, promise.clock)
    if promise.count == Promise.Count.SECONDS:
        return clock.due_at(starts, seconds, tickets.pauses(promise))
    if promise.clock != BUSINESS or BUSINESS not in clocks:
        clock = WorkTime.around_the_clock(tickets.context.zone)
    return hours.due_days(clock, starts, promise.days, ends_day=promise.count == Promise.Count.DAY_ENDS)


def _pausing(promise: Promise, context: Context) -> frozenset[str]:
    """The statuses that stop a target's clock. Days are counted through."""
    if promise.count != Promise.Count.SECONDS or promise.pausing == Promise.Pausing.NONE:
        return frozenset()
    if promise.pausing == Promise.Pausing.OWN:
        return frozenset(plain(status) for status in promise.pause_statuses)
    return context.pause_statuses
