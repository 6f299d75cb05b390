"""Many rows at once, for tables that grow by the hundred thousand."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

_PLAIN = frozenset({int, bool, type(None)})


def insert_new(objects: Sequence[models.Model]) -> None:
    """What bulk_create(ignore_conflicts=True) does, in half the time: the statement is written once, not for each
    row. All objects are of one model with a generated key, which they do not get to know."""
    if not objects:
        return
    fields = _fields(type(objects[0]))
    rows = [[_prepared(field, getattr(found, field.attname)) for field in fields] for found in objects]
    with connection.cursor() as cursor:
        cursor.executemany(_statement(type(objects[0]), connection.vendor), rows)


def _prepared(field: "models.Field[Any, Any]", value: object) -> Any:
    """As the database takes it. Texts and numbers are most of it, and need nothing."""
    if type(value) in _PLAIN and not isinstance(field, models.JSONField):
        return value
    if type(value) is str and isinstance(field, models.CharField | models.TextField):
        return value
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=64)
def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], _vendor: str) -> str:
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in _fields(model)]
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - names out of our models
