"""Who buys again, and what service has to do with it."""

from typing import Final

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING, Seconds
from metrics.catalogue._activity import FOREVER, bought, buying, instants, numbers, orders_told, per_customer, places
from metrics.catalogue._figures import DAY, Floats, association, count, percent, share
from metrics.catalogue._records import not_a_cause
from metrics.catalogue._service import satisfaction
from metrics.kpi import UNKNOWN, Better, Family, Frame, Unit, Whole, Window, kpi
from metrics.options import MOST_CONVERSION_DAYS
from metrics.terms import Term

_CUSTOMER_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_LINK: Final = _(
    "It says that two things go together and not that one brings about the other; a period or a group that fits is "
    "easily found by looking long enough."
)


@kpi(
    name=_("Repeat purchase"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("customers with two or more orders in the period ÷ customers with one or more × 100"),
    source=_("the share in common use; that of first orders followed by another soon stands beside it"),
    gaming=_("One order is split into two, or discounts bring orders forward that would have come anyway."),
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def repeat_purchase_rate(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """Share of the customers who ordered in a period that ordered at least twice in it.

    Cancelled and returned orders, and those of nothing, do not count. The longer the period, the higher the share, so
    beside it stands the share of customers whose very first order was in the period and who ordered again soon after
    it: within as many days as the organisation has chosen, of those for whom so many days are over.
    """
    placed, rows = instants(orders, "placed_at"), places(customers, orders)
    counted = bought(orders) & (placed >= window.start) & (placed < window.end)
    times = per_customer(rows, counted, len(customers))
    first, limit = buying(customers, orders).first(), window.options.repeat_days * DAY
    second = _second(customers, orders)
    is_mature = (first >= window.start) & (first < window.end) & (first + limit <= window.now)
    soon = (second != MISSING) & (second <= first + limit)
    return share(
        times >= 1,
        times >= 2,
        at=first,
        beside={
            "orders_per_customer": float(times[times >= 1].mean()) if (times >= 1).any() else None,
            "again_soon_percent": percent(count(is_mature & soon), count(is_mature)),
            "first_orders": count(is_mature),
        },
        notes=(Term(_now("Soon is within %(days)s days of the first order.") % {"days": window.options.repeat_days}),),
    )


@kpi(
    name=_("Repeat purchase and quality of service"),
    family=Family.RELATIONSHIP,
    unit=Unit.CORRELATION,
    better=Better.NEITHER,
    at="signed_up_at",
    formula=_("Spearman's ρ of how satisfied buyers were and whether they ordered afterwards"),
    source=_("Spearman 1904; interval by Bonett and Wright 2000"),
    gaming=_LINK,
    revision=1,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def repeat_purchase_by_service(customers: Frame, orders: Frame, answers: Frame, window: Window) -> Whole:
    """Whether buyers who were satisfied with service order again more than those who were not.

    Of every buyer who answered about service in the period, the mean satisfaction is set against whether an order
    followed the last of these answers, within as many days as the organisation has chosen; so service always comes
    before the order. It is an association, not a cause. On fewer than 30 buyers there is no figure. Beside it stand the
    shares that ordered again of the satisfied (on average in the upper half of the scale) and of the others, and their
    difference with its interval. Left out and shown as such: buyers for whom so many days are not over.
    """
    limit = window.options.repeat_days * DAY
    felt, last = satisfaction(customers, answers, window)
    first, again = buying(customers, orders).first(), _after(customers, orders, last)
    is_buyer = (last != MISSING) & (first != MISSING) & (first <= last)
    is_mature = is_buyer & (last + limit <= window.now)
    returned = (again != MISSING) & (again <= last + limit)
    happy = is_mature & (felt > 0.5)
    groups = [(count(group & returned), count(group)) for group in (happy, is_mature & ~happy)]
    rates = [percent(*group) for group in groups]
    apart = intervals.newcombe(groups[0], groups[1])
    return association(
        is_mature,
        felt,
        returned.astype(np.float64),
        at=last,
        excluded={"too_recent": is_buyer & ~is_mature},
        beside={
            "satisfied_percent": rates[0],
            "others_percent": rates[1],
            "difference_points": rates[0] - rates[1] if rates[0] is not None and rates[1] is not None else None,
            "difference_low_points": apart.low if apart else None,
            "difference_high_points": apart.high if apart else None,
        },
        notes=(not_a_cause(),),
    )


@kpi(
    name=_("Orders after support"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="created_at",
    formula=_("tickets followed by an order of the same customer ÷ tickets × 100"),
    source=_("Gorgias, “conversion rate”: each order goes to the most recent ticket"),
    gaming=_("Agents send customers a voucher with every answer, or urge people to buy who only wanted help."),
    revision=2,
    looks_ahead_days=MOST_CONVERSION_DAYS + 1,
)
def support_conversion(tickets: Frame, orders: Frame, window: Window) -> Whole:
    """Share of tickets after which the same customer ordered something, within as many days as the organisation has
    chosen.

    Every order goes to the most recent ticket of its customer only, whoever answered it on which channel, so that the
    orders of all channels add up to those of the whole. Cancelled and returned orders do not count. Beside it stands
    what these orders were worth. Nobody knows whether they would have come anyway. Counted by the day on which a ticket
    was created. Left out and shown as such: tickets of nobody known, and those for which so many days are not over; and
    as long as no source has ever told of an order, all others, because nothing is known about them.
    """
    created, seconds = instants(tickets, "created_at"), window.options.conversion_days * DAY
    meant = (created >= window.start) & (created < window.end)
    unknown = meant & (tickets["customer_id"] == UNKNOWN).to_numpy()
    recent = meant & ~unknown & (created + seconds > window.now)
    worth = _attributed(tickets, orders, seconds)
    settled, is_known = meant & ~unknown & ~recent, orders_told(orders)
    counted = settled & is_known
    has_order = ~np.isnan(worth)
    notes = (Term(_now("Within %(days)s days of the ticket.") % {"days": window.options.conversion_days}),)
    return share(
        counted,
        has_order,
        excluded={"customer_unknown": unknown, "too_recent": recent, "orders_unknown": settled & ~counted},
        beside={"revenue": float(np.nansum(worth[counted])) if counted.any() else None},
        notes=notes,
    )


def _second(customers: Frame, orders: Frame) -> Seconds:
    """When each customer ordered for the second time; MISSING for those who did not."""
    found = buying(customers, orders)
    order = np.lexsort((found.starts, found.rows))
    rows, starts = found.rows[order], found.starts[order]
    nth = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
    result = np.full(found.n, MISSING, dtype=np.int64)
    result[rows[nth == 1]] = starts[nth == 1]
    return result


def _after(customers: Frame, orders: Frame, moments: Seconds) -> Seconds:
    """When each customer ordered first after an instant of their own; MISSING without one."""
    found = buying(customers, orders)
    later = found.starts > moments[found.rows]
    result = np.full(found.n, FOREVER, dtype=np.int64)
    np.minimum.at(result, found.rows[later], found.starts[later])
    return np.where(result == FOREVER, MISSING, result)


def _attributed(tickets: Frame, orders: Frame, seconds: int) -> Floats:
    """What the orders are worth that go to each ticket and came soon enough after it; NaN without any."""
    at = pd.Index(tickets["id"]).get_indexer(pd.Index(orders["ticket_id"]))
    which = bought(orders) & (at >= 0)
    known, at = orders[which], at[which]
    is_soon = instants(known, "placed_at") - instants(tickets, "created_at")[at] <= seconds
    result = np.full(len(tickets), np.nan)
    result[at[is_soon]] = 0.0
    np.add.at(result, at[is_soon], numbers(known, "amount")[is_soon])
    return result
