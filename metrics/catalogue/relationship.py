"""How customers and the company get on."""

from dataclasses import replace
from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from metrics.catalogue._activity import Activity, activity, instants, moment, per_customer, places, said
from metrics.catalogue._figures import DAY, MONTH_DAYS, Truths, count, percent, share
from metrics.catalogue._records import (
    earliest,
    is_decided,
    is_good,
    is_one_of,
    is_told,
    never_told,
    of_kind,
    uncontrolled,
    within,
)
from metrics.kpi import UNKNOWN, Better, Family, Frame, Unit, Whole, Window, kpi
from metrics.options import SUBSCRIPTIONS

_CUSTOMER_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_RECORD_DIMENSIONS: Final = ("channel", "segment", "tier")
_DAYS_OF_ADVOCACY: Final = 365
_TOUCHES: Final = ("touchpoint", "outreach")
_ADVOCACY: Final = ("referral", "review")
_OFFERS: Final = _(
    "Offers that were refused are not written down, or are only written down once they are as good as won; customers "
    "are sold what they do not need."
)


@kpi(
    name=_("Engagement frequency"),
    family=Family.RELATIONSHIP,
    unit=Unit.NUMBER,
    better=Better.HIGHER,
    at="started_at",
    formula=_("touchpoints ÷ active customers ÷ months of the period"),
    source=_("own definition: no standard was found"),
    gaming=_(
        "Newsletters and calls without a reason are booked as touchpoints: more contact, and no better relationship."
    ),
    revision=2,
    dimensions=_RECORD_DIMENSIONS,
)
def engagement_frequency(
    records: Frame, customers: Frame, subscriptions: Frame, orders: Frame, window: Window
) -> Whole:
    """How often an active customer is in touch with the company in a month, complaints apart.

    Counted are service records of the kinds touchpoint and outreach, on the day they began. Tickets are not
    touchpoints: somebody who needs help is not engaged by that. By channel, the parts add up to the whole.
    Left out and shown as such: touchpoints by bots. Beside it stands the share of customers who had at least one. As
    long as no source has ever told of a touchpoint, nothing is known and there is no figure.
    """
    active = _active(customers, subscriptions, orders, window)
    here, rows = active.at(moment(window)), places(customers, records)
    is_known = is_told(records, "kind", _TOUCHES)
    meant = of_kind(records, *_TOUCHES) & within(instants(records, "started_at"), window)
    by_bot = meant & is_one_of(records, "channel", ("bot", "chatbot", "automation"))
    counted, people = meant & ~by_bot, count(here)
    touched = per_customer(rows, counted, len(customers)) > 0
    months = window.days / MONTH_DAYS
    return Whole(
        whole=counted,
        value=count(counted) / people / months if people and is_known else None,
        part=count(counted) if is_known else None,
        base=people * months if is_known else None,
        excluded={"bot": by_bot},
        beside={
            "active_customers": people,
            "percent_with_any": percent(count(touched & here), people) if is_known else None,
        },
        notes=(said(active, window.options), *_unless(is_known=is_known)),
    )


@kpi(
    name=_("Effect of proactive outreach"),
    family=Family.RELATIONSHIP,
    unit=Unit.POINTS,
    better=Better.HIGHER,
    at="started_at",
    formula=_("successes of those reached − successes of the control group, in percentage points"),
    source=_("own definition: the difference of two shares, with Newcombe's interval"),
    gaming=_(
        "Those who would have succeeded anyway are written to, and the others are put into the control group, instead "
        "of leaving it to chance."
    ),
    revision=1,
    dimensions=_RECORD_DIMENSIONS,
)
def outreach_effect(records: Frame, window: Window) -> Whole:
    """By how many percentage points those who were written to do better than comparable ones who were not.

    Counted are service records of the kind outreach that have an outcome, on the day they began; the group control was
    left out on purpose, everybody else was reached. Without a control group the figure is only the share of successes
    among those reached, and is labelled uncontrolled. Left out and shown as such: those without an outcome yet.
    """
    meant = of_kind(records, "outreach") & within(instants(records, "started_at"), window)
    decided, good = meant & is_decided(records), is_good(records)
    control = decided & is_one_of(records, "group", ("control",))
    reached = decided & ~control
    rates = [percent(count(group & good), count(group)) for group in (reached, control)]
    bounds = None
    if count(control):
        bounds = intervals.newcombe((count(reached & good), count(reached)), (count(control & good), count(control)))
    elif count(reached):
        bounds = intervals.wilson(count(reached & good), count(reached))
    value = rates[0] - rates[1] if rates[0] is not None and rates[1] is not None else None
    return Whole(
        whole=decided,
        value=rates[0] if not count(control) else value,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        values=good.astype(np.float64),
        excluded={"undecided": meant & ~decided},
        beside={
            "reached": count(reached),
            "reached_percent": rates[0],
            "control": count(control),
            "control_percent": rates[1],
        },
        notes=() if count(control) else (uncontrolled(),),
    )


