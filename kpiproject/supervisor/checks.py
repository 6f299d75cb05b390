"""What must be true before anything is started; each in one sentence when it is not."""

import fcntl
import os
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from celery import Celery
from django.core.management import CommandError
from django.db import connection

_SECONDS_FOR_THE_PORT: Final = 2


def data_folder(var: Path) -> None:
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            pass
    except OSError as error:
        msg = f"The data folder {var} (PLUMBLINE_VAR) cannot be written: {error.strerror}."
        raise CommandError(msg) from error


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """The lock ends with the process, however it ends."""
    with (var / "start.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            msg = (
                f"Plumbline already runs on the data folder {var} (process {file.read().strip() or 'unknown'}). "
                "Stop it first, or choose another folder with PLUMBLINE_VAR."
            )
            raise CommandError(msg) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def port(host: str, number: int) -> None:
    """Waits a moment, because a server that was just killed may still be letting go."""
    deadline = time.monotonic() + _SECONDS_FOR_THE_PORT
    while (error := _bind_error(host, number)) is not None:
        if time.monotonic() > deadline or isinstance(error, PermissionError):
            reason = "may not be used" if isinstance(error, PermissionError) else "is used by another program"
            msg = f"Port {number} {reason}: {error.strerror}. Choose another one, for example PORT={number + 1}."
            raise CommandError(msg) from error
        time.sleep(0.1)


def _bind_error(host: str, number: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            return error
    return None


def database() -> None:
    try:
        if connection.vendor == "postgresql":
            _connect_to_postgresql()
        else:
            _open_sqlite(Path(connection.settings_dict["NAME"]))
    except (psycopg.Error, sqlite3.Error, OSError) as error:
        msg = f"The database in DATABASE_URL cannot be used: {_first_line(error)}."
        raise CommandError(msg) from error


def _connect_to_postgresql() -> None:
    """Without the pool, which would try for half a minute."""
    parameters = {**connection.get_connection_params(), "connect_timeout": 5}
    for ours in ("cursor_factory", "context"):
        parameters.pop(ours, None)
    psycopg.connect(**parameters).close()


def _open_sqlite(file: Path) -> None:
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        msg = f"{file} cannot be written"
        raise PermissionError(msg)
    with sqlite3.connect(file, timeout=5) as database:
        database.execute("SELECT count(*) FROM sqlite_master")
    database.close()


def queue(app: Celery) -> None:
    """The server in REDIS_URL, whatever kind of address that is."""
    with app.connection_for_write() as queue_connection:
        try:
            queue_connection.ensure_connection(max_retries=1, interval_start=1, timeout=5)
        except Exception as error:
            address = queue_connection.as_uri()  # without the password
            msg = f"The queue {address} in REDIS_URL cannot be reached: {_first_line(error)}."
            raise CommandError(msg) from error


def _first_line(error: Exception) -> str:
    """The reason; libpq puts guesses below it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
