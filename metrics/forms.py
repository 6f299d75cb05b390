"""What is chosen on the pages of figures: stretches of time, and how a KPI is looked at."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.filter_forms import check_span, filter_helper, span_fields
from kpiproject.lib.periods import Grain, Period
from metrics.dimensions import PERSONAL, askable, divisible
from metrics.frames import TICKET_FRAMES
from metrics.kpi import BUSINESS, CALENDAR, CLOCKS, Kpi
from metrics.presentation import CLOCK_NAMES, DIMENSION_NAMES, GRAIN_NAMES
from metrics.queries import Freshness, Question, members

MOST_POINTS: Final = 800
SPANS: Final[Mapping[str, tuple[int, Any]]] = {
    "7d": (7, gettext_lazy("7 days")),
    "30d": (30, gettext_lazy("30 days")),
    "90d": (90, gettext_lazy("90 days")),
    "12m": (365, gettext_lazy("12 months")),
}
SORTS: Final = ("name", "value", "n", "left_out")
_IN_LINKS: Final = ("sort", "offer", "all")
_USUAL_SPAN: Final = "30d"
_YEAR: Final = 365
_LEAST_DAYS: Final = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90, Grain.YEAR: 365}
_FITTING: Final = (
    (45, Grain.DAY),
    (200, Grain.WEEK),
    (4 * 366, Grain.MONTH),
    (12 * 366, Grain.QUARTER),
    (10**6, Grain.YEAR),
)


def _telling(kpi: Kpi) -> str:
    """The first dimension with at least two members, else the first. Of what adds up and of tickets it is always the
    first: members would have to be looked for among all rollups."""
    is_kept = not kpi.adds_up and kpi.frame not in TICKET_FRAMES
    telling = (name for name in kpi.dimensions if len(members(kpi, name)) > 1) if is_kept else iter(())
    return next(telling, next(iter(kpi.dimensions), ""))


def _last_day(fresh: Freshness, length: int) -> date:
    """Yesterday, the last day that is over, unless nothing was measured in the days that would be shown."""
    if fresh.last is None or fresh.first == fresh.today:
        return fresh.today
    yesterday = fresh.today - timedelta(days=1)
    return yesterday if fresh.last > yesterday - timedelta(days=length) else fresh.last


class SpanForm(forms.Form):
    """Two days, the second one not included, as everywhere. They are called `from` and `to` in the address."""

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asked = data
        self.fields = {**span_fields(), **self.fields}
        self.helper = filter_helper()

    def fill_in(self, period: Period) -> None:
        """Show the days that were chosen for the reader."""
        data = self.asked.copy()
        for name, text in self._filled(period).items():
            data[name] = text
        self.data = data

    def _filled(self, period: Period) -> dict[str, str]:
        return {"from": period.start.isoformat(), "to": period.end.isoformat()}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        check_span(self)
        return given


class CatalogueForm(forms.Form):
    """Words to look for in the catalogue."""

    q = forms.CharField(label=gettext_lazy("Search the KPIs"), required=False, max_length=100)

    def period(self, *, zone: str, fresh: Freshness) -> Period:
        """The usual length of the dashboard, so that both show the same figures."""
        length = SPANS[_USUAL_SPAN][0]
        end = _last_day(fresh, length) + timedelta(days=1)
        return Period(end - timedelta(days=length), end, zone)


class PeriodForm(SpanForm):
    """The dashboard's: a usual length of whole days up to yesterday, or two days."""

    period = forms.ChoiceField(
        choices=[(code, name) for code, (_length, name) in SPANS.items()],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("“%(value)s” is not one of 7d, 30d, 90d and 12m.")},
    )

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.helper.layout = Layout("from", "to")
        self.helper.add_input(Submit("submit", _("Show")))

    @property
    def chosen_span(self) -> str:
        """The usual length that is shown; empty for two days of the reader's own."""
        given = self.cleaned_data
        return "" if given.get("from") or given.get("to") else given.get("period") or _USUAL_SPAN

    def chosen(self, *, zone: str, fresh: Freshness) -> Period:
        """The period asked for. A usual length ends yesterday, or with the data where none is so young."""
        given, length = self.cleaned_data, SPANS[self.chosen_span or _USUAL_SPAN][0]
        end = given.get("to") or _last_day(fresh, length) + timedelta(days=1)
        start = given.get("from") or end - timedelta(days=length)
        return Period(start, max(end, start + timedelta(days=1)), zone)


