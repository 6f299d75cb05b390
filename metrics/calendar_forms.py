"""Opening hours as people give them: times for every weekday, holidays, days with other hours."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final

import holidays
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from holidays.registry import COUNTRIES

from kpiproject.lib import ical, openings
from kpiproject.lib.periods import local_day
from kpiproject.models import BusinessCalendar, CalendarUse, Holiday, SpecialDay
from kpiproject.queries import organisation
from kpiproject.time_zones import time_zones
from metrics.target_forms import KnownInput, known

WEEKDAYS: Final = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
_PAIRS: Final = 3
_MOST_PAIRS: Final = 12
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:00)?|24:00")
_MIDNIGHT: Final = ("00:00", "24:00")
_FURTHEST_YEARS: Final = 10

Pairs = list[list[str]]


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants dates in one way."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HoursInput(forms.Widget):
    """Times from and to, several times a day; without a script, so there is always an empty pair to fill."""

    def __init__(self, day: Any) -> None:
        super().__init__()
        self.day = day

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs: Pairs = value if isinstance(value, list) else []
        shown = [*pairs, *([["", ""]] * max(_PAIRS - len(pairs), 1))]
        return format_html(
            '<span class="hours" id="id_{}">{}</span>', name, format_html_join("", "{}", self._rows(name, shown))
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Pairs:
        if not hasattr(data, "getlist"):
            return list(data.get(name, []))
        opens, closes = data.getlist(f"{name}_from")[:_MOST_PAIRS], data.getlist(f"{name}_to")[:_MOST_PAIRS]
        return [list(pair) for pair in zip(opens, closes, strict=False) if any(pair)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_from" not in data

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_from_1"

    def _rows(self, name: str, pairs: Pairs) -> Any:
        for number, (opens, closes) in enumerate(pairs, start=1):
            told = {"day": self.day, "number": number}
            yield (
                format_html(
                    '<span class="hours-pair"><input type="time" name="{0}_from" id="id_{0}_from_{1}" value="{2}" '
                    'aria-label="{3}"> – <input type="time" name="{0}_to" id="id_{0}_to_{1}" value="{4}" '
                    'aria-label="{5}"></span> ',
                    name,
                    number,
                    opens,
                    _("%(day)s, opening time %(number)d") % told,
                    "00:00" if closes == "24:00" else closes,
                    _("%(day)s, closing time %(number)d") % told,
                ),
            )


def _apart(intervals: Pairs) -> Pairs:
    """Raises ValidationError for hours that are given twice: one of the two is a slip."""
    if found := openings.overlap(intervals):
        message = _("%(one)s and %(other)s overlap. Let one end before the other begins, or write them as one.")
        raise ValidationError(message % {"one": found[0], "other": found[1]})
    return intervals


class HoursField(forms.Field):
    """Intervals of a weekday. An end of 00:00 is midnight, and one before its start is on the next day."""

    def to_python(self, value: Any) -> Pairs:
        return _apart([self._interval(*pair) for pair in value or []])

    def _interval(self, opens: str, closes: str) -> list[str]:
        if not opens or not closes:
            raise ValidationError(_("Give both times: when you open and when you close."))
        if not (_CLOCK.fullmatch(opens) and _CLOCK.fullmatch(closes)) or opens == "24:00":
            message = _("“%(opens)s – %(closes)s” are no times such as 09:00 and 17:00.")
            raise ValidationError(message % {"opens": opens, "closes": closes})
        opens, closes = opens[:5], closes[:5]
        closes = "24:00" if closes in _MIDNIGHT else closes
        if opens == closes:
            raise ValidationError(_("You close when you open; a whole day is 00:00 – 00:00."))
        return [opens, closes]


class OpeningsField(forms.CharField):
    """Intervals of one date as a text: 09:00-12:00, 13:00-15:00."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "")
        try:
            return _apart(openings.parse(text))
        except openings.NotOpeningHoursError as error:
            message = _("“%(part)s” is not an interval such as 09:00-17:00.")
            raise ValidationError(message % {"part": error.part}) from error

    def prepare_value(self, value: Any) -> Any:
        return openings.write(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != (data or ""))


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    start = forms.DateField(
        label=gettext_lazy("Other hours count from"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy(
            "If you change the hours or the zone: what passed before keeps the hours it had. Empty means that the past "
            "was wrong as well; then all figures are computed again."
        ),
    )

    class Meta:
        model = BusinessCalendar
        fields = ["name", "time_zone", "is_default"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget = KnownInput([zone for zone, _name in time_zones()])
        for key, label in WEEKDAYS.items():
            hours = HoursField(label=label, required=False, widget=HoursInput(label))
            hours.initial = self.instance.week.get(key, [])
            self.fields[key] = hours
        self.fields["sun"].help_text = _(
            "00:00 as a closing time is midnight. A closing time before the opening time is on the next day."
        )
        self.fields["start"].initial = local_day(timezone.now(), organisation().time_zone)

    @property
    def week(self) -> dict[str, Pairs]:
        return {key: self.cleaned_data[key] for key in WEEKDAYS if self.cleaned_data.get(key)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.week and not any(key in self.errors for key in WEEKDAYS):
            raise ValidationError(
                _("Enter the hours of at least one day: a calendar that never opens measures nothing.")
            )
        return given


class HolidayForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    intervals = OpeningsField(
        label=gettext_lazy("open nevertheless"),
        required=False,
        help_text=gettext_lazy("For half a day, for example 09:00-12:00. Empty means closed."),
    )

    class Meta:
        model = Holiday
        fields = ["date", "name", "is_active", "intervals"]
        widgets: ClassVar = {"date": DayInput}


class SpecialDayForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    intervals = OpeningsField(
        label=gettext_lazy("open"),
        required=False,
        help_text=gettext_lazy("For example 10:00-14:00. Empty means closed."),
    )

    class Meta:
        model = SpecialDay
        fields = ["date", "intervals", "reason"]
        widgets: ClassVar = {"date": DayInput}


class CalendarUseForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = CalendarUse
        fields = ["position", "team", "channel", "tier"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("channel", "tier"):
            self.fields[name].widget = KnownInput(known(name))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("team", "channel", "tier")):
            raise ValidationError(_("Say for which team, channel or tier; for all of them make it the default."))
        return given


class YearsForm(forms.Form):
    """From which year to which."""

    first = forms.IntegerField(label=gettext_lazy("From the year"), min_value=1970, max_value=2199)
    last = forms.IntegerField(label=gettext_lazy("To the year"), min_value=1970, max_value=2199)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = timezone.now().year
        self.fields["first"].initial, self.fields["last"].initial = year - 3, year + 2

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not 0 <= last - first <= _FURTHEST_YEARS:
            message = _("Choose up to %(years)d years, the first one first.")
            raise ValidationError(message % {"years": _FURTHEST_YEARS + 1})
        return given


class LibraryForm(YearsForm):
    """Public holidays of a country, as far as the library knows them."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    region = forms.CharField(
        label=gettext_lazy("State or region"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Its short form, for example HH for Hamburg. Empty means those of the whole country."),
    )
    field_order = ("country", "region", "first", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("– please choose –")), *countries()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        region, country = given.get("region", "").strip(), given.get("country")
        known_regions = holidays.list_supported_countries().get(country or "", [])
        if country and region and region not in known_regions:
            listed = ", ".join(known_regions) or _("none")
            message = _("“%(region)s” is not a region of this country; there are: %(regions)s.")
            self.add_error("region", message % {"region": region, "regions": listed})
        return given | {"region": region}

    def days(self) -> dict[date, str]:
        given = self.cleaned_data
        years = range(given["first"], given["last"] + 1)
        found = holidays.country_holidays(given["country"], subdiv=given["region"] or None, years=years)
        return {day: str(name) for day, name in found.items()}


class ICalendarForm(YearsForm):
    file = forms.FileField(label=gettext_lazy("iCalendar file (.ics)"))
    field_order = ("file", "first", "last")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        upload = given["file"]
        first, last = date(given["first"], 1, 1), date(given["last"], 12, 31)
        try:
            found = ical.read(upload.read(ical.LARGEST + 1), first=first, last=last, zone=self.zone)
        except ical.NotACalendarError as error:
            self.add_error("file", str(error))
            return given
        return given | {"found": found}


def countries() -> Sequence[tuple[str, str]]:
    """Codes and English names, by name."""
    names = {codes[0]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name, *codes in COUNTRIES.values()}
    listed = holidays.list_supported_countries(include_aliases=False)
    return sorted(((code, names.get(code, code)) for code in listed), key=lambda pair: pair[1])
