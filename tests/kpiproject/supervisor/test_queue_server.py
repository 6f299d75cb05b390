"""The embedded queue keeps what it was given, and finds a place for its socket."""

import os
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from kpiproject.supervisor import queue_server
from tests.installation import eventually

pytestmark = pytest.mark.plain


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pl-") as short:
        yield Path(short)


@contextmanager
def server(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    where = folder / "queue.sock"
    spec = queue_server.spec(where, folder=folder / "queue")
    with subprocess.Popen(spec.command, stdout=subprocess.DEVNULL) as process:
        try:
            eventually(spec.is_up)
            yield process
        finally:
            process.terminate()


def client(folder: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(folder / "queue.sock"))


@pytest.mark.queue
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_tasks_outlive_the_server(folder: Path, number: int) -> None:
    with server(folder) as process, client(folder) as asked:
        asked.lpush("celery", "one", "two")
        os.kill(process.pid, number)
        process.wait()
    with server(folder), client(folder) as asked:
        assert asked.lrange("celery", 0, -1) == [b"two", b"one"]


@pytest.mark.queue
def test_only_this_user_and_only_this_machine_may_ask(folder: Path) -> None:
    with server(folder), client(folder) as asked:
        assert stat.S_IMODE((folder / "queue.sock").stat().st_mode) == 0o700
        assert asked.config_get("port")["port"] == "0"
        assert asked.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"


def test_nobody_answers_on_a_dead_socket(folder: Path) -> None:
    (folder / "queue.sock").touch()
    assert not queue_server.answers(folder / "queue.sock")


def test_socket_is_in_the_data_folder(folder: Path) -> None:
    assert queue_server.choose_socket(folder) == folder / "queue.sock"
    assert not (folder / queue_server.NOTE).exists()


def test_socket_with_too_long_a_path_is_elsewhere_and_private(tmp_path: Path) -> None:
    var = tmp_path / ("x" * 120)
    var.mkdir()
    first = queue_server.choose_socket(var)
    assert (var / queue_server.NOTE).read_text() == str(first)
    assert len(str(first)) <= queue_server.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    second = queue_server.choose_socket(var)
    assert not first.parent.exists()
    queue_server.forget_socket(var)
    assert not second.parent.exists()
    assert not (var / queue_server.NOTE).exists()
