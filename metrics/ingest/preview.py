"""How a file would be understood, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from metrics.ingest.request import Request, refuse_open_dates
from metrics.sources import headers
from metrics.sources.columns import Column
from metrics.sources.faults import FileFault, UnknownScale, Unsettled, short
from metrics.sources.files import GLANCE, open_table
from metrics.sources.formats import check, reader_class, refuse_misplaced
from metrics.sources.reader import Layout, Reader
from metrics.sources.responses import Counted, SurveyResponses
from metrics.sources.rows import Fault, Row
from metrics.sources.scoring import Placed, Span
from metrics.sources.table import Table
from surveys import queries as surveys
from surveys.scales import Scale

SAMPLES: Final = 3
_PROBLEMS: Final = 5
_LOOKED_AT: Final = 500
_SAMPLED: Final = 100
_LONGEST_SAMPLE: Final = 80


@dataclass(frozen=True)
class Match:
    """A canonical column, the column of the file that fills it, the one that would without being told, and what the
    first rows have there."""

    column: Column
    source: str
    automatic: str
    samples: Sequence[str]


@dataclass(frozen=True)
class FileColumn:
    """A column of the file, the canonical one that it fills, if any, and the first cells in which it says anything, as
    they stand there."""

    name: str
    fills: str
    samples: Sequence[str]


@dataclass(frozen=True)
class ScoreLine:
    """What a file has under its scores, and the name of the score group it belongs to; "" where there is none."""

    seen: Counted
    group: str


@dataclass(frozen=True)
class Scores:
    """What a file has under its scores; the kinds of survey they belong to, each with the scale that is meant where a
    row names none, if that is known. While it `is_open`, somebody has to choose."""

    lines: Sequence[ScoreLine]
    kinds: Mapping[str, Span | None]
    is_open: bool


@dataclass(frozen=True)
class Preview:
    """`fault` is the sentence that stands against an import as things are; when the import `is_hopeless`, no choice
    can change it. `day_first` is None where it is no question, `open_date` a date of which nobody knows how to read
    it."""

    table: Table
    layout: Layout
    zone: str
    day_first: bool | None
    matches: Sequence[Match]
    columns: Sequence[FileColumn]
    kept: Sequence[str]
    compared: Sequence[str]
    lines: Sequence[int]
    problems: Sequence[Fault]
    fault: str
    open_date: str = ""
    is_hopeless: bool = False
    scores: Scores | None = None


def preview(path: Path, request: Request, *, name: str) -> Preview:
    """Raises FileFault where the file is no table at all."""
    check(request.kind, request.format)
    table = open_table(path, name=name, look_at=GLANCE)
    chosen = reader_class(table, request.kind, request.format)
    reader, fault = _tried(chosen, table, request)
    if (fault is None or isinstance(fault, Unsettled)) and not table.head(1):
        fault = FileFault(_("%(name)s has a header and no rows: there is nothing to import.") % {"name": name})
    open_date = reader.open_date if reader else ""
    rows = reader.sample(_LOOKED_AT) if reader else []
    good = [row for row in rows if isinstance(row, Row)][:SAMPLES]
    zone = request.options.zone
    matches = _matches(table, chosen.layout, request, good, zone)
    return Preview(
        table=table,
        layout=chosen.layout,
        zone=zone,
        day_first=reader.options.day_first if reader and reader.has_open_dates and not open_date else None,
        matches=matches,
        columns=_columns(table, matches),
        kept=_kept(table, matches, reader),
        compared=reader.compared if reader else [],
        lines=[row.line for row in good],
        problems=[row for row in rows if isinstance(row, Fault)][:_PROBLEMS],
        fault=str(fault or ""),
        open_date=open_date,
        is_hopeless=fault is not None and not isinstance(fault, Unsettled),
        scores=_scores(reader, is_open=isinstance(fault, UnknownScale)),
    )


def _scores(reader: Reader | None, *, is_open: bool) -> Scores | None:
    if not isinstance(reader, SurveyResponses):
        return None
    own = {survey.slug: survey.scale for survey in surveys.every_survey()}
    lines = [ScoreLine(one, _group(one.placed, own)) for one in reader.scores()]
    kinds = {line.seen.kind: reader.found_scale(line.seen.kind) for line in lines if line.seen.kind}
    return Scores(lines, kinds, is_open)


def _group(placed: Placed | None, own: Mapping[str, Scale]) -> str:
    """By the thresholds of the survey that is named, else by the agreed ones."""
    if placed is None or placed.score is None:
        return ""
    usual = Scale(kind=placed.kind, low=placed.span.low, high=placed.span.high)
    return own.get(placed.survey, usual).group(placed.score)


def _tried(chosen: type[Reader], table: Table, request: Request) -> tuple[Reader | None, FileFault | None]:
    """A reader that has looked at the beginning of the file, and what stands against its use."""
    reader = None
    try:
        refuse_misplaced(table, request.kind, request.format)
        tried = chosen(table, request.options)
        tried.survey(tried.preview_lines)
        reader = tried
        refuse_open_dates(reader)
        reader.refuse_open_scales()
    except FileFault as fault:
        return reader, fault
    return reader, None


def _matches(table: Table, layout: Layout, request: Request, rows: Sequence[Row], zone: str) -> list[Match]:
    automatic = headers.match(table, layout.columns, layout.aliases, {}, synonyms=layout.synonyms)
    known = {name: source for name, source in request.mapping.items() if not source or source in table.header}
    used = headers.match(table, layout.columns, layout.aliases, known, synonyms=layout.synonyms)
    return [
        Match(
            column=column,
            source=_named(table, used.get(column.name)),
            automatic=_named(table, automatic.get(column.name)),
            samples=[_shown(row.values.get(column.name), zone) for row in rows],
        )
        for column in layout.columns
    ]


def _columns(table: Table, matches: Iterable[Match]) -> list[FileColumn]:
    fills = {match.source: match.column.name for match in matches if match.source}
    lines = table.head(_SAMPLED)
    found = []
    for place, name in enumerate(table.header):
        cells = (line.cells[place].strip() for line in lines if place < len(line.cells))
        samples = [short(cell, _LONGEST_SAMPLE) for cell in islice(filter(None, cells), SAMPLES)]
        found.append(FileColumn(name, fills.get(name, ""), samples))
    return found


def _kept(table: Table, matches: Iterable[Match], reader: Reader | None) -> list[str]:
    if reader:
        return list(headers.left_over(table.header, reader.used))
    used = {table.header.index(match.source): 0 for match in matches if match.source}
    return list(headers.left_over(table.header, {str(position): position for position in used}))


def _named(table: Table, position: int | None) -> str:
    return "" if position is None else table.header[position]


def _shown(value: Any, zone: str) -> str:
    """A value as a person reads it; instants in the zone they are read in, with its offset."""
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone))
        return f"{local:%Y-%m-%d %H:%M:%S} {local.isoformat()[-6:]}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else short(str(value), _LONGEST_SAMPLE)
