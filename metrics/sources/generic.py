"""Files in our own canonical columns."""

from collections.abc import Iterator
from operator import itemgetter

from django.utils.translation import gettext as _

from metrics.sources import synonyms
from metrics.sources.columns import TICKET_EVENTS, TICKETS
from metrics.sources.faults import Notes
from metrics.sources.order import newest, occurrences
from metrics.sources.reader import Layout, Reader
from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.table import Line


class Tickets(Reader):
    """One row a ticket; of several the last one counts."""

    layout = Layout(format="generic", kind="tickets", makes="tickets", columns=TICKETS, synonyms=synonyms.TICKETS)

    def items(self) -> Iterator[Row | Fault | Superseded]:
        for item in newest(self.table.records(), self._latest, key=self._key, read=self._read):
            if isinstance(item, Superseded):
                self.notes.add("same_record_twice", f"line {item.line}")
            yield self._reader.complete(item) if isinstance(item, Row) else item

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        return row if isinstance(row, Fault) else _off_the_scale(row) or row


def _off_the_scale(row: Row) -> Fault | None:
    score, highest = row.values.get("satisfaction_score"), row.values.get("satisfaction_scale")
    if score is None or highest is None or 0 <= score <= highest:
        return None
    message = _("%(score)s is not on a scale up to %(highest)s.") % {"score": score, "highest": highest}
    return Fault(row.line, row.cells, "satisfaction_score", "score_out_of_scale", message)


class TicketEvents(Reader):
    """One row an event. Without an external id its ticket, time and kind identify it, and its number among the rows
    that have these in common."""

    layout = Layout(
        format="generic", kind="ticket_events", makes="events", columns=TICKET_EVENTS, synonyms=synonyms.TICKET_EVENTS
    )
    identity = "ticket"

    def items(self) -> Iterator[Row | Fault | Superseded]:
        numbers = occurrences(self._identities())
        for line, number in zip(self.table.records(), numbers.tolist(), strict=True):
            row = self._read(line)
            if isinstance(row, Fault):
                yield row
            elif number and row.values.get("external_id"):
                self.notes.add("same_record_twice", f"line {line.number}")
                yield Superseded(line.number)
            else:
                row.values["occurrence"] = number
                yield self._reader.complete(row)

    def _identities(self) -> Iterator[tuple[str, str]]:
        reader = self.row_reader(Notes())
        for line in self.table.records():
            row = reader.read(line)
            if isinstance(row, Fault):
                yield f"line {row.line}", ""
                continue
            values = reader.complete(row).values
            identity = values.get("external_id") or f"{values['at'].timestamp()}\x1f{values['kind']}"
            yield f"{values['ticket']}\x1f{identity}", repr(sorted(values.items(), key=itemgetter(0)))