class QuestionForm(SpanForm):
    """How one KPI is looked at. `where` keeps members of dimensions, each written as dimension=member. `sort` is the
    column by which the breakdown is sorted, with a minus from the highest on; `offer` names the dimension whose
    members are offered to be kept; `all` unfolds the breakdown. Who asked is offered `with_people` only."""

    grain = forms.ChoiceField(label=gettext_lazy("In steps of"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Broken down by"), required=False)
    clock = forms.ChoiceField(label=gettext_lazy("Measured in"), required=False)
    where = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    sort = forms.ChoiceField(required=False)
    offer = forms.ChoiceField(required=False)
    all = forms.BooleanField(required=False)

    def __init__(
        self, data: QueryDict, *, kpi: Kpi, has_calendar: bool, with_people: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.kpi = kpi
        self.dimensions = [name for name in askable(kpi) if with_people or name not in PERSONAL]
        steps = {grain.value: GRAIN_NAMES[grain] for grain in Grain if grain is not Grain.ALL}
        self._offer("grain", {"": _("fitting steps")} | steps)
        by = [name for name in self.dimensions if name in divisible(kpi)]
        self._offer("by", {name: DIMENSION_NAMES.get(name, name) for name in by})
        clocks = [BUSINESS, CALENDAR] if has_calendar else [CALENDAR]
        self._offer("clock", {name: CLOCK_NAMES[name] for name in clocks})
        if not kpi.has_clocks and data.get("clock", "") in {"", *CLOCKS}:
            del self.fields["clock"]  # a calendar that does not exist is refused all the same
        self._offer("sort", dict.fromkeys((sign + name for name in SORTS for sign in ("", "-")), ""))
        self._offer("offer", dict.fromkeys(self.dimensions, ""))
        self.helper.layout = Layout(*(name for name in self.fields if name not in _IN_LINKS))
        self.helper.add_input(Submit("submit", _("Show")))

    def _offer(self, name: str, choices: Mapping[str, Any]) -> None:
        field = self.fields[name]
        field.choices = [(code, capfirst(str(text))) for code, text in choices.items()]  # type: ignore[attr-defined]  # a ChoiceField above
        codes = ", ".join(code for code in choices if code)
        field.error_messages["invalid_choice"] = _("“%(value)s” is not one of these: {codes}.").format(codes=codes)

    def clean_by(self) -> str:
        if len(set(self.asked.getlist("by"))) > 1:
            message = _("Figures are broken down by one dimension at a time; keep members of the others instead.")
            raise forms.ValidationError(message)
        return str(self.cleaned_data["by"])

    def clean_where(self) -> dict[str, list[str]]:
        kept: dict[str, list[str]] = {}
        for text in self.cleaned_data["where"] or []:
            name, equals, member = text.partition("=")
            if not equals or name not in self.dimensions:
                message = _("“%(text)s” keeps nothing: write a dimension (%(names)s), an equals sign and a member.")
                values = {"text": text, "names": ", ".join(self.dimensions)}
                self.add_error(None, message % values)
            members = kept.setdefault(name, [])
            members += [] if member in members else [member]
        return kept

    def period(self, *, zone: str, fresh: Freshness) -> Period:
        """Without days of the reader's own: twelve months, the first of them whole, to yesterday or the last data."""
        given = self.cleaned_data
        end = given.get("to") or _last_day(fresh, _YEAR) + timedelta(days=1)
        start = given.get("from") or (end - timedelta(days=_YEAR)).replace(day=1)
        return Period(start, max(end, start + timedelta(days=1)), zone)

    def fit(self, period: Period) -> Grain:
        """The steps asked for, or those that fit the period. Too many become an error of the form."""
        if not self.cleaned_data["grain"]:
            return next(grain for longest, grain in _FITTING if period.days <= longest)
        grain = Grain(self.cleaned_data["grain"])
        steps = period.days // _LEAST_DAYS[grain]
        if steps > MOST_POINTS:
            message = _("These would be %(steps)s steps; at most %(most)s can be shown. Choose longer ones.")
            self.add_error("grain", message % {"steps": steps, "most": MOST_POINTS})
        return grain

    def _filled(self, period: Period) -> dict[str, str]:
        """And the breakdown that is shown without having been asked for."""
        return {**super()._filled(period), "by": self.dimension}

    def question(self, period: Period) -> Question:
        """The KPI over the whole period, as one figure."""
        given = self.cleaned_data
        clock = given.get("clock", "")
        return Question(
            code=self.kpi.code, start=period.start, end=period.end, where=given.get("where") or {}, clock=clock
        )

    @cached_property
    def dimension(self) -> str:
        """The dimension of the breakdown: the one asked for, or the KPI's usual one, or its first that tells apart."""
        return self.cleaned_data["by"] or self.kpi.default_by or _telling(self.kpi)
