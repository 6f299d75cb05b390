"""Rows as JSON and back, exactly, whatever the database."""

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

_BATCH: Final = 1000
# Tables whose rows may have megabytes.
_HEAVY: Final = frozenset({"kpiproject_mailfile", "goals_reportrun", "manual_edition"})
_HEAVY_BATCH: Final = 10
_AS_THEY_ARE: Final = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
    models.FileField,
)
# Who is logged in, and who has tried to: live keys and addresses that nobody needs after a restore.
_LEFT_OUT: Final = ("django_session", "axes_", "kpiproject_attempts")


def is_left_out(table: str) -> bool:
    return table.startswith(_LEFT_OUT)


def models_at(migrations: Iterable[tuple[str, str]]) -> list[type[models.Model]]:
    """One model for every table of a backup that has had these migrations, in the order of table names."""
    state = loader(migrations).project_state(sorted(migrations))
    found = state.apps.get_models(include_auto_created=True)
    kept = (model for model in found if model._meta.managed and not model._meta.proxy and not model._meta.swapped)
    return sorted(
        (model for model in kept if not is_left_out(model._meta.db_table)), key=lambda model: model._meta.db_table
    )


def loader(migrations: Iterable[tuple[str, str]]) -> MigrationLoader:
    """With the graph that has these: older backups name steps that a squashed one replaces now."""
    of_every_step = MigrationLoader(connection, replace_migrations=False)
    replaced = {key for each in of_every_step.replacements.values() for key in each.replaces}
    return MigrationLoader(connection) if replaced.isdisjoint(migrations) else of_every_step


def columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in _fields(model)]


def _fields(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


# --- Out of the database ------------------------------------------------------------------------------------------
def read(model: type[models.Model]) -> Iterator[list[Any]]:
    """All rows by primary key, a batch in memory at a time."""
    names = [field.attname for field in _fields(model)]
    by_key = model._base_manager.order_by("pk").values_list("pk", *names)
    last, size = None, _batch(model)
    while batch := list((by_key if last is None else by_key.filter(pk__gt=last))[:size]):
        for _pk, *values in batch:
            yield [_encoded(value) for value in values]
        last = batch[-1][0]


def _batch(model: type[models.Model]) -> int:
    return _HEAVY_BATCH if model._meta.db_table in _HEAVY else _BATCH


def _encoded(value: Any) -> Any:
    """What JSON knows stays; the rest becomes text that the field's `to_python` understands."""
    encode = _ENCODERS.get(type(value))
    return encode(value) if encode else value


def _base64(value: bytes | memoryview) -> str:
    return base64.b64encode(value).decode("ascii")


_ENCODERS: Final[dict[type, Callable[[Any], str]]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: duration_iso_string,
    Decimal: str,
    UUID: str,
    bytes: _base64,
    memoryview: _base64,
}


# --- Into the database --------------------------------------------------------------------------------------------
def load(model: type[models.Model], rows: Iterable[list[Any]]) -> None:
    converters = [_converter(field) for field in _fields(model)]
    converted = ([convert(value) for convert, value in zip(converters, row, strict=True)] for row in rows)
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns(model))
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({names}) FROM STDIN", converted)
    else:
        marks = ", ".join(["%s"] * len(converters))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        _insert(sql, converted, _batch(model))


def _insert(sql: str, rows: Iterator[list[Any]], size: int) -> None:
    with connection.cursor() as cursor:
        while batch := list(islice(rows, size)):
            cursor.executemany(sql, batch)


def _copy(sql: str, rows: Iterator[list[Any]]) -> None:
    """Two to three times as quick as inserting."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """From JSON to what the driver takes."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, _AS_THEY_ARE):
        return _same
    if isinstance(target, models.JSONField):
        return lambda value: _json(value, target)

    def convert(value: Any) -> Any:
        return None if value is None else target.get_db_prep_save(target.to_python(value), connection)

    return convert


def _same(value: Any) -> Any:
    return value


def _json(value: Any, field: "models.JSONField[Any, Any]") -> Any:
    if value is None and field.null:
        return None
    return connection.ops.adapt_json_value(value, field.encoder)
