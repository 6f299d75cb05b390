"""How a manager writes a goal down. Its baseline is measured while the form is checked, never typed. Without a KPI it
has milestones; nobody is asked for a kind."""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import (
    baseline,
    changes,
    evidence,
    guardrails,
    offers,
    scopes,
    smart,
    targets,
    written,
)
from goals.baseline import Baseline
from goals.day_input import DayInput
from goals.guardrail_words import GOODHART
from goals.milestone_rows import WithMilestones
from goals.models import Goal
from goals.offers import Offer
from goals.smart import Sheet
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics.kpi import Kpi
from metrics.queries import find

State = Goal.State
_NEXT: Final = {
    State.DRAFT: [State.DRAFT, State.ACTIVE, State.CANCELLED],
    State.ACTIVE: [State.ACTIVE],
    State.CLOSED: [State.CLOSED],
    State.CANCELLED: [State.CANCELLED, State.DRAFT],
}
"""What a goal can become by hand, from what it is. An active one is ended on its own page, which asks for a reason and
keeps how it ended."""
MEASURED: Final = ("kpi", "only_for", "grain", "start", "due")
"""What must not change once a goal is active, because its baseline and its judgement rest on it."""
GUARD: Final = ("guardrail", "guardrail_limit")
"""An active goal may get a guardrail, but it cannot move the one it has."""
_CODE: Final = 50
_AMOUNTS: Final = ("target", "target_high", "guardrail_limit")
PRESET: Final = "_preset"
"""The button that fills in a usual target and saves nothing."""


