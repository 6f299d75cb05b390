"""Lines of a table into rows of canonical values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.lib.cells import safe_cell_undone
from metrics.sources import instants
from metrics.sources.amounts import read_amount
from metrics.sources.columns import Column, Form
from metrics.sources.faults import BadValue, Notes, short
from metrics.sources.headers import is_mended, left_over, reported_name
from metrics.sources.scoring import Scoring
from metrics.sources.table import Line, Table
from metrics.sources.values import MISSING, Parse, parser

_MOST_KNOWN: Final = 1000
"""So many texts of a column are remembered with what they mean: most columns have few."""

_READ_ANEW: Final = frozenset({Form.TEXT, Form.LABELS, Form.LABELS_BY_COMMA, Form.MONEY, Form.INSTANT})
"""Reading texts and amounts leaves a note each time; instants are remembered by what reads them."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be understood, where it does not say so itself."""

    zone: str = "UTC"
    day_first: bool | None = None  # None: as the file shows
    decimal_comma: bool | None = None  # the same
    mapping: Mapping[str, str] = field(default_factory=dict)
    value_map: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scoring: Scoring = field(default_factory=Scoring)


@dataclass(slots=True)
class Row:
    """One record. `version` puts several states of the same record in order, where the source counts them; `others`
    are further lines that say a part of it."""

    line: int
    cells: Sequence[str]
    values: dict[str, Any]
    version: int | None = None
    others: Sequence[Line] = ()

    @property
    def lines(self) -> int:
        return 1 + len(self.others)

    def faults(self, column: str, reason: str, message: str) -> "list[Fault]":
        """Every line of it, to be rejected together."""
        lines = [(self.line, self.cells), *((other.number, other.cells) for other in self.others)]
        return [Fault(number, cells, column, reason, message) for number, cells in lines]


@dataclass(slots=True)
class Fault:
    """A row that cannot be used, and why."""

    line: int
    cells: Sequence[str]
    column: str
    reason: str
    message: str


@dataclass(slots=True)
class Superseded:
    """A row that says something older, or the same once more, about a record that another row describes."""

    line: int


_Cell = tuple[str, int, Parse, Any, Callable[[str], str] | None, dict[str, Any], int]
"""Name, position, how it is read, what nothing means, how words are translated, what is remembered, and how much."""


