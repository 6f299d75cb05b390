"""What only some industries measure: shops and software. What service records say is told by their kind."""

from typing import Final

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING, Seconds
from metrics.catalogue._activity import bought, instants, orders_told
from metrics.catalogue._figures import DAY, Truths, count, middle, percent, share
from metrics.catalogue._records import (
    earliest,
    in_clock,
    is_decided,
    is_good,
    is_one_of,
    lasting,
    of_kind,
    seconds_between,
    share_within,
    within,
)
from metrics.kpi import UNKNOWN, Better, Family, Frame, Unit, Whole, Window, kpi
from metrics.terms import Term

DIMENSIONS: Final = ("channel", "segment", "tier")


@kpi(
    name=_("Return processing time"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="finished_at",
    formula=_("paid back − asked for"),
    source=_("own definition: by the day of the refund, split as shops that publish theirs do"),
    gaming=_("Returns are refused or delayed before they count as asked for, or only quick ones are finished."),
    revision=1,
    dimensions=DIMENSIONS,
    is_clocked=True,
)
def return_processing_time(records: Frame, window: Window) -> Whole:
    """How long it takes from a customer's asking to return something until the money is paid back.

    Counted are service records of the kind return, on the day they were finished. Where the records say when a return
    was approved (acknowledged) and received (a column received_at), the medians of approval, receipt and payout stand
    beside it, in calendar time. How many were still open at the end of the period is said as well. Left out and shown
    as such: returns that end before they start.
    """
    started, finished = instants(records, "started_at"), instants(records, "finished_at")
    approved = earliest(instants(records, "acknowledged_at"), instants(records, "approved_at"))
    received = instants(records, "received_at")
    kind = of_kind(records, "return", "returns")
    meant = kind & within(finished, window)
    beside = {
        "approval": _typical(meant, started, approved),
        "receipt": _typical(meant, earliest(approved, started), received),
        "payout": _typical(meant, received, finished),
        "still_open": count(kind & (started < window.end) & ((finished == MISSING) | (finished >= window.end))),
    }
    return lasting(meant, in_clock(records, "handled", started, finished, window), beside=beside)


@kpi(
    name=_("Live-chat conversion"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="started_at",
    formula=_("chats followed by an order ÷ chats × 100"),
    source=_("Gorgias, “conversion rate” of live chats"),
    gaming=_(
        "Chats are offered only to those about to buy, and customers who have a problem are kept out of the chat."
    ),
    revision=2,
    dimensions=DIMENSIONS,
)
def live_chat_conversion(records: Frame, orders: Frame, window: Window) -> Whole:
    """Share of live chats after which the customer ordered something.

    Counted are service records of the kind chat_conversion, on the day they began. An order followed if the record's
    outcome says so, or else if the same customer ordered within as many days as the organisation has chosen. Cancelled
    and returned orders do not count. For chats that came as tickets, ask for orders after support by channel. Left out
    and shown as such: chats that say nothing themselves, and for which so many days are not over, or as long as no
    source has ever told of an order.
    """
    started, seconds = instants(records, "started_at"), window.options.conversion_days * DAY
    meant = of_kind(records, "chat_conversion") & within(started, window)
    told = is_decided(records)
    recent = meant & ~told & (started + seconds > window.now)
    silent = meant & ~told & ~recent & (not orders_told(orders))
    followed = np.where(told, is_good(records), _followed(records, orders, seconds))
    notes = (Term(_now("Within %(days)s days of the chat.") % {"days": window.options.conversion_days}),)
    excluded = {"too_recent": recent, "orders_unknown": silent}
    return share(meant & ~recent & ~silent, followed, excluded=excluded, notes=notes)


@kpi(
    name=_("Bug report processing time"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="finished_at",
    formula=_("fixed − reported"),
    source=_("own definition: no standard was found"),
    gaming=_(
        "Reports are closed as “cannot be reproduced” or as a duplicate, and hard ones are never finished: only what "
        "is finished is in the figure."
    ),
    revision=1,
    dimensions=DIMENSIONS,
    is_clocked=True,
)
def bug_report_processing_time(records: Frame, window: Window) -> Whole:
    """How long it takes from a customer's report of a bug until it is fixed.

    Counted are service records of the kind bug_report, on the day they were finished. Beside it stand, in calendar
    time, the medians of its parts: until it was sorted (acknowledged), from then until it was fixed, and from then
    until the customer was told (a column told_at). How many were still open at the end of the period is said as well.
    Left out and shown as such: reports that end before they start.
    """
    started, finished = instants(records, "started_at"), instants(records, "finished_at")
    sorted_at, told = instants(records, "acknowledged_at"), instants(records, "told_at")
    kind = of_kind(records, "bug_report", "bug")
    meant = kind & within(finished, window)
    beside = {
        "sorting": _typical(meant, started, sorted_at),
        "fixing": _typical(meant, sorted_at, finished),
        "telling": _typical(meant, finished, told),
        "still_open": count(kind & (started < window.end) & ((finished == MISSING) | (finished >= window.end))),
    }
    return lasting(meant, in_clock(records, "handled", started, finished, window), beside=beside)


@kpi(
    name=_("Feature request acknowledgement"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="acknowledged_at",
    formula=_("acknowledged by a person − asked for"),
    source=_("own definition: no standard was found"),
    gaming=_("A ready-made “thank you for your idea” acknowledges everything and promises nothing."),
    revision=1,
    dimensions=DIMENSIONS,
    is_clocked=True,
)
def feature_request_acknowledgement(records: Frame, window: Window) -> Whole:
    """How long it takes until a person acknowledges what a customer wishes for.

    Counted are service records of the kind feature_request, on the day they were acknowledged. Beside it stand the
    share acknowledged by the record's due time, of those that have one, and how many waited at the end of the period.
    Left out and shown as such: requests acknowledged before they were made.
    """
    started, heard = instants(records, "started_at"), instants(records, "acknowledged_at")
    due, kind = instants(records, "due_at"), of_kind(records, "feature_request")
    meant = kind & within(heard, window)
    beside = {
        "within_due_percent": share_within(meant, seconds_between(started, heard), seconds_between(started, due)),
        "waiting": count(kind & (started < window.end) & ((heard == MISSING) | (heard >= window.end))),
    }
    return lasting(meant, in_clock(records, "acknowledged", started, heard, window), beside=beside)


@kpi(
    name=_("Documentation effectiveness"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="started_at",
    formula=_("votes “helpful” ÷ votes × 100"),
    source=_("own definition; Zendesk's self-service score goes the other way round"),
    gaming=_("The question is only shown beneath short and popular pages, or only “yes” is easy to press."),
    revision=1,
    dimensions=DIMENSIONS,
    looks_ahead_days=2,
)
def documentation_effectiveness(records: Frame, tickets: Frame, window: Window) -> Whole:
    """Share of readers who found the documentation helpful, of those who said so or the contrary.

    Counted are service records of the kind documentation, one for each view, on the day of the view; the outcome is
    helpful or not helpful, or empty where nobody voted. Beside it stands the share of views of known customers after
    which the same customer wrote no ticket within 24 hours.
    """
    started, kind = instants(records, "started_at"), of_kind(records, "documentation")
    viewed = kind & within(started, window)
    voted = viewed & is_decided(records) & ~is_one_of(records, "outcome", ("viewed", "view"))
    known = viewed & (records["customer_id"] != UNKNOWN).to_numpy() & (started + DAY <= window.now)
    asked = _asked_soon(records, tickets)
    beside = {"views": count(viewed), "no_ticket_percent": percent(count(known & ~asked), count(known))}
    return share(voted, is_good(records), beside=beside)


@kpi(
    name=_("Communication of outages"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="started_at",
    formula=_("first public notice − start of the outage"),
    source=_("own definition: no standard was found"),
    gaming=_(
        "The start of an outage is set to when it was noticed and not to when it began, or small outages are not "
        "written down at all."
    ),
    revision=1,
    dimensions=DIMENSIONS,
)
def downtime_communication(records: Frame, window: Window) -> Whole:
    """How long it takes from the start of an outage until customers are told of it.

    Counted are service records of the kind downtime_notice, on the day the outage began; acknowledged is the first
    public notice. In calendar time, because outages do not keep office hours. Beside it stand the share told by the
    record's due time, of those that have one, and of how many outages nobody was told. Left out and shown as such:
    notices before the start, which were announcements.
    """
    started, told = instants(records, "started_at"), instants(records, "acknowledged_at")
    meant = of_kind(records, "downtime_notice", "downtime") & within(started, window)
    took = seconds_between(started, told)
    beside = {
        "within_due_percent": share_within(meant, took, seconds_between(started, instants(records, "due_at"))),
        "not_told": count(meant & (told == MISSING)),
    }
    return lasting(meant, took, beside=beside)


def _typical(meant: Truths, start: Seconds, end: Seconds) -> float | None:
    took = seconds_between(start, end)
    return middle(took, meant & (took >= 0))


def _followed(records: Frame, orders: Frame, seconds: int) -> Truths:
    """Whether the same customer ordered within some time of the start of each record."""
    placed = orders[bought(orders)][["customer_id", "placed_at"]]
    return _has_next(records, placed.rename(columns={"placed_at": "at"}), seconds)


def _asked_soon(records: Frame, tickets: Frame) -> Truths:
    asked = tickets[["customer_id", "created_at"]].rename(columns={"created_at": "at"})
    return _has_next(records, asked, DAY)


def _has_next(records: Frame, events: Frame, seconds: int) -> Truths:
    """Whether an event of the same customer follows each record soon enough."""
    known = (records["customer_id"] != UNKNOWN).to_numpy()
    left = pd.DataFrame(
        {
            "customer_id": records["customer_id"].to_numpy()[known],
            "at": instants(records, "started_at")[known],
            "place": np.flatnonzero(known),
        }
    ).sort_values("at", kind="stable")
    right = events.assign(is_there=True).sort_values("at", kind="stable")
    joined = pd.merge_asof(left, right, on="at", by="customer_id", direction="forward", tolerance=seconds)
    found = np.zeros(len(records), dtype=np.bool_)
    found[joined["place"].to_numpy()] = joined["is_there"].notna().to_numpy()
    return found
