"""INSERT as Django would write it, put together once per model: for the answers, of which many come at the same moment.

Building the statement anew takes Django several times as long as the database needs to run it.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Model


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one model and tell each its primary key, in the transaction that is open."""
    columns, row_sql = _parts(type(rows[0]), connection.vendor)
    model = type(rows[0])._meta
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in model.local_concrete_fields
        if not field.primary_key
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{columns}{', '.join([row_sql] * len(rows))} RETURNING id", values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding = False  # noqa: SLF001 (so that Django knows the row is stored)
        row._state.db = connection.alias  # noqa: SLF001


@cache
def _parts(model: type[Model], _vendor: str) -> tuple[str, str]:
    """The beginning of the statement, and the place holders of one row."""
    quote = connection.ops.quote_name
    columns = [quote(field.column or "") for field in model._meta.local_concrete_fields if not field.primary_key]
    # Names of ours, from the models.
    beginning = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES "  # noqa: S608
    return beginning, f"({', '.join(['%s'] * len(columns))})"
