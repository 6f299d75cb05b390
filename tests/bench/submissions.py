"""Answers a second through the real web server at 64 clients, against a bare view with one INSERT, on each database."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kpiproject.supervisor import plumbline
from tests.bench.report import Finding, say
from tests.installation import ROOT, Installation, new_installation
from tests.migrated import one_run

CLIENTS = 64
REQUESTS = 1_500
ROUNDS = 3
LEAST = 0.4
SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
BODY = b"score=9&comment=Quick+and+friendly%2C+thank+you."

_INVITE = f"""
from surveys import invitations
from surveys.invitations import Invitee
from surveys.models import Invitation, Survey
survey = Survey.objects.get(slug="nps")
invitations.invite(survey, [Invitee(email=f"p{{n}}@bench.example") for n in range({REQUESTS * ROUNDS})])
Invitation.objects.update(sent_at=survey.created_at)  # their mails have left, as those of people who answer have
result = list(Invitation.objects.values_list("token", flat=True))
"""
_COUNT = "from surveys.models import Answer\nresult = Answer.objects.filter(invitation__isnull=False).count()"


def findings() -> list[Finding]:
    found = []
    for vendor in ("sqlite", "postgresql"):
        if vendor == "postgresql" and not _has_postgresql():
            say("     no PostgreSQL answers on this machine; left out")
            continue
        found += _measured(vendor)
    return found


def _has_postgresql() -> bool:
    os.environ.setdefault("DATABASE_URL", SERVER)
    try:
        psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _measured(vendor: str) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder:
        var = Path(folder) / "var"
        with one_run(), new_installation(var, queue_url="", email_url="console:", vendor=vendor) as made:
            tokens = made.run(_INVITE)
            assert made.manage("collectstatic", "--verbosity=0", "--no-input").returncode == 0
            rates, statuses = _race(made, tokens)
            stored = made.run(_COUNT)
    sent = REQUESTS * ROUNDS
    lost = sent - min(stored, statuses[303])
    ratio = max(ours / bare for ours, bare in rates)
    note = ", ".join(f"{ours:.0f}/s of {bare:.0f}/s" for ours, bare in rates)
    # Smaller is better in the report, so the share is told as how many times as fast the bare view is.
    return [
        Finding(f"submissions, {vendor}: bare INSERT ÷ ours, answers a second", 1 / ratio, 1 / LEAST, note=note),
        Finding(f"submissions, {vendor}: of {sent} lost or refused", lost, 0, note=str(dict(statuses))),
    ]


def _race(made: Installation, tokens: Sequence[str]) -> tuple[list[tuple[float, float]], Counter[int]]:
    """Both side by side, in turns, so that whatever else the machine does hits both."""
    statuses: Counter[int] = Counter()
    rates = []
    with (
        _serving(made, {}) as ours,
        _serving(made, {"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings"}) as bare,
    ):
        for start in range(0, len(tokens), REQUESTS):
            batch = tokens[start : start + REQUESTS]
            bare_rate, _seen = asyncio.run(_load(bare, ["/bare/"] * len(batch)))
            our_rate, seen = asyncio.run(_load(ours, [f"/s/{token}/" for token in batch]))
            statuses += seen
            rates.append((our_rate, bare_rate))
    return rates, statuses


@contextmanager
def _serving(made: Installation, settings: dict[str, str]) -> Iterator[int]:
    port = _free_port()
    command = list(plumbline.web().command)
    command[command.index("--port") + 1] = str(port)
    env = made.env | {"PORT": str(port), "DEBUG": "0", "ALLOWED_HOSTS": "localhost"} | settings
    with subprocess.Popen(command, cwd=ROOT, env=env) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The web server did not start.")


async def _load(port: int, paths: Sequence[str]) -> tuple[float, Counter[int]]:
    """Requests a second over all, and how often each status came back."""
    waiting = iter(paths)
    statuses: Counter[int] = Counter()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in waiting:
            writer.write(_request(path))
            statuses[await _status(reader)] += 1
        writer.close()
        await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*[client() for _ in range(CLIENTS)])
    return len(paths) / (time.perf_counter() - start), statuses


def _request(path: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    if "content-length" in named:
        await reader.readexactly(int(named["content-length"]))
    elif named.get("transfer-encoding") == "chunked":
        await reader.readuntil(b"0\r\n\r\n")
    return int(lines[0].split()[1])
