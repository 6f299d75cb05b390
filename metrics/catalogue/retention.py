"""Who stays."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING, Seconds, day_start, epoch, instant, local_day
from kpiproject.lib.survival import kaplan_meier
from metrics.catalogue._activity import (
    Activity,
    activity,
    buying,
    instants,
    moment,
    months_before,
    said,
    without_start,
)
from metrics.catalogue._figures import DAY, Truths, count, percent, share
from metrics.kpi import Better, Breakdown, Family, Frame, Text, Unit, Whole, Window, kpi
from metrics.options import ORDERS, SIGN_UP
from metrics.terms import Term

_YEAR: Final = 12
_CUSTOMER_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_HELD: Final = _(
    "Leaving is made hard, or cancellations are entered late, so that customers who are gone in their minds still "
    "count; discounts keep them until the figure is read."
)


@kpi(
    name=_("Customer retention"),
    family=Family.RETENTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("(customers at the end − new ones) ÷ customers at the start × 100"),
    source=_("the formula in common use; the cohort form beside it counts only those who were there at the start"),
    gaming=_HELD,
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def retention_rate(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """Share of the customers at the start of a period that are left at its end, new ones not counted.

    At the start means just before the period begins. The simple form counts customers who had left earlier and came
    back during the period as if they had stayed, and may pass 100 %; the cohort form beside it counts only those active
    at both ends. Where the two differ, the figure says so. Of a period that is not over, the end is now. Who is active
    is said with the figure.
    """
    active = activity(customers, subscriptions, orders, window.options)
    start, end = active.at(window.start - 1), active.at(moment(window))
    returned = count(end & ~start & _known_before(active, window))
    n, kept = count(start), count(start & end)
    low, high = (None, None) if returned else intervals.wilson(kept, n) or (None, None)
    return Whole(
        whole=start,
        value=percent(kept + returned, n),
        part=kept + returned,
        base=n,
        low=low,
        high=high,
        values=end.astype(np.float64),
        at=active.first(),
        beside={"cohort_retention": percent(kept, n), "returned_customers": returned, "customers_at_end": count(end)},
        notes=(said(active, window.options), *_warning(returned), *without_start(start)),
    )


@kpi(
    name=_("Retention by cohort"),
    family=Family.RETENTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("customers active in a later month ÷ customers who became active in the month of the cohort × 100"),
    source=_("own definition: the triangle of calendar months in common use"),
    gaming=_HELD,
    revision=2,
    dimensions=("month", "cohort", *_CUSTOMER_DIMENSIONS),
    default_by="month",
)
def cohort_retention(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Breakdown:
    """Share of the customers who became active in one calendar month that are active so many months later.

    By month, the members are the number of months after the first one, 0 being the first itself; the cohorts are those
    that began in the period, put together as far as they are old enough. By cohort, the members are the months in which
    customers became active, and the share is of those active in the last month of the period that counts. By any other
    dimension, the share is that of the month after the first. Customers with subscriptions are active in every month in
    which one was in force, buyers in every month in which they ordered. A month counts when it is over; one of buyers
    only if it began before the last order that is known, as nobody knows who ordered later. Left out and shown as such:
    customers whose month does not count yet.
    """
    active = _by_month(customers, subscriptions, orders, window)
    table = _Cohorts(active, window, _orders_until(orders) if active.basis == ORDERS else window.now)
    if window.by == "cohort":
        return table.broken_down(table.by_cohort(), table.until_last)
    if window.by in _CUSTOMER_DIMENSIONS:
        members = customers[window.by].astype(str).to_numpy()
        parts = ((name, table.after(1, members == name)) for name in sorted(set(members[table.within])))
        return table.broken_down(parts, table.old_enough(1))
    return table.broken_down(table.by_age(), table.old_enough(0))


@kpi(
    name=_("Customer churn"),
    family=Family.RETENTION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="signed_up_at",
    formula=_("customers lost of those at the start ÷ customers at the start × 100"),
    source=_("ChartMogul, “customer churn rate”: who joined and left, or left and came back, within it is not lost"),
    gaming=_HELD,
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def churn_rate(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """Share of the customers at the start of a period that are gone at its end.

    Counted by when a customer is gone: at the end of the service that was paid for, or when the cancellation is asked
    for, as the organisation has chosen; said with the figure. Customers who joined and left within the period, and
    those who left and came back within it, are not lost. It is 100 minus retention in the cohort form.
    """
    active = activity(customers, subscriptions, orders, window.options)
    start, end = active.at(window.start - 1), active.at(moment(window))
    passing = active.during(window.start, moment(window) + 1) & ~start & ~end
    return share(
        start,
        ~end,
        at=active.first(),
        beside={"joined_and_left": count(passing & ~_known_before(active, window))},
        notes=(said(active, window.options), *without_start(start)),
    )


@kpi(
    name=_("Customer lifetime"),
    family=Family.RETENTION,
    unit=Unit.DAYS,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("the time after which half of all customers have left (Kaplan–Meier)"),
    source=_("Kaplan and Meier 1958"),
    gaming=_HELD,
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def customer_lifetime(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """The median number of days from becoming a customer until leaving, as known at the end of the period.

    Customers who are still there have lasted at least as long as so far: leaving them out, or counting them as if they
    left today, would both be too short. There is no median while more than half are still there. The mean beside it is
    restricted to the longest time that was seen. Who came back has not left; times without are part of the lifetime.
    Left out and shown as such: customers who left before they began.
    """
    active, as_of = activity(customers, subscriptions, orders, window.options), moment(window)
    first = active.first()
    is_here, known = active.at(as_of), (first != MISSING) & (first <= as_of)
    ended = np.where(is_here, as_of, np.minimum(active.last_end(as_of), as_of))
    days = np.where(known, (ended - first) / DAY, 0.0)
    curve = kaplan_meier(np.maximum(days[known], 0.0), ~is_here[known])
    low, high = curve.median_interval
    gone = known & ~is_here
    return Whole(
        whole=known,
        value=curve.median,
        median=curve.median,
        mean=curve.restricted_mean,
        low=low,
        high=high,
        values=days,
        at=first,
        excluded={"negative_duration": _left_too_early(customers, active)},
        beside={
            "customers_gone": count(gone),
            "mean_of_those_gone": float(days[gone].mean()) if gone.any() else None,
            **{f"percent_after_{days_}_days": _scaled(curve.at(days_)) for days_ in (90, 365, 730)},
        },
        notes=(*_unreached(curve.median, known), said(active, window.options)),
    )


def _unreached(median: float | None, known: Truths) -> tuple[Text, ...]:
    if median is not None or not known.any():
        return ()
    return (_("More than half of them are still here: there is no median yet, and the mean grows with time."),)


@kpi(
    name=_("Win-back"),
    family=Family.RETENTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("customers who came back in the period ÷ customers lost in the months before it × 100"),
    source=_("ChartMogul, “reactivation”: after any gap"),
    gaming=_(
        "Customers are counted as lost who only paused, so that they seem to be won back; or they return for a "
        "discount and leave again."
    ),
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def winback_rate(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """Share of customers lost in the months before a period that came back during it.

    Lost are those who left in so many months before the period as the organisation has chosen (12 unless told
    otherwise) and were not active when it began. Counted by the day of the return.
    """
    active, options = activity(customers, subscriptions, orders, window.options), window.options
    since = months_before(window, options.winback_months)
    last = active.last_end(window.start - 1)
    lost = ~active.at(window.start - 1) & (last != MISSING) & (last >= since)
    came_back = active.beginning(window.start, moment(window) + 1)
    if active.basis == SIGN_UP:  # who has left is not told to have come back
        lost = np.zeros_like(lost)
    text = ngettext("Lost within %(n)s month before.", "Lost within %(n)s months before.", options.winback_months)
    nobody = () if lost.any() else (_("Nobody was lost in that time, so there is no figure."),)
    notes = (Term(text % {"n": options.winback_months}), said(active, options), *nobody)
    return share(lost, came_back, at=last, notes=notes)


class _Cohorts:
    """Customers by the calendar month in which they became active, and whether they were in every later one. `until` is
    how far it is known who was."""

    def __init__(self, active: Activity, window: Window, until: int) -> None:
        self._active, self._window, self._until = active, window, until
        self.first = active.first()
        self._months = _months(self.first, window)
        self._starts = np.array([epoch(day_start(month, window.zone)) for month in self._months], dtype=np.int64)
        began = np.searchsorted(self._starts, self.first, side="right") - 1
        self._began = np.where(self.first == MISSING, -1, began)
        self._kept: dict[int, Truths] = {}
        chosen = [window.first.replace(day=1) <= month < window.after for month in self._months[:-1]]
        self._chosen = np.flatnonzero(np.array(chosen, dtype=np.bool_))
        self.within: Truths = np.isin(self._began, self._chosen)
        self.until_last: Truths = (self._began >= 0) & (self._began <= self._last)

    @property
    def _last(self) -> int:
        """The last month of the period that counts."""
        return min(int(self._chosen[-1]), self._over - 1) if len(self._chosen) else -1

    def broken_down(self, parts: Iterable[tuple[str, Whole]], whole: Truths) -> Breakdown:
        recent = self.within & ~whole
        return Breakdown(whole=whole, parts=dict(parts), at=self.first, excluded={"too_recent": recent})

    def by_age(self) -> Iterator[tuple[str, Whole]]:
        if not len(self._chosen):
            return
        for age in range(self._over - int(self._chosen[0])):
            found = self.after(age, np.ones(self._active.n, dtype=np.bool_))
            if count(found.whole):
                yield str(age), found

    def by_cohort(self) -> Iterator[tuple[str, Whole]]:
        for cohort in range(self._last + 1):
            of_cohort = self._began == cohort
            if of_cohort.any():
                found = self._share(of_cohort, self._in_month(self._last), age=self._last - cohort, last=self._last)
                yield f"{self._months[cohort]:%Y-%m}", found

    def old_enough(self, age: int) -> Truths:
        """Customers in the cohorts of the period of which the month so much later counts."""
        found: Truths = self.within & (self._began + age < self._over)
        return found

    def after(self, age: int, which: Truths) -> Whole:
        """Of the customers meant, in the cohorts of the period that are old enough."""
        counted, there = self.old_enough(age) & which, np.zeros(self._active.n, dtype=np.bool_)
        cohorts = self._chosen[self._chosen + age < self._over]
        for cohort in cohorts:
            there |= (self._began == cohort) & self._in_month(int(cohort) + age)
        last = int(self._began[counted].max()) + age if counted.any() else -1
        return self._share(counted, there, age=age, last=last)

    def _share(self, counted: Truths, there: Truths, *, age: int, last: int) -> Whole:
        """In their first month all are there, by what it means: nothing about it is left to chance."""
        found = share(counted, there, notes=self._cut_off(last))
        return found if age else replace(found, low=None, high=None)

    @cached_property
    def _over(self) -> int:
        """How many of the months count: they are over, and began before what is known ends."""
        over, begun = (np.searchsorted(self._starts, at, side="right") for at in (self._window.now, self._until))
        return int(min(over - 1, begun))

    def _cut_off(self, month: int) -> tuple[str, ...]:
        """Said where what is known ends within a month; of no month (-1) there is nothing to say."""
        if month < 0:
            return ()
        day = local_day(instant(self._until), self._window.zone)
        if day + timedelta(days=1) >= self._months[month + 1]:
            return ()
        words = _now("No order after %(day)s is known: the share of the month in which it lies may be too low.")
        return (words % {"day": date_format(day, "DATE_FORMAT")},)

    def _in_month(self, month: int) -> Truths:
        if month not in self._kept:
            self._kept[month] = self._active.during(int(self._starts[month]), int(self._starts[month + 1]))
        return self._kept[month]


def _by_month(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Activity:
    """Buyers are active when they buy, not for a time after."""
    found = activity(customers, subscriptions, orders, window.options)
    return buying(customers, orders) if found.basis == ORDERS else found


def _orders_until(orders: Frame) -> int:
    """The last order that any source told of."""
    return int(orders["orders_until"].max()) if len(orders) else MISSING


def _months(first: Seconds, window: Window) -> list[date]:
    """Calendar months from the one of the first customer to the one after now and after the period."""
    known = first[first != MISSING]
    ends = [local_day(instant(second), window.zone) for second in (int(known.min()), window.now)] if len(known) else []
    start = min([window.first, *ends[:1]])
    end = max([window.after, *ends[1:]])
    found = pd.date_range(start.replace(day=1), periods=_apart(start, end) + 2, freq="MS")
    return [month.date() for month in found]


def _apart(start: date, end: date) -> int:
    return (end.year - start.year) * _YEAR + end.month - start.month


def _known_before(active: Activity, window: Window) -> Truths:
    first = active.first()
    found: Truths = (first != MISSING) & (first < window.start)
    return found


def _warning(returned: int) -> tuple[str, ...]:
    if not returned:
        return ()
    words = ngettext(
        "%(n)s customer who came back makes the simple figure higher than the share that stayed.",
        "%(n)s customers who came back make the simple figure higher than the share that stayed.",
        returned,
    )
    return (words % {"n": returned},)


def _left_too_early(customers: Frame, active: Activity) -> Truths:
    """Only where customers are known by signing up and leaving."""
    joined, left = instants(customers, "signed_up_at"), instants(customers, "left_at")
    found: Truths = (joined != MISSING) & (left != MISSING) & (left < joined)
    return found if active.basis == SIGN_UP else np.zeros_like(found)


def _scaled(part: float | None) -> float | None:
    return None if part is None else 100 * part
