"""What customers pay, and how it holds."""

from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from metrics.catalogue._activity import moment
from metrics.catalogue._figures import percent
from metrics.catalogue._mrr import Movements, movements, payments
from metrics.kpi import Better, Family, Frame, Unit, Whole, Window, kpi

_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_LOSSES: Final = _(
    "Leaving is made hard, cancellations are entered late, or a customer who pays less is booked as a new subscription."
)


@kpi(
    name=_("Gross revenue retention"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("Σ of the lesser of what each customer pays at the start and at the end ÷ Σ at the start × 100"),
    source=_("KeyBanc and Sapphire, private SaaS survey; compared from point to point"),
    gaming=_LOSSES,
    revision=1,
    amounts=Unit.MONEY,
    dimensions=_DIMENSIONS,
)
def gross_revenue_retention(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """Share of the monthly recurring revenue at the start of a period that is left at its end, without any growth.

    Every customer who paid at the start counts with the lesser of what is paid at the start and at the end, so that it
    is never above 100 %. Only the two ends are compared: a customer who shrinks and grows again in between has lost
    nothing. Overlapping subscriptions of one customer add up; trials pay nothing. Amounts are in the organisation's
    currency, by the exchange rate of the day on which a subscription started.
    """
    moved = _moved(customers, subscriptions, window)
    kept = float(np.minimum(moved.before, moved.after).sum())
    return _of_start(moved, kept, moved.start)


@kpi(
    name=_("Net revenue retention"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("Σ of what the customers of the start pay at the end ÷ Σ of what they paid at the start × 100"),
    source=_("the cohort form in common use: neither new customers nor those who came back count"),
    gaming=_("Higher prices for those who cannot leave hide how many others left."),
    revision=1,
    amounts=Unit.MONEY,
    dimensions=_DIMENSIONS,
)
def net_revenue_retention(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """What the customers of the start of a period pay every month at its end, of what they paid at its start.

    It may be above 100 %, when those who stay pay more than is lost. New customers do not count, nor do those who had
    left earlier and came back. Overlapping subscriptions of one customer add up; trials pay nothing. Amounts are in the
    organisation's currency, by the exchange rate of the day on which a subscription started.
    """
    moved = _moved(customers, subscriptions, window)
    return _of_start(moved, float(moved.after[moved.before > 0].sum()), moved.start)


@kpi(
    name=_("Gross revenue churn"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="signed_up_at",
    formula=_("(revenue of customers lost + what others pay less) ÷ revenue at the start × 100"),
    source=_("ChartMogul, “gross MRR churn rate”"),
    gaming=_LOSSES,
    revision=1,
    amounts=Unit.MONEY,
    dimensions=_DIMENSIONS,
)
def gross_revenue_churn(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """Share of the monthly recurring revenue at the start of a period that is lost at its end.

    Lost is what customers paid who are gone, and by how much others pay less. Cancelling one of several subscriptions
    is paying less, and so is a change to a cheaper plan without a gap. Only the two ends of the period are compared.
    """
    moved = _moved(customers, subscriptions, window)
    return _of_start(moved, moved.lost, moved.start)


@kpi(
    name=_("Net revenue churn"),
    family=Family.REVENUE,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="signed_up_at",
    formula=_("(lost + paid less − paid more − come back) ÷ revenue at the start × 100"),
    source=_("ChartMogul, “net MRR churn rate”: customers who come back count against the loss"),
    gaming=_("Higher prices for those who cannot leave hide how many others left."),
    revision=1,
    amounts=Unit.MONEY,
    dimensions=_DIMENSIONS,
)
def net_revenue_churn(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """Monthly recurring revenue lost in a period, less what came with growth and with returning customers.

    Below zero is good: more came than was lost. Because customers who had left and came back count here, it is not 100
    minus net revenue retention, in which they do not. New customers do not count. Only the two ends of the period are
    compared.
    """
    moved = _moved(customers, subscriptions, window)
    return _of_start(moved, moved.lost - moved.expansion - moved.reactivation, moved.start)


@kpi(
    name=_("Quick ratio"),
    family=Family.REVENUE,
    unit=Unit.NUMBER,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("(new + paid more + come back) ÷ (lost + paid less)"),
    source=_("ChartMogul, “quick ratio”; without customers who came back, as Baremetrics has it, beside it"),
    gaming=_(
        "Revenue is bought with discounts and campaigns that bring customers who soon leave: it rises today and the "
        "loss comes later."
    ),
    revision=1,
    amounts=Unit.MONEY,
    dimensions=_DIMENSIONS,
)
def quick_ratio(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """How much monthly recurring revenue came for every unit of it that was lost in a period.

    What came is that of new customers, of others who pay more, and of those who came back; lost is that of customers
    gone, and what others pay less. There is no figure where nothing was lost. Only the two ends of the period are
    compared.
    """
    moved = _moved(customers, subscriptions, window)
    came = moved.new + moved.expansion + moved.reactivation
    notes = () if moved.lost else (_now("Nothing was lost, so there is no ratio."),)
    return Whole(
        whole=(moved.before > 0) | (moved.after > 0),
        value=came / moved.lost if moved.lost else None,
        part=came,
        base=moved.lost,
        values=moved.after - moved.before,
        beside={
            "without_returned": (came - moved.reactivation) / moved.lost if moved.lost else None,
            **_movements(moved),
        },
        notes=notes,
    )


def _moved(customers: Frame, subscriptions: Frame, window: Window) -> Movements:
    return movements(payments(customers, subscriptions, window.options), window.start - 1, moment(window))


def _of_start(moved: Movements, part: float, base: float) -> Whole:
    """A share of what the customers of the start paid."""
    return Whole(
        whole=moved.before > 0,
        value=percent(part, base),
        part=part,
        base=base,
        values=moved.after - moved.before,
        beside=_movements(moved),
        notes=() if moved.start else (_now("Nobody paid at the start of the period: choose a later start."),),
    )


def _movements(moved: Movements) -> dict[str, float | None]:
    """The way from the start to the end, which adds up."""
    return {
        "mrr_at_start": moved.start,
        "mrr_new": moved.new,
        "mrr_reactivation": moved.reactivation,
        "mrr_expansion": moved.expansion,
        "mrr_contraction": moved.contraction,
        "mrr_churn": moved.churn,
        "mrr_at_end": moved.end,
    }
