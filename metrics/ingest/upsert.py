"""Many rows in one statement, past the ORM: a model instance a row would cost several times as much."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from json import dumps
from typing import Any

from django.db import connection, models


def fingerprint(values: Mapping[str, Any]) -> bytes:
    """The same 16 bytes for the same values, whatever their order, here and on every other machine."""
    text = dumps(values, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).digest()


def upsert(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
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
    ready = [(str(field.column), field.get_default(), _adapter(field)) for field in fields]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in update)
    sql = " ".join(
        [
            f"INSERT INTO {quote(table.db_table)} ({', '.join(quote(name) for name, _, _ in ready)})",
            f"VALUES ({', '.join(['%s'] * len(ready))}) ON CONFLICT ({', '.join(map(quote, conflict))})",
            f"DO UPDATE SET {changes}" if changes else "DO NOTHING",
        ]
    )
    parameters = [tuple(adapt(row.get(name, default)) for name, default, adapt in ready) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(sql, parameters)


def _adapter(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """How a value is handed to the database, asked once for a column instead of once for a value."""
    operations = connection.ops
    if isinstance(field, models.DateTimeField):
        return operations.adapt_datetimefield_value
    if isinstance(field, models.JSONField):
        return lambda value: operations.adapt_json_value(value, field.encoder)
    return lambda value: value