class GoalForm(WithMilestones):
    """With `is_trial` nothing will be saved, so that nothing is locked while it is checked."""

    is_trial = False
    kpi = forms.ChoiceField(
        label=gettext_lazy("KPI"),
        required=False,
        help_text=gettext_lazy(
            "What is measured. Leave it and the target empty where nothing is: the goal is reached when the milestones "
            "below are done."
        ),
    )
    only_for = forms.ChoiceField(
        label=gettext_lazy("Only for"),
        required=False,
        help_text=gettext_lazy("One channel, team, agent … that the KPI knows, or everything."),
    )
    target = forms.CharField(
        label=gettext_lazy("Target"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "In the unit of the KPI: percentages and points as numbers (90), times with their unit (45 min, "
            "2 h 30 min), numbers of tickets per week or month as it is judged (120). Of a range, the lower end."
        ),
    )
    target_high = forms.CharField(
        label=gettext_lazy("Upper end of a range"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Only where more is not better either: between 75 and 85."),
    )
    guardrail = forms.ChoiceField(
        label=gettext_lazy("Guardrail"),
        required=False,
        help_text=gettext_lazy("A KPI that must not get worse meanwhile. Goals about speed or cost need one."),
    )
    guardrail_limit = forms.CharField(
        label=gettext_lazy("Its limit"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("The worst value that you would still accept, in the unit of that KPI."),
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
        fields: ClassVar = [
            "statement", "objective", "owner", "reviewer", "state", "grain", "target", "target_high", "start", "due",
            "guardrail", "guardrail_limit", "has_incentive", "check_in_cadence", "review_cadence", "smart_note",
        ]  # fmt: skip
        widgets: ClassVar = {
            "statement": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "smart_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "start": DayInput(),
            "due": DayInput(),
        }
        help_texts: ClassVar = {
            "reviewer": gettext_lazy("Who asks how it goes; best somebody other than the owner."),
            "state": gettext_lazy(
                "A draft can always be saved. An active goal is judged every hour; its baseline and dates stay as they "
                "are then. To end it, choose “Close this goal” on its page."
            ),
            "due": gettext_lazy(
                "The last day of a week or month: the last complete one decides. With milestones any day will do."
            ),
            "grain": gettext_lazy("By month where little comes in: a week with fewer than 5 answers says nothing."),
            "has_incentive": GOODHART,
            "check_in_cadence": gettext_lazy("How often the owner writes down what changed and what comes next."),
            "review_cadence": gettext_lazy("How often others look at it together with the owner."),
            "smart_note": gettext_lazy("One sentence, if the checks below warn and the goal is right nevertheless."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measured: Baseline | None = None
        self.asked_kpi: Kpi | None = None
        self.filled: Offer | None = None
        self._sheet: Sheet | None = None
        self.is_open = self.instance.pk is None or self.instance.state == State.DRAFT
        self._offer_states_and_people()
        if self.is_open:
            self._offer_what_is_measured()
            self._fill_in()
            self.fields.pop("why", None)
        else:
            self._keep_what_is_measured()
        self._offer_guardrails()
        self._write_amounts()
        self._offer_milestones()

    def sheet(self) -> Sheet:
        """The checks of the goal as it is written in the form."""
        if self._sheet is None:
            found = evidence.facts(self.instance, self.written, self.written_in)
            if unread := self.errors.get("target"):
                found = replace(found, target_fault=str(unread[0]))
            self._sheet = smart.sheet(found)
        return self._sheet

    def _offer_states_and_people(self) -> None:
        if "state" in self.fields:
            allowed = (
                _NEXT[State(self.initial.get("state", State.DRAFT))] if self.instance.pk else _NEXT[State.DRAFT][:2]
            )
            self.fields["state"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]  # a choice field
        for name in {"owner", "reviewer"} & set(self.fields):
            kept = getattr(self.instance, f"{name}_id")
            people = User.objects.filter(Q(is_active=True) | Q(pk=kept)).order_by("name", "email")
            self.fields[name].queryset = people  # type: ignore[attr-defined]  # a choice of models

    def _offer_what_is_measured(self) -> None:
        kept = scopes.code(self.instance.dimension, self.instance.member)
        if "kpi" in self.fields:
            self.fields["kpi"].choices = scopes.kpi_choices(self.instance.kpi)  # type: ignore[attr-defined]  # a choice field
            self.fields["only_for"].choices = scopes.choices(kept)  # type: ignore[attr-defined]  # the same
            self.initial["only_for"] = kept
            self.fields["start"].initial = _today

    def _offer_guardrails(self) -> None:
        if "guardrail" in self.fields:
            self.fields["guardrail"].choices = _guards(self.instance.guardrail)  # type: ignore[attr-defined]  # a choice field

    def _write_amounts(self) -> None:
        """What is stored, as people write it."""
        kpi, guard = find(self.instance.kpi), find(self.instance.guardrail)
        for name, of in (("target", kpi), ("target_high", kpi), ("guardrail_limit", guard)):
            amount = getattr(self.instance, name)
            if self.instance.pk and of and amount is not None:
                self.initial[name] = written.write(amount, of)
        if not self.instance.has_kpi:
            self.initial["target"] = ""

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
        is_active = self.instance.state == State.ACTIVE
        if not is_active or self.instance.guardrail:
            self._drop(*GUARD)
        if not is_active:
            self._drop(
                "target", "target_high", "why", "has_incentive", "check_in_cadence", "review_cadence", "smart_note"
            )
        elif not self.instance.has_kpi:
            self._drop("target", "target_high")
            if "why" in self.fields:
                self.fields["why"].label = _("Why the milestones change")
                self.fields["why"].help_text = _(
                    "Only if you change them. It stays with the goal for everybody to read."
                )
        elif self.instance.target_high is None:
            self._drop("target_high")

    def _drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk and not self.is_trial and not self._is_as_it_was():
            return {name: value for name, value in given.items() if name not in _AMOUNTS}  # they are only texts yet
        self.asked_kpi = find(given.get("kpi", self.instance.kpi))
        self._check_kpi(given)
        self._read_amounts(given)
        self._read_milestones(given)
        if "kpi" in self.fields:
            self._take_over(given)
            if self.asked_kpi is not None:
                self._measure(self.asked_kpi)
            elif not self.instance.has_kpi:
                baseline.clear(self.instance)
            if given.get("state") == State.ACTIVE:
                self._refuse(given)
        elif self.asked_kpi is not None and "target" in given:
            self._check_moved_target(given, self.asked_kpi)
        return given

    def _check_kpi(self, given: dict[str, Any]) -> None:
        """A KPI with a target, or neither of them."""
        has_target = bool(given.get("target"))
        if given.get("kpi") and self.asked_kpi is None:
            self.add_error("kpi", _("This KPI does not exist any more; choose another one."))
        elif given.get("kpi") and "target" in given and not has_target:
            self.add_error("target", _("Say what is to be reached."))
        elif given.get("kpi") == "" and has_target:
            message = _("Choose the KPI of this target. A goal that is reached with its milestones has no target.")
            self.add_error("kpi", message)

    def _is_as_it_was(self) -> bool:
        """Locks the goal, so that nobody closes it before it is saved."""
        try:
            changes.check_unchanged(self.instance, self.initial.get("state", ""))
        except changes.NotPossibleError as error:
            self.add_error(None, str(error))
        return not self.non_field_errors()

    def _read_amounts(self, given: dict[str, Any]) -> None:
        """Texts become numbers. What was not touched stays what it was, however it was rounded for the eye."""
        kpi = self.asked_kpi
        clock = self.instance.clock if kpi is None or "kpi" not in self.fields else baseline.clock_of(kpi)
        for name in ("target", "target_high"):
            self._read(given, name, kpi, clock)
        if "guardrail" not in self.fields:
            return
        guard = find(given.get("guardrail", ""))
        self._read(given, "guardrail_limit", guard, baseline.clock_of(guard) if guard else "")
        self.instance.guardrail_clock = baseline.clock_of(guard) if guard else ""
        if guard and "kpi" not in self.fields and given.get("guardrail_limit") is None:
            self.add_error("guardrail_limit", _("Say how far the guardrail may go."))

    def _read(self, given: dict[str, Any], name: str, kpi: Kpi | None, clock: str) -> None:
        if name not in given:
            return
        source = "guardrail" if name == "guardrail_limit" else "kpi"
        is_gone = kpi is None and source not in self.fields
        if is_gone or (self.instance.pk and not {name, source} & set(self.changed_data)):
            given[name] = getattr(self.instance, name)
            return
        text, given[name] = given[name], None
        if not text or kpi is None:
            return
        try:
            given[name] = written.read(text, kpi, clock)
        except ValidationError as error:
            self.add_error(name, error)

    def _get_validation_exclusions(self) -> set[str]:
        """Without a KPI nobody can say what a target is; that there is none is said already."""
        found: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, without a stub
        return found if self.asked_kpi else found | {"target", "target_high"}

    def _take_over(self, given: dict[str, Any]) -> None:
        """Into the goal, so that it can be checked; what is missing is missing there, too."""
        goal = self.instance
        goal.dimension, goal.member = scopes.parts(given.get("only_for", ""))
        goal.kpi = given["kpi"] if "kpi" in given else str(self.data.get(self.add_prefix("kpi"), ""))[:_CODE]
        for name in ("target", "target_high", "start", "due", "guardrail_limit", "reviewer"):
            setattr(goal, name, given.get(name))
        for name in ("statement", "guardrail", "review_cadence"):
            setattr(goal, name, given.get(name, ""))
        for name in ("owner", "objective", "grain", "check_in_cadence", "has_incentive"):
            if name in given:
                setattr(goal, name, given[name])

    def _measure(self, kpi: Kpi) -> None:
        """Measure the baseline; there is none for whom the KPI has no figures."""
        goal = self.instance
        start: date | None = goal.start
        try:
            scopes.check(kpi, goal.dimension, goal.member)
        except ValidationError:
            found = baseline.NOTHING
        else:
            found = baseline.measure(
                kpi,
                dimension=goal.dimension,
                member=goal.member,
                grain=goal.grain,
                clock=baseline.clock_of(kpi),
                before=start or _today(),
            )
            self.measured = found
        baseline.write(goal, kpi, found)

    def _refuse(self, given: dict[str, Any]) -> None:
        """A goal is made active without a block only, and in spite of warnings with a reason."""
        for check in self.sheet().blocks:
            field = check.field if check.field in self.fields else "state"
            if field not in self.errors:
                self.add_error(field, check.text)
        if not self.errors and self.sheet().warnings and not given.get("smart_note", "").strip():
            message = _("The checks warn. Say in one sentence why the goal is right nevertheless, or change it.")
            self.add_error("smart_note", message)

    def _check_moved_target(self, given: dict[str, Any], kpi: Kpi) -> None:
        goal, target, high = self.instance, given["target"], given.get("target_high", self.instance.target_high)
        if target is None or (target, high) == (goal.target, goal.target_high):
            return
        if goal.target_high is not None and high is None:
            self.add_error("target_high", _("This goal is a range, so it needs its upper end."))
            return
        try:
            targets.check(goal, kpi, target, high, keeps=goal.was_met)
        except ValidationError as error:
            self.add_error("target", error)
        if not given.get("why", "").strip():
            self.add_error("why", _("Say why the target is moved; the reason stays with the goal."))


def _guards(kept: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The KPIs of which it is known what would be worse."""
    found = []
    for family, group in scopes.kpi_choices(kept):
        wanted = [(code, name) for code, name in group if code in ("", kept) or _can_guard(code)]
        if wanted:
            found.append((family, wanted))
    return found


def _can_guard(code: str) -> bool:
    kpi = find(code)
    return kpi is not None and guardrails.can_guard(kpi)


def _today() -> date:
    return local_day(timezone.now(), organisation().time_zone)
