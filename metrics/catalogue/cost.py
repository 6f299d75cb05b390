"""What service costs."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import day_number, instant, local_day, local_days
from metrics.kpi import Better, Column, Family, Frame, Unit, Whole, Window, kpi

_GROUPS = ("wages", "technology", "facilities", "training", "management", "other")
_Floats = npt.NDArray[np.float64]


class _Contacts(NamedTuple):
    """Team and channel of the contacts of a period that a person handled."""

    teams: npt.NDArray[np.object_]
    channels: npt.NDArray[np.object_]


@kpi(
    name=_("Cost per contact"),
    family=Family.WORKLOAD,
    unit=Unit.MONEY,
    better=Better.LOWER,
    at="opened_at",
    formula=_("all costs of the period ÷ contacts handled by people"),
    source=_("MetricNet, “cost per contact”"),
    gaming=_(
        "Costs are booked elsewhere. Or service gets worse: customers must then write more often, which makes each "
        "contact cheaper."
    ),
    revision=1,
)
def cost_per_contact(spells: Frame, demand: Frame, spending: Frame, window: Window) -> Whole:
    """What service costs for each contact that a person had to do with.

    A contact is a ticket that a customer opened, or that came back after it was solved, on the day of either. All costs
    of service belong to it: wages, technology, facilities, training, management and what else there is. Each cost is
    spread evenly over the days it is for, and the days of the period up to today count: a licence for a year that was
    paid in January costs a twelfth of it a month. A cost of one team or one channel falls on its contacts, every
    other one on all contacts alike; one whose team or channel had no contact is shared like the others. Beside the
    figure stands what each group of costs has in it. Left out and shown as such: tickets that we started, and
    conversations that a bot had alone. Without any cost for the period there is no figure.
    """
    is_in = _is_in(spells, window)
    mine = is_in & _is_handled(spells)
    theirs = _contacts(demand[_is_in(demand, window) & _is_handled(demand)], "of_team", "of_channel")
    amounts = _accrued(spending, window) * _portions(spending, _contacts(spells[mine], "team", "channel"), theirs)
    is_known = ~np.isnan(amounts)
    n = int(mine.sum())
    has_costs = bool((_accrued(spending, window) > 0).any())
    if not n or not has_costs:
        return Whole(whole=mine & has_costs, value=None)
    total = float(amounts[is_known].sum())
    kinds = np.asarray(spending.cost.astype(object), dtype=object)
    beside = {f"{group}_cost": float(amounts[is_known & (kinds == group)].sum()) / n for group in _GROUPS}
    unknown = int((~is_known).sum())
    notes = (
        (_("Costs in a currency without an exchange rate are left out: %(n)s.") % {"n": unknown},) if unknown else ()
    )
    return Whole(
        whole=mine,
        value=total / n,
        part=total,
        base=n,
        beside=beside,
        notes=notes,
        excluded={"outbound": is_in & (spells.is_outbound == 1), "bot_only": is_in & spells.is_bot_only},
    )


def _is_in(frame: Frame, window: Window) -> Column:
    return (frame.opened_at >= window.start) & (frame.opened_at < window.end)


def _is_handled(frame: Frame) -> Column:
    return (frame.is_outbound != 1) & ~frame.is_bot_only


def _contacts(frame: Frame, team: str, channel: str) -> _Contacts:
    return _Contacts(*(np.asarray(frame[name].astype(object), dtype=object) for name in (team, channel)))


def _accrued(spending: Frame, window: Window) -> _Floats:
    """How much of each cost falls on the days of the window that have begun; NaN where the amount is not known."""
    first, last = (
        local_days(spending[name].to_numpy(dtype=np.int64), window.zone).astype(np.int64)
        for name in ("from_at", "to_at")
    )
    today = day_number(local_day(instant(window.now), window.zone))
    start, end = day_number(window.first), min(day_number(window.after), today + 1)
    days = np.maximum(np.minimum(last + 1, end) - np.maximum(first, start), 0)
    found: _Floats = np.where(days > 0, spending.amount.to_numpy(dtype=np.float64) * days / (last + 1 - first), 0.0)
    return found


def _portions(spending: Frame, mine: _Contacts, everybody: _Contacts) -> _Floats:
    """Which share of each cost falls on the contacts asked for."""
    costs = _contacts(spending, "of_team", "of_channel")
    found = np.zeros(len(spending))
    for row, (team, channel) in enumerate(zip(costs.teams, costs.channels, strict=True)):
        of_all, of_mine = _having(everybody, team, channel), _having(mine, team, channel)
        if not of_all:
            of_all, of_mine = len(everybody.teams), len(mine.teams)
        found[row] = of_mine / of_all if of_all else 0.0
    return found


def _having(contacts: _Contacts, team: str, channel: str) -> int:
    """How many of the contacts are of a team and a channel; none named means any."""
    which = np.ones(len(contacts.teams), dtype=np.bool_)
    if team:
        which &= contacts.teams == team
    if channel:
        which &= contacts.channels == channel
    return int(which.sum())
