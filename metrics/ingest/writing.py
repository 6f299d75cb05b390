"""How rows of a kind become records of one table: found again by what identifies them, written where they differ.

Columns that a file lacks stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db import models

from metrics.ingest.session import Outcome, Session
from metrics.ingest.touching import FRAMES, touched
from metrics.ingest.upsert import fingerprint, upsert
from metrics.sources.rows import Row

Columns = dict[str, Any]
Identity = tuple[Any, ...]

_NOT_SAID: Final = frozenset({"occurrence"})


class Stored(NamedTuple):
    id: int
    row_hash: bytes


class Pending(NamedTuple):
    """A row that may say something new, with what identifies its record."""

    identity: Identity
    row: Row
    row_hash: bytes


@dataclass(slots=True)
class Changes:
    """The columns of new records, and of those that differ from what is stored; `before` has these as they are."""

    new: list[Columns] = field(default_factory=list)
    changed: list[Columns] = field(default_factory=list)
    before: list[Columns] = field(default_factory=list)

    @property
    def changed_ids(self) -> list[int]:
        return [one["pk"] for one in self.before]


class Writer:
    """Of one kind. What differs from kind to kind is in the methods that subclasses fill in."""

    model: type[models.Model]
    name: str  # of the records, as `written` counts them
    identity: tuple[str, ...] = ("source", "external_id")
    watched: tuple[str, ...] = ()  # columns that oddities depend on

    def write(self, rows: list[Row], session: Session) -> Outcome:
        """One batch. Runs inside a transaction."""
        outcome = Outcome()
        fit = self.fit(rows, session, outcome)
        changes = self.compare(fit, session)
        if changes.new or changes.changed:
            self.store(changes, session)
        outcome.created, outcome.updated = len(changes.new), len(changes.changed)
        outcome.unchanged = len(fit) - outcome.created - outcome.updated
        outcome.written[self.name] = outcome.created + outcome.updated
        return outcome

    def fit(self, rows: list[Row], session: Session, outcome: Outcome) -> list[Row]:
        """The rows that can be used; faults of the others are added to the outcome."""
        return rows

    def identified(self, rows: Sequence[Row], session: Session) -> list[Identity]:
        """What identifies the record of each row, in the order of `identity`."""
        return [(session.source, row.values["external_id"]) for row in rows]

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        """The columns of the table that each row says, without those of its identity: names become ids."""
        raise NotImplementedError

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        """What cannot be right about a record; noted on the way."""
        return []

    def compare(self, rows: Sequence[Row], session: Session) -> Changes:
        """What these rows would change. A fingerprint tells most rows that change nothing."""
        identities = self.identified(rows, session)
        known = self.stored(identities)
        pending = []
        for identity, row in zip(identities, rows, strict=True):
            said = {name: value for name, value in row.values.items() if name not in _NOT_SAID}
            digest = fingerprint(said)
            if identity not in known or known[identity].row_hash != digest:
                pending.append(Pending(identity, row, digest))
        return self._told_apart(pending, known, session) if pending else Changes()

    def _told_apart(self, pending: Sequence[Pending], known: Mapping[Identity, Stored], session: Session) -> Changes:
        ready = self.columns([one.row for one in pending], session)
        ids = [known[one.identity].id for one in pending if one.identity in known]
        now = self._current(ids, (*ready[0], *self.watched, "flags", "row_hash"))
        changes = Changes()
        for one, columns in zip(pending, ready, strict=True):
            identity = dict(zip(self.identity, one.identity, strict=True))
            whole = {**identity, **columns, "row_hash": one.row_hash}
            if one.identity not in known:
                changes.new.append(self._flagged(whole, whole, session))
                continue
            before = now[known[one.identity].id]
            if any(before[name] != value for name, value in columns.items()):
                changes.changed.append(self._flagged(whole, {**before, **whole}, session))
                changes.before.append(before)
        return changes

    def _flagged(self, columns: Columns, whole: Mapping[str, Any], session: Session) -> Columns:
        return {**columns, "flags": self.oddities(whole, session)} if self._has_flags() else columns

    def stored(self, identities: Iterable[Identity]) -> dict[Identity, Stored]:
        """The records with these identities."""
        wanted = dict(zip(self.identity, map(set, zip(*identities, strict=True)), strict=False))
        if not wanted:
            return {}
        rows = self.model._base_manager.filter(**{f"{name}__in": values for name, values in wanted.items()})
        found = rows.values_list("pk", "row_hash", *self.identity)
        return {tuple(identity): Stored(pk, bytes(digest)) for pk, digest, *identity in found}

    def store(self, changes: Changes, session: Session) -> list[int]:
        """Write them, with all that must happen around it; the ids of what was written."""
        with touched(FRAMES[self.model], changes.changed_ids) as ids:
            ids.extend(self.upsert(changes, session))
            return ids

    def upsert(self, changes: Changes, session: Session) -> list[int]:
        """The ids of the new ones."""
        rows = sorted([*changes.new, *changes.changed], key=lambda one: [str(one[name]) for name in self.identity])
        session.journal.updated(self.model, changes.before, changes.changed)
        update = [name for name in rows[0] if name not in self.identity]
        with session.journal.creating(self.model):
            upsert(self.model, rows, conflict=self.identity, update=update)
        identities = [tuple(one[name] for name in self.identity) for one in changes.new]
        return sorted(found.id for found in self.stored(identities).values())

    def _current(self, ids: Sequence[int], names: Sequence[str]) -> dict[int, Columns]:
        if not ids:
            return {}
        wanted = [name for name in dict.fromkeys(names) if name != "flags" or self._has_flags()]
        return {one["pk"]: one for one in self.model._base_manager.filter(pk__in=ids).values("pk", *wanted)}

    def _has_flags(self) -> bool:
        return any(field.name == "flags" for field in self.model._meta.concrete_fields)
