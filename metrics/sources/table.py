"""What every kind of file becomes: a header, and rows of text cells under it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from metrics.sources.faults import FileFault, Notes

MOST_COLUMNS: Final = 2_000
_LINES_A_PULSE: Final = 1_000
_LONGEST_HEAD: Final = 8_000_000  # characters


class Trouble(NamedTuple):
    """Why a line could not be split into cells."""

    reason: str
    message: str


class Line(NamedTuple):
    """One record of a file; `number` is the line on which it begins."""

    number: int
    cells: Sequence[str]
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was recognised. `lines` starts again from the top each time it is called."""

    name: str
    form: str  # csv, xlsx, jsonl or json
    header: tuple[str, ...]
    header_line: int
    lines: Callable[[], Iterator[Line]]
    encoding: str = ""
    delimiter: str = ""
    notes: Notes = field(default_factory=Notes)

    def records(self) -> Iterator[Line]:
        """Every line that says something; blank ones are left out."""
        # The first cell says it of nearly all lines; text that is not empty counts whatever follows.
        return (
            line
            for line in self.lines()
            if (line.cells and line.cells[0].strip()) or line.trouble or any(cell.strip() for cell in line.cells)
        )

    def watched(self, pulse: Callable[[], object]) -> "Table":
        """The same table; whoever reads its lines calls `pulse` every now and then."""

        def lines() -> Iterator[Line]:
            for count, line in enumerate(self.lines()):
                if count % _LINES_A_PULSE == 0:
                    pulse()
                yield line

        return replace(self, lines=lines)

    def head(self, count: int) -> list[Line]:
        """The first lines, fewer where they are so long that they would fill the memory."""
        found: list[Line] = []
        size = 0
        for line in islice(self.records(), count):
            found.append(line)
            size += sum(map(len, line.cells))
            if size > _LONGEST_HEAD:
                break
        return found


def checked_header(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The column names; a second column of the same name is numbered, one without a name is called by its place.
    Raises FileFault when there are none, or too many."""
    if len(cells) > MOST_COLUMNS:
        message = _("%(name)s has more than %(most)s columns; leave out those that are not needed.")
        raise FileFault(message % {"name": name, "most": f"{MOST_COLUMNS:,}"})
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position, cell in enumerate(cells, start=1):
        wanted = cell.strip().lstrip("\ufeff") or f"column {position}"
        seen[wanted] += 1
        names.append(f"{wanted} ({seen[wanted]})" if seen[wanted] > 1 else wanted)
    if not any(cell.strip() for cell in cells):
        raise FileFault(_("%(name)s has no header: its first line must name the columns.") % {"name": name})
    return tuple(names)
