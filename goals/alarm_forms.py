"""What people choose about alarms: which are shown, and for how long one is worked on or left alone."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goals.alarms import actions
from goals.alarms.queries import OPEN, SHELVES, Wanted
from goals.models import AlertRule
from kpiproject.models import User


class CentreForm(forms.Form):
    """The filters of the alert centre."""

    shelf = forms.ChoiceField(choices=list(SHELVES.items()), required=False, widget=forms.HiddenInput)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("all")), *AlertRule.Severity.choices], required=False
    )
    about = forms.ChoiceField(label=_("Alarm when"), choices=[("", _("all")), *AlertRule.Kind.choices], required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label=_("everybody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(alert_rules__isnull=False).distinct().order_by("name", "email")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # it chooses among rows
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.form_error_title = gettext("This cannot be shown:")
        self.helper.layout = Layout("shelf", "severity", "about", "owner")
        self.helper.add_input(Submit("submit", gettext("Show")))

    def shelf_name(self) -> str:
        return str(self.cleaned_data.get("shelf") or OPEN) if self.is_valid() else OPEN

    def wanted(self) -> Wanted:
        if not self.is_valid():
            return Wanted()
        owner: User | None = self.cleaned_data["owner"]
        return Wanted(
            severity=self.cleaned_data["severity"],
            kind=self.cleaned_data["about"],
            owner=owner.pk if owner else None,
        )


class AnswerForm(forms.Form):
    """Working on an alarm, or leaving its rule alone."""

    action = forms.ChoiceField(
        choices=[("acknowledge", _("I work on it")), ("snooze", _("Leave me alone")), ("wake", _("Tell me again"))]
    )
    span = forms.ChoiceField(
        label=_("For"), choices=[(code, name) for code, (name, _span) in actions.SPANS.items()], required=False
    )
    text = forms.CharField(label=_("What you do about it"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("action") in ("acknowledge", "snooze") and not given.get("span") and "span" not in self.errors:
            self.add_error("span", _("Choose for how long."))
        return given

    def until(self, now: datetime) -> datetime:
        return now + actions.SPANS[self.cleaned_data["span"]][1]


class RuleForm(forms.Form):
    """Leaving a rule alone, hearing of it again, or having it checked again after it failed."""

    action = forms.ChoiceField(
        choices=[("snooze", _("Leave me alone")), ("wake", _("Tell me again")), ("reset", _("Check it again"))]
    )
    span = forms.ChoiceField(
        label=_("For"), choices=[(code, name) for code, (name, _span) in actions.SPANS.items()], required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("action") == "snooze" and not given.get("span") and "span" not in self.errors:
            self.add_error("span", _("Choose for how long."))
        return given

    def until(self, now: datetime) -> datetime:
        return now + actions.SPANS[self.cleaned_data["span"]][1]
