"""The rows of a form in which milestones are written down: what and by when, kept however half filled they are.

Without scripts a form cannot grow, so that some empty rows always follow; every save brings new ones. A row that is
emptied takes its milestone out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from goals import milestones
from goals.day_input import DayInput
from goals.milestones import Written
from goals.models import Goal, Milestone
from goals.smart import Sheet

MOST: Final = 40
_EMPTY: Final = {True: 5, False: 2}
"""So many empty rows: of a goal without milestones, and after those that there are."""
_OF_MILESTONES: Final = frozenset({"figure", "milestone_days"})
"""The checks that the milestones of an active goal still have to pass."""
_NEW: Final = re.compile(r"milestone-new(\d{1,2})-(?:name|due)$")


@dataclass(frozen=True, kw_only=True)
class Row:
    """`number` counts from 1; `milestone` is None for one that is new."""

    number: int
    key: str
    milestone: Milestone | None

    @property
    def name(self) -> str:
        return f"milestone-{self.key}-name"

    @property
    def due(self) -> str:
        return f"milestone-{self.key}-due"


def rows(goal: Goal, data: Mapping[str, Any]) -> list[Row]:
    """Those of the milestones that there are, and the new ones: as many as were sent, or some that are empty."""
    known = milestones.of(goal) if goal.pk else []
    sent = {int(match[1]) for name in data if (match := _NEW.match(name))}
    new = sorted(sent) or list(range(1, _EMPTY[not known] + 1))
    keys: list[tuple[str, Milestone | None]] = [(str(one.pk), one) for one in known]
    keys += [(f"new{number}", None) for number in new]
    return [Row(number=number, key=key, milestone=one) for number, (key, one) in enumerate(keys[:MOST], start=1)]


def fields(found: list[Row]) -> Iterator[tuple[str, forms.Field]]:
    for row in found:
        words = {"number": row.number}
        yield (
            row.name,
            forms.CharField(
                label=_("Milestone %(number)s") % words,
                required=False,
                max_length=120,
                initial=row.milestone.name if row.milestone else None,
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            ),
        )
        yield (
            row.due,
            forms.DateField(
                label=_("Milestone %(number)s is due on") % words,
                required=False,
                initial=row.milestone.due if row.milestone else None,
                widget=DayInput(),
            ),
        )


def read(found: list[Row], given: Mapping[str, Any]) -> dict[str, Written]:
    """What the rows hold, by the field of its day; those without a name are left out."""
    written = {}
    for row in found:
        name: str = (given.get(row.name) or "").strip()
        due: date | None = given.get(row.due)
        if name:
            written[row.due] = Written(pk=row.milestone.pk if row.milestone else None, name=name, due=due)
    return written


def faults(found: list[Row], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the rows: the field, and a sentence."""
    seen: set[str] = set()
    for row in found:
        name = (given.get(row.name) or "").strip()
        if not name and given.get(row.due):
            yield row.name, _("Say what is to be done by then, or empty the day, too.")
        if not name and row.milestone is not None and row.milestone.done_on is not None:
            yield row.name, _("It is done. Take that back on the page of the goal before you take it out.")
        if name and name.casefold() in seen:
            yield row.name, _("There is a milestone of this name already.")
        seen.add(name.casefold())


class WithMilestones(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """The form of a goal, as far as it is about milestones. `written` are those that are stored, then those
    given, with the fields of their days in `written_in`."""

    is_open: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: list[Row] = []
        self.written: list[Written] = milestones.as_written(self.instance)
        self.written_in: list[str] = []

    def sheet(self) -> Sheet:
        raise NotImplementedError

    def _offer_milestones(self) -> None:
        """Of a goal that has a KPI for good there are none."""
        is_active = self.instance.state == Goal.State.ACTIVE and not self.instance.has_kpi
        if "kpi" in self.fields or (is_active and "why" in self.fields):
            self.rows = rows(self.instance, self.data)
            self.fields.update(fields(self.rows))

    def _read_milestones(self, given: dict[str, Any]) -> None:
        """How many there are is what is to be reached."""
        if not self.rows:
            return
        found = read(self.rows, given)
        self.written, self.written_in = list(found.values()), list(found)
        for field, message in faults(self.rows, given):
            self.add_error(field, message)
        if given.get("kpi", self.instance.kpi) == "":
            given["target"], given["target_high"] = float(len(self.written)), None
        if not self.is_open:
            self.instance.target = given["target"]
            self._check_moved_milestones(given)

    def _check_moved_milestones(self, given: dict[str, Any]) -> None:
        """Those of an active goal change for a reason, and stay within its time."""
        if milestones.as_written(self.instance) == milestones.ordered(self.written):
            return
        for check in self.sheet().blocks:
            if check.code in _OF_MILESTONES:
                self.add_error(check.field if check.field in self.fields else self.rows[0].name, check.text)
        if not given.get("why", "").strip():
            self.add_error("why", _("Say why the milestones change; the reason stays with the goal."))
