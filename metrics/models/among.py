"""One of many values, given to the database as a single parameter."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler


class _Values:
    """The values, written as JSON once for all queries that are made of the same expression."""

    def __init__(self, given: list[Any]) -> None:
        self.given = given

    @cached_property
    def as_json(self) -> str:
        return json.dumps(self.given)


class Among(Func):
    """`rows.filter(Among("pk", ids))` is `rows.filter(pk__in=ids)` for numbers and texts, in a fraction of the time:
    Django prepares every value of a list for itself, which for a thousand takes longer than to find the rows."""

    output_field: ClassVar = BooleanField()

    def __init__(self, name: str, values: Iterable[int] | Iterable[str]) -> None:
        super().__init__(F(name))
        self._values = _Values(list(values))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - the column is one of ours
        return sql, [*parameters, self._values.as_json]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", [*parameters, self._values.given]
