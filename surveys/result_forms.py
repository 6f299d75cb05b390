"""What somebody chooses on the pages of results: a period, and which comments."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kpiproject.filter_forms import check_span, filter_helper, span_fields
from kpiproject.lib.periods import Period
from surveys import scales
from surveys.comments import Wanted
from surveys.languages import LANGUAGES
from surveys.models import Answer, Survey

SPANS: Final[Mapping[str, tuple[int | None, Any]]] = {
    "30d": (30, _("30 days")),
    "90d": (90, _("90 days")),
    "12m": (365, _("12 months")),
    "all": (None, _("all")),
}
_USUAL: Final = "12m"


class PeriodForm(forms.Form):
    """A usual length of days up to today, or two days, the second one not included. They are called `from` and `to`
    in the address."""

    period = forms.ChoiceField(
        choices=[(code, name) for code, (_length, name) in SPANS.items()],
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not one of 30d, 90d, 12m and all.")},
    )

    def __init__(self, data: QueryDict, *, kept: Sequence[str] = (), **kwargs: Any) -> None:
        """`kept` are names in the address that stay when the period is changed."""
        super().__init__(data, **kwargs)
        self.asked = data
        hidden = {name: forms.Field(required=False, widget=forms.MultipleHiddenInput) for name in kept}
        self.fields = {**span_fields(), **self.fields, **hidden}

    @cached_property
    def helper(self) -> FormHelper:
        helper = filter_helper("from", "to")
        helper.render_hidden_fields = True
        helper.add_input(Submit("", _("Show")))
        return helper

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        check_span(self)
        return given

    @property
    def span(self) -> str:
        """The usual length that is shown; empty for two days of the reader's own."""
        given = self.cleaned_data
        return "" if given.get("from") or given.get("to") else given.get("period") or _USUAL

    def chosen(self, *, zone: str, today: date, first: date) -> Period:
        """`first` is the day on which the survey began; "all" and an open beginning start there."""
        given = self.cleaned_data
        end = given.get("to") or today + timedelta(days=1)
        length = SPANS[self.span][0] if self.span else None
        start = given.get("from") or (end - timedelta(days=length) if length else min(first, end - timedelta(days=1)))
        if start >= end:
            end = start + timedelta(days=1)
        return Period(start, end, zone)

    def fill_in(self, period: Period) -> None:
        """Show the days that were chosen for the reader."""
        data = self.asked.copy()
        data["from"], data["to"] = period.start.isoformat(), period.end.isoformat()
        self.data = data


class CommentForm(forms.Form):
    """Which comments are shown."""

    q = forms.CharField(label=_("Words"), max_length=200, required=False, widget=forms.TextInput({"type": "search"}))
    standing = forms.TypedChoiceField(label=_("Group"), required=False, coerce=int, empty_value=None)
    channel = forms.CharField(label=_("Channel"), max_length=100, required=False)
    team = forms.CharField(label=_("Team"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    mark = forms.ChoiceField(label=_("Marked"), required=False)

    def __init__(self, data: QueryDict, *, survey: Survey, offered: Mapping[str, list[tuple[str, str]]]) -> None:
        super().__init__(data)
        names = [str(scales.GROUP_NAMES[name]) for name in survey.scale.groups]
        groups = list(zip(("1", "0", "-1"), names, strict=True))
        self._offer("standing", groups)
        self._offer("language", list(LANGUAGES.items()))
        self._offer("mark", [(code, str(label)) for code, label in Answer.Mark.choices if code])
        for name in ("period", "from", "to"):
            if data.get(name):  # the period stays as it is
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name in ("channel", "team"):
            if offered.get(name):
                self.fields[name].widget = forms.Select(choices=[("", "—"), *offered[name]])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]  # a ChoiceField above

    @cached_property
    def helper(self) -> FormHelper:
        helper = filter_helper()
        helper.form_action = "#comments"
        helper.add_input(Submit("", _("Filter")))
        return helper

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        exactly = {
            name: given[name]
            for name in ("standing", "channel", "team", "language", "mark")
            if given.get(name) not in (None, "")
        }
        return Wanted(words=given.get("q", "").strip(), exactly=exactly)


class MarkForm(forms.Form):
    mark = forms.ChoiceField(choices=Answer.Mark.choices, required=False)


class ExportForm(forms.Form):
    what = forms.ChoiceField(choices=[("rows", _("rows")), ("summary", _("summary"))])
    format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")])


class PoolForm(forms.Form):
    """Several surveys, by their short names."""

    survey = forms.ModelMultipleChoiceField(
        Survey.objects.order_by("name", "id"),
        to_field_name="slug",
        error_messages={
            "required": _("Choose at least two surveys; one alone is not a pool."),
            "invalid_choice": _("There is no survey “%(value)s”."),
        },
    )
