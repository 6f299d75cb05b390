"""What managers fill in to import a file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.time_zones import time_zones
from metrics.column_words import column_words
from metrics.fact_words import ColumnWords
from metrics.ingest import Match, Preview, Request, request_of
from metrics.models import ImportRun
from metrics.score_fields import KindFields, ScoreFields, ShownScore
from metrics.sources.formats import AUTO, READERS
from metrics.sources.headers import duplicates, without_ours
from metrics.sources.instants import both_readings

MAP: Final = "map-"
_OPTIONS: Final = ("kind", "format", "zone", "source", "day_first")
FORMAT_NAMES: Final = {
    AUTO: gettext_lazy("Recognise it"),
    "generic": gettext_lazy("Plumbline’s own columns"),
    "zendesk": "Zendesk",
    "freshdesk": "Freshdesk, Freshservice",
    "hubspot": "HubSpot",
    "chatwoot": "Chatwoot",
    "zammad": "Zammad",
    "servicenow": "ServiceNow",
}
_ACCEPTED: Final = ".csv,.tsv,.txt,.gz,.xlsx,.jsonl,.ndjson,.json"


class _HowToRead(forms.Form):
    """What the file is, and what it does not say itself."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        choices=[(kind, capfirst(kind.label)) for kind in ImportRun.Kind],
        help_text=gettext_lazy(
            "Import tickets before their events, messages and answers; everything else in any order."
        ),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, FORMAT_NAMES[name]) for name in (AUTO, *READERS)]
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone, where the times name none"),
        required=False,
        help_text=gettext_lazy("Most help desks export in the time zone of the account or of whoever exports."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("A row is found again by its source and its id. Empty means the name of the format."),
    )
    day_first = forms.TypedChoiceField(
        label=gettext_lazy("Order in dates such as 3/4/2026"),
        choices=[
            ("", gettext_lazy("As the file shows")),
            (True, gettext_lazy("Day first: 3 April 2026")),
            (False, gettext_lazy("Month first: 4 March 2026")),
        ],
        coerce=lambda text: text == "True",
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = _("Ours: %(zone)s") % {"zone": zone}
        chosen = str(self.data.get("zone", "") or self.initial.get("zone", ""))
        self.fields["zone"].choices = [("", ours), *time_zones(chosen)]  # type: ignore[attr-defined]  # it is a ChoiceField

    def _asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _OPTIONS}


