"""Timing, and a table of what was measured against what was promised."""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


def median_seconds(action: Callable[[], object], *, times: int = 7) -> float:
    """Median of several runs after one that warms up."""
    action()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@dataclass(frozen=True)
class Finding:
    """One line of the report. `limit` is the promise; smaller is better everywhere."""

    what: str
    measured: float
    limit: float
    unit: str = ""
    note: str = ""

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.limit

    def __str__(self) -> str:
        mark = "ok  " if self.is_kept else "OVER"
        line = f"{mark} {self.what:<62} {self.measured:>10.4g} {self.unit:<7} limit {self.limit:g}"
        return f"{line}   {self.note}" if self.note else line


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
