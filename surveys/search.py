"""Full-text search in comments, by the database: an index on PostgreSQL, an FTS5 table beside the answers on SQLite.

Words are found by their beginnings, all of them must occur. Nothing reads the FTS5 table but this module; triggers keep
it, so that a comment that is changed or erased leaves it in the same statement.
"""

import re
from typing import Any, Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from kpiproject.word_tables import WordTable
from surveys.models import Answer

_TABLE: Final = WordTable(name="answersearch", table="surveys_answer", columns=("comment",))
_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 20


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())[:_MOST_WORDS]


def matching(rows: QuerySet[Answer], text: str) -> QuerySet[Answer]:
    """Answers whose comment has words beginning with each of these words; none where there is no word in the text."""
    found = words(text)
    if not found:
        return rows.none()
    if connections[rows.db].vendor == "postgresql":
        sought = " & ".join(f"{word}:*" for word in found)
        sql = "to_tsvector('simple', surveys_answer.comment) @@ to_tsquery('simple', %s)"
    else:
        sought = " ".join(f'"{word}"*' for word in found)
        sql = "surveys_answer.id IN (SELECT rowid FROM answersearch WHERE answersearch MATCH %s)"
    return rows.filter(RawSQL(sql, [sought], output_field=BooleanField()))  # noqa: S611 (what is sought is a parameter)


def keep(connection: BaseDatabaseWrapper) -> None:
    _TABLE.keep(connection)


def keep_after_migrations(using: str, **_kwargs: Any) -> None:
    keep(connections[using])
