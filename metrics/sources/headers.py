"""Which column of a file is which canonical one."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources.columns import REJECTION_COLUMNS, REPORTED, Column, normal
from metrics.sources.faults import FileFault, MissingColumn, Unsettled, short
from metrics.sources.table import Line, Table

_LOOK_FOR_HEADER: Final = 10
_NAMES_SHOWN: Final = 12


def match(
    table: Table,
    columns: Sequence[Column],
    aliases: Mapping[str, Sequence[str]],
    mapping: Mapping[str, str],
    *,
    synonyms: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, int]:
    """Canonical name → position in the file. `mapping` (canonical → column of the file) comes first; there, an empty
    column means that the canonical one is not to be filled. Raises FileFault."""
    header = table.header
    known = {normal(cell): position for position, cell in reversed(list(enumerate(header)))}
    found = {}
    for column in columns:
        names = [] if column.name in mapping else [*aliases.get(column.name, ()), column.name]
        position = next((known[normal(name)] for name in names if normal(name) in known), None)
        if position is not None:
            found[column.name] = position
    wanted = {name: source for name, source in mapping.items() if source}
    for name, source in wanted.items():
        found[name] = _told(table, columns, name, source)
    open_names = [column.name for column in columns if column.name not in mapping and column.name not in found]
    return found | (_by_synonym(header, open_names, synonyms, taken=set(found.values())) if synonyms else {})


def fallbacks(
    header: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
    names: Iterable[str],
    used: Mapping[str, int],
    mapping: Mapping[str, str],
) -> dict[str, list[int]]:
    """For canonical columns with these names the further columns that say the same, in the order in which they are
    asked where a row has nothing in the first one. None for a column that somebody has mapped."""
    known = {normal(cell): position for position, cell in reversed(list(enumerate(header)))}
    taken = set(used.values())
    found = {}
    for name in names:
        if name in used and name not in mapping:
            places = [known[normal(alias)] for alias in aliases.get(name, ()) if normal(alias) in known]
            found[name] = [place for place in places if place not in taken]
    return {name: places for name, places in found.items() if places}


def _by_synonym(
    header: Sequence[str], names: Iterable[str], synonyms: Mapping[str, Sequence[str]], *, taken: set[int]
) -> dict[str, int]:
    """For columns that the header does not name as we do: another word for them, in a column that is still free."""
    free = {_bare(cell): position for position, cell in reversed(list(enumerate(header))) if position not in taken}
    free.pop("", None)
    found = {}
    for name in names:
        for word in (name, *synonyms.get(name, ())):
            if _bare(word) in free:
                found[name] = free.pop(_bare(word))
                break
    return found


def _bare(name: str) -> str:
    """Letters and digits only, so that hyphens and dots do not matter either."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def duplicates(header: Sequence[str]) -> list[str]:
    """The second and further columns of a name that an earlier column has."""
    names = [_without_number(name, header) for name in header]
    return [header[position] for position, name in enumerate(names) if name in names[:position]]


def twins(header: Sequence[str], used: Mapping[str, int], mapping: Mapping[str, str]) -> list[tuple[int, int]]:
    """Columns that fill a canonical one without anybody saying so, each with another column of the same name."""
    names = [_without_number(name, header) for name in header]
    automatic = [position for name, position in used.items() if name not in mapping]
    taken = set(used.values())
    return [
        (position, other)
        for position in automatic
        for other, name in enumerate(names)
        if other not in taken and name == names[position]
    ]


def check_twins(table: Table, line: Line, first: int, second: int) -> None:
    """Raises Unsettled where two columns of one name say different things."""
    cells = line.cells
    if max(first, second) >= len(cells) or cells[first].strip() == cells[second].strip():
        return
    message = _(
        "%(name)s has two columns called %(column)s, which differ in line %(line)s; say which of them counts, "
        "%(first)s or %(second)s, or delete one."
    )
    names = {"column": table.header[first], "first": table.header[first], "second": table.header[second]}
    raise Unsettled(message % {"name": table.name, "line": line.number, **names})


