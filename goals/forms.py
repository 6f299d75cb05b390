"""How a manager writes a goal down. Its baseline is measured while the form is checked, never typed."""

from datetime import date
from typing import Any, ClassVar, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import baseline, changes, course, lines, offers, scopes, targets, written
from goals.baseline import Baseline
from goals.models import Goal
from goals.offers import Offer
from kpiproject.lib.periods import Grain, local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics.kpi import Kpi
from metrics.queries import find

State = Goal.State
_NEXT: Final = {
    State.DRAFT: [State.DRAFT, State.ACTIVE, State.CANCELLED],
    State.ACTIVE: [State.ACTIVE, State.CANCELLED],
    State.CLOSED: [State.CLOSED],
    State.CANCELLED: [State.CANCELLED, State.DRAFT],
}
"""What a goal can become by hand, from what it is. Closing is an action of its own: it keeps the judged result."""
MEASURED: Final = ("kpi", "only_for", "grain", "start", "due")
"""What must not change once a goal is active, because its baseline and its judgement rest on it."""
PRESET: Final = "_preset"
"""The button that fills in a usual target and saves nothing."""


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class GoalForm(forms.ModelForm):
    kpi = forms.ChoiceField(label=gettext_lazy("KPI"), help_text=gettext_lazy("What is measured."))
    only_for = forms.ChoiceField(
        label=gettext_lazy("Only for"),
        required=False,
        help_text=gettext_lazy("One channel, team, agent … that the KPI knows, or everything."),
    )
    target = forms.CharField(
        label=gettext_lazy("Target"),
        max_length=40,
        help_text=gettext_lazy(
            "In the unit of the KPI: percentages and points as numbers (90), times with their unit (45 min, "
            "2 h 30 min), numbers of tickets per week or month as it is judged (120)."
        ),
    )
    why = forms.CharField(
        label=gettext_lazy("Why the target is moved"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy("Only if you change the target. It stays with the goal for everybody to read."),
    )

    class Meta:
        model = Goal
        fields: ClassVar = ["statement", "objective", "owner", "state", "grain", "target", "start", "due"]
        widgets: ClassVar = {
            "statement": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "start": DayInput(),
            "due": DayInput(),
        }
        help_texts: ClassVar = {
            "state": gettext_lazy("An active goal is judged every hour; its baseline and dates stay as they are then."),
            "due": gettext_lazy("Best the last day of a week or month: the last complete one decides."),
            "grain": gettext_lazy("By month where little comes in: a week with fewer than 5 answers says nothing."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measured: Baseline | None = None
        self.asked_kpi: Kpi | None = None
        self.filled: Offer | None = None
        if "state" in self.fields:
            allowed = (
                _NEXT[State(self.initial.get("state", State.DRAFT))] if self.instance.pk else _NEXT[State.DRAFT][:2]
            )
            self.fields["state"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]  # a choice field
        if "owner" in self.fields:
            people = User.objects.filter(Q(is_active=True) | Q(pk=self.instance.owner_id))
            self.fields["owner"].queryset = people.order_by("name", "email")  # type: ignore[attr-defined]  # the same
        if self.instance.pk is None or self.instance.state == State.DRAFT:
            self._offer_what_is_measured()
            self._fill_in()
            self.fields.pop("why", None)
        else:
            self._keep_what_is_measured()
        kpi = find(self.instance.kpi)
        if self.instance.pk and kpi and self.instance.target is not None:
            self.initial["target"] = written.write(self.instance.target, kpi)

    def _offer_what_is_measured(self) -> None:
        kept = scopes.code(self.instance.dimension, self.instance.member)
        if "kpi" in self.fields:
            self.fields["kpi"].choices = scopes.kpi_choices(self.instance.kpi)  # type: ignore[attr-defined]  # a choice field
            self.fields["only_for"].choices = scopes.choices(kept)  # type: ignore[attr-defined]  # the same
            self.initial["only_for"] = kept
            self.fields["start"].initial = _today

    def _fill_in(self) -> None:
        """Put the usual target that was asked for into what was sent, whose other values stay."""
        self.filled = offers.find(self.data[PRESET]) if PRESET in self.data and "kpi" in self.fields else None
        if self.filled is None:
            return
        data = cast("QueryDict", self.data).copy()
        for name, text in self.filled.values().items():
            data[self.add_prefix(name)] = text
        if not data.get(self.add_prefix("statement"), "").strip():
            data[self.add_prefix("statement")] = self.filled.name
        self.data = data

    def full_clean(self) -> None:
        """A form that was filled in is shown again, without complaints about what is still missing."""
        if PRESET not in self.data:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def is_valid(self) -> bool:
        return PRESET not in self.data and super().is_valid()

    def _keep_what_is_measured(self) -> None:
        for name in MEASURED:
            self.fields.pop(name, None)
        if self.instance.state != State.ACTIVE:
            self.fields.pop("target", None)
            self.fields.pop("why", None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk and not self._is_as_it_was():
            return given
        self.asked_kpi = find(given.get("kpi") or self.instance.kpi)
        if self.asked_kpi is None:
            if "kpi" in given:
                self.add_error("kpi", _("This KPI does not exist any more; choose another one."))
            return given
        self._check_target(given, self.asked_kpi)
        if "kpi" in self.fields:
            self._check_scope(given, self.asked_kpi)
            self._check_dates(given)
            if not self.errors:
                self._measure(given, self.asked_kpi)
        elif "why" in self.fields and "target" in given:
            self._check_moved_target(given, self.asked_kpi)
        return given

    def _is_as_it_was(self) -> bool:
        """Locks the goal, so that nobody closes it before it is saved."""
        try:
            changes.check_unchanged(self.instance, self.initial.get("state", ""))
        except changes.NotPossibleError as error:
            self.add_error(None, str(error))
        return not self.non_field_errors()

    def _check_target(self, given: dict[str, Any], kpi: Kpi) -> None:
        if "target" not in given:
            return
        clock = baseline.clock_of(kpi) if "kpi" in self.fields else self.instance.clock
        if self.instance.pk and "target" not in self.changed_data and "kpi" not in self.changed_data:
            given["target"] = self.instance.target
            return
        try:
            given["target"] = written.read(given["target"], kpi, clock)
        except ValidationError as error:
            self.add_error("target", error)

    def _check_scope(self, given: dict[str, Any], kpi: Kpi) -> None:
        if "only_for" not in given:
            return
        self.instance.dimension, self.instance.member = scopes.parts(given["only_for"])
        try:
            scopes.check(kpi, self.instance.dimension, self.instance.member)
        except ValidationError as error:
            self.add_error("only_for", error)

    def _check_dates(self, given: dict[str, Any]) -> None:
        start, due, grain = given.get("start"), given.get("due"), given.get("grain")
        if not (start and due and grain):
            return
        if due <= start:
            words = {"due": date_format(due, "DATE_FORMAT"), "start": date_format(start, "DATE_FORMAT")}
            self.add_error("due", _("Due on %(due)s, it would end before it starts on %(start)s.") % words)
        elif not course.has_complete_period(Grain(grain), start, due):
            whole = _("month") if grain == Goal.Grain.MONTH else _("week")
            message = _("Between start and due lies no complete %(grain)s to judge it by; choose a later day.")
            self.add_error("due", message % {"grain": whole})
        elif given.get("state") == State.ACTIVE and due < _today():
            self.add_error("due", _("This day is over, so the goal could no longer be reached; choose a later day."))

    def _measure(self, given: dict[str, Any], kpi: Kpi) -> None:
        """Measure the baseline, and refuse what cannot be a goal with it."""
        goal = self.instance
        found = baseline.measure(
            kpi,
            dimension=goal.dimension,
            member=goal.member,
            grain=given["grain"],
            clock=baseline.clock_of(kpi),
            before=given["start"],
        )
        goal.kpi, goal.grain, goal.target = kpi.code, given["grain"], given["target"]
        goal.start, goal.due = given["start"], given["due"]
        self.measured = found
        baseline.write(goal, kpi, found)
        try:
            targets.check(goal, kpi, given["target"])
        except ValidationError as error:
            self.add_error("target", error)
        if given.get("state") == State.ACTIVE and (obstacle := _obstacle(goal, found)):
            self.add_error("state", obstacle)

    def _check_moved_target(self, given: dict[str, Any], kpi: Kpi) -> None:
        if not isinstance(given["target"], float) or given["target"] == self.instance.target:
            return
        try:
            targets.check(self.instance, kpi, given["target"])
        except ValidationError as error:
            self.add_error("target", error)
        if not given.get("why", "").strip():
            self.add_error("why", _("Say why the target is moved; the reason stays with the goal."))


def _obstacle(goal: Goal, found: Baseline) -> str:
    """Why a goal cannot be made active; empty if it can."""
    if baseline.is_computing(goal):
        return _("The figures of this KPI are just being computed. Save the goal as a draft, or try again in a minute.")
    if found.value is None:
        return " ".join((lines.no_baseline(goal), _("Save the goal as a draft; make it active when there is.")))
    return ""


def _today() -> date:
    return local_day(timezone.now(), organisation().time_zone)
