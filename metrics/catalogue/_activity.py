"""When customers are customers: one definition for every KPI that asks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _

from kpiproject.lib.periods import MISSING, Seconds, day_start, epoch
from metrics.catalogue._figures import DAY, Floats, Truths
from metrics.kpi import Column, Frame, Window
from metrics.options import AT_REQUEST, ORDERS, SIGN_UP, SUBSCRIPTIONS, Options
from metrics.terms import Term

FOREVER: Final = int(np.iinfo(np.int64).max)
_NOT_BOUGHT: Final = ("cancelled", "canceled", "returned", "refunded", "failed", "void", "voided")
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Stretches of time, [start, end), in each of which one of `n` customers was active; `rows` says which one."""

    basis: str
    n: int
    rows: Places
    starts: Seconds
    ends: Seconds

    def at(self, moment: int) -> Truths:
        return self._having((self.starts <= moment) & (self.ends > moment))

    def during(self, start: int, end: int) -> Truths:
        """Active at any time in [start, end)."""
        return self._having((self.starts < end) & (self.ends > start))

    def beginning(self, start: int, end: int) -> Truths:
        """With a stretch that begins in [start, end)."""
        return self._having((self.starts >= start) & (self.starts < end))

    def first(self) -> Seconds:
        """When each customer became active first; MISSING for those who never did."""
        found = np.full(self.n, FOREVER, dtype=np.int64)
        np.minimum.at(found, self.rows, self.starts)
        return np.where(found == FOREVER, MISSING, found)

    def last_end(self, before: int = FOREVER) -> Seconds:
        """The last end up to an instant; MISSING for those without one. FOREVER is no end."""
        found, which = np.full(self.n, MISSING, dtype=np.int64), (self.ends <= before) & (self.ends < FOREVER)
        np.maximum.at(found, self.rows[which], self.ends[which])
        return found

    def _having(self, which: Truths) -> Truths:
        found = np.zeros(self.n, dtype=np.bool_)
        found[self.rows[which]] = True
        return found


def activity(customers: Frame, subscriptions: Frame, orders: Frame, options: Options) -> Activity:
    """By what the organisation has chosen, else by what there is."""
    basis = options.activity or (SUBSCRIPTIONS if len(subscriptions) else ORDERS if len(orders) else SIGN_UP)
    if basis == SUBSCRIPTIONS:
        starts, ends = in_force(subscriptions, options)
        return _activity(basis, len(customers), places(customers, subscriptions), starts, ends)
    if basis == ORDERS:
        return buying(customers, orders, options.active_days * DAY)
    left = instants(customers, "left_at")
    ends = np.where(left == MISSING, FOREVER, left)
    return _activity(
        SIGN_UP,
        len(customers),
        np.arange(len(customers)),
        instants(customers, "signed_up_at"),
        ends,
        may_end_at_once=True,
    )


def buying(customers: Frame, orders: Frame, seconds: int = 1) -> Activity:
    """Active for some time after every order that is one."""
    which = bought(orders)
    placed = instants(orders, "placed_at")
    rows = np.where(which, places(customers, orders), -1)
    return _activity(ORDERS, len(customers), rows, placed, placed + seconds)


def bought(orders: Frame) -> Truths:
    """Orders of something for money that were neither cancelled nor returned."""
    is_gone = orders["status"].astype(str).str.strip().str.casefold().isin(_NOT_BOUGHT).to_numpy()
    found: Truths = (instants(orders, "cancelled_at") == MISSING) & (numbers(orders, "amount") > 0) & ~is_gone
    return found


def orders_told(orders: Frame) -> bool:
    """Whether any source ever told of an order, also of one that was sorted out since the table was read."""
    return len(orders["status"].cat.categories) > 0


def in_force(subscriptions: Frame, options: Options) -> tuple[Seconds, Seconds]:
    """From when until when each subscription is in force: not during its trial, and until it counts as gone."""
    starts = np.maximum(instants(subscriptions, "started_at"), instants(subscriptions, "trial_ends_at"))
    ended = instants(subscriptions, "ended_at")
    ends = np.where(ended == MISSING, FOREVER, ended)
    if options.recognition == AT_REQUEST:
        asked = instants(subscriptions, "cancel_requested_at")
        ends = np.where(asked == MISSING, ends, np.minimum(asked, ends))
    return starts, ends


def places(customers: Frame, frame: Frame) -> Places:
    """The position of each row's customer in the frame of customers; -1 for those that are not there."""
    found: Places = pd.Index(customers["customer_id"]).get_indexer(pd.Index(frame["customer_id"]))
    return found


def per_customer(rows: Places, which: Column, n: int, weights: Floats | None = None) -> Floats:
    """How many of the rows meant each customer has, or what their weights add up to."""
    meant = np.asarray(which, dtype=np.bool_) & (rows >= 0)
    found: Floats = np.bincount(rows[meant], weights=None if weights is None else weights[meant], minlength=n).astype(
        np.float64
    )
    return found


def instants(frame: Frame, name: str) -> Seconds:
    return frame[name].to_numpy(dtype=np.int64)


def numbers(frame: Frame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64)


def moment(window: Window) -> int:
    """The last instant of a period, or now where it is not over: how things will stand is not known."""
    return max(min(window.end - 1, window.now), window.start - 1)


def months_before(window: Window, months: int) -> int:
    """The instant so many months before a period."""
    day = (pd.Timestamp(window.first) - pd.DateOffset(months=months)).date()
    return epoch(day_start(day, window.zone))


def said(found: Activity, options: Options) -> Term:
    """Who counts as active, in words."""
    if found.basis == ORDERS:
        words = _("Active is who ordered within the last %(days)s days. Cancelled and returned orders do not count.")
        return Term(words % {"days": options.active_days})
    if found.basis == SUBSCRIPTIONS:
        gone = _("when its cancellation is asked for") if options.recognition == AT_REQUEST else _("when it ends")
        words = _("Active is who has a subscription in force: from the end of its trial on, and gone %(gone)s.")
        return Term(words % {"gone": gone})
    return Term(_("Active is who has signed up and not left, because nothing is known of subscriptions and orders."))


def without_start(start: Truths) -> tuple[str, ...]:
    """Why there is no figure about the customers at the start of a period, where there were none."""
    if start.any():
        return ()
    return (_("Nobody was a customer at the start of the period, so there is no figure: choose a later start."),)


def _activity(
    basis: str, n: int, rows: Places, starts: Seconds, ends: Seconds, *, may_end_at_once: bool = False
) -> Activity:
    """Without rows of nobody, without a beginning, and without any time; whoever left on the day of signing up was
    there."""
    known = (rows >= 0) & (starts != MISSING) & ((ends >= starts) if may_end_at_once else (ends > starts))
    return Activity(basis=basis, n=n, rows=rows[known], starts=starts[known], ends=ends[known])
