"""Of which tickets the durations of the source are compared with ours."""

from datetime import date, timedelta
from typing import Any, Final

from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.lib.periods import Period
from metrics.forms import SpanForm
from metrics.kpi import CLOCKS
from metrics.presentation import CLOCK_NAMES
from metrics.quality_words import MEASURE_NAMES, RULE_NAMES

_USUAL_DAYS: Final = 90
FILE_KINDS: Final = ("csv", "xlsx")


class ComparedForm(SpanForm):
    """Tickets created between two days; the last 90 days unless told otherwise."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.helper.layout = Layout("from", "to")
        self.helper.add_input(Submit("submit", _("Show")))

    def period(self, *, today: date, zone: str) -> Period:
        given = self.cleaned_data
        end = given.get("to") or today + timedelta(days=1)
        start = given.get("from") or end - timedelta(days=_USUAL_DAYS)
        return Period(start, max(end, start + timedelta(days=1)), zone)


class ComparedRowsForm(ComparedForm):
    """One measure of one source, and of its tickets those that one rule explains."""

    source = forms.CharField(max_length=50)
    measure = forms.ChoiceField(choices=MEASURE_NAMES.items())
    clock = forms.ChoiceField(choices=[(clock, CLOCK_NAMES[clock]) for clock in CLOCKS])
    rule = forms.ChoiceField(choices=[("", gettext_lazy("all")), *RULE_NAMES.items()], required=False)
    download = forms.ChoiceField(choices=[("", ""), *((kind, kind) for kind in FILE_KINDS)], required=False)
