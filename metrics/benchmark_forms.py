"""How benchmarks are written down."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import definitions, presentation
from metrics.models import Benchmark


class BenchmarkForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    kpi = forms.ChoiceField(label=gettext_lazy("KPI"))
    link = forms.URLField(label=gettext_lazy("Link to the source"), required=False, assume_scheme="https")

    class Meta:
        model = Benchmark
        fields: ClassVar = ["kpi", "low", "high", "segment", "source", "link", "as_of", "review_on", "note"]
        help_texts: ClassVar = {
            "low": gettext_lazy("In the unit of the KPI: percent from 0 to 100, durations in seconds."),
            "high": gettext_lazy("Empty for one value."),
            "segment": gettext_lazy("For example the industry, the country, or the size of the companies asked."),
            "source": gettext_lazy("Who found it out, and where it is written."),
            "review_on": gettext_lazy("Empty means a year after. After that day it is shown grey, as out of date."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kpi"]
        field.choices = [  # type: ignore[attr-defined]  # a ChoiceField above
            (code, f"{kpi.name} ({presentation.unit(kpi)})") for code, kpi in definitions.kpis().items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        low, high = given.get("low"), given.get("high")
        if low is not None and high is not None and high < low:
            self.add_error("high", _("The upper end must not be below the lower one."))
        as_of, review_on = given.get("as_of"), given.get("review_on")
        if as_of and review_on and review_on < as_of:
            self.add_error("review_on", _("Choose a day after the one on which it was measured."))
        return given
