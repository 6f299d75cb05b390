"""Tables of words on SQLite: FTS5 beside a table of ours, kept by triggers in the statement that changes a row.

PostgreSQL needs none of them: there the words are in the table itself.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """`name` has no prefix of an app: it is no table of a backup, but made anew from what was restored. `columns` of
    `table` are in it, of the rows that have words in any of them."""

    name: str
    table: str
    columns: tuple[str, ...]
    tokenizer: str = "unicode61"

    def keep(self, connection: BaseDatabaseWrapper) -> None:
        """See to it that the table and its triggers are there; to be called after every migration, because Django
        makes a table anew to change it, and drops the triggers with the old one."""
        if connection.vendor != "sqlite" or self.table not in connection.introspection.table_names():
            return
        triggers = self._triggers()
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{self.name}%"])
            there = {name for (name,) in cursor.fetchall()}
            if there >= {self.name, *triggers}:
                return
            cursor.execute(f"DROP TABLE IF EXISTS {self.name}")
            cursor.execute(
                f"CREATE VIRTUAL TABLE {self.name} USING fts5({self._named()}, content='{self.table}', "
                f"content_rowid='id', tokenize='{self.tokenizer}')"
            )
            for name, body in triggers.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            cursor.execute(
                f"INSERT INTO {self.name} (rowid, {self._named()}) "  # noqa: S608 - names of our own tables
                f"SELECT id, {self._named()} FROM {self.table} WHERE {self._has_words('')}"
            )

    def _triggers(self) -> dict[str, str]:
        """Only what has words is in the table, and only that may be taken out of it."""
        name, named, columns = self.name, self._named(), ", ".join(self.columns)
        insert = f"INSERT INTO {name} (rowid, {named}) VALUES (new.id, {self._named('new.')});"  # noqa: S608 - as above
        delete = f"INSERT INTO {name} ({name}, rowid, {named}) VALUES ('delete', old.id, {self._named('old.')});"  # noqa: S608 - as above
        has_new, has_old = self._has_words("new."), self._has_words("old.")
        update = f"UPDATE OF {columns} ON {self.table}"
        return {
            f"{name}_insert": f"AFTER INSERT ON {self.table} WHEN {has_new} BEGIN {insert} END",
            f"{name}_delete": f"AFTER DELETE ON {self.table} WHEN {has_old} BEGIN {delete} END",
            f"{name}_before": f"BEFORE {update} WHEN {has_old} BEGIN {delete} END",
            f"{name}_after": f"AFTER {update} WHEN {has_new} BEGIN {insert} END",
        }

    def _named(self, row: str = "") -> str:
        return ", ".join(f"{row}{column}" for column in self.columns)

    def _has_words(self, row: str) -> str:
        return "(" + " OR ".join(f"{row}{column} <> ''" for column in self.columns) + ")"