def _without_number(name: str, header: Sequence[str]) -> str:
    """`Status (2)` is `status` where that is a column too: a second column of a name is numbered."""
    base, space, number = name.rpartition(" (")
    is_numbered = space and base in header and number.removesuffix(")").isdecimal()
    return normal(base if is_numbered else name)


def check(
    table: Table, columns: Sequence[Column], aliases: Mapping[str, Sequence[str]], found: Mapping[str, int]
) -> None:
    """Raises MissingColumn, or FileFault where another line looks like the header, or looks like a second one."""
    missing = [column.name for column in columns if column.required and column.name not in found]
    if missing:
        _refuse_title(table, columns)
        names = ", ".join(short(name, 40) for name in table.header[:_NAMES_SHOWN])
        message = _("%(name)s has no column for %(missing)s; its columns are: %(names)s.")
        more = "…" if len(table.header) > _NAMES_SHOWN else ""
        wanted = ", ".join(f"{name} ({aliases[name][0]})" if name in aliases else name for name in missing)
        values = {"name": table.name, "missing": wanted, "names": names + more}
        raise MissingColumn(message % values, missing)
    for line in table.head(2):
        if _repeats_header(table.header, columns, line.cells):
            message = _("Line %(line)s of %(name)s is a second header; delete it.")
            raise FileFault(message % {"line": line.number, "name": table.name})


def check_names(columns: Sequence[Column], names: Iterable[str]) -> None:
    """Raises FileFault for a name that is not one of the canonical columns."""
    known = [column.name for column in columns]
    for name in names:
        if name not in known:
            message = _("There is no canonical column %(column)s; there are %(names)s.")
            raise FileFault(message % {"column": name, "names": ", ".join(known)})


def left_over(header: Sequence[str], used: Mapping[str, int]) -> dict[str, int]:
    """The columns that nothing asks for, without those that we add to a file of rejected rows."""
    ours = {normal(name) for name in REJECTION_COLUMNS}
    taken = set(used.values())
    return {
        name: position for position, name in enumerate(header) if position not in taken and normal(name) not in ours
    }


def without_ours(header: Sequence[str]) -> list[str]:
    """A header without the columns that we add to a file of rejected rows."""
    ours = {normal(name) for name in REJECTION_COLUMNS}
    return [name for name in header if normal(name) not in ours]


def is_mended(header: Sequence[str]) -> bool:
    """Whether a file is one of our files of rejected rows coming back."""
    names = {normal(name) for name in header}
    return all(normal(name) in names for name in REJECTION_COLUMNS)


def reported_name(name: str) -> str:
    """`Reported first reply` → `first_reply`; "" when the column is not a reported figure."""
    words = name.strip().casefold().replace(" ", "_")
    return words.removeprefix(f"{REPORTED}_") if words.startswith(f"{REPORTED}_") else ""


def _told(table: Table, columns: Sequence[Column], name: str, source: str) -> int:
    if not reported_name(name):
        check_names(columns, [name])
    if source in table.header:
        return table.header.index(source)
    for position, cell in enumerate(table.header):
        if normal(cell) == normal(source):
            return position
    message = _("%(name)s has no column %(column)s, which %(target)s is mapped to; its columns are: %(names)s.")
    names = ", ".join(short(cell, 40) for cell in table.header[:_NAMES_SHOWN])
    raise FileFault(message % {"name": table.name, "column": source, "target": name, "names": names})


def _refuse_title(table: Table, columns: Sequence[Column]) -> None:
    required = {normal(column.name) for column in columns if column.required}
    for line in table.head(_LOOK_FOR_HEADER):
        if required <= {normal(cell) for cell in line.cells}:
            message = _("Line %(line)s of %(name)s looks like the header; delete the lines above it.")
            raise FileFault(message % {"line": line.number, "name": table.name})


def _repeats_header(header: Sequence[str], columns: Sequence[Column], cells: Sequence[str]) -> bool:
    """Whether at least half of the cells filled in, and more than one, are column names."""
    names = {normal(column.name) for column in columns}
    filled = [(name, cell) for name, cell in zip(header, cells, strict=False) if cell.strip()]
    same = sum(normal(cell) == normal(name) or normal(cell) in names for name, cell in filled)
    return same > 1 and same * 2 >= len(filled)
