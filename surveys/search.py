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

from surveys.models import Answer

# Without the prefix of an app: it is no table of a backup, but made anew from what was restored.
_TABLE: Final = "answersearch"
_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 20
_INSERT: Final = "INSERT INTO answersearch (rowid, comment) VALUES (new.id, new.comment);"
_DELETE: Final = "INSERT INTO answersearch (answersearch, rowid, comment) VALUES ('delete', old.id, old.comment);"
# Only what has words is in the table, and only that may be taken out of it.
_TRIGGERS: Final = {
    "answersearch_insert": f"AFTER INSERT ON surveys_answer WHEN new.comment <> '' BEGIN {_INSERT} END",
    "answersearch_delete": f"AFTER DELETE ON surveys_answer WHEN old.comment <> '' BEGIN {_DELETE} END",
    "answersearch_before": f"BEFORE UPDATE OF comment ON surveys_answer WHEN old.comment <> '' BEGIN {_DELETE} END",
    "answersearch_after": f"AFTER UPDATE OF comment ON surveys_answer WHEN new.comment <> '' BEGIN {_INSERT} END",
}


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
    """On SQLite see to it that the table and its triggers are there; called after every migration, because Django
    makes a table anew to change it, and drops the triggers with the old one."""
    if connection.vendor != "sqlite" or Answer._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'answersearch%%'")
        there = {name for (name,) in cursor.fetchall()}
        if there >= {_TABLE, *_TRIGGERS}:
            return
        cursor.execute("DROP TABLE IF EXISTS answersearch")
        cursor.execute(
            "CREATE VIRTUAL TABLE answersearch USING fts5(comment, content='surveys_answer', "
            "content_rowid='id', tokenize='unicode61')"
        )
        for name, body in _TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"CREATE TRIGGER {name} {body}")
        cursor.execute(
            "INSERT INTO answersearch (rowid, comment) SELECT id, comment FROM surveys_answer WHERE comment <> ''"
        )


def keep_after_migrations(using: str, **_kwargs: Any) -> None:
    keep(connections[using])
