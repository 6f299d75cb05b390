"""One process that is kept alive."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from logging import INFO, Formatter, LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread
from typing import IO, Final

from django.conf import settings

_LAUNCHER: Final = Path(__file__).with_name("launch.py")
_WARNING: Final = re.compile(r"^.{0,40}\b(WARNING|ERROR|CRITICAL)\b")
# Celery need not check again what `start` has checked.
_ENVIRONMENT: Final = {"PYTHONUNBUFFERED": "1", "CELERY_SKIP_CHECKS": "1"}
_HEALTHY_AFTER_SECONDS: Final = 60
_LONGEST_PAUSE_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What to run. `stage` orders starting (ascending) and stopping (descending)."""

    name: str
    command: list[str]
    stage: int
    seconds_to_stop: float
    # What the kernel sends when the supervisor dies. SIGKILL is certain, and safe because all work survives it; the
    # web server gets SIGTERM, because it has processes of its own to take along.
    death_signal: int = signal.SIGKILL
    prints: bool = False  # its standard output is for the person at the terminal
    warns: bool = True  # its warnings are, too
    is_up: Callable[[], bool] = lambda: True


class Child:
    """A process in a session of its own; its output goes to var/logs/<name>.log, its warnings to the terminal."""

    def __init__(self, spec: Spec, *, say: Callable[[str], None]) -> None:
        self.spec = spec
        self.last_line = ""
        self.restart_at = 0.0
        self._say = say
        self._log = _log_file(spec.name)
        self._pause_seconds = 1
        self._started_at = 0.0
        self._is_to_stop = False
        self._process: subprocess.Popen[str] | None = None
        self._readers: list[Thread] = []

    def start(self) -> None:
        self.last_line = ""
        self._started_at = time.monotonic()
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(self.spec.death_signal))]
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            launcher + self.spec.command,
            cwd=settings.BASE_DIR,
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        warns = _is_warning if self.spec.warns else _never
        self._readers = [
            self._read(self._process.stdout, show=_everything if self.spec.prints else warns),
            self._read(self._process.stderr, show=warns),
        ]

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs, or before it was started."""
        return self._process.poll() if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def terminate(self) -> None:
        self._is_to_stop = True
        if self._process and self.is_running:
            self._process.terminate()

    def kill(self) -> None:
        """End it and whatever it started; free what it held here."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter when only a zombie is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for reader in self._readers:
            reader.join(timeout=1)
        self._process = None

    def plan_restart(self) -> int:
        """Seconds until it is started again: 1, 2, 4 … 30, and 1 again after a healthy minute."""
        now = time.monotonic()
        if now - self._started_at > _HEALTHY_AFTER_SECONDS:
            self._pause_seconds = 1
        pause = self._pause_seconds
        self._pause_seconds = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        self.restart_at = now + pause
        return pause

    def close(self) -> None:
        self._log.close()

    def _read(self, stream: IO[str] | None, *, show: Callable[[str], bool]) -> Thread:
        reader = Thread(target=self._pump, args=(stream, show), daemon=True)
        reader.start()
        return reader

    def _pump(self, stream: IO[str], show: Callable[[str], bool]) -> None:
        with stream:
            for line in stream:
                text = line.rstrip()
                self._log.emit(LogRecord(self.spec.name, INFO, "", 0, text, None, None))
                self.last_line = text or self.last_line
                if show(text) and not self._is_to_stop:  # last words are for the log
                    self._say(f"{self.spec.name:<9}| {text}")


def _never(_line: str) -> bool:
    return False


def _everything(_line: str) -> bool:
    return True


def _is_warning(line: str) -> bool:
    """The first line of a warning or error; a traceback's other lines are in the log file."""
    return _WARNING.match(line) is not None


def _log_file(name: str) -> RotatingFileHandler:
    folder = settings.VAR / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / f"{name}.log", maxBytes=5_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(Formatter("%(message)s"))
    return handler
