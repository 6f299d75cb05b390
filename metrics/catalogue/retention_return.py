"""What keeping customers brings for what it costs."""

from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from metrics.catalogue._activity import activity, bought, instants, moment, numbers, per_customer, places
from metrics.catalogue._figures import DAY, Floats, Truths, count
from metrics.catalogue._mrr import payments
from metrics.catalogue._records import is_decided, is_good, is_one_of, of_kind, uncontrolled, within
from metrics.kpi import Better, Family, Frame, Unit, Whole, Window, kpi
from metrics.options import ORDERS

_YEAR_DAYS: Final = 365


@kpi(
    name=_("Return on keeping customers"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="started_at",
    formula=_("(customers kept by it × yearly margin of each − cost) ÷ cost × 100"),
    source=_("own definition: against a control group, or by an assumed share, and it says which"),
    gaming=_(
        "Customers who would have stayed anyway are counted as kept, or costs of the measures are booked elsewhere; "
        "only a control group chosen by chance tells."
    ),
    revision=1,
    amounts=Unit.MONEY,
    dimensions=("channel", "segment", "tier"),
)
def retention_roi(records: Frame, customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """What measures to keep customers brought in a year, for what they cost.

    Counted are service records of the kind retention with an outcome, on the day they began; what each cost is its
    amount. With records of the group control, customers kept by it are those by which the others were kept more often,
    out of as many. Without, it is the share of the kept ones that the organisation assumes, and the figure says so;
    without such a share there is no figure. What a kept customer brings in a year is twelve times what those who were
    kept pay every month, or the orders of the year before, times the gross margin, as things stand at the end of the
    period. Left out and shown as such: measures without an outcome yet.
    """
    meant = of_kind(records, "retention") & within(instants(records, "started_at"), window)
    decided, good = meant & is_decided(records), is_good(records)
    control = decided & is_one_of(records, "group", ("control",))
    treated = decided & ~control
    saved = _saved(treated, control, good, window)
    each = _yearly(records, customers, subscriptions, orders, treated & good, window)
    cost = float(np.nansum(numbers(records, "amount")[treated]))
    gain = saved * each if saved is not None and each is not None else None
    return Whole(
        whole=decided,
        value=100 * (gain - cost) / cost if gain is not None and cost > 0 else None,
        part=None if gain is None else gain - cost,
        base=cost,
        values=good.astype(np.float64),
        excluded={"undecided": meant & ~decided},
        beside={"customers_kept": saved, "yearly_margin_each": each, "gain": gain, "cost": cost},
        notes=_notes(control, window),
    )


def _saved(treated: Truths, control: Truths, good: Truths, window: Window) -> float | None:
    n, kept = count(treated), count(treated & good)
    if not n:
        return None
    if count(control):
        return n * (kept / n - count(control & good) / count(control))
    assumed = window.options.attributed_share
    return None if assumed is None else kept * assumed / 100


def _yearly(
    records: Frame, customers: Frame, subscriptions: Frame, orders: Frame, kept: Truths, window: Window
) -> float | None:
    """The mean yearly margin of the customers kept; None of none."""
    paid = _paid(customers, subscriptions, orders, window)
    rows = np.unique(places(customers, records)[kept])
    rows = rows[rows >= 0]
    margin = window.options.gross_margin
    return float(paid[rows].mean()) * (1.0 if margin is None else margin / 100) if len(rows) else None


def _paid(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Floats:
    if activity(customers, subscriptions, orders, window.options).basis != ORDERS:
        return 12 * payments(customers, subscriptions, window.options).at(moment(window))
    placed, until = instants(orders, "placed_at"), moment(window)
    which = bought(orders) & (placed <= until) & (placed > until - _YEAR_DAYS * DAY)
    return per_customer(places(customers, orders), which, len(customers), numbers(orders, "amount"))


def _notes(control: Truths, window: Window) -> tuple[str, ...]:
    found = [] if window.options.gross_margin is not None else [_now("Of revenue: no gross margin is set.")]
    if count(control):
        return (*found, _now("Controlled: compared with customers to whom nothing was done."))
    assumed = window.options.attributed_share
    if assumed is None:
        words = _now("No figure: there is no control group, and no share is set that is assumed to be kept by it.")
        return (*found, words)
    words = _now("Assumed: %(share)s %% of those kept are put down to it.") % {"share": f"{assumed:g}"}
    return (*found, uncontrolled(), words)
