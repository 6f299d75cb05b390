"""Messages of tickets, each found again by its own id, or by what it says and its number among equal ones."""

from collections.abc import Sequence

from metrics.ingest.facts import key
from metrics.ingest.naming import named_tickets, note_early, with_known_tickets
from metrics.ingest.session import Outcome, Session
from metrics.ingest.settling import settled
from metrics.ingest.writing import Changes, Columns, Identity, Writer
from metrics.models import Message
from metrics.sources.rows import Row

_LEFT_OUT = frozenset({"ticket", "external_id", "occurrence"})


class Messages(Writer):
    model = Message
    name = "messages"
    identity = ("ticket_id", "key")

    def fit(self, rows: list[Row], session: Session, outcome: Outcome) -> list[Row]:
        return with_known_tickets(rows, session, outcome)

    def identified(self, rows: Sequence[Row], session: Session) -> list[Identity]:
        tickets = named_tickets(rows, session.source)
        return [(tickets[row.values["ticket"]], key(row, ("at", "author_type"))) for row in rows]

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        ready = []
        for row in rows:
            columns = {name: value for name, value in row.values.items() if name not in _LEFT_OUT}
            if columns.get("public", True) is None:  # where nothing is said, customers see what is written to them
                columns["public"] = True
            ready.append(columns)
            if row.values["at"] > session.started:
                session.notes.add("time_in_the_future", row.values["ticket"])
        return ready

    def store(self, changes: Changes, session: Session) -> list[int]:
        tickets = {one["ticket_id"] for one in (*changes.new, *changes.changed)}
        note_early([(one["ticket_id"], one["at"]) for one in (*changes.new, *changes.changed)], session)
        with settled(sorted(tickets)):
            ids = self.upsert(changes, session)
        return [*changes.changed_ids, *ids]


write = Messages().write
