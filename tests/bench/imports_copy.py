"""The imports again into PostgreSQL, against COPY of the same rows; nothing is measured where no server answers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import psycopg
from psycopg import sql

from tests.bench import apart
from tests.bench.imports import LIMIT, MEMORY
from tests.bench.report import Finding, say
from tests.bench.scene import built
from tests.services import LOCAL, answers


def findings() -> Iterator[Finding]:
    server = next(filter(answers, LOCAL), "")
    if not server:
        say("   No PostgreSQL answers on 127.0.0.1:5432.")
        return
    with _database(server):
        scene = built()
        for table, rows, step in scene.imports:
            plain = apart.run("imports:plainly", scene.var, table).answer
            note = f"{rows:,} rows, {rows / step.seconds:,.0f}/s, {step.megabytes:.0f} MB"
            yield Finding(
                f"PostgreSQL, {table}: import ÷ COPY of the same rows", step.seconds / plain, LIMIT, note=note
            )
            yield Finding(f"PostgreSQL, {table}: memory of the import", step.megabytes, MEMORY, "MB")


@contextmanager
def _database(server: str) -> Iterator[None]:
    """A database of its own, which the processes of the benchmark find in their environment."""
    name = sql.Identifier(f"plumbline_bench_{os.getpid()}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            url = f"{server.rpartition('/')[0]}/plumbline_bench_{os.getpid()}"
            with patch.dict(os.environ, DATABASE_URL=url):
                yield
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
