"""Empty databases that are migrated, which takes longer than most tests: made once for all processes of a run."""

import fcntl
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from django.core import management
from django.db import connection

# What the processes of one run have in common: its value is a part of the names of the copies.
RUN = "PLUMBLINE_TEST_RUN"


@contextmanager
def one_run() -> Iterator[None]:
    """In the process that starts the others, around everything; inside another one it does nothing."""
    if os.environ.get(RUN):
        yield
        return
    os.environ[RUN] = secrets.token_hex(6)
    try:
        yield
    finally:
        if (_folder() / "on-server").exists():
            on_server(f'DROP DATABASE "{name()}" WITH (FORCE)')
        shutil.rmtree(_folder(), ignore_errors=True)
        del os.environ[RUN]


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"plumbline-test-{os.environ[RUN]}"


def file() -> Path:
    """Where the SQLite file is, once somebody has made it."""
    return _folder() / "plumbline.sqlite3"


def name() -> str:
    """The same for the database on the server."""
    return f"test_migrated_{os.environ[RUN]}"


def on_server(statement: str) -> None:
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as admin:
        admin.execute(statement)


@contextmanager
def first_of_all(vendor: str) -> Iterator[bool]:
    """Whether there is none yet; then it must be there at the end. Everybody else waits."""
    _folder().mkdir(exist_ok=True)
    made = file() if vendor == "sqlite" else _folder() / "on-server"
    with (_folder() / f"{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not made.exists()
        if vendor != "sqlite":
            made.touch()


@contextmanager
def copied() -> Iterator[None]:
    """While Django makes the database of this process: migrate it if nobody has, else copy theirs."""
    with patch("django.core.management.call_command", partial(_instead_of, management.call_command)):
        yield


def _instead_of(call_command: Callable[..., Any], command: str, *arguments: Any, **options: Any) -> None:
    if command != "migrate":
        call_command(command, *arguments, **options)
        return
    with first_of_all(connection.vendor) as first:
        if first:
            call_command(command, *arguments, **options)
            _keep()
    if not first:
        restore()


def _keep() -> None:
    if connection.vendor != "sqlite":
        connection.close()
        on_server(f'CREATE DATABASE "{name()}" TEMPLATE "{connection.settings_dict["NAME"]}"')
        return
    unfinished = file().with_suffix(".unfinished")
    with closing(sqlite3.connect(unfinished)) as kept:
        connection.connection.backup(kept)
    unfinished.rename(file())


def restore() -> None:
    """Make the database of this process what it was after the migrations: quicker than emptying each table."""
    if connection.vendor != "sqlite":
        connection.close()
        ours = connection.settings_dict["NAME"]
        on_server(f'DROP DATABASE "{ours}" WITH (FORCE)')
        on_server(f'CREATE DATABASE "{ours}" TEMPLATE "{name()}"')
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(file())) as kept:
        kept.backup(connection.connection)
