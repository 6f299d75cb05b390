"""What employees have answered, as a frame of cells: never a row for one person."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from django.utils import timezone

from kpiproject.lib.periods import Period, day_start, local_day
from kpiproject.queries import organisation
from metrics.frames.columns import words
from metrics.kpi import Frame
from surveys.employee_figures import Cell, Told

EMPLOYEES: Final = "employees"
_COUNTS: Final = ("n", "good", "bad", "judged", "scored", "total")


class EmployeeCells:
    """Reads once; gives a frame for every period."""

    def __init__(self) -> None:
        zone = organisation().time_zone
        self._told = Told(zone, today=local_day(timezone.now(), zone))

    def frame(self, period: Period, *, by_team: bool) -> Frame:
        """A row per cell: of every survey, or of every survey and team that can be shown."""
        return _frame(self._told.by_team(period) if by_team else self._told.overall(period))

    def members(self, dimensions: Collection[str]) -> dict[str, set[str]]:
        """By dimension the members that can be shown."""
        if not (days := self._told.days()):
            return {}
        everything = Period(days[0], days[1] + timedelta(days=1), organisation().time_zone)
        return {name: set(map(str, self.frame(everything, by_team=name == "team")[name])) for name in dimensions}


def employee_extent() -> tuple[datetime, datetime] | None:
    """The ends of what can be told."""
    zone = organisation().time_zone
    days = Told(zone, today=local_day(timezone.now(), zone)).days()
    return (day_start(days[0], zone), day_start(days[1], zone)) if days else None


def _frame(cells: list[Cell]) -> Frame:
    counts = {name: np.array([getattr(cell.sums, name) for cell in cells], dtype=np.int64) for name in _COUNTS}
    names = {name: words([getattr(cell, name) for cell in cells]) for name in ("kind", "survey", "team")}
    return pd.DataFrame(counts | names)
