"""What can be told of all surveys among employees together, in cells that are each big enough.

A cell is what one survey has of whole blocks in a period; by team, what its months that are over show of the teams that
can be shown. These are the very numbers that the results of each survey show (see surveys.employees), so that putting
both beside one another tells nobody more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kpiproject.lib.periods import Period
from surveys import anonymity, scales
from surveys.counting import OVERALL
from surveys.employees import Released, parts_of, released
from surveys.models import Survey
from surveys.readings import Reading
from surveys.sums import Sums

TEAM = "team"


@dataclass(frozen=True)
class Cell:
    kind: str
    survey: str
    team: str
    sums: Sums


class Told:
    """Everything that can be told up to today, which is not over and may get more answers."""

    def __init__(self, zone: str, *, today: date) -> None:
        kinds = [kind.code for kind in scales.KINDS.values() if kind.is_about_employees]
        self._surveys = list(Survey.objects.filter(kind__in=kinds).order_by("slug"))
        self._today = today
        reading = Reading([one.pk for one in self._surveys], zone, dimensions=(OVERALL, TEAM), has_questions=False)
        self._released = {one.pk: released(one.pk, reading, [TEAM], today=today) for one in self._surveys}

    def overall(self, period: Period) -> list[Cell]:
        """A cell for each survey that has a whole block in the period."""
        found = [(one, self._released[one.pk].within(period).sums()) for one in self._surveys]
        return [Cell(one.kind, one.slug, "", sums) for one, sums in found if sums.n]

    def by_team(self, period: Period) -> list[Cell]:
        """A cell for each survey and team that can be shown, of the months that lie whole in the period."""
        return [cell for one in self._surveys for cell in self._teams(one, self._released[one.pk], period)]

    def days(self) -> tuple[date, date] | None:
        """The first and the last day of what can be told."""
        blocks = [block for found in self._released.values() for block in found.blocks]
        return (min(block.first for block in blocks), max(block.last for block in blocks)) if blocks else None

    def _teams(self, survey: Survey, everything: Released, period: Period) -> Iterator[Cell]:
        spans: Sequence[Sequence[anonymity.Block]] = anonymity.spans(everything.blocks, today=self._today)
        whole = [span for span in spans if period.start <= span[0].first and span[-1].last < period.end]
        tables = [everything.members(span) for span in whole]
        for team, sums in parts_of(tables, TEAM).shown.items():
            if sums.n:
                yield Cell(survey.kind, survey.slug, team, sums)