@kpi(
    name=_("Cross-sell success"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="finished_at",
    formula=_("offers won ÷ offers decided × 100"),
    source=_("own definition: by the day of the decision, open offers are pending and not lost"),
    gaming=_OFFERS,
    revision=1,
    dimensions=_RECORD_DIMENSIONS,
)
def cross_sell_rate(records: Frame, window: Window) -> Whole:
    """Share of decided offers of something else that customers took.

    Counted are service records of the kind cross_sell, on the day of the decision, which is when they were finished;
    without one, when they began. Left out and shown as such: offers made in the period that nobody has decided on.
    """
    return _offers(records, "cross_sell", window)


@kpi(
    name=_("Upsell success"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="finished_at",
    formula=_("offers won ÷ offers decided × 100"),
    source=_("own definition: by the day of the decision, open offers are pending and not lost"),
    gaming=_OFFERS,
    revision=1,
    dimensions=_RECORD_DIMENSIONS,
)
def upsell_rate(records: Frame, window: Window) -> Whole:
    """Share of decided offers of more of the same that customers took.

    Counted are service records of the kind upsell, on the day of the decision, which is when they were finished;
    without one, when they began. Left out and shown as such: offers made in the period that nobody has decided on.
    """
    return _offers(records, "upsell", window)


@kpi(
    name=_("Referrals"),
    family=Family.RELATIONSHIP,
    unit=Unit.NUMBER,
    better=Better.HIGHER,
    at="started_at",
    formula=_("referrals ÷ active customers × 100"),
    source=_("own definition: per hundred active customers"),
    gaming=_(
        "Referrals are paid for, so that people name whoever comes to mind; how many of those became customers stands "
        "beside the figure."
    ),
    revision=2,
    dimensions=_RECORD_DIMENSIONS,
)
def referral_rate(records: Frame, customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Whole:
    """How many referrals come from every hundred active customers.

    Counted are service records of the kind referral, on the day they began; active are customers at the end of the
    period. Beside it stands which share of them became customers, of those decided. Left out and shown as such:
    duplicates, and customers who referred themselves. As long as no source has ever told of a referral, nothing is
    known and there is no figure.
    """
    active = _active(customers, subscriptions, orders, window)
    people, is_known = count(active.at(moment(window))), is_told(records, "kind", ("referral",))
    meant = of_kind(records, "referral") & within(instants(records, "started_at"), window)
    duplicate = meant & is_one_of(records, "outcome", ("duplicate",))
    own = meant & is_one_of(records, "outcome", ("self", "self_referral"))
    counted = meant & ~duplicate & ~own
    decided = counted & is_decided(records)
    return Whole(
        whole=counted,
        value=percent(count(counted), people) if is_known else None,
        part=count(counted) if is_known else None,
        base=people if is_known else None,
        values=(counted & is_good(records)).astype(np.float64),
        excluded={"duplicate": duplicate, "self_referral": own},
        beside={
            "active_customers": people,
            "converted_percent": percent(count(decided & is_good(records)), count(decided)),
        },
        notes=(said(active, window.options), *_unless(is_known=is_known)),
    )


@kpi(
    name=_("Advocacy"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("active customers who referred, reviewed or rated 9 or 10 ÷ active customers × 100"),
    source=_("own definition"),
    gaming=_("Reviews are bought, or only known friends of the company are asked for them."),
    revision=2,
    dimensions=_CUSTOMER_DIMENSIONS,
    looks_back_days=366,
)
def advocacy_rate(
    customers: Frame, subscriptions: Frame, orders: Frame, records: Frame, answers: Frame, window: Window
) -> Whole:
    """Share of active customers who spoke up for the company in the twelve months before the end of the period.

    Those do who referred somebody or wrote a review (service records of the kinds referral and review), and those who
    gave 9 or 10 of 10 when asked whether they would recommend it. Answers count where it is known who gave them. As
    long as no source has ever told of a referral or a review, and nobody known was asked in these twelve months,
    nothing is known about the customers: then all are left out and shown as such.
    """
    active = _active(customers, subscriptions, orders, window)
    until = moment(window)
    since = until - _DAYS_OF_ADVOCACY * DAY
    spoke = _recently(records, "started_at", since, until) & of_kind(records, *_ADVOCACY)
    asked = _recently(answers, "answered_at", since, until) & (answers["kind"] == "nps").to_numpy()
    rated = asked & answers["is_good"].to_numpy()
    is_known = is_told(records, "kind", _ADVOCACY) or bool((answers["customer_id"].to_numpy()[asked] != UNKNOWN).any())
    n = len(customers)
    referred = per_customer(places(customers, records), spoke, n) > 0
    promoted = per_customer(places(customers, answers), rated, n) > 0
    here = active.at(until)
    beside = {"referred_or_reviewed": count(here & referred), "rated_9_or_10": count(here & promoted)}
    return share(
        here & is_known,
        referred | promoted,
        at=active.first(),
        excluded={"advocacy_unknown": here & (not is_known)},
        beside=beside if is_known else {},
        notes=(said(active, window.options),),
    )


@kpi(
    name=_("Premium adoption"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("customers with a premium subscription ÷ customers with a subscription × 100"),
    source=_("own definition: as things stand at the end of the period"),
    gaming=_(
        "Premium is given away or preset, and those who leave it again come later; or cheap subscriptions are ended."
    ),
    revision=2,
    dimensions=_CUSTOMER_DIMENSIONS,
)
def premium_adoption(customers: Frame, subscriptions: Frame, window: Window) -> Whole:
    """Share of customers with a subscription in force that have a premium one, at the end of the period.

    A trial of premium does not count until it is over and paid. Beside it stands which share of the customers who could
    have changed to premium, because they had another subscription at the start of the period, have done so by its end.
    As long as no source has ever told of a premium subscription, nothing is known: then all customers are left out and
    shown as such.
    """
    any_kind = _subscribed(customers, subscriptions, window)
    premium = _subscribed(customers, subscriptions[subscriptions["is_premium"] == 1], window)
    is_known = bool(subscriptions["premium_known"].any())
    here, has = any_kind.at(moment(window)), premium.at(moment(window))
    eligible = any_kind.at(window.start - 1) & ~premium.at(window.start - 1)
    beside = {
        "eligible_at_start": count(eligible),
        "converted_percent": percent(count(eligible & has), count(eligible)),
    }
    return share(
        here & is_known,
        has,
        at=any_kind.first(),
        excluded={"premium_unknown": here & (not is_known)},
        beside=beside if is_known else {},
    )


@kpi(
    name=_("Contract renewal"),
    family=Family.RELATIONSHIP,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="renewal_due_at",
    formula=_("renewed of those due in the period ÷ due in the period × 100"),
    source=_("own definition: by the day on which the renewal is due, whenever it was signed"),
    gaming=_(
        "Contracts renew by themselves unless customers notice in time, or the date of renewal is moved for those who "
        "hesitate."
    ),
    revision=2,
)
def renewal_rate(subscriptions: Frame, window: Window) -> Whole:
    """Share of the contracts due for renewal in a period that were renewed, early, on time or late.

    Counted on the day on which the renewal was due. The share of those renewed by that day stands beside it. Left out
    and shown as such: contracts not renewed yet whose time of grace, as the organisation has chosen it, is not over. As
    long as no source has ever told of a renewal, nothing is known: then all that were due are left out.
    """
    due, renewed = instants(subscriptions, "renewal_due_at"), instants(subscriptions, "renewed_at")
    meant, is_renewed = within(due, window), renewed != MISSING
    ended = instants(subscriptions, "ended_at")
    is_open = (due + window.options.renewal_grace_days * DAY > window.now) & ((ended == MISSING) | (ended > window.now))
    pending = meant & ~is_renewed & is_open
    is_known = bool(subscriptions["renewal_known"].any())
    counted = meant & ~pending & is_known
    # Days are kept as the instants at which they begin: on the day itself is on time.
    on_time = is_renewed & (renewed <= due)
    beside = {"on_time_percent": percent(count(counted & on_time), count(counted))}
    excluded = {"pending": pending, "renewal_unknown": meant & ~pending & (not is_known)}
    return share(counted, is_renewed, excluded=excluded, beside=beside)


def _offers(records: Frame, kind: str, window: Window) -> Whole:
    started, meant = instants(records, "started_at"), of_kind(records, kind)
    decided_at = earliest(instants(records, "finished_at"), started)
    decided = meant & is_decided(records) & within(decided_at, window)
    undecided = meant & ~is_decided(records) & within(started, window)
    customers_won = len(np.unique(records["customer_id"].to_numpy()[decided & is_good(records)]))
    return share(
        decided,
        is_good(records),
        at=decided_at,
        excluded={"undecided": undecided},
        beside={"offered_in_period": count(meant & within(started, window)), "customers_won": customers_won},
    )


def _active(customers: Frame, subscriptions: Frame, orders: Frame, window: Window) -> Activity:
    return activity(customers, subscriptions, orders, window.options)


def _subscribed(customers: Frame, subscriptions: Frame, window: Window) -> Activity:
    return activity(customers, subscriptions, subscriptions, replace(window.options, activity=SUBSCRIPTIONS))


def _unless(*, is_known: bool) -> tuple[str, ...]:
    return () if is_known else (never_told(),)


def _recently(frame: Frame, column: str, since: int, until: int) -> Truths:
    at = instants(frame, column)
    found: Truths = (at > since) & (at <= until)
    return found