class UploadForm(_HowToRead):
    like = forms.ModelChoiceField(ImportRun.objects.all(), required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=255, widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = ImportRun.Kind.TICKETS  # what most files hold, and what is imported first
        most = most_bytes()
        self.fields["file"].help_text = _(
            "CSV with any delimiter, Excel (.xlsx) or JSON, also packed with gzip; at most %(most)s."
        ) % {"most": most}
        self.helper = FormHelper()
        rows = (Div("kind", "format", css_class="field-row"), Div("zone", "source", css_class="field-row"))
        # The file comes last: should it be too large, the other fields have been read.
        self.helper.layout = Layout(*rows, "day_first", "like", "file")
        self.helper.add_input(Submit("submit", _("Show me the preview")))

    def request(self) -> Request:
        return Request(**self._asked())

    def request_for(self, header: Sequence[str]) -> Request:
        """With the columns and values of the import that this one follows, where the file has the same header."""
        asked, run = self.request(), self.cleaned_data["like"]
        if run is None or run.kind != asked.kind or without_ours(header) != run.header:
            return asked
        before = request_of(run)
        told = {
            name: getattr(before, name)
            for name in ("mapping", "value_map", "decimal_comma", "survey_kind", "scales", "best")
        }
        return replace(asked, **told)


class MappedLine(NamedTuple):
    """A canonical column, the choice of what fills it, and by line what the first rows have there."""

    match: Match
    words: ColumnWords
    field: forms.BoundField
    samples: list[tuple[int, str]]


class PreviewForm(_HowToRead):
    """The same once more, with the columns of the file that fill the canonical ones."""

    def __init__(self, *args: Any, preview: Preview, asked: Request, **kwargs: Any) -> None:
        self.preview, self.asked = preview, asked
        self._scores = ScoreFields(preview.scores, asked)
        super().__init__(*args, initial=options_of(asked), **kwargs)
        if preview.open_date:
            # Not required by the form itself: it also shows the preview again before anything is chosen.
            self.fields["day_first"].widget.attrs["required"] = True
        self.fields["day_first"].choices = self._orders()  # type: ignore[attr-defined]  # it is a ChoiceField
        choices = [("", _("– none –")), *((name, name) for name in preview.table.header)]
        for match in preview.matches:
            self.fields[f"{MAP}{match.column.name}"] = forms.ChoiceField(
                label=match.column.name, choices=choices, required=False, initial=match.source
            )

        self.fields |= self._scores.fields()

    def score_kinds(self) -> list[KindFields]:
        return self._scores.kinds(self)

    def score_lines(self) -> list[ShownScore]:
        return list(self._scores.lines(self))

    def _orders(self) -> list[tuple[str, str]]:
        """With what the file shows, or with both readings of a date where it shows nothing."""
        found, date = self.preview.day_first, self.preview.open_date
        first = _("As the file shows")
        if date or (found is not None and self.asked.day_first is None):
            first = _("– please choose –") if date else self._found(is_day_first=bool(found))
        readings = both_readings(date or "3/4/2026")
        words = (_("Day first: %(date)s is %(reading)s"), _("Month first: %(date)s is %(reading)s"))
        values = [{"date": date or "3/4/2026", "reading": date_format(reading, "j F Y")} for reading in readings]
        return [("", first), ("True", words[0] % values[0]), ("False", words[1] % values[1])]

    def _found(self, *, is_day_first: bool) -> str:
        return _("As the file shows: day first") if is_day_first else _("As the file shows: month first")

    def filled(self) -> list[MappedLine]:
        """Required columns, and those that the file has."""
        return [line for line in self._lines() if line.match.source or line.match.column.required]

    def unfilled(self) -> list[MappedLine]:
        return [line for line in self._lines() if not (line.match.source or line.match.column.required)]

    def _lines(self) -> Iterator[MappedLine]:
        for match in self.preview.matches:
            samples = list(zip(self.preview.lines, match.samples, strict=True))
            words = column_words(self.preview.layout.makes, match.column.name)
            yield MappedLine(match, words, self[f"{MAP}{match.column.name}"], samples)

    def request(self) -> Request:
        """Another kind or format has other columns, so what was mapped before is forgotten."""
        given, asked = self.cleaned_data, self._asked()
        if (given["kind"], given["format"]) != (self.asked.kind, self.asked.format):
            return Request(**asked)
        chosen = {
            match.column.name: (given[f"{MAP}{match.column.name}"], match.automatic) for match in self.preview.matches
        }
        twins = set(duplicates(self.preview.table.header))
        # Of two columns with one name it must be said which counts, also when it is the first.
        mapping = {
            name: source
            for name, (source, automatic) in chosen.items()
            if source != automatic or (source and twins & {f"{source} (2)", source})
        }
        return Request(**asked, mapping=mapping, **self._scores.told(given))


def most_bytes() -> str:
    """The limit of an upload in round decimal units, as disks and mail programs count: 500 MB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size <= settings.IMPORT_MAX_BYTES:
            return f"{number_format(settings.IMPORT_MAX_BYTES / size, 1).removesuffix('.0').removesuffix(',0')} {unit}"
    return f"{settings.IMPORT_MAX_BYTES} B"


def options_of(asked: Request) -> dict[str, Any]:
    """What the form shows for a request."""
    return {name: getattr(asked, name) for name in _OPTIONS}


def too_large() -> str:
    """What is said about a file above the limit."""
    values = {"most": most_bytes()}
    return _("The file is larger than %(most)s. Split it, or import it with manage.py import_data.") % values
