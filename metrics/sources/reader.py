"""What the readers of all formats share: find the columns, settle the order of dates, read lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import monotonic
from typing import Final

from metrics.sources import headers
from metrics.sources.amounts import Marks
from metrics.sources.columns import REPORTED, Column, Form, normal
from metrics.sources.faults import BadValue, Notes, short
from metrics.sources.instants import day_comes_first, is_ambiguous, proofs
from metrics.sources.order import Latest
from metrics.sources.reported import Duration
from metrics.sources.rows import Fault, Options, Row, RowReader, Superseded
from metrics.sources.table import Line, Table
from metrics.sources.trails import Trail
from metrics.sources.values import MISSING

PREVIEW_LINES: Final = 2_000
_MARKS: Final = ("/", ".", "-")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one format writes one kind: its columns, the names it has for them, and the order of its dates.

    `makes` says what its reader yields: rows of tickets, rows of events, or trails of snapshots. `aliases` are the
    format's own names, the first that a file has counts; of the columns in `joined` every row is asked anew, as some
    have one of them and some another. `synonyms` are tried for what is still without a column then. `durations` are the
    columns that are kept for comparison, `words` what cells mean (by column, in small letters), `ignored` are columns
    that say nothing.
    """

    format: str
    kind: str
    makes: str
    columns: tuple[Column, ...]
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    durations: Mapping[str, Duration] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    prefers_day_first: bool = False


