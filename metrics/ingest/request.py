"""What somebody asks for when they import a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kpiproject.queries import organisation
from metrics.sources.faults import UnknownOrder
from metrics.sources.files import open_table
from metrics.sources.formats import AUTO, check, open_reader
from metrics.sources.instants import both_readings
from metrics.sources.reader import Reader
from metrics.sources.responses import SurveyResponses
from metrics.sources.rows import Options
from metrics.sources.scoring import Known, Scoring, Span, parse_scale
from surveys import queries as surveys


@dataclass(frozen=True, slots=True)
class Request:
    """An empty `source` is the format's name, an empty `zone` the organisation's. Of answers to surveys: the kind where
    the file does not name it, and by kind (or "" for all) the scale, such as "1-5", and its best end, "low" or "high".
    """

    kind: str
    format: str = AUTO
    source: str = ""
    zone: str = ""
    day_first: bool | None = None
    decimal_comma: bool | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    value_map: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    survey_kind: str = ""
    scales: Mapping[str, str] = field(default_factory=dict)
    best: Mapping[str, str] = field(default_factory=dict)

    @property
    def options(self) -> Options:
        """Raises FileFault for a scale that is none."""
        return Options(
            zone=self.zone or organisation().time_zone,
            day_first=self.day_first,
            decimal_comma=self.decimal_comma,
            mapping=self.mapping,
            value_map=self.value_map,
            scoring=self._scoring(),
        )

    def _scoring(self) -> Scoring:
        if self.kind != "survey_responses":
            return Scoring()
        known = {
            one.slug: Known(one.kind, Span(one.scale_min, one.scale_max), one.lower_is_better)
            for one in surveys.every_survey()
        }
        told = {kind: parse_scale(text) for kind, text in self.scales.items()}
        return Scoring(kind=self.survey_kind, scales=told, best=self.best, surveys=known)

    def kept(self) -> dict[str, Any]:
        """What an import run keeps of it beside kind, format and source."""
        return {
            "zone": self.zone,
            "day_first": self.day_first,
            "decimal_comma": self.decimal_comma,
            "mapping": dict(self.mapping),
            "value_map": {column: dict(seen) for column, seen in self.value_map.items()},
            **self._about_scores(),
        }

    def _about_scores(self) -> dict[str, Any]:
        if self.kind != "survey_responses":
            return {}
        return {"survey_kind": self.survey_kind, "scales": dict(self.scales), "best": dict(self.best)}

    def as_read(self, reader: Reader) -> dict[str, Any]:
        """The same with what the file itself has shown, so that its rejected rows are read alike when they return."""
        order = reader.options.day_first if reader.has_open_dates else self.day_first
        kept = {**self.kept(), "zone": reader.options.zone, "day_first": order}
        kept["decimal_comma"] = reader.options.decimal_comma if reader.has_open_amounts else self.decimal_comma
        if isinstance(reader, SurveyResponses):
            kept["scales"] = {**reader.shown_scales(), **kept["scales"]}
        return kept


def refuse_open_dates(reader: Reader) -> None:
    """Raises UnknownOrder: a guess would put tickets months away, and nobody would see it."""
    if reader.open_date:
        one, other = both_readings(reader.open_date)
        message = _("Nothing in %(name)s proves whether %(date)s is %(one)s (day first) or %(other)s (month first).")
        values = {"name": reader.table.name, "date": reader.open_date, "one": one, "other": other}
        raise UnknownOrder(message % values, reader.open_date)


def prepare(path: Path, request: Request, *, name: str = "", pulse: Callable[[], object] = lambda: None) -> Reader:
    """A reader that has looked over the whole file. Raises FileFault for whatever is wrong with the file as a whole,
    before anything has been written. Calls `pulse` every now and then."""
    check(request.kind, request.format)
    table = open_table(path, name=name)
    reader = open_reader(table.watched(pulse), request.kind, format_name=request.format, options=request.options)
    reader.survey()
    refuse_open_dates(reader)
    reader.refuse_open_scales()
    return reader
