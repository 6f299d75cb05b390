"""Many rows in one statement, past the ORM: a model instance a row would cost several times as much."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from json import JSONEncoder
from typing import Any, TypeAlias

from django.db import connection, models

Columns = Mapping[str, Any]
Field: TypeAlias = "models.Field[Any, Any]"

_encode = JSONEncoder(sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":")).encode


def fingerprint(values: Mapping[str, Any]) -> bytes:
    """The same 16 bytes for the same values, whatever their order, here and on every other machine."""
    return digest(_encode(values))


def digest(text: str) -> bytes:
    """The fingerprint of what was written down already."""
    return blake2b(text.encode(), digest_size=16).digest()


def upsert(
    model: type[models.Model],
    rows: Sequence[Columns],
    *,
    conflict: Sequence[str],
    update: Sequence[str],
) -> None:
    """Insert rows given by the names of their columns; where `conflict` is taken already, change the columns `update`.

    Without `conflict` they are only inserted. What a row does not name gets the model's default. All names are those of
    columns: `customer_id`.
    """
    if not rows:
        return
    table = model._meta
    named = {*conflict, *update}
    fields = [field for field in table.concrete_fields if field.column in named or not _is_computed(field)]
    names = [str(field.column) for field in fields]
    quote = connection.ops.quote_name
    target = f"({', '.join(map(quote, conflict))})" if conflict else ""
    changes = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in update)
    sql = " ".join(
        [
            f"INSERT INTO {quote(table.db_table)} ({', '.join(map(quote, names))})",
            f"VALUES ({', '.join(['%s'] * len(names))}) ON CONFLICT {target}",
            f"DO UPDATE SET {changes}" if changes else "DO NOTHING",
        ]
    )
    _execute(sql, list(_parameters(fields, rows)))


def _execute(sql: str, rows: list[list[Any]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(sql, rows)
            return
        from psycopg import Cursor  # noqa: PLC0415 - not there where nobody needs it

        # Django's cursor would write every value of every row into a statement of its own.
        with connection.wrap_database_errors, Cursor(connection.connection) as plain:
            plain.executemany(sql, rows)


def _is_computed(field: Field) -> bool:
    """Whether a column is filled later, so that importing it empty would only cost time."""
    return isinstance(field, models.AutoField) or (field.null and not field.editable)


def _parameters(fields: Sequence[Field], rows: Sequence[Columns]) -> Iterator[list[Any]]:
    """The values of every row in the order of the fields, as the database takes them."""
    defaults = {str(field.column): field.get_default() for field in fields}
    adapters = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapter(field))]
    for row in rows:
        # The names of the columns come first, so that whatever else a row names stands behind them.
        values = list({**defaults, **row}.values())[: len(fields)]
        for place, adapt in adapters:
            if values[place] is not None:
                values[place] = adapt(values[place])
        yield values


def _adapter(field: Field) -> Callable[[Any], Any] | None:
    """How values of a column are handed to the database, asked once a column; None where they go as they are."""
    operations = connection.ops
    found: Callable[[Any], Any] | None = None
    if isinstance(field, models.DateTimeField):
        found = None if connection.vendor == "postgresql" else _as_text
    elif isinstance(field, models.DateField):
        found = operations.adapt_datefield_value
    elif isinstance(field, models.DecimalField):
        digits, places = field.max_digits, field.decimal_places
        found = lambda value: operations.adapt_decimalfield_value(value, digits, places)  # noqa: E731 (one of several)
    elif isinstance(field, models.JSONField):
        nothing = {kind: operations.adapt_json_value(kind(), field.encoder) for kind in (dict, list)}
        found = lambda value: (  # noqa: E731 (the same)
            operations.adapt_json_value(value, field.encoder) if value else nothing[type(value)]
        )
    return found


def _as_text(value: datetime) -> str:
    """As Django writes it for SQLite, without asking for its offset first where that is known."""
    if value.tzinfo is UTC:
        return str(value)[:-6]
    return str(connection.ops.adapt_datetimefield_value(value))
