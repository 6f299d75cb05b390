"""Histories imported into databases of their own, once for all parts that measure with them.

BENCH_TICKETS makes them smaller, to try things: the promises are about a million.
"""

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.bench import apart, history
from tests.bench.apart import Step
from tests.bench.report import say

TICKETS = int(os.environ.get("BENCH_TICKETS", "1000000"))
A_DAY = 1_000_000 / history.DAYS
_TABLES = {"tickets": "metrics_ticket", "ticket_events": "metrics_ticketevent"}


@dataclass(frozen=True)
class Scene:
    folder: Path
    tickets: int
    days: int
    imports: list[tuple[str, int, Step]]

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def imported(self, tickets: int, *, first: int, days: tuple[int, int]) -> list[tuple[str, int, Step]]:
        """Import so many tickets with their events; of each table the rows and what the step took."""
        found = []
        paths = history.written(self.folder, tickets, first=first, days=days)
        for (kind, table), path in zip(_TABLES.items(), paths, strict=True):
            step = apart.run("imports:load", self.var, kind, path)
            with path.open() as lines:
                found.append((table, sum(1 for _ in lines) - 1, step))
            path.unlink()
        return found


@lru_cache
def scene(share: int = 1) -> Scene:
    """As many tickets a day as a million in three years makes, over that share of the time."""
    return built(share)


def built(share: int = 1) -> Scene:
    """The same, anew: into the database that the environment names."""
    tickets = TICKETS // share
    folder = Path(tempfile.mkdtemp(prefix="plumbline-history-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Scene(folder, tickets, max(1, round(tickets / A_DAY)), [])
    made.var.mkdir()
    apart.run("imports:prepare", made.var)
    made.imports.extend(made.imported(tickets, first=0, days=(0, made.days)))
    for table, rows, step in made.imports:
        say(f"   {table}: {rows:,} rows imported in {step.seconds:.1f} s, {step.megabytes:.0f} MB")
    return made
