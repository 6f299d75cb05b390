"""What a customer is worth."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from kpiproject.lib.survival import kaplan_meier
from metrics.catalogue._activity import (
    activity,
    bought,
    instants,
    moment,
    numbers,
    per_customer,
    places,
)
from metrics.catalogue._figures import DAY, MONTH_DAYS, Floats, Truths, count, spread
from metrics.catalogue._mrr import payments
from metrics.kpi import Better, Family, Frame, Unit, Whole, Window, kpi
from metrics.options import ORDERS, SUBSCRIPTIONS, Options

_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_LEAST: Final = 5
_YEAR_DAYS: Final = 365.25


@kpi(
    name=_("Average revenue per account"),
    family=Family.REVENUE,
    unit=Unit.MONEY,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_(
        "monthly recurring revenue at the end ÷ customers who pay then; of shops, revenue ÷ buyers of the period"
    ),
    source=_("ChartMogul, “average revenue per account”"),
    gaming=_(
        "Small customers are let go, which raises the mean while revenue falls, or discounts are given in a way that "
        "the subscription does not show."
    ),
    revision=1,
    dimensions=_DIMENSIONS,
)
def average_revenue_per_account(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """What a paying customer pays every month, as things stand at the end of the period.

    Customers who pay nothing, and trials, do not count. Where customers are active by their orders and not by
    subscriptions, it is what those who bought in the period paid in it. The median and the 90th percentile stand beside
    the mean. Amounts are in the organisation's currency.
    """
    paid = _paid(customers, subscriptions, orders, window)
    found = spread(paid > 0, paid)
    total, n = float(paid[paid > 0].sum()), count(paid > 0)
    low, high = intervals.mean(n, total, float((paid[paid > 0] ** 2).sum())) or (None, None)
    return replace(found, value=found.mean, low=low, high=high, part=total, base=n)


@kpi(
    name=_("Customer lifetime value"),
    family=Family.REVENUE,
    unit=Unit.MONEY,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("revenue per account and month × gross margin ÷ monthly churn"),
    source=_("the formula in common use; of shops, order value × orders a year × margin × lifetime in years"),
    gaming=_(
        "It hangs on assumptions: a margin that is set too high or a month with little churn makes every customer "
        "look precious."
    ),
    revision=1,
    dimensions=_DIMENSIONS,
)
def customer_lifetime_value(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """What a customer brings from now on until leaving, if everything stays as it is.

    With subscriptions: what a paying customer pays every month at the end of the period, times the organisation's gross
    margin, divided by the share of customers lost every month. There is no figure where nobody was lost, because nobody
    knows then how long customers stay, nor on fewer than five customers at the start. Of buyers: the mean order, times
    orders a year and buyer, times the margin, times the mean lifetime within what was seen. Without a margin the figure
    is of revenue, and says so. Beside it stands what the customers of the period have brought already.
    """
    margin = 1.0 if window.options.gross_margin is None else window.options.gross_margin / 100
    active = activity(customers, subscriptions, orders, window.options)
    start = active.at(window.start - 1)
    paid = _paid(customers, subscriptions, orders, window)
    if active.basis == ORDERS:
        worth = _of_buyers(customers, orders, window)
    else:
        worth = _of_subscribers(paid, start, active.at(moment(window)), window)
    return Whole(
        whole=paid > 0,
        value=None if worth.value is None else worth.value * margin,
        values=paid,
        at=active.first(),
        beside={
            "average_revenue": float(paid[paid > 0].mean()) if (paid > 0).any() else None,
            "gross_margin_percent": window.options.gross_margin,
            **worth.beside,
            "brought_already": _scaled(_brought(customers, orders, window), margin),
        },
        notes=(*_about_margin(window.options), *worth.notes),
    )


@dataclass(frozen=True, kw_only=True)
class _Worth:
    value: float | None
    beside: dict[str, float | None]
    notes: tuple[str, ...] = ()


def _of_subscribers(paid: Floats, start: Truths, end: Truths, window: Window) -> _Worth:
    n, lost = count(start), count(start & ~end)
    if not lost or n < _LEAST:
        words = _now("Nobody was lost, so nobody knows how long customers stay.") if n >= _LEAST else _too_few()
        return _Worth(value=None, beside={"monthly_churn_percent": None if n < _LEAST else 0.0}, notes=(words,))
    monthly = 1 - (1 - lost / n) ** (1 / _months(window))
    payers = paid[paid > 0]
    value = float(payers.mean()) / monthly if len(payers) else None
    return _Worth(value=value, beside={"monthly_churn_percent": 100 * monthly})


def _of_buyers(customers: Frame, orders: Frame, window: Window) -> _Worth:
    """Of those who bought in the period: order value × orders a year × years."""
    placed, rows = instants(orders, "placed_at"), places(customers, orders)
    which = bought(orders) & (rows >= 0) & (placed >= window.start) & (placed <= moment(window))
    buyers = len(np.unique(rows[which]))
    if buyers < _LEAST:
        return _Worth(value=None, beside={}, notes=(_too_few(),))
    orders_a_year = count(which) / buyers / (window.days / _YEAR_DAYS)
    lifetime = _mean_lifetime(customers, orders, window)
    value = float(numbers(orders, "amount")[which].mean())
    return _Worth(
        value=value * orders_a_year * lifetime / _YEAR_DAYS,
        beside={"mean_order": value, "orders_a_year": orders_a_year, "mean_lifetime_days": lifetime},
    )


def _mean_lifetime(customers: Frame, orders: Frame, window: Window) -> float:
    options = replace(window.options, activity=ORDERS)
    active, as_of = activity(customers, orders.iloc[:0], orders, options), moment(window)
    first = active.first()
    known = (first != MISSING) & (first <= as_of)
    is_here = active.at(as_of)
    ended = np.where(is_here, as_of, np.minimum(active.last_end(as_of), as_of))
    lasted = np.maximum((ended - first)[known] / DAY, 0.0)
    return kaplan_meier(lasted, ~is_here[known]).restricted_mean or 0.0


def _paid(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Floats:
    """What each customer pays every month at the end of the period; of buyers, what they paid in it."""
    active = activity(customers, subscriptions, orders, window.options)
    if active.basis == SUBSCRIPTIONS:
        return payments(customers, subscriptions, window.options).at(moment(window))
    placed = instants(orders, "placed_at")
    which = bought(orders) & (placed >= window.start) & (placed < window.end)
    return per_customer(places(customers, orders), which, len(customers), numbers(orders, "amount"))


def _brought(customers: Frame, orders: Frame, window: Window) -> float | None:
    """The mean of what everybody who ever bought has paid for orders until the end of the period."""
    which = bought(orders) & (instants(orders, "placed_at") < window.end)
    total = per_customer(places(customers, orders), which, len(customers), numbers(orders, "amount"))
    return float(total[total > 0].mean()) if (total > 0).any() else None


def _months(window: Window) -> float:
    """Of whole calendar months their number, so that the churn of one month is what it is."""
    last = window.after - timedelta(days=1)
    if window.first.day == 1 and window.after.day == 1:
        return float((last.year - window.first.year) * 12 + last.month - window.first.month + 1)
    return window.days / MONTH_DAYS


def _about_margin(options: Options) -> tuple[str, ...]:
    return () if options.gross_margin is not None else (_now("Of revenue: no gross margin is set."),)


def _too_few() -> str:
    return _now("There are fewer than five customers to tell from.")


def _scaled(value: float | None, by: float) -> float | None:
    return None if value is None else value * by
