"""Enquiries about availability, shipping issues and account issues: of service records, or of tickets in a category."""

from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Column, Family, Frame, Text, Unit, Whole, Window, kpi

_FROM_RECORDS: Final = _("Computed from service records of this kind.")
_FROM_TICKETS: Final = _("There are no service records of this kind: computed from tickets in a category of this name.")
_FINISHED: Final = _(
    "Enquiries are marked as finished with a first answer, and hard ones are left open: only what is finished is in "
    "the figure."
)


@kpi(
    name=_("Resolution of availability enquiries"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="done_at",
    formula=_("median of (answer − enquiry)"),
    source=_("own definition"),
    gaming=_FINISHED,
    revision=1,
    dimensions=("channel", "tier"),
    is_clocked=True,
)
def availability_enquiry_resolution(cases: Frame, window: Window) -> Whole:
    """How long enquiries about whether something can be had take to be settled.

    Service records of the kind “availability_enquiry” from their start to their finish. Where there are none, tickets
    in a category whose name has to do with availability or stock, from creation to the last solve without the time in
    statuses that stop the clock. Counted on the day of the end, in calendar time and in business time. Left out and
    shown as such: those that end before they start, and tickets closed without a known time of solving.
    """
    return _durations(cases, window, "availability_enquiry")


@kpi(
    name=_("Resolution of account issues"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="done_at",
    formula=_("median of (solution − report)"),
    source=_("own definition"),
    gaming=_FINISHED,
    revision=1,
    dimensions=("channel", "tier"),
    is_clocked=True,
)
def account_issue_resolution_time(cases: Frame, window: Window) -> Whole:
    """How long issues with an account take to be settled.

    Service records of the kind “account_issue” from their start to their finish. Where there are none, tickets in a
    category whose name has “account” in it, from creation to the last solve without the time in statuses that stop the
    clock. Counted on the day of the end, in calendar time and in business time. Left out and
    shown as such: those that end before they start, and tickets closed without a known time of solving.
    """
    return _durations(cases, window, "account_issue")


@kpi(
    name=_("Shipping issues resolved in time"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="due_at",
    formula=_("settled by their due time ÷ (settled + missed) × 100"),
    source=_("own definition"),
    gaming=_(
        "Due times are set generously or moved once they cannot be kept, or the issue counts as settled when the "
        "parcel is sent again and not when it arrives."
    ),
    revision=1,
    dimensions=("channel", "tier"),
)
def shipping_issue_resolution(cases: Frame, window: Window) -> Whole:
    """Share of shipping issues that were settled by the time they were due.

    Service records of the kind “shipping_issue” with a due time. Where there are none, tickets in a category whose name
    has to do with shipping or delivery, by our service targets or else the judgement of their source. Counted on the
    day they were due; whatever is late and not settled is missed. Left out and shown as such: those that are not due
    yet.
    """
    which = (cases.kind == "shipping_issue") & (cases.due_at >= window.start) & (cases.due_at < window.end)
    is_judged = which & ((cases.is_met != UNKNOWN) | cases.is_overdue)
    is_met = is_judged & (cases.is_met == 1)
    met, n = int(is_met.sum()), int(is_judged.sum())
    low, high = intervals.wilson(met, n) or (None, None)
    return Whole(
        whole=is_judged,
        value=100 * met / n if n else None,
        part=met,
        base=n,
        low=low,
        high=high,
        values=is_met.astype(np.float64),
        excluded={"pending": which & ~is_judged},
        notes=_told(cases, is_judged),
    )


def _durations(cases: Frame, window: Window, kind: str) -> Whole:
    is_done = (cases.kind == kind) & (cases.done_at >= window.start) & (cases.done_at < window.end)
    is_solved = is_done & cases.has_solve.astype(bool)
    is_counted = is_solved & (cases.done_at >= cases.created_at)
    column = cases[f"resolution_{window.clock}_seconds"]
    seconds = np.sort(column[is_counted].to_numpy(dtype=np.int64))
    excluded = {"negative_duration": is_solved & ~is_counted, "solve_time_unknown": is_done & ~is_solved}
    if not len(seconds):
        return Whole(whole=is_counted, value=None, excluded=excluded)
    low, high = intervals.median(seconds) or (None, None)
    return Whole(
        whole=is_counted,
        value=float(np.median(seconds)),
        median=float(np.median(seconds)),
        p90=float(np.quantile(seconds, 0.9)),
        mean=float(seconds.mean()),
        low=low,
        high=high,
        values=np.where(column == MISSING, np.nan, column.astype(np.float64)),
        excluded=excluded,
        notes=_told(cases, is_counted),
    )


def _told(cases: Frame, which: Column) -> tuple[Text, ...]:
    """Out of what the figure is computed."""
    if not bool(which.any()):
        return ()
    return (_FROM_RECORDS if bool(cases.is_record[which].any()) else _FROM_TICKETS,)
