"""How much there is to do."""

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Family, Frame, Mean, Rate, Share, Stock, Total, Unit, Whole, Window, kpi

_DAY = 24 * 3600


@kpi(
    name=_("Ticket volume"),
    family=Family.WORKLOAD,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    at="created_at",
    formula=_("number of tickets created"),
    source=_("Zendesk and Freshdesk, “created tickets”"),
    gaming=_(
        "The address is hidden or tickets are merged, so that there seem to be fewer contacts. One question is split "
        "into several tickets, so that there seem to be more."
    ),
    revision=1,
)
def ticket_volume(tickets: Frame) -> Total:
    """How many tickets were created.

    Counted on the day of their creation. Left out and shown as such: spam, deleted and test tickets, and tickets that
    were merged into another one.
    """
    return Total(whole=tickets.created_at != MISSING)


@kpi(
    name=_("Solved tickets"),
    family=Family.WORKLOAD,
    unit=Unit.COUNT,
    better=Better.HIGHER,
    at="done_at",
    formula=_("number of tickets with their last solve in the period"),
    source=_("Zendesk and Freshdesk, “solved tickets”"),
    gaming=_(
        "Easy tickets are solved first, one question is split into several, and tickets are marked as solved that are "
        "not."
    ),
    revision=1,
)
def solved_volume(tickets: Frame) -> Total:
    """How many tickets were solved for good, as far as is known today.

    Counted once, on the day of the last solve. A ticket that was closed without a known time of solving counts on the
    day it was closed. Left out and shown as such: spam, deleted, test and merged tickets.
    """
    return Total(whole=tickets.done_at != MISSING)


@kpi(
    name=_("Backlog"),
    family=Family.WORKLOAD,
    unit=Unit.COUNT,
    better=Better.LOWER,
    at="opened_at",
    formula=_("tickets created and not solved at the instant"),
    source=_("own definition: a level at an instant, out of every opening, solve and reopening"),
    gaming=_("Tickets are closed without an answer, or are marked as solved on the evening before the figure is read."),
    revision=2,
)
def backlog(spells: Frame) -> Stock:
    """How many tickets were waiting to be solved at an instant, or at the end of each period.

    A ticket waits from its creation until its last solve, or until its closing where no solve is known; between a
    solve and a reopening it does not wait, as far as its events are known. Whatever happens exactly at the instant
    has happened. Left out and shown as such: spam, deleted, test and merged tickets, and those of which only the
    status says that they have ended, so that nobody knows when.
    """
    return Stock(whole=spells.opened_at != MISSING, until=spells.ended_at)


@kpi(
    name=_("Age of the backlog"),
    family=Family.WORKLOAD,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="opened_at",
    formula=_("median of (instant − creation) of the tickets that wait to be solved at the instant"),
    source=_("own definition: a level at an instant"),
    gaming=_("Old tickets are closed and opened anew, so that they look young, or are closed without an answer."),
    revision=2,
    is_level=True,
)
def backlog_age(spells: Frame, window: Window) -> Whole:
    """How old the tickets are that wait to be solved at an instant, or at the end of each period.

    The same tickets as in the backlog, each counted from its creation in calendar time, also if it came back in
    between. Beside the median stand the oldest, and the shares of those older than 7 and than 30 days.
    """
    at = window.end - 1
    is_open = (spells.opened_at <= at) & ((spells.ended_at > at) | (spells.ended_at == MISSING))
    ages = np.sort((at - spells.created_at[is_open]).to_numpy(dtype=np.int64))
    if not len(ages):
        return Whole(whole=is_open, value=None)
    low, high = intervals.median(ages) or (None, None)
    return Whole(
        whole=is_open,
        value=float(np.median(ages)),
        median=float(np.median(ages)),
        p90=float(np.quantile(ages, 0.9)),
        mean=float(ages.mean()),
        low=low,
        high=high,
        values=at - spells.created_at,
        beside={
            "oldest_seconds": float(ages[-1]),
            "older_than_7_days_percent": 100 * float((ages > 7 * _DAY).mean()),
            "older_than_30_days_percent": 100 * float((ages > 30 * _DAY).mean()),
        },
    )


@kpi(
    name=_("Channel mix"),
    family=Family.WORKLOAD,
    unit=Unit.PERCENT,
    better=Better.NEITHER,
    at="created_at",
    formula=_("tickets of the channel ÷ all tickets × 100"),
    source=_("own definition"),
    gaming=_(
        "A channel is hidden, so that customers have to take another one, or contacts are booked under a channel by "
        "which they did not come."
    ),
    revision=1,
    default_by="channel",
)
def channel_share(tickets: Frame) -> Share:
    """Which share of the tickets came in over which channel.

    Counted on the day of their creation; a ticket has the channel that its source gives it, and those without one are
    shown, too. Left out and shown as such: spam, deleted, test and merged tickets.
    """
    return Share(whole=tickets.created_at != MISSING)


