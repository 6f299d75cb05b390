"""Real queues for tests."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from kpiproject.supervisor import queue_server


def running_queue(kind: str) -> AbstractContextManager[str]:
    return _embedded() if kind == "embedded" else _redis()


@contextmanager
def _embedded() -> Iterator[str]:
    """In a folder of its own with a short name, because a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="pl-") as folder:
        where = Path(folder) / "queue.sock"
        spec = queue_server.spec(where, folder=Path(folder) / "queue")
        with subprocess.Popen(spec.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _wait_for(where)
                yield f"redis+socket://{where}"
            finally:
                server.terminate()


def _wait_for(where: Path) -> None:
    deadline = time.monotonic() + 10
    while not queue_server.answers(where):
        assert time.monotonic() < deadline, "The embedded queue did not start."
        time.sleep(0.02)


@contextmanager
def _redis() -> Iterator[str]:
    """An empty database of the server, marked as ours while the test runs and emptied afterwards."""
    base = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379"
    address = urlsplit(base)
    try:
        socket.create_connection((address.hostname or "127.0.0.1", address.port or 6379), timeout=2).close()
    except OSError:
        pytest.skip(f"No Redis answers at {address.hostname}:{address.port}.")
    url, client = _free_database(address._replace(path="").geturl())
    try:
        yield url
    finally:
        client.flushdb()
        client.close()


def _free_database(base: str) -> tuple[str, redis.Redis]:
    for number in range(1, 16):
        client = redis.Redis.from_url(f"{base}/{number}")
        if client.dbsize() == 0 and client.set("used by a test", os.getpid(), nx=True, ex=600):
            return f"{base}/{number}", client
        client.close()
    pytest.skip("Every database of this Redis is in use.")
