"""What our own people say. Their answers are never read one by one: the frame has cells of at least five."""

from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.intervals import Interval
from metrics.kpi import Better, Family, Frame, Unit, Whole, kpi

_UNFREE: Final = _(
    "People who fear that their answer is traced, or who were lectured before they answered, tick what is expected of "
    "them."
)


@kpi(
    name=_("Employee satisfaction"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("satisfied answers ÷ answers × 100"),
    source=_("as customer satisfaction: 4 and 5 of 5 are satisfied"),
    gaming=_UNFREE,
    revision=1,
)
def employee_satisfaction(employees: Frame) -> Whole:
    """Share of satisfied employees among those who answered.

    Nobody can be found by it: answers count in blocks of whole days with at least five of them, which never change by
    later ones, and a block counts in a period when it lies in it whole. Teams are compared month by month when it is
    over; those with fewer than five answers are not shown, nor is a team that would give away another. There are no
    rows behind the figure. Counted on the day of the answer.
    """
    cells = _cells(employees, "esat")
    good, judged = int(cells["good"].sum()), int(cells["judged"].sum())
    return _told(employees, good, judged, intervals.wilson(good, judged))


@kpi(
    name=_("Employee Net Promoter Score (eNPS)"),
    family=Family.SATISFACTION,
    unit=Unit.POINTS,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("(promoters − detractors) ÷ answers × 100"),
    source=_("as the Net Promoter Score (Reichheld 2003), asked of employees"),
    gaming=_UNFREE,
    revision=1,
)
def employee_nps(employees: Frame) -> Whole:
    """Share of employees who would recommend the company (9 and 10 of 0 to 10) minus that of those who would not (0 to
    6), in points from −100 to 100.

    Nobody can be found by it: answers count in blocks of whole days with at least five of them, which never change by
    later ones, and a block counts in a period when it lies in it whole. Teams are compared month by month when it is
    over; those with fewer than five answers are not shown, nor is a team that would give away another. There are no
    rows behind the figure. Counted on the day of the answer.
    """
    cells = _cells(employees, "enps")
    good, bad, judged = (int(cells[name].sum()) for name in ("good", "bad", "judged"))
    return _told(employees, good - bad, judged, intervals.nps(good, bad, judged))


def _cells(employees: Frame, kind: str) -> Frame:
    return employees[(employees["kind"] == kind).to_numpy()]


def _told(employees: Frame, part: int, judged: int, bounds: Interval | None) -> Whole:
    return Whole(
        whole=np.zeros(len(employees), dtype=np.bool_),
        n=judged,
        value=100 * part / judged if judged else None,
        part=part if judged else None,
        base=judged if judged else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        notes=(_now("Fewer than five answers are never shown by themselves."),),
    )
