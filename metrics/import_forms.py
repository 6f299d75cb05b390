"""What managers fill in to import a file."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.ingest import Match, Preview, Request
from metrics.models import ImportRun
from metrics.sources.formats import AUTO, READERS

MAP: Final = "map-"
FORMAT_NAMES: Final = {
    AUTO: gettext_lazy("Recognise it"),
    "generic": gettext_lazy("Plumbline’s own columns"),
    "servicenow": "ServiceNow",
}
_ACCEPTED: Final = ".csv,.tsv,.txt,.gz,.xlsx,.jsonl,.ndjson,.json"


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones())]


class _HowToRead(forms.Form):
    """What the file is, and what it does not say itself."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        choices=[(kind, capfirst(kind.label)) for kind in ImportRun.Kind],
        help_text=gettext_lazy("Import tickets before their events."),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, FORMAT_NAMES[name]) for name in (AUTO, *READERS)]
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of times without an offset"),
        required=False,
        help_text=gettext_lazy("Most help desks export in the time zone of the account or of whoever exports."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("A ticket is found again by its source and its id. Empty means the name of the format."),
    )
    day_first = forms.BooleanField(label=gettext_lazy("In dates such as 3/4/2026 the day comes first"), required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = _("That of the organisation: %(zone)s") % {"zone": zone}
        self.fields["zone"].choices = [("", ours), *_zones()]  # type: ignore[attr-defined]  # it is a ChoiceField


class UploadForm(_HowToRead):
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=255, widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = filesizeformat(settings.IMPORT_MAX_BYTES)
        self.fields["file"].help_text = _(
            "CSV with any delimiter, Excel (.xlsx) or JSON Lines, also packed with gzip; at most %(most)s."
        ) % {"most": most}
        self.helper = FormHelper()
        rows = (Div("kind", "format", css_class="field-row"), Div("zone", "source", css_class="field-row"))
        # The file comes last: should it be too large, the other fields have been read.
        self.helper.layout = Layout(*rows, "day_first", "file")
        self.helper.add_input(Submit("submit", _("Show me the preview")))

    def request(self) -> Request:
        given = self.cleaned_data
        return Request(**{name: given[name] for name in ("kind", "format", "zone", "source", "day_first")})


class MappedLine(NamedTuple):
    """A canonical column, the choice of what fills it, and by line what the first rows have there."""

    match: Match
    field: forms.BoundField
    samples: list[tuple[int, str]]


class PreviewForm(_HowToRead):
    """The same once more, with the columns of the file that fill the canonical ones."""

    def __init__(self, *args: Any, preview: Preview, asked: Request, **kwargs: Any) -> None:
        self.preview, self.asked = preview, asked
        initial = {name: getattr(asked, name) for name in ("kind", "format", "zone", "source", "day_first")}
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", _("– none –")), *((name, name) for name in preview.table.header)]
        for match in preview.matches:
            self.fields[f"{MAP}{match.column.name}"] = forms.ChoiceField(
                label=match.column.name, choices=choices, required=False, initial=match.source
            )

    def filled(self) -> list[MappedLine]:
        """Required columns, and those that the file has."""
        return [line for line in self._lines() if line.match.source or line.match.column.required]

    def unfilled(self) -> list[MappedLine]:
        return [line for line in self._lines() if not (line.match.source or line.match.column.required)]

    def _lines(self) -> Iterator[MappedLine]:
        for match in self.preview.matches:
            samples = list(zip(self.preview.lines, match.samples, strict=True))
            yield MappedLine(match, self[f"{MAP}{match.column.name}"], samples)

    def request(self) -> Request:
        """Another kind or format has other columns, so what was mapped before is forgotten."""
        given = self.cleaned_data
        asked = {name: given[name] for name in ("kind", "format", "zone", "source", "day_first")}
        if (given["kind"], given["format"]) != (self.asked.kind, self.asked.format):
            return Request(**asked)
        chosen = {
            match.column.name: (given[f"{MAP}{match.column.name}"], match.automatic) for match in self.preview.matches
        }
        mapping = {name: source for name, (source, automatic) in chosen.items() if source != automatic}
        return Request(**asked, mapping=mapping, value_map=self.asked.value_map)


def too_large() -> str:
    """What is said about a file above the limit."""
    values = {"most": filesizeformat(settings.IMPORT_MAX_BYTES)}
    return _("The file is larger than %(most)s. Split it, or import it with manage.py import_data.") % values
