"""Figures as lines of text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kpiproject.queries import organisation
from metrics.kpi import Unit
from metrics.queries import RowsBehind

_IN_SECONDS: Final = 600


def rows_as_table(found: RowsBehind) -> list[list[Any]]:
    """The rows behind a figure under a header."""
    dimensions = found.kpi.dimensions
    header = ["source", "reference", "at", "value", *dimensions]
    lines = (
        [row.source, row.reference, row.at.isoformat(), row.value, *(row.members.get(name, "") for name in dimensions)]
        for row in found.rows
    )
    return [header, *lines]


def as_text(document: dict[str, Any]) -> str:
    """An answer for a reader: values with units, their interval, n and what was left out, and what must be said."""
    unit = Unit(document["unit"])
    clock = f", {document['calendar']} time" if document["calendar"] else ""
    about = f"revision {document['revision']}{clock}, {document['time_zone']}, as of {document['as_of']}"
    title = f"{document['kpi']} ({about})"
    lines = [["from", "to", "member", "value", "n", "95 % interval", "left out"]]
    lines += [_line(point, unit) for point in document["points"]]
    if not document["points"]:
        return "\n".join([title, "There are no facts to measure yet."])
    notes = dict.fromkeys(note for point in document["points"] for note in point["notes"])
    return "\n".join([title, aligned(lines), *notes])


def aligned(lines: Sequence[Sequence[Any]]) -> str:
    """Columns as wide as their widest cell."""
    texts = [["" if cell is None else str(cell) for cell in line] for line in lines]
    widths = [max(len(cell) for cell in column) for column in zip(*texts, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in texts
    )


def written(value: float | None, unit: Unit) -> str:
    """A value with its unit; a dash for none."""
    if value is None:
        return "–"
    if unit is Unit.SECONDS:
        return _duration(value)
    return _WRITTEN[unit](value)


_WRITTEN: Final[Mapping[Unit, Callable[[float], str]]] = {
    Unit.COUNT: lambda value: f"{value:,.0f}",
    Unit.PERCENT: lambda value: f"{value:.2f} %",
    Unit.POINTS: lambda value: f"{value:+.1f}",
    Unit.CORRELATION: lambda value: f"{value:+.2f}",
    Unit.DAYS: lambda value: f"{value:,.1f} days",
    Unit.MONEY: lambda value: f"{value:,.2f} {organisation().currency}",
    Unit.NUMBER: lambda value: f"{value:,.2f}",
}


def _duration(seconds: float) -> str:
    """To the second where a minute more or less is much: chats and calls have targets of a minute and less."""
    if seconds < _IN_SECONDS:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _line(point: dict[str, Any], unit: Unit) -> list[str]:
    interval = "" if point["low"] is None else f"{written(point['low'], unit)} to {written(point['high'], unit)}"
    left_out = ", ".join(f"{count} {reason}" for reason, count in point["excluded"].items())
    mark = "≈ " if point["approximate"] else ""
    ends = (point["start"], point["end"] or "", point["member"] if point["member"] is not None else "")
    return [*ends, mark + written(point["value"], unit), f"{point['n']:,}", interval, left_out]
