"""Many rows in one statement, past the ORM: a model instance a row would cost several times as much."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from json import dumps
from typing import Any, TypeAlias

from django.db import connection, models

Columns = Mapping[str, Any]
Field: TypeAlias = "models.Field[Any, Any]"


def fingerprint(values: Mapping[str, Any]) -> bytes:
    """The same 16 bytes for the same values, whatever their order, here and on every other machine."""
    text = dumps(values, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).digest()


def upsert(
    model: type[models.Model],
    rows: Sequence[Columns],
    *,
    conflict: Sequence[str],
    update: Sequence[str],
) -> None:
    """Insert rows given by the names of their columns; where `conflict` is taken already, change the columns `update`.

    What a row does not name gets the model's default. All names are those of columns: `customer_id`.
    """
    if not rows:
        return
    table = model._meta
    fields = [field for field in table.concrete_fields if not isinstance(field, models.AutoField)]
    names = [str(field.column) for field in fields]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in update)
    sql = " ".join(
        [
            f"INSERT INTO {quote(table.db_table)} ({', '.join(map(quote, names))})",
            f"VALUES ({', '.join(['%s'] * len(names))}) ON CONFLICT ({', '.join(map(quote, conflict))})",
            f"DO UPDATE SET {changes}" if changes else "DO NOTHING",
        ]
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(_parameters(fields, rows)))


def _parameters(fields: Sequence[Field], rows: Sequence[Columns]) -> Iterator[list[Any]]:
    """The values of every row in the order of the fields, as the database takes them."""
    defaults = [(str(field.column), field.get_default()) for field in fields]
    adapters = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapter(field))]
    for row in rows:
        values = [row.get(name, default) for name, default in defaults]
        for place, adapt in adapters:
            if values[place] is not None:
                values[place] = adapt(values[place])
        yield values


def _adapter(field: Field) -> Callable[[Any], Any] | None:
    """How values of a column are handed to the database, asked once a column; None where they go as they are."""
    operations = connection.ops
    if isinstance(field, models.DateTimeField):
        return operations.adapt_datetimefield_value
    if isinstance(field, models.JSONField):
        return lambda value: operations.adapt_json_value(value, field.encoder)
    return None
