"""Importing a history of tickets and events, against what the database's own way of loading the same rows takes."""

import sqlite3
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from kpiproject.models import BusinessCalendar, Organisation
from tests.bench import apart, history
from tests.bench.report import Finding
from tests.bench.scene import scene

LIMIT, MEMORY = 10, 600
_ROWS_AT_ONCE = 20_000


def findings() -> Iterator[Finding]:
    built = scene()
    for table, rows, step in built.imports:
        plain = apart.run("imports:plainly", built.var, table).answer
        note = f"{rows:,} rows, {rows / step.seconds:,.0f}/s, {step.megabytes:.0f} MB"
        yield Finding(f"{table}: import ÷ plain loading of the same rows", step.seconds / plain, LIMIT, note=note)
        yield Finding(f"{table}: memory of the import", step.megabytes, MEMORY, "MB")


def prepare() -> None:
    """An organisation with opening hours, holidays, and a status that stops the clock."""
    call_command("migrate", verbosity=0)
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": history.ZONE, "pause_statuses": ["pending"]})
    BusinessCalendar.objects.update(is_default=False)
    calendar = BusinessCalendar.objects.create(name="Bench", time_zone=history.ZONE, week=history.WEEK, is_default=True)
    for day in history.HOLIDAYS:
        calendar.holidays.create(date=day, name="Holiday")


def load(kind: str, path: str) -> None:
    call_command("import_data", kind, path, stdout=StringIO(), stderr=StringIO())


def plainly(table: str) -> float:
    """Seconds for the same rows, read already, into an empty table with the same columns, keys and indexes."""
    return _copied(table) if connection.vendor == "postgresql" else _executed(table)


def _executed(table: str) -> float:
    source = sqlite3.connect(connection.settings_dict["NAME"])
    where = Path(connection.settings_dict["NAME"]).with_name("plain.sqlite3")
    where.unlink(missing_ok=True)
    target = sqlite3.connect(where, isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=NORMAL")
    for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", [table]):
        target.execute(sql)
    rows = source.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - a table of ours
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows.description))})"  # noqa: S608 - the same
    seconds = 0.0
    target.execute("BEGIN")
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        started = time.perf_counter()
        target.executemany(insert, batch)
        seconds += time.perf_counter() - started
    started = time.perf_counter()
    target.execute("COMMIT")
    return seconds + time.perf_counter() - started


def _copied(table: str) -> float:
    seconds = 0.0
    with connection.cursor() as cursor, connection.cursor() as reader:
        cursor.execute(f"CREATE TABLE plain_copy (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"DECLARE stored CURSOR WITH HOLD FOR SELECT * FROM {table} ORDER BY id")  # noqa: S608 - the same
        while True:
            reader.execute(f"FETCH {_ROWS_AT_ONCE} FROM stored")
            batch = reader.fetchall()
            if not batch:
                break
            started = time.perf_counter()
            _copy(cursor, batch)
            seconds += time.perf_counter() - started
        cursor.execute("CLOSE stored")
        cursor.execute("DROP TABLE plain_copy")
    return seconds


def _copy(cursor: Any, batch: list[tuple[Any, ...]]) -> None:
    with cursor.copy("COPY plain_copy FROM STDIN") as copy:
        for row in batch:
            copy.write_row(row)
