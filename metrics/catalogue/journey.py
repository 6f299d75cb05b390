"""How customers begin, and why they leave."""

from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.survival import kaplan_meier
from metrics.catalogue._activity import FOREVER, activity, instants, places, said
from metrics.catalogue._figures import DAY, count, share
from metrics.catalogue._records import is_decided, is_good, is_told, of_kind, within
from metrics.kpi import Better, Family, Frame, Ratio, Share, Unit, Whole, Window, kpi
from metrics.terms import Term

_RECORD_DIMENSIONS: Final = ("channel", "segment", "tier")
_CUSTOMER_DIMENSIONS: Final = ("segment", "tier", "country", "language")
_AROUND_DAYS: Final = 30


@kpi(
    name=_("Onboarding completion"),
    family=Family.JOURNEY,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="started_at",
    formula=_("finished in time ÷ started long enough ago × 100"),
    source=_("own definition: by the day of the start, mature ones only"),
    gaming=_(
        "Steps are taken out or ticked off for the customer, so that the onboarding is finished and nothing was "
        "learned."
    ),
    revision=1,
    dimensions=_RECORD_DIMENSIONS,
)
def onboarding_completion(records: Frame, window: Window) -> Whole:
    """Share of customers whose onboarding was finished in time, of those who started in the period.

    Counted are service records of the kind onboarding, on the day they began. In time is by the record's own due time,
    else within as many days as the organisation has chosen. An outcome that says it failed or was broken off does not
    count as finished. Left out and shown as such: those whose time is not over, finished or not, because the quick ones
    alone would flatter.
    """
    started, finished = instants(records, "started_at"), instants(records, "finished_at")
    own = instants(records, "due_at")
    limit = np.where(own == MISSING, started + window.options.onboarding_days * DAY, own)
    meant = of_kind(records, "onboarding") & within(started, window)
    recent = meant & (limit > window.now)
    is_finished = (finished != MISSING) & (is_good(records) | ~is_decided(records))
    days = np.where(is_finished, (finished - started) / DAY, np.nan)
    counted = meant & ~recent
    took = days[counted & is_finished]
    beside = {
        "finished_late": count(counted & is_finished & (finished > limit)),
        "median_days": float(np.median(took)) if len(took) else None,
    }
    return share(counted, is_finished & (finished <= limit), excluded={"too_recent": recent}, beside=beside)


@kpi(
    name=_("Onboarding satisfaction"),
    family=Family.JOURNEY,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("satisfied answers ÷ answers × 100"),
    source=_("own definition: as customer satisfaction, of surveys about the onboarding"),
    gaming=_("Only those who finished are asked, and those who gave up on the way are not."),
    revision=1,
)
def onboarding_satisfaction(answers: Frame) -> Ratio:
    """Share of satisfied customers among those who answered a survey about their onboarding.

    Satisfied are the scores that count as such in customer satisfaction; counted on the day of the answer. Send the
    survey to those who broke off as well: asking only those who finished flatters. Left out and shown as such: scores
    above their scale, and scales without agreed thresholds.
    """
    asked = (answers["kind"] == "csat") & (answers["purpose"] == "onboarding") & ~answers["is_superseded"]
    is_off = asked & answers["is_off_scale"]
    unknown = asked & ~is_off & ~answers["is_judged"]
    return Ratio(
        part=answers["is_good"],
        whole=asked & ~is_off & answers["is_judged"],
        score=answers["score"],
        scale=answers["scale"],
        excluded={"off_scale": is_off, "scale_unknown": unknown},
    )


@kpi(
    name=_("Time to value"),
    family=Family.JOURNEY,
    unit=Unit.DAYS,
    better=Better.LOWER,
    at="started_at",
    formula=_("the time after which half of those who started have reached it (Kaplan–Meier)"),
    source=_("Kaplan and Meier 1958"),
    gaming=_("Whatever happens first is called the first thing of value, for example a login."),
    revision=2,
    dimensions=_RECORD_DIMENSIONS,
)
def time_to_value(records: Frame, window: Window) -> Whole:
    """The median number of days from the start until the first thing of value was reached, of those who started in the
    period.

    Counted are service records of the kind first_value, or where there are none, of the kind onboarding, from their
    start to their finish. Those who have not reached it yet, or broke off, count with the time they have been at it:
    leaving them out would make it look quicker than it is. Left out and shown as such: those that end before they
    start.
    """
    started, finished = instants(records, "started_at"), instants(records, "finished_at")
    kind = "first_value" if is_told(records, "kind", ("first_value",)) else "onboarding"
    meant = of_kind(records, kind) & within(started, window) & (started <= window.now)
    is_negative = meant & (finished != MISSING) & (finished < started)
    counted = meant & ~is_negative
    reached = (finished != MISSING) & (is_good(records) | ~is_decided(records))
    until = np.where(finished == MISSING, window.now, np.minimum(finished, window.now))
    days = np.where(counted, (until - started) / DAY, 0.0)
    curve = kaplan_meier(days[counted], reached[counted])
    low, high = curve.median_interval
    return Whole(
        whole=counted,
        value=curve.median,
        median=curve.median,
        mean=curve.restricted_mean,
        low=low,
        high=high,
        values=days,
        excluded={"negative_duration": is_negative},
        beside={"reached": curve.ended, "not_reached": count(counted) - curve.ended},
    )


