"""Columns out of the database as numpy arrays."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import sqlite_version_info
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.sql.compiler import SQLCompiler

from kpiproject.lib.periods import MISSING, Seconds, instant
from metrics.kpi import UNKNOWN

# The text of a Func is formatted once here and once by the cursor: hence four signs for one.
_SQLITE_EPOCH: Final = (
    "unixepoch(%(expressions)s)"
    if sqlite_version_info >= (3, 38)
    else "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
)


class Epoch(Func):
    """An instant as whole epoch seconds, rounded down; MISSING where there is none."""

    output_field: ClassVar = BigIntegerField()
    _templates: ClassVar = {
        "sqlite": f"COALESCE({_SQLITE_EPOCH}, {MISSING})",
        "postgresql": f"COALESCE(FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint, ({MISSING})::bigint)",
    }

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:  # type: ignore[override]  # narrower than Django's own
        return super().as_sql(compiler, connection, template=self._templates[connection.vendor], **extra)


def number(name: str) -> Coalesce:
    """A count or a truth as an integer; UNKNOWN where there is none."""
    return Coalesce(Cast(F(name), IntegerField()), Value(UNKNOWN))


def between(name: str, first: int, end: int) -> Q:
    """An instant in [first, end), both in epoch seconds."""
    return Q(**{f"{name}__gte": instant(first), f"{name}__lt": instant(end)})


def fetch(rows: "QuerySet[Any, Any]", columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The columns of a query as plain tuples, past the ORM's conversion of every value."""
    try:
        sql, parameters = rows.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor, _no_collection():
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the search for cycles, of which a hundred thousand tuples of numbers and texts have none: it would take
    as long as reading them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def transposed(rows: list[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """Columns instead of rows, also of none."""
    with _no_collection():
        return list(zip(*rows, strict=True)) if rows else [()] * width


def whole_numbers(values: Sequence[Any]) -> Seconds:
    return np.array(values, dtype=np.int64)


def texts(values: Sequence[Any]) -> npt.NDArray[np.object_]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def words(values: Sequence[Any]) -> pd.Categorical:
    """Members of a dimension; None counts as none."""
    codes, members = pd.factorize(texts(values))
    known = ["" if member is None else str(member) for member in members]
    return _one_empty(codes, known)


def _one_empty(codes: npt.NDArray[np.intp], members: list[str]) -> pd.Categorical:
    """None is code -1 to pandas; here it is the member "", like an empty text."""
    if (codes < 0).any():
        if "" not in members:
            members = [*members, ""]
        codes = np.where(codes < 0, members.index(""), codes)
    return pd.Categorical.from_codes(codes, categories=pd.Index(members, dtype=object))
