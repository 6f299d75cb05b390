"""How service targets are written down: times with their units, and values that occur in tickets."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import queries
from metrics.models import ServiceTarget

DIMENSIONS: Final = ("channel", "priority", "tier")
_UNITS: Final = {"d": 86400, "h": 3600, "min": 60, "s": 1}
_LONGEST: Final = 3650 * 86400
_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(d|h|min|s)\s*")


class DurationField(forms.CharField):
    """Seconds, written as “4 h”, “90 min”, “1 h 30 min” or “2 d”."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").lower().strip()
        if not text:
            return None
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
        label=gettext_lazy("within"),
        help_text=gettext_lazy("For example 90 min, 4 h, or 2 d (of 24 hours; not in business time)."),
    )

    class Meta:
        model = ServiceTarget
        fields: ClassVar = ["name", "metric", "position", *DIMENSIONS, "seconds", "clock", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DIMENSIONS:
            self.fields[name].widget = KnownInput(known(name))

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or self.cleaned_data
        is_in_days = "d" in str(self.data.get("seconds", "")).lower()
        if is_in_days and given.get("seconds") and given.get("clock") == ServiceTarget.Clock.BUSINESS:
            self.add_error("seconds", _("Business time has no days: write the hours, for example 16 h."))
        return given


def known(dimension: str) -> list[str]:
    """The values of a dimension that occur in tickets."""
    return [member for member in queries.members(queries.CATALOGUE["ticket_volume"], dimension) if member]


def unknown(target: ServiceTarget) -> list[tuple[str, str]]:
    """The dimensions of a target with a value that no ticket has so far."""
    given = [(name, getattr(target, name)) for name in DIMENSIONS if getattr(target, name)]
    return [(name, value) for name, value in given if value not in known(name)]


def written(seconds: int) -> str:
    """Exactly these seconds, so that they can be read again; in hours at most."""
    hours, rest = divmod(seconds, 3600)
    parts = [(hours, "h"), (rest // 60, "min"), (rest % 60, "s")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 s"
