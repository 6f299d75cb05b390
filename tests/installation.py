"""A second Plumbline beside the test: real processes on a real database file or PostgreSQL database."""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from celery import Celery
from django.db import connection

from kpiproject.supervisor import plumbline
from tests import migrated

ROOT = Path(__file__).parent.parent


class Installation:
    def __init__(self, var: Path, *, database_url: str, queue_url: str, email_url: str) -> None:
        self.var = var
        self.database_url = database_url
        self.env = {
            **os.environ,
            "PLUMBLINE_VAR": str(var),
            "DATABASE_URL": database_url,
            "REDIS_URL": queue_url,
            "EMAIL_URL": email_url,
            "SECRET_KEY": "only for tests, never for anything else, fifty characters",
            "DJANGO_SETTINGS_MODULE": "kpiproject.settings",
            "CELERY_SKIP_CHECKS": "1",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self._client = Celery(broker=queue_url, set_as_current=False)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("manage.py", *arguments)

    def execute(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python inside."""
        return self._run("-c", f"import django, json\ndjango.setup()\nresult = None\n{code}")

    def run(self, code: str) -> Any:
        """The same, to its end; what it stores in `result` comes back through JSON."""
        done = self.execute(f"{code}\nprint(json.dumps(result, default=str))")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read or change the database directly; rows of a SELECT."""
        connected: Any = (
            psycopg.connect(self.database_url)
            if self.database_url.startswith("postgres")
            else sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)
        )
        with closing(connected), connected:
            cursor = connected.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def start_worker(self) -> subprocess.Popen[bytes]:
        with (self.var / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                plumbline.worker().command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=log
            )
        self.processes.append(worker)
        return worker

    def enqueue(self, task: str, *arguments: object) -> None:
        self._client.send_task(task, arguments)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self._client.close()


@contextmanager
def new_installation(var: Path, *, queue_url: str, email_url: str, vendor: str = "") -> Iterator[Installation]:
    """`vendor` is the kind of its database: by default the one that the tests run on."""
    var.mkdir(parents=True)
    with _new_database(var, vendor or connection.vendor) as database_url:
        made = Installation(var, database_url=database_url, queue_url=queue_url, email_url=email_url)
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def _new_database(var: Path, vendor: str) -> Iterator[str]:
    """A copy of the one that is migrated once for all tests of a run."""
    if vendor == "sqlite":
        put_database(var)
        yield f"sqlite:///{var / 'plumbline.sqlite3'}"
        return
    _once(vendor)
    database = f"test_{secrets.token_hex(6)}"
    migrated.on_server(f'CREATE DATABASE "{database}" TEMPLATE "{migrated.name()}"')
    try:
        yield _with_name(database)
    finally:
        migrated.on_server(f'DROP DATABASE "{database}" WITH (FORCE)')


def put_database(var: Path) -> None:
    """Into this data folder, where `manage.py start` looks for it."""
    var.mkdir(parents=True, exist_ok=True)
    _once("sqlite")
    shutil.copyfile(migrated.file(), var / "plumbline.sqlite3")


def _once(vendor: str) -> None:
    with migrated.first_of_all(vendor) as first:
        if first:
            _migrate(vendor)


def _migrate(vendor: str) -> None:
    with tempfile.TemporaryDirectory(prefix="plumbline-test-") as folder:
        url = f"sqlite:///{Path(folder) / 'plumbline.sqlite3'}"
        if vendor != "sqlite":
            migrated.on_server(f'CREATE DATABASE "{migrated.name()}"')
            url = _with_name(migrated.name())
        made = Installation(Path(folder), database_url=url, queue_url="", email_url="console:")
        done = made.manage("migrate", "--verbosity=0", "--skip-checks")
        made.stop()
        assert done.returncode == 0, done.stderr
        if vendor == "sqlite":
            shutil.move(Path(folder) / "plumbline.sqlite3", migrated.file())


def _with_name(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def eventually(is_true: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait until it is true; fail if that takes longer."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"Not true within {seconds} s."
        time.sleep(0.05)
