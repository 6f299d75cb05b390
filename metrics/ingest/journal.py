"""What an import changes, row by row, so that it can be taken back: noted in the transaction that changes it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Max

from metrics.ingest.upsert import upsert
from metrics.models import ImportChange

Table: TypeAlias = "type[models.Model]"
Columns = Mapping[str, Any]

_Action = ImportChange.Action


class Journal:
    """Of one import. Nothing is stored before `flush`, once a batch."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._noted: list[Columns] = []

    @contextmanager
    def creating(self, table: Table) -> Iterator[None]:
        """Around statements that may insert rows: imports take turns, so every new number is one of theirs."""
        before = _last(table)
        yield
        if (after := _last(table)) > before:
            self._note(_Action.CREATED, table, before + 1, after)

    def created(self, table: Table, ids: Iterable[int]) -> None:
        for first, last in _ranges(sorted(ids)):
            self._note(_Action.CREATED, table, first, last)

    def updated(self, table: Table, before: Iterable[Columns], after: Iterable[Columns] = ()) -> None:
        """`before` has the columns that are about to change as they are, with the row's primary key as `pk`. `after`
        has what the same rows will say, in the same order: what stays as it is need not be kept then."""
        self._note_rows(_Action.UPDATED, table, map(_replaced, before, after) if after else before)

    def deleted(self, table: Table, before: Iterable[Columns]) -> None:
        """`before` has whole rows."""
        self._note_rows(_Action.DELETED, table, before)

    def flush(self) -> None:
        upsert(ImportChange, self._noted, conflict=(), update=())
        self.forget()

    def forget(self) -> None:
        self._noted = []

    def _note_rows(self, action: str, table: Table, before: Iterable[Columns]) -> None:
        for row in before:
            said = {name: stored(value) for name, value in row.items() if name != "pk"}
            self._note(action, table, row["pk"], row["pk"], said)

    def _note(self, action: str, table: Table, first: int, last: int, before: dict[str, Any] | None = None) -> None:
        self._noted.append(
            {
                "run_id": self._run_id,
                "action": action,
                "table": table._meta.label_lower,
                "first_id": first,
                "last_id": last,
                "before": before,
            }
        )


def _replaced(before: Columns, after: Columns) -> Columns:
    return {name: value for name, value in before.items() if name == "pk" or (name in after and after[name] != value)}


def stored(value: Any) -> Any:
    """A value of a column as JSON keeps it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def restored(field: "models.Field[Any, Any]", value: Any) -> Any:
    """The value again."""
    if isinstance(field, models.BinaryField) and value is not None:
        return bytes.fromhex(value)
    return value if isinstance(field, models.JSONField) else field.to_python(value)


def _last(table: Table) -> int:
    return table._base_manager.aggregate(last=Max("pk"))["last"] or 0


def _ranges(ids: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers in a row as their first and last."""
    if not ids:
        return
    first = ids[0]
    for one, following in pairwise(ids):
        if following != one + 1:
            yield first, one
            first = following
    yield first, ids[-1]