class RowReader:
    """Reads the lines of one table. `used` says in which position of the file each canonical column is, `fallbacks` in
    which others a row may have it."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column],
        used: Mapping[str, int],
        *,
        options: Options,
        notes: Notes,
        fallbacks: Mapping[str, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        self._width = len(table.header)
        self._is_mended = is_mended(table.header)
        self._required = [column.name for column in columns if column.required]
        read_time = instants.reader(options.zone, day_first=bool(options.day_first))
        others = _forms_of(options, notes)
        self._cells: list[_Cell] = [
            (
                column.name,
                used[column.name],
                parser(column, read_time, notes, others),
                column.empty,
                _lookup(options.value_map.get(column.name)),
                {},
                0 if column.form in _READ_ANEW else _MOST_KNOWN,
            )
            for column in columns
            if column.name in used
        ]
        self._fallbacks = [(used[name], places) for name, places in fallbacks.items()]
        rest = left_over(table.header, used)
        mapped = {reported_name(name): position for name, position in used.items() if reported_name(name)}
        reported = {reported_name(name): position for name, position in rest.items() if reported_name(name)}
        self._reported = {**reported, **mapped}
        self._extra = {name: position for name, position in rest.items() if not reported_name(name)}

    @property
    def extra_names(self) -> frozenset[str]:
        return frozenset(self._extra)

    @property
    def reported_names(self) -> frozenset[str]:
        return frozenset(self._reported)

    def cell(self, name: str, text: str) -> Any:
        """One cell of a column as it is understood. Raises BadValue."""
        for own, _position, parse, empty, lookup, _known, _most in self._cells:
            if own == name:
                said = lookup(text) if lookup else text
                return empty if said in MISSING else parse(said)
        return None

    def read(self, line: Line) -> Row | Fault:
        if line.trouble:
            return Fault(line.number, line.cells, "", *line.trouble)
        cells = [safe_cell_undone(cell) for cell in line.cells] if self._is_mended else line.cells
        if len(cells) != self._width:
            if len(cells) < self._width or any(cell.strip() for cell in cells[self._width :]):
                return Fault(line.number, cells, "", "cell_count", self._miscounted(len(cells)))
            cells = cells[: self._width]
        return self._understood(line.number, cells)

    def _understood(self, number: int, cells: Sequence[str]) -> Row | Fault:
        values: dict[str, Any] = {}
        found: list[tuple[str, BadValue]] = []
        asked = self._joined(cells) if self._fallbacks else cells
        for name, position, parse, empty, lookup, known, most in self._cells:
            text = asked[position].strip()
            if text in known:
                values[name] = known[text]
                continue
            said = lookup(text) if lookup else text
            try:
                values[name] = value = empty if said in MISSING else parse(said)
            except BadValue as fault:
                found.append((name, fault))
            else:
                if len(known) < most:
                    known[text] = value
        gone = {name for name in self._required if name in values and values[name] in (None, "")}
        found += [(name, _missing(name, asked[place].strip())) for name, place, *_rest in self._cells if name in gone]
        if found:
            name, first = found[0]
            return Fault(number, cells, name, first.reason, _together(found))
        return Row(number, cells, values)

    def _joined(self, cells: Sequence[str]) -> Sequence[str]:
        """The cells, with what other columns say where one has nothing."""
        found = list(cells)
        for position, places in self._fallbacks:
            said = (cells[place] for place in (position, *places) if cells[place].strip() not in MISSING)
            found[position] = next(said, cells[position])
        return found

    def complete(self, row: Row) -> Row:
        """With the columns that nothing else asks for. Apart from `read`, because most rows of a history need none."""
        if self._extra:
            row.values["extra"] = dict(self._filled(row, self._extra))
        if self._reported:
            row.values["reported"] = {name: _number_or_text(text) for name, text in self._filled(row, self._reported)}
        return row

    def _filled(self, row: Row, positions: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        for name, position in positions.items():
            text = row.cells[position].strip()
            if text not in MISSING:
                yield name, text

    def _miscounted(self, found: int) -> str:
        return ngettext(
            "This line has %(found)s cell, the header has %(width)s.",
            "This line has %(found)s cells, the header has %(width)s.",
            found,
        ) % {"found": found, "width": self._width}


def _forms_of(options: Options, notes: Notes) -> Mapping[Form, Callable[[str], Any]]:
    zone, day_first, is_comma = options.zone, bool(options.day_first), bool(options.decimal_comma)
    return {
        Form.DATE: lambda text: instants.read_day(text, zone=zone, day_first=day_first),
        Form.MONEY: lambda text: read_amount(text, notes, is_comma=is_comma),
    }


def _missing(name: str, text: str) -> BadValue:
    """With what stands there, where it is one of the ways in which other systems write nothing."""
    if text:
        message = _("%(column)s is missing: “%(text)s” stands for “nothing” here.")
        return BadValue("missing_value", message % {"column": name, "text": short(text)})
    return BadValue("missing_value", _("%(column)s is missing.") % {"column": name})


def _together(found: Sequence[tuple[str, BadValue]]) -> str:
    """One sentence for each fault; after the first, whose column stands beside it, each names its column."""
    (_column, first), *others = found
    return " ".join([str(first), *(_also(name, fault) for name, fault in others)])


def _also(name: str, fault: BadValue) -> str:
    return str(fault) if fault.reason == "missing_value" else f"{name}: {fault}"


def _lookup(seen: Mapping[str, str] | None) -> Callable[[str], str] | None:
    if not seen:
        return None
    folded = {key.strip().casefold(): meant for key, meant in seen.items()}
    return lambda text: folded.get(text.casefold(), text)


def _number_or_text(text: str) -> int | float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    if number != number or abs(number) > 1e15:  # noqa: PLR0124 (not a number is the only value unlike itself)
        return text
    return int(number) if number.is_integer() else number