@kpi(
    name=_("Category mix"),
    family=Family.WORKLOAD,
    unit=Unit.PERCENT,
    better=Better.NEITHER,
    at="created_at",
    formula=_("tickets of the category ÷ all tickets × 100"),
    source=_("own definition"),
    gaming=_("Whatever is quickest to choose grows by itself: “other”, or the first of the list."),
    revision=1,
    default_by="category",
)
def category_share(tickets: Frame) -> Share:
    """Which share of the tickets is about what.

    Counted on the day of their creation, by the category that a ticket has today; those without one are shown, too.
    Left out and shown as such: spam, deleted, test and merged tickets.
    """
    return Share(whole=tickets.created_at != MISSING)


@kpi(
    name=_("Agent utilisation"),
    family=Family.WORKLOAD,
    unit=Unit.PERCENT,
    better=Better.NEITHER,
    at="day_at",
    formula=_("time with at least one contact or its after-work ÷ (available time − breaks, training, absence) × 100"),
    source=_("own definition, after Genesys: handling and related work ÷ time at work"),
    gaming=_(
        "Tickets are kept open to look busy, and breaks or waiting are booked as work. Close to 100 % people fall ill "
        "and customers wait: more is not better."
    ),
    revision=1,
    amounts=Unit.SECONDS,
)
def agent_utilisation(shifts: Frame) -> Rate:
    """Which share of the time that agents were available they spent on contacts and on what follows from them.

    Several contacts at once are counted once, so that the figure never passes 100 %; what they add up to stands beside
    it as the workload, which may. Breaks, training and absence are not available time. What was done outside available
    time is not in the figure and stands beside it. Counted on the local day on which the time passed. Neither high nor
    low is good in itself: 75 to 85 % is a usual range. Others call the share of logged-in time occupancy. Left out and
    shown as such: days on which an agent worked without any available time being known.
    """
    is_known = shifts.available_seconds > 0
    has_worked = shifts.workload_seconds > 0
    return Rate(
        part=shifts.handled_seconds,
        base=shifts.available_seconds,
        whole=is_known,
        excluded={"availability_unknown": ~is_known & has_worked},
    )


@kpi(
    name=_("Average handling time"),
    family=Family.WORKLOAD,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="done_at",
    formula=_("time spent on solved tickets and on what follows from them ÷ solved tickets"),
    source=_("ICMI, “average handle time”"),
    gaming=_("Customers are hurried or passed on, and the work after the contact is done in time that nobody records."),
    revision=1,
)
def average_handling_time(paths: Frame) -> Mean:
    """How much time agents spent on a ticket on average, the work after the contact included.

    All time of the kinds “handling” and “related” that is recorded for a ticket, by whomever, counted on the day of
    its last solve (or of its closing, where no solve is known). The figure is the mean, as the name says. Left out and
    shown as such: solved tickets for which no time is recorded.
    """
    is_done = paths.done_at != MISSING
    is_known = paths.handling_seconds != UNKNOWN
    return Mean(
        value=paths.handling_seconds, whole=is_done & is_known, excluded={"handling_unknown": is_done & ~is_known}
    )


@kpi(
    name=_("Solved tickets per agent"),
    family=Family.WORKLOAD,
    unit=Unit.NUMBER,
    better=Better.HIGHER,
    at="done_at",
    formula=_("solved tickets ÷ agents who have them"),
    source=_("own definition"),
    gaming=_("Agents pick the easy tickets and leave the hard ones to colleagues, or split one question into several."),
    revision=1,
)
def solved_per_agent(tickets: Frame, window: Window) -> Whole:
    """How many tickets an agent solved on average; by agent, how many each of them did.

    Each ticket counts once, on the day of its last solve (or of its closing, where no solve is known), for the agent
    who has it. Only agents with at least one solved ticket are in it. A number alone says nothing about how hard the
    tickets were. Left out and shown as such: solved tickets without an agent.
    """
    is_done = (tickets.done_at >= window.start) & (tickets.done_at < window.end)
    has_agent = tickets.agent != ""
    is_counted = is_done & has_agent
    agents = int(tickets.agent[is_counted].nunique())
    n = int(is_counted.sum())
    return Whole(
        whole=is_counted,
        value=n / agents if agents else None,
        part=n,
        base=agents,
        beside={"agents": float(agents)},
        excluded={"agent_unknown": is_done & ~has_agent},
    )
