"""Whether service is the same on every channel, and what happens between them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from metrics.catalogue.resolution import first_contact_resolution
from metrics.catalogue.satisfaction import csat
from metrics.kpi import Better, Breakdown, Column, Family, Frame, Ratio, Unit, Whole, Window, kpi

LEAST_PER_CHANNEL: Final = 5
"""A channel with fewer answers, or fewer solved tickets, is noise and not compared."""

_BY_NOTE = 1
_BY_RETURN = 2
_REPEAT_SECONDS = 7 * 24 * 3600


class _Spread(NamedTuple):
    """How far the values of channels lie apart: range, standard deviation of all of them, mean weighted by n."""

    range: float | None = None
    deviation: float | None = None
    mean: float | None = None
    channels: int = 0


@kpi(
    name=_("Difference of quality between channels"),
    family=Family.CHANNELS,
    unit=Unit.NUMBER,
    better=Better.LOWER,
    at="answered_at",
    formula=_("standard deviation of the satisfaction of the channels, in percentage points"),
    source=_("own definition"),
    gaming=_(
        "The best channel gets worse, which makes the difference smaller, too; or a weak channel is not surveyed."
    ),
    revision=1,
    dimensions=("category", "team", "agent"),
    looks_ahead_days=7,
)
def channel_quality_variance(answers: Frame, tickets: Frame, window: Window) -> Whole:
    """How much the satisfaction of customers differs from channel to channel: 0 means that it is the same everywhere.

    The standard deviation of the channels' CSAT (each channel counts alike) in percentage points; beside it the range
    from the worst to the best channel and the mean of all weighted by their answers, and the same for first contact
    resolution. Only channels with at least 5 answers, or 5 solved tickets, are compared, because small ones differ by
    chance; there must be two of them. Counted on the day of the answer, and of the first solve at least 7 days ago.
    Left out and shown as such: answers of which the channel is not known or too small.
    """
    satisfaction = csat(answers)
    is_in = (answers.answered_at >= window.start) & (answers.answered_at < window.end) & np.asarray(satisfaction.whole)
    is_named = is_in & (answers.channel != "")
    sizes = answers.channel[is_named].astype(object).value_counts()
    is_counted = is_named & answers.channel.isin(sizes[sizes >= LEAST_PER_CHANNEL].index)
    found = _spread(answers, satisfaction, is_counted)
    resolved = _resolved(tickets, window)
    return Whole(
        whole=is_counted if found.channels > 1 else is_counted & False,
        value=found.deviation,
        mean=found.mean,
        values=np.asarray(satisfaction.part).astype(np.float64),
        excluded={"channel_unknown": is_in & ~is_named, "channel_too_small": is_named & ~is_counted},
        beside={
            "range_points": found.range,
            "channels": float(found.channels) if found.channels else None,
            "variation": None if not found.mean or found.deviation is None else found.deviation / found.mean,
            "first_contact_deviation_points": resolved.deviation,
            "first_contact_range_points": resolved.range,
            "first_contact_mean_percent": resolved.mean,
        },
    )


def _resolved(tickets: Frame, window: Window) -> _Spread:
    """The same for first contact resolution, of tickets that can no longer come back."""
    resolution = first_contact_resolution(tickets)
    at = tickets.first_done_at
    is_in = (at >= window.start) & (at < window.end) & (at + _REPEAT_SECONDS <= window.now)
    is_in &= np.asarray(resolution.whole) & (tickets.channel != "")
    sizes = tickets.channel[is_in].astype(object).value_counts()
    return _spread(tickets, resolution, is_in & tickets.channel.isin(sizes[sizes >= LEAST_PER_CHANNEL].index))


def _spread(frame: Frame, ratio: Ratio, which: Column) -> _Spread:
    """Of the shares of the channels, in percent; one alone has no spread."""
    parts = 100.0 * np.asarray(ratio.part)[np.asarray(which)].astype(np.float64)
    by_channel = frame.loc[which, ["channel"]].assign(part=parts).groupby("channel", observed=True)["part"]
    values = by_channel.mean().to_numpy()
    if len(values) < 2:
        return _Spread(channels=len(values))
    return _Spread(float(values.max() - values.min()), float(values.std()), float(parts.mean()), len(values))


@kpi(
    name=_("Context kept at hand-overs"),
    family=Family.CHANNELS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="transferred_at",
    formula=_("handed-over tickets with a sign that the context was kept ÷ handed-over tickets × 100"),
    source=_("own definition, by a stand-in"),
    gaming=_(
        "Agents copy the sign that is looked for, such as an empty note, into every hand-over without telling "
        "anything in it."
    ),
    revision=3,
)
def context_transfer(paths: Frame, window: Window) -> Whole:
    """Share of handed-over tickets whose context came along, so that the customer need not tell it all again.

    No help desk records that, so it is judged by a stand-in, which the note beside the figure names. Of a ticket whose
    messages or notes are known: an internal note was there when it was first handed over. Of every other ticket: it was
    not reopened afterwards. How many were judged by which stands beside the figure. Counted on the day of the first
    hand-over between two agents or two teams. Left out and shown as such, on the day of their creation: tickets that
    their source counts as handed over without telling when.
    """
    is_in = (paths.transferred_at >= window.start) & (paths.transferred_at < window.end)
    is_untimed = (paths.transfers > 0) & (paths.transferred_at == MISSING)
    is_untimed &= (paths.created_at >= window.start) & (paths.created_at < window.end)
    kept, n = int((is_in & paths.is_context_kept).sum()), int(is_in.sum())
    low, high = intervals.wilson(kept, n) or (None, None)
    by_note, by_return = (int((is_in & (paths.context_by == by)).sum()) for by in (_BY_NOTE, _BY_RETURN))
    said = _("Judged by stand-ins: %(notes)s tickets by an internal note, %(returns)s by whether they were reopened.")
    return Whole(
        whole=is_in,
        value=100 * kept / n if n else None,
        part=kept,
        base=n,
        low=low,
        high=high,
        values=paths.is_context_kept.astype(np.float64),
        excluded={"handover_time_unknown": is_untimed},
        beside={"judged_by_note": float(by_note), "judged_by_return": float(by_return)} if n else {},
        notes=(said % {"notes": by_note, "returns": by_return},) if n else (),
    )


@kpi(
    name=_("Preferred channel"),
    family=Family.CHANNELS,
    unit=Unit.PERCENT,
    better=Better.NEITHER,
    at="created_at",
    formula=_("customers who used the channel most ÷ customers who wrote to us × 100"),
    source=_("own definition"),
    gaming=_("A channel is hidden or understaffed, so that customers seem to prefer another one."),
    revision=1,
    dimensions=("channel",),
    default_by="channel",
    looks_back_days=366,
)
def channel_preference(tickets: Frame, window: Window) -> Breakdown:
    """For which share of the customers each channel was the one they used most.

    Of all tickets that a customer opened in the period; of two channels used equally often, the one used last. Beside
    it stands the share of those who had another channel in the period of the same length before, of all who were there
    in both; for periods of more than a year there is none. n is the number of tickets of these customers, part and
    whole are customers. Left out and shown as such: tickets that we started, and those without a customer or a channel.
    """
    is_in = (tickets.created_at >= window.start) & (tickets.created_at < window.end)
    is_ours = tickets.is_outbound == 1
    is_named = (tickets.customer_id >= 0) & (tickets.channel != "")
    is_counted = is_in & ~is_ours & is_named
    before = tickets.created_at >= window.start - (window.end - window.start)
    before &= (tickets.created_at < window.start) & ~is_ours & is_named
    now = _preferred(tickets[is_counted])
    earlier = _preferred(tickets[before]) if window.days <= 366 else {}
    favourite = tickets.customer_id.map(now)
    parts = {
        channel: _of_channel(channel, now, earlier, is_counted & (favourite == channel))
        for channel in sorted(set(now.values()))
    }
    return Breakdown(
        whole=is_counted,
        parts=parts,
        excluded={"outbound": is_in & is_ours, "customer_or_channel_unknown": is_in & ~is_ours & ~is_named},
    )


def _preferred(tickets: Frame) -> dict[int, str]:
    """The channel that each customer used most; of equals the one used last, then the first by name."""
    if tickets.empty:
        return {}
    plain = tickets[["customer_id", "created_at"]].assign(channel=tickets.channel.astype(object))
    found = plain.groupby(["customer_id", "channel"])["created_at"].agg(["size", "max"]).reset_index()
    found = found.sort_values(["customer_id", "size", "max", "channel"], ascending=[True, False, False, True])
    first = found.drop_duplicates("customer_id")
    return dict(zip(first["customer_id"].tolist(), first["channel"].tolist(), strict=True))


def _of_channel(channel: str, now: Mapping[int, str], earlier: Mapping[int, str], which: Column) -> Whole:
    customers = [customer for customer, name in now.items() if name == channel]
    known = [customer for customer in customers if customer in earlier]
    changed = sum(earlier[customer] != channel for customer in known)
    low, high = intervals.wilson(len(customers), len(now)) or (None, None)
    return Whole(
        whole=which,
        value=100 * len(customers) / len(now),
        part=len(customers),
        base=len(now),
        low=low,
        high=high,
        beside={"came_from_another_percent": 100 * changed / len(known) if known else None},
    )