class Reader:
    """Rows of one file in canonical columns. Call `survey` before `items`. Subclasses say what identifies a row.

    Columns that are `only_new` say less than what is known of a record already. Columns of tickets that a system tells
    in no other way come `from_events`.
    """

    layout: Layout
    only_new: tuple[str, ...] = ()
    from_events: tuple[str, ...] = ()
    identity = "external_id"
    preview_lines = PREVIEW_LINES

    def __init__(self, table: Table, options: Options) -> None:
        """Raises FileFault when the header does not fit."""
        self.table = table
        self.options = options
        self.notes = table.notes
        self.rows = 0
        self.has_open_dates = False
        self.open_date = ""  # a date that nothing says how to read
        self.survey_seconds = 0.0
        self._marks = Marks()
        headers.check_names(self.layout.columns, options.value_map)
        self.used = headers.match(
            table, self.layout.columns, self.layout.aliases, options.mapping, synonyms=self.layout.synonyms
        )
        headers.check(table, self.layout.columns, self.layout.aliases, self.used)
        self._fallbacks = headers.fallbacks(
            table.header, self.layout.aliases, self.layout.joined, self.used, options.mapping
        )
        self._places = {normal(name): position for position, name in reversed(list(enumerate(table.header)))}
        for name in headers.duplicates(table.header):
            self.notes.add("duplicate_header", name)
        self._named = dict(self.used)
        self._durations = [
            (place, duration) for name, duration in self.layout.durations.items() if (place := self._free(name)) >= 0
        ]
        aside = [*(place for place, _duration in self._durations), *map(self._free, self.layout.ignored)]
        self.used |= {f"column {place}": place for place in aside if place >= 0}

    def survey(self, most: int | None = None) -> None:
        """Look over the file, or its first lines: count them, learn the order of dates, find the last row of every
        record. Raises FileFault for what is wrong anywhere."""
        began = monotonic()
        dates: set[str] = set()
        self._marks = Marks()
        self.rows = self._look_over(self._noted(islice(self.table.records(), most), dates))
        self.has_open_dates = bool(dates)
        self.options = replace(
            self.options, day_first=self._day_first(dates), decimal_comma=self._decimal_comma(self._marks)
        )
        self._reader = self.row_reader(self.notes)
        self.survey_seconds = monotonic() - began

    def row_reader(self, notes: Notes) -> RowReader:
        return RowReader(
            self.table,
            self.layout.columns,
            self.used,
            options=self.worded_options(),
            notes=notes,
            fallbacks=self._fallbacks,
        )

    def worded_options(self) -> Options:
        """With what the format itself means by its words; what somebody told comes first."""
        told = {
            column: {**self.layout.words.get(column, {}), **_folded(self.options.value_map.get(column, {}))}
            for column in {*self.layout.words, *self.options.value_map}
        }
        return replace(self.options, value_map=told)

    def complete(self, row: Row) -> Row:
        """With the columns that nothing else asks for, and the durations that the source reports."""
        row = self._reader.complete(row)
        if self._durations:
            row.values[REPORTED] = {**row.values.get(REPORTED, {}), **dict(self._read_durations(row))}
        return row

    @property
    def compared(self) -> list[str]:
        """The columns with durations that are kept for comparison, as the file calls them."""
        return [self.table.header[place] for place, _duration in self._durations]

    def kept(self) -> Mapping[str, frozenset[str]]:
        """What this file may say in the columns that hold several: of anything else there it says nothing."""
        reported = {duration.name for _place, duration in self._durations}
        return {"extra": self._reader.extra_names, REPORTED: self._reader.reported_names | reported}

    def refuse_open_scales(self) -> None:
        """Raises UnknownScale where the file leaves open what its scores mean."""

    def items(self) -> Iterator[Row | Trail | Fault | Superseded]:
        """Every row of the file once, in the order in which it can be settled. Raises FileFault."""
        raise NotImplementedError

    def sample(self, count: int) -> list[Row | Fault]:
        """The first rows as they will be read."""
        rows = [self._read(line) for line in self.table.head(count)]
        return [self.complete(row) if isinstance(row, Row) else row for row in rows]

    def keepable(self, fault: Fault) -> Fault:
        """A row that cannot be used, as it may be kept until somebody mends it."""
        return fault

    def has(self, name: str) -> bool:
        """Whether the file has a column of this name, whether or not that is one of ours."""
        return normal(name) in self._places

    def place(self, name: str) -> int:
        """The position of a column that the file is known to have."""
        return self._places[normal(name)]

    def text(self, row: Row, name: str) -> str:
        """What a row has in a column of this name; "" for nothing, also where there is no such column."""
        place = self._places.get(normal(name))
        found = "" if place is None else row.cells[place].strip()
        return "" if found in MISSING else found

    def record_key(self, line: Line) -> str:
        """What tells the record that a line is about from all others of the source; "" where nothing does, or where a
        record has several lines."""
        position = self.used.get("external_id", -1)
        is_named = 0 <= position < len(line.cells) and line.cells[position].strip() not in MISSING
        return self._key(line) if is_named and self.identity == "external_id" and self.layout.makes != "trails" else ""

    def _read(self, line: Line) -> Row | Fault:
        return self._reader.read(line)

    def _free(self, name: str) -> int:
        """The position of a column that fills none of ours; -1 for none."""
        place = self._places.get(normal(name), -1)
        return -1 if place in self._named.values() else place

    def _read_durations(self, row: Row) -> Iterator[tuple[str, int]]:
        for place, duration in self._durations:
            text = row.cells[place].strip()
            try:
                if text not in MISSING:
                    yield duration.name, duration.read(text)
            except BadValue:
                self.notes.add("bad_duration", f"{self.table.header[place]}: {short(text)}")

    def _key(self, line: Line) -> str:
        position = self.used[self.identity]
        return line.cells[position].strip() if position < len(line.cells) else ""

    def _look_over(self, lines: Iterator[Line]) -> int:
        """How many rows there are; on the way which is the last one of its record."""
        self._latest = Latest.of(map(self._key, lines))
        return int(self._latest.is_last.size)

    def _noted(self, lines: Iterator[Line], dates: set[str]) -> Iterator[Line]:
        """Every row; on the way the dates whose order must be found out."""
        positions = self._positions(Form.INSTANT, Form.DATE)
        amounts = self._positions(Form.MONEY)
        twins = headers.twins(self.table.header, self._named, self.options.mapping)
        for line in lines:
            cells = line.cells
            for position in positions:
                if position < len(cells):
                    text = cells[position].strip()
                    if text[1:2] in _MARKS or text[2:3] in _MARKS:
                        dates.add(text.partition(" ")[0].rstrip(","))
            for position in amounts:
                if position < len(cells):
                    self._marks.add(cells[position].strip())
            for first, second in twins:
                headers.check_twins(self.table, line, first, second)
            yield line

    def _positions(self, *forms: Form) -> list[int]:
        """Where the file has columns of these forms."""
        names = [column.name for column in self.layout.columns if column.form in forms and column.name in self.used]
        return [place for name in names for place in (self.used[name], *self._fallbacks.get(name, ()))]

    def _decimal_comma(self, marks: Marks) -> bool:
        """Whether a comma begins the fraction of amounts. Where nothing proves it, a point does, as machines write,
        and an amount for which that matters is noted."""
        if self.options.decimal_comma is not None:
            return self.options.decimal_comma
        if marks.is_comma is None and marks.open_example:
            self.notes.add("amount_open", marks.open_example)
        return bool(marks.is_comma)

    @property
    def has_open_amounts(self) -> bool:
        return bool(self._marks.open_example)

    def _day_first(self, dates: set[str]) -> bool:
        if self.options.day_first is not None:
            return self.options.day_first
        found = proofs(dates)
        if found.are_mixed:
            self.notes.add("mixed_date_orders", f"{found.day_first} / {found.month_first}")
        proven = day_comes_first(dates)
        if proven is None:
            if not self.layout.prefers_day_first:
                self.open_date = next(iter(sorted(filter(is_ambiguous, dates))), "")
            return self.layout.prefers_day_first
        return proven


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    return {seen.strip().casefold(): meant for seen, meant in words.items()}
