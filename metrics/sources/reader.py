"""What the readers of all formats share: find the columns, settle the order of dates, read lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import monotonic
from typing import Final

from metrics.sources import headers
from metrics.sources.columns import REPORTED, Column, Form, normal
from metrics.sources.faults import Notes
from metrics.sources.instants import day_comes_first, is_ambiguous
from metrics.sources.order import Latest
from metrics.sources.rows import Fault, Options, Row, RowReader, Superseded
from metrics.sources.table import Line, Table
from metrics.sources.trails import Trail

PREVIEW_LINES: Final = 2_000
_MARKS: Final = ("/", ".", "-")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one format writes one kind: its columns, the names it has for them, and the order of its dates.

    `makes` says what its reader yields: rows of tickets, rows of events, or trails of snapshots. `aliases` are the
    format's own names; `synonyms` are tried for what is still without a column then.
    """

    format: str
    kind: str
    makes: str
    columns: tuple[Column, ...]
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reported: tuple[str, ...] = ()
    prefers_day_first: bool = False


class Reader:
    """Rows of one file in canonical columns. Call `survey` before `items`. Subclasses say what identifies a row."""

    layout: Layout
    identity = "external_id"

    def __init__(self, table: Table, options: Options) -> None:
        """Raises FileFault when the header does not fit."""
        self.table = table
        self.options = options
        self.notes = table.notes
        self.rows = 0
        self.has_open_dates = False
        self.open_date = ""  # a date that nothing says how to read
        self.survey_seconds = 0.0
        headers.check_names(self.layout.columns, options.value_map)
        self.used = headers.match(
            table, self.layout.columns, self.layout.aliases, options.mapping, synonyms=self.layout.synonyms
        )
        headers.check(table, self.layout.columns, self.layout.aliases, self.used)
        known = {normal(name): position for position, name in reversed(list(enumerate(table.header)))}
        for name in headers.duplicates(table.header):
            self.notes.add("duplicate_header", name)
        for name in self.layout.reported:
            if normal(name) in known:
                self.used[f"{REPORTED}_{name}"] = known[normal(name)]

    def survey(self, most: int | None = None) -> None:
        """Look over the file, or its first lines: count them, learn the order of dates, find the last row of every
        record. Raises FileFault for what is wrong anywhere."""
        began = monotonic()
        dates: set[str] = set()
        self._latest = Latest.of(self._noted(islice(self.table.records(), most), dates))
        self.rows = int(self._latest.is_last.size)
        self.has_open_dates = bool(dates)
        self.options = replace(self.options, day_first=self._day_first(dates))
        self._reader = self.row_reader(self.notes)
        self.survey_seconds = monotonic() - began

    def row_reader(self, notes: Notes) -> RowReader:
        return RowReader(self.table, self.layout.columns, self.used, options=self.options, notes=notes)

    def items(self) -> Iterator[Row | Trail | Fault | Superseded]:
        """Every row of the file once, in the order in which it can be settled. Raises FileFault."""
        raise NotImplementedError

    def sample(self, count: int) -> list[Row | Fault]:
        """The first rows as they will be read."""
        rows = [self._read(line) for line in self.table.head(count)]
        return [self._reader.complete(row) if isinstance(row, Row) else row for row in rows]

    def _read(self, line: Line) -> Row | Fault:
        return self._reader.read(line)

    def _key(self, line: Line) -> str:
        position = self.used[self.identity]
        return line.cells[position].strip() if position < len(line.cells) else ""

    def _noted(self, lines: Iterator[Line], dates: set[str]) -> Iterator[str]:
        """The key of every row; on the way the dates whose order must be found out."""
        instants = [column.name for column in self.layout.columns if column.form is Form.INSTANT]
        positions = [self.used[name] for name in instants if name in self.used]
        twins = headers.twins(self.table.header, self.used, self.options.mapping)
        for line in lines:
            cells = line.cells
            for position in positions:
                if position < len(cells):
                    text = cells[position].strip()
                    if text[1:2] in _MARKS or text[2:3] in _MARKS:
                        dates.add(text.partition(" ")[0].rstrip(","))
            for first, second in twins:
                headers.check_twins(self.table, line, first, second)
            yield self._key(line)

    def _day_first(self, dates: set[str]) -> bool:
        if self.options.day_first is not None:
            return self.options.day_first
        proven = day_comes_first(dates)
        if proven is None:
            if not self.layout.prefers_day_first:
                self.open_date = next(iter(sorted(filter(is_ambiguous, dates))), "")
            return self.layout.prefers_day_first
        return proven
