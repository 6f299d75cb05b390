"""`manage.py start` as a newcomer uses it: real processes, from the first line to the last."""

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.installation import ROOT, eventually, put_database

# What it starts has a database and a queue of its own, whatever the other tests have.
pytestmark = [pytest.mark.queue, pytest.mark.plain]
PARTS = {"queue", "web", "worker", "scheduler"}
COMMANDS = ("valkey-server", "-m granian", "kpiproject.celery worker", "kpiproject.celery beat")


class Started:
    """One `manage.py start`. Everything it starts carries its mark in the environment."""

    def __init__(self, var: Path, **env: str) -> None:
        self.var, self.port = var, _free_port()
        self.mark = secrets.token_hex(8)
        self.output = var.with_suffix(".out")
        settings = {"PLUMBLINE_VAR": str(var), "PORT": str(self.port), "TEST_MARK": self.mark}
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start"],
                cwd=ROOT,
                env=inherited | settings | env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        eventually(lambda: "Plumbline is ready" in self.text or self.process.poll() is not None, seconds=60)
        assert "Plumbline is ready" in self.text, self.text

    def family(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def part(self, words: str) -> psutil.Process:
        return next(process for process in self.family() if words in " ".join(process.cmdline()))

    def status(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return int(answer.status)

    def end(self) -> None:
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
                process.kill()
        self.process.wait()

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("TEST_MARK") == self.mark and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    made: list[Started] = []

    def new(var: Path = tmp_path / "var", **env: Any) -> Started:
        made.append(Started(var, **env))
        return made[-1]

    yield new
    for each in made:
        each.end()


def refusal(started: Started) -> tuple[int, str]:
    code = started.process.wait(timeout=60)
    return code, started.text.strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_command_serves_and_stops_without_a_trace(start, tmp_path: Path, number: int) -> None:
    """From nothing at all, and from a database that is there."""
    if number == signal.SIGTERM:
        put_database(tmp_path / "var")
    plumbline = start()
    plumbline.wait_until_ready()
    assert plumbline.status() == 200
    assert f"Plumbline is ready: http://localhost:{plumbline.port}" in plumbline.text
    assert "enter this one-time code: " in plumbline.text
    eventually(lambda: {path.stem for path in (plumbline.var / "logs").iterdir()} == PARTS)
    plumbline.process.send_signal(number)
    assert plumbline.process.wait(timeout=30) == 0
    assert plumbline.family() == []
    assert plumbline.text.splitlines()[-2:] == ["Stopping … (Ctrl-C again stops at once)", "Stopped."]


def test_killed_parts_come_back(start, tmp_path: Path) -> None:
    put_database(tmp_path / "var")
    plumbline = start()
    plumbline.wait_until_ready()
    before = {words: plumbline.part(words).pid for words in COMMANDS}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: plumbline.text.count("is started again in 1 s") == 4)
    eventually(lambda: "worker" in heartbeats(plumbline), seconds=60)
    assert {words: plumbline.part(words).pid for words in before}.items().isdisjoint(before.items())
    assert plumbline.status() == 200


def heartbeats(plumbline: Started) -> str:
    """What the scheduler has sent and the worker has done, through the queue."""
    with closing(sqlite3.connect(plumbline.var / "plumbline.sqlite3")) as database:
        return " ".join(name for (name,) in database.execute("SELECT name FROM kpiproject_heartbeat"))


def test_nothing_outlives_a_killed_supervisor(start, tmp_path: Path) -> None:
    put_database(tmp_path / "var")
    plumbline = start()
    plumbline.wait_until_ready()
    assert len(plumbline.family()) >= 5
    plumbline.process.kill()
    eventually(lambda: plumbline.family() == [], seconds=15)
    again = start()
    again.wait_until_ready()


def test_second_start_on_the_same_folder_is_refused(start, tmp_path: Path) -> None:
    put_database(tmp_path / "var")
    first = start()
    first.wait_until_ready()
    code, text = refusal(start())
    assert code == 1
    assert f"Plumbline already runs on the data folder {first.var} (process {first.process.pid})." in text


def test_data_folder_with_a_long_name_and_spaces(start, tmp_path: Path) -> None:
    var = tmp_path / f"a folder #1 100% {'x' * 80}"
    put_database(var)
    plumbline = start(var)
    plumbline.wait_until_ready()
    eventually(lambda: "worker" in heartbeats(plumbline), seconds=60)
    elsewhere = Path((var / "queue.sock.path").read_text())
    plumbline.process.terminate()
    assert plumbline.process.wait(timeout=30) == 0
    assert not elsewhere.parent.exists()


def test_port_in_use(start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, text = refusal(start(PORT=str(port)))
    assert code == 1
    assert text == (
        f"CommandError: Port {port} is used by another program: Address already in use. "
        f"Choose another one, for example PORT={port + 1}."
    )


@pytest.mark.parametrize("secret_key", ["", "given"])
def test_data_folder_that_cannot_be_written(start, tmp_path: Path, secret_key: str) -> None:
    (tmp_path / "file").touch()
    code, text = refusal(start(tmp_path / "file", SECRET_KEY=secret_key))
    sentence = f"The data folder {tmp_path / 'file'} (PLUMBLINE_VAR) cannot be written: File exists."
    assert (code, text.removeprefix("CommandError: ")) == (1, sentence)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "postgres://user:secret@127.0.0.1:1/x",
            'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused',
        ),
        (
            "sqlite:////nowhere/at/all.sqlite3",
            "/nowhere/at/all.sqlite3 cannot be written",
        ),
    ],
)
def test_database_that_cannot_be_used(start, url: str, reason: str) -> None:
    sentence = f"CommandError: The database in DATABASE_URL cannot be used: {reason}."
    assert refusal(start(DATABASE_URL=url)) == (1, sentence)


def test_queue_that_cannot_be_reached(start) -> None:
    code, text = refusal(start(REDIS_URL="redis://:secret@127.0.0.1:1/0"))
    assert code == 1
    assert text == (
        "CommandError: The queue redis://:**@127.0.0.1:1/0 in REDIS_URL cannot be reached: "
        "Error 111 connecting to 127.0.0.1:1. Connection refused."
    )


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        (
            {"DATABASE_URL": "mysql://x"},
            "DATABASE_URL starts with 'mysql'; it must start with sqlite:/// or postgres://.",
        ),
        ({"REDIS_URL": "amqp://x"}, "REDIS_URL starts with 'amqp'; it must start with redis:// or rediss://."),
        ({"PORT": "http"}, "PORT is 'http'; write a whole number from 1 to 65535."),
    ],
)
def test_setting_that_makes_no_sense(start, env: dict[str, str], sentence: str) -> None:
    assert refusal(start(**env)) == (1, sentence)