@kpi(
    name=_("Adoption"),
    family=Family.JOURNEY,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="signed_up_at",
    formula=_("new customers who reached the milestone in time ÷ new customers long enough ago × 100"),
    source=_("own definition"),
    gaming=_("The milestone is made so easy that everybody reaches it, or staff do it for the customer."),
    revision=2,
    dimensions=_CUSTOMER_DIMENSIONS,
    looks_back_days=_AROUND_DAYS,
    looks_ahead_days=1,
)
def adoption_rate(
    customers: Frame, subscriptions: Frame, orders: Frame, records: Frame, tickets: Frame, window: Window
) -> Whole:
    """Share of the customers new in a period that reached the milestone of adoption in time.

    Reached is a service record of the kind adoption, or where there are none of the kind onboarding, that was finished
    with an outcome that is not bad, within as many days of becoming a customer as the organisation has chosen. Beside
    it stand the tickets per customer in the 30 days before and after adoption, of those who adopted in the period
    and for whom 30 days are over. Left out and shown as such: customers whose time is not over; and as long as no
    source has ever told of an adoption or an onboarding, all others, because nothing is known about them.
    """
    active = activity(customers, subscriptions, orders, window.options)
    first, limit = active.first(), window.options.adoption_days * DAY
    reached_at = _reached(customers, records)
    meant = within(first, window)
    recent = meant & (first + limit > window.now)
    is_known = is_told(records, "kind", ("adoption", "onboarding"))
    in_time = (reached_at != MISSING) & (reached_at <= first + limit)
    return share(
        meant & ~recent & is_known,
        in_time,
        at=first,
        excluded={"too_recent": recent, "adoption_unknown": meant & ~recent & (not is_known)},
        beside=_tickets_around(customers, tickets, reached_at, window),
        notes=(
            Term(_now("In time is within %(days)s days.") % {"days": window.options.adoption_days}),
            said(active, window.options),
        ),
    )


@kpi(
    name=_("Reasons for leaving"),
    family=Family.JOURNEY,
    unit=Unit.PERCENT,
    better=Better.NEITHER,
    at="left_at",
    formula=_("customers who left for the reason ÷ customers who left × 100"),
    source=_("own definition: the reason that was told, unknown ones shown"),
    gaming=_("“Other” or “price” is chosen for the customer, because it is quick and nobody’s fault."),
    revision=1,
    default_by="reason",
)
def exit_reasons(customers: Frame) -> Share:
    """Which share of the customers who left did so for which reason.

    Counted on the day they left, by the reason that is recorded with the customer. Those without a reason are shown as
    not given, and are part of the whole.
    """
    return Share(whole=customers["left_at"] != MISSING)


def _reached(customers: Frame, records: Frame) -> Seconds:
    """When each customer reached the milestone first; MISSING for those who did not."""
    kind = "adoption" if is_told(records, "kind", ("adoption",)) else "onboarding"
    finished = instants(records, "finished_at")
    rows = places(customers, records)
    which = of_kind(records, kind) & (finished != MISSING) & (is_good(records) | ~is_decided(records)) & (rows >= 0)
    found = np.full(len(customers), FOREVER, dtype=np.int64)
    np.minimum.at(found, rows[which], finished[which])
    return np.where(found == FOREVER, MISSING, found)


def _tickets_around(customers: Frame, tickets: Frame, reached_at: Seconds, window: Window) -> dict[str, float | None]:
    """Tickets per customer in the days before and after adoption, as far as both lie before the end of the period."""
    near = _AROUND_DAYS * DAY
    meant = (reached_at >= window.start) & (reached_at + near <= min(window.end, window.now))
    rows = places(customers, tickets)
    known = rows >= 0
    distance = instants(tickets, "created_at")[known] - reached_at[rows[known]]
    counted = meant[rows[known]]
    before, after = ((distance >= -near) & (distance < 0), (distance >= 0) & (distance < near))
    adopters = count(meant)
    return {
        name: count(counted & which) / adopters if adopters else None
        for name, which in (("tickets_before", before), ("tickets_after", after))
    }
