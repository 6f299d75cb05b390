"""How service targets are written down: times with their units, and values that occur in tickets."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import presentation, presets, queries
from metrics.models import ServiceTarget
from metrics.models.target import Promise
from metrics.presets import TargetPreset
from metrics.target_words import written

DIMENSIONS: Final = ("channel", "category", "priority", "tier")
NEW_ONLY, ALL = "new", "all"
_UNITS: Final = {"d": 86400, "h": 3600, "min": 60, "s": 1}
_LONGEST: Final = 3650 * 86400
_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(d|h|min|s)\s*")


class DurationField(forms.CharField):
    """Seconds, written as “4 h”, “90 min”, “1 h 30 min” or “2 d”."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").lower().strip()
        if not text:
            return None
        if text.startswith(("-", presentation.MINUS)):
            raise ValidationError(_("A time cannot be below nothing. Write it without the minus, for example 90 min."))
        parts = list(_PART.finditer(text))
        if "".join(part[0] for part in parts) != text:
            raise ValidationError(_("Write a time with its unit, for example 90 min, 4 h, 1 h 30 min or 2 d."))
        seconds = round(sum(float(part[1].replace(",", ".")) * _UNITS[part[2]] for part in parts))
        if not 1 <= seconds <= _LONGEST:
            raise ValidationError(_("Choose a time from 1 s to 3650 d."))
        return seconds

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value


class KnownInput(forms.TextInput):
    """A text with proposals; any other text may be given as well."""

    def __init__(self, known: list[str]) -> None:
        super().__init__()
        self.known = known

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, {**(attrs or {}), "list": f"known-{name}"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((one,) for one in self.known))
        return format_html('{}<datalist id="known-{}">{}</datalist>', field, name, options)


class ServiceTargetForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    seconds = DurationField(
        label=gettext_lazy("Within"),
        help_text=gettext_lazy("For example 90 min or 4 h; where days are counted, 10 d."),
    )
    pause_statuses = forms.CharField(
        label=gettext_lazy("Statuses of its own"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, as imported. Only used where this target has statuses of its own."),
    )
    counts_for = forms.ChoiceField(
        label=gettext_lazy("These terms count for"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (NEW_ONLY, gettext_lazy("tickets that come in from now on; those before keep what was promised to them")),
            (ALL, gettext_lazy("all tickets, past ones too: earlier versions of this target are replaced")),
        ],
    )

    class Meta:
        model = ServiceTarget
        fields: ClassVar = [
            *("name", "metric", "position", *DIMENSIONS, "company", "customer", "least_mrr", "from_day", "until_day"),
            *("seconds", "count", "clock", "pausing", "warn_minutes", "is_active"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DIMENSIONS:
            self.fields[name].widget = KnownInput(known(name))
        for name in ("count", "pausing", "warn_minutes"):
            self.fields[name].required = False  # the usual one, where nothing is said
        self.initial["pause_statuses"] = "\n".join(self.instance.pause_statuses)
        self.fields["counts_for"].initial = NEW_ONLY if ServiceTarget.objects.exists() else ALL
        if self.instance.pk and self.instance.count != Promise.Count.SECONDS:
            self.initial["seconds"] = f"{self.instance.days} d"

    def clean_count(self) -> str:
        return self.cleaned_data["count"] or Promise.Count.SECONDS

    def clean_pausing(self) -> str:
        return self.cleaned_data["pausing"] or Promise.Pausing.ORGANISATION

    def clean_warn_minutes(self) -> int:
        given: int | None = self.cleaned_data["warn_minutes"]
        return self.instance.warn_minutes if given is None else given

    def clean_pause_statuses(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["pause_statuses"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean_counts_for(self) -> str:
        return self.cleaned_data["counts_for"] or str(self.fields["counts_for"].initial)

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or self.cleaned_data
        self._check_count(given)
        if given.get("pausing") == Promise.Pausing.OWN and not given.get("pause_statuses"):
            self.add_error("pause_statuses", _("Name the statuses, or choose what else stops the clock."))
        first, last = given.get("from_day"), given.get("until_day")
        if first is not None and last is not None and first >= last:
            self.add_error("until_day", _("This must be more than the days a customer has been one at least."))
        return given

    def _check_count(self, given: dict[str, Any]) -> None:
        seconds = given.get("seconds")
        if not seconds:
            return
        if given.get("count") == Promise.Count.SECONDS:
            is_in_days = "d" in str(self.data.get("seconds", "")).lower()
            if is_in_days and given.get("clock") == Promise.Clock.BUSINESS:
                self.add_error("seconds", _("Business time has no days: write the hours, for example 16 h."))
        elif seconds % 86400:
            self.add_error("seconds", _("Where days are counted, write whole days, for example 10 d."))

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        self.instance.pause_statuses = self.cleaned_data["pause_statuses"]
        return super().save(commit)


class PresetForm(forms.Form):
    """One preset: whether it is wanted, and for which tickets."""

    wanted = forms.BooleanField(required=False)
    member = forms.CharField(required=False, max_length=200)

    def __init__(self, preset: TargetPreset, data: Any = None) -> None:
        super().__init__(data, prefix=preset.code)
        self.preset = preset
        self.dimension = presentation.dimension(preset.dimension)
        self.fields["wanted"].label = str(preset.name)
        self.fields["member"].label = _("%(dimension)s in your data:") % {"dimension": self.dimension}
        there = known(preset.dimension)
        self.fields["member"].widget = KnownInput(there)
        self.fields["member"].initial = next((one for one in there if one.lower() in preset.usual), "")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("wanted") and not given.get("member"):
            message = _(
                "Say what this %(dimension)s is called in your data; otherwise it would count for every ticket."
            )
            self.add_error("member", message % {"dimension": self.dimension})
        return given


class RingForm(forms.Form):
    seconds_per_ring = forms.IntegerField(
        label=gettext_lazy("Seconds a ring lasts"),
        min_value=1,
        max_value=30,
        initial=presets.SECONDS_PER_RING,
        help_text=gettext_lazy("An assumption: nobody measures rings. Three rings of 6 seconds are 18 seconds."),
    )


def known(dimension: str) -> list[str]:
    """The values of a dimension that occur in tickets."""
    return [member for member in queries.members(queries.CATALOGUE["ticket_volume"], dimension) if member]


def unknown(target: ServiceTarget) -> list[tuple[str, str]]:
    """The dimensions of a target with a value that no ticket has so far."""
    given = [(name, getattr(target, name)) for name in DIMENSIONS if getattr(target, name)]
    return [(name, value) for name, value in given if value not in known(name)]
