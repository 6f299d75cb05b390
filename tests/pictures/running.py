"""A fresh demonstration company in a folder of its own, and the end of everything that was started for it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
PORT = 8931
PATIENCE = 600


@dataclass(frozen=True)
class Demo:
    base: str
    logins: dict[str, str]

    def email(self, role: str) -> str:
        return next(email for email in self.logins if email.startswith(role))


@contextmanager
def demonstration(folder: Path) -> Iterator[Demo]:
    base = f"http://127.0.0.1:{PORT}"
    ours = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DEBUG")
    given = {name: value for name, value in os.environ.items() if name not in ours}
    environment = {**given, "PLUMBLINE_VAR": str(folder), "PORT": str(PORT), "DEMO": "1", "BASE_URL": base}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"{base}/healthz", process)
        yield Demo(base, json.loads((folder / "demo-logins.json").read_text(encoding="utf-8")))
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The supervisor ends what it has started; whoever does not listen is ended with it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            msg = f"The demonstration ended with {process.returncode}; does something else use port {PORT}?"
            raise RuntimeError(msg)
        try:
            with urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.3)
    msg = f"The demonstration was not there within {PATIENCE} seconds."
    raise RuntimeError(msg)
