"""How much there is to do."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import Better, Family, Frame, Stock, Total, Unit, kpi


@kpi(
    name=_("Ticket volume"),
    family=Family.WORKLOAD,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    at="created_at",
    formula=_("number of tickets created"),
    source=_("Zendesk and Freshdesk, “created tickets”"),
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
    revision=1,
)
def backlog(spells: Frame) -> Stock:
    """How many tickets were waiting to be solved at an instant, or at the end of each period.

    A ticket waits from its creation until its last solve, or until its closing where no solve is known; between a
    solve and a reopening it does not wait, as far as its events are known. Whatever happens exactly at the instant
    has happened. Left out and shown as such: spam, deleted, test and merged tickets.
    """
    return Stock(whole=spells.opened_at != MISSING, until=spells.ended_at)
