"""How managers write down whom a survey asks by itself."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from metrics import audiences, solved_tickets
from metrics.queries import imported
from surveys.models import SendingRule, Survey
from surveys.windows import NeverOpenError, Window

FILTER_NAMES: Final = {
    "channel": gettext_lazy("Only these channels"),
    "team": gettext_lazy("Only these teams"),
    "category": gettext_lazy("Only these categories"),
    "priority": gettext_lazy("Only these priorities"),
    "segment": gettext_lazy("Only these segments"),
    "tier": gettext_lazy("Only these tiers"),
    "source": gettext_lazy("Only from these sources"),
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no model at run time
    """What every rule has. Which values can be chosen to narrow it is what was imported."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these weekdays"),
        coerce=int,
        help_text=gettext_lazy("Days and hours on the own clock of whoever is asked, if it is known; else on yours."),
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one weekday.")},
    )

    filter_names: ClassVar[Iterable[str]] = ()
    hours: ClassVar = (
        Field("weekdays", wrapper_class="choices-in-rows"),
        Div("from_time", "to_time", css_class="field-row"),
        "skips_holidays",
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.instance.survey = survey
        self._filters: list[str] = []
        for name in self.filter_names:
            self._add_filter(name)

    def _add_filter(self, name: str) -> None:
        """A value that was chosen once stays to be seen, also when nothing has it any more."""
        chosen = self.instance.filters.get(name, [])
        members = sorted({*imported.members(name), *chosen} - {""})
        if not members:
            return
        self.fields[f"only_{name}"] = forms.MultipleChoiceField(
            label=FILTER_NAMES[name],
            choices=[(member, member) for member in members],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=chosen,
        )
        self._filters.append(name)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(*self.layout())
        helper.add_input(Submit("submit", _("Save and show whom it reaches")))
        return helper

    def layout(self) -> list[Any]:
        raise NotImplementedError

    def _narrowing(self) -> list[Any]:
        return [Field(f"only_{name}", wrapper_class="choices-in-rows") for name in self._filters]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"weekdays", "from_time", "to_time"} <= cleaned.keys():
            try:
                Window(weekdays=frozenset(cleaned["weekdays"]), start=cleaned["from_time"], end=cleaned["to_time"])
            except NeverOpenError:
                said = _("The hours must end after they begin, on the same day. 00:00 is midnight.")
                self.add_error("to_time", said)
        return cleaned

    def save(self, commit: bool = True) -> SendingRule:  # noqa: FBT001, FBT002 - Django calls it so
        rule: SendingRule = self.instance
        rule.filters = {name: chosen for name in self._filters if (chosen := self.cleaned_data[f"only_{name}"])}
        return super().save(commit)  # type: ignore[no-any-return]  # a ModelForm without its model's type


class TicketRuleForm(RuleForm):
    filter_names = tuple(solved_tickets.PATHS)

    class Meta:
        model = SendingRule
        fields: ClassVar = [
            "name", "delay_hours", "weekdays", "from_time", "to_time", "skips_holidays", "sample_percent",
        ]  # fmt: skip
        widgets: ClassVar = {"from_time": HourInput(), "to_time": HourInput()}
        labels: ClassVar = {
            "delay_hours": gettext_lazy("How many hours after the ticket was solved"),
            "from_time": pgettext_lazy("of hours", "From"),
            "to_time": pgettext_lazy("of hours", "To"),
        }
        help_texts: ClassVar = {
            "delay_hours": gettext_lazy("A ticket that is opened again before then is not asked about."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.trigger = SendingRule.Trigger.TICKET

    def layout(self) -> list[Any]:
        return [
            "name", "delay_hours", *self.hours, "sample_percent", *self._narrowing()
        ]  # fmt: skip


class ScheduleRuleForm(RuleForm):
    filter_names = tuple(audiences.PATHS)

    class Meta:
        model = SendingRule
        fields: ClassVar = [
            "name", "audience", "customer_since", "every", "unit", "starts_on", "at", "waves",
            "weekdays", "from_time", "to_time", "skips_holidays", "sample_percent",
        ]  # fmt: skip
        widgets: ClassVar = {
            "from_time": HourInput(),
            "to_time": HourInput(),
            "at": HourInput(),
            "starts_on": DayInput(),
            "customer_since": DayInput(),
        }
        labels: ClassVar = {
            "every": gettext_lazy("Every so many"),
            "unit": gettext_lazy("weeks or months"),
            "waves": gettext_lazy("In how many groups"),
            "at": gettext_lazy("At"),
            "from_time": pgettext_lazy("of hours", "From"),
            "to_time": pgettext_lazy("of hours", "To"),
        }
        help_texts: ClassVar = {
            "waves": gettext_lazy(
                "Each time one group is asked, the next time the next one. With “every 1 month” and 3 groups, "
                "everybody is asked once in three months."
            ),
            "customer_since": gettext_lazy("Only customers who signed up on this day or before."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.trigger = SendingRule.Trigger.SCHEDULE
        self.fields["starts_on"].required = True
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # it is a TypedChoiceField
            (one.value, one.label) for one in audiences_of(self.survey)
        ]
        if self.instance.pk is None:
            self.initial["audience"] = audiences_of(self.survey)[0].value

    def layout(self) -> list[Any]:
        return [
            "name",
            "audience",
            "customer_since",
            *self._narrowing(),
            Div("every", "unit", css_class="field-row"),
            Div("starts_on", "at", css_class="field-row"),
            "waves",
            *self.hours,
            "sample_percent",
        ]

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day is not None and not 2000 <= day.year <= 2100:
            raise ValidationError(_("Choose a day from 2000 to 2100."), code="year")
        return day


def audiences_of(survey: Survey) -> list[SendingRule.Audience]:
    """Nobody asks customers how they like to work here."""
    if survey.is_anonymous:
        return [SendingRule.Audience.AGENTS]
    return [SendingRule.Audience.CUSTOMERS, SendingRule.Audience.CONTACTS]


class SwitchForm(forms.Form):
    to = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])
