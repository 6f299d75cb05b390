"""Files in our own canonical columns."""

from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from django.utils.translation import gettext as _

from metrics.sources import synonyms
from metrics.sources.columns import TICKET_EVENTS, TICKETS
from metrics.sources.faults import Notes
from metrics.sources.order import newest, occurrences
from metrics.sources.reader import Layout, Reader
from metrics.sources.repeats import Flags, each, repeated
from metrics.sources.rows import Fault, Row, RowReader, Superseded
from metrics.sources.table import Line


class Identified(Reader):
    """One row a record; of several with the same id the last one counts."""

    def items(self) -> Iterator[Row | Fault | Superseded]:
        for item in newest(self.table.records(), self._latest, key=self._key, read=self._read):
            if isinstance(item, Superseded):
                self.notes.add("same_record_twice", f"line {item.line}")
            yield self.complete(item) if isinstance(item, Row) else item


class Tickets(Identified):
    layout = Layout(format="generic", kind="tickets", makes="tickets", columns=TICKETS, synonyms=synonyms.TICKETS)

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        return row if isinstance(row, Fault) else _off_the_scale(row) or row


def _off_the_scale(row: Row) -> Fault | None:
    score, highest = row.values.get("satisfaction_score"), row.values.get("satisfaction_scale")
    if score is None or highest is None or 0 <= score <= highest:
        return None
    message = _("%(score)s is not on a scale up to %(highest)s.") % {"score": score, "highest": highest}
    return Fault(row.line, row.cells, "satisfaction_score", "score_out_of_scale", message)


class Numbered(Reader):
    """One row a record of a kind whose records need no id. Without an external id the required columns `told_apart`
    identify it, and its number among the rows that have these in common."""

    told_apart: tuple[str, ...]
    within = ""  # the column of the record to which it belongs, if any

    def survey(self, most: int | None = None) -> None:
        before = self._conventions
        super().survey(most)
        if self._conventions != before:  # what was read on the way was read wrongly
            self._is_shared = repeated(self._identities(islice(self.table.records(), most)))

    def items(self) -> Iterator[Row | Fault | Superseded]:
        for line, number in zip(self.table.records(), self._numbers(), strict=True):
            row = self._read(line)
            if isinstance(row, Fault):
                yield row
            elif not row.values.get("kind", "of no kind"):
                self.notes.add("event_left_out", f"line {line.number}")
                yield Superseded(line.number)
            elif number and row.values.get("external_id"):
                self.notes.add("same_record_twice", f"line {line.number}")
                yield Superseded(line.number)
            else:
                row.values["occurrence"] = number
                yield self.complete(row)

    @property
    def _conventions(self) -> tuple[bool, bool]:
        return bool(self.options.day_first), bool(self.options.decimal_comma)

    def _look_over(self, lines: Iterator[Line]) -> int:
        self._is_shared = repeated(self._identities(lines))
        return int(self._is_shared.size)

    def _numbers(self) -> Iterator[int]:
        """The number of each row among those of its identity. Only rows that share theirs are read as a whole."""
        contents = self._contents(self._is_shared) if self._is_shared.any() else ()
        numbers = iter(occurrences(contents).data)
        return (next(numbers) if shared else 0 for shared in each(self._is_shared))

    def _identities(self, lines: Iterator[Line]) -> Iterator[str]:
        named = {"external_id", self.within, *self.told_apart}
        columns = [column for column in self.layout.columns if column.name in named]
        reader = RowReader(self.table, columns, self.used, options=self.options, notes=Notes())
        return (self._identity(reader.read(line)) for line in lines)

    def _contents(self, is_asked: Flags) -> Iterator[tuple[str, str]]:
        reader = self.row_reader(Notes())
        for line, asked in zip(self.table.records(), each(is_asked), strict=True):
            if asked:
                row = reader.read(line)
                yield self._identity(row), "" if isinstance(row, Fault) else _content(reader.complete(row))

    def _identity(self, row: Row | Fault) -> str:
        if isinstance(row, Fault):
            return f"line {row.line}"
        values = row.values
        own = values.get("external_id") or "\x1f".join(str(values.get(name)) for name in self.told_apart)
        return f"{values.get(self.within)}\x1f{own}"


class TicketEvents(Numbered):
    layout = Layout(
        format="generic", kind="ticket_events", makes="events", columns=TICKET_EVENTS, synonyms=synonyms.TICKET_EVENTS
    )
    identity = within = "ticket"
    told_apart = ("at", "kind")


def _content(row: Row) -> str:
    return repr(sorted(row.values.items(), key=itemgetter(0)))
