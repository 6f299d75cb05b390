"""Other processes that compute while this one writes: Python computes on one core at a time."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Final, Generic, TypeVar

from django.db import connection

Given = TypeVar("Given")
Found = TypeVar("Found")

# Each takes some hundred megabytes, and one alone writes what all compute.
_MOST: Final = 4


def cores() -> int:
    """How many processes are worth while: the cores that this one may use, which in a container are fewer than the
    machine has."""
    return min(_MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class Crew(Generic[Given, Found]):
    """`pool` is None where everything is done here. `work` must be importable and its answer pickled."""

    def __init__(self, work: Callable[[Given], Found], pool: ProcessPoolExecutor | None, size: int) -> None:
        self._work, self._pool, self._size = work, pool, size
        self._taken: dict[Future[Found], Given] = {}

    @property
    def in_hand(self) -> list[Given]:
        return list(self._taken.values())

    @property
    def has_room(self) -> bool:
        return len(self._taken) < self._size

    def take(self, given: Given) -> None:
        self._taken[self._begin(given)] = given

    def finished(self) -> Iterator[tuple[Given, Found]]:
        """At least one, if any is in hand. What a process had in hand when it died is done here."""
        for future in wait(self._taken, return_when=FIRST_COMPLETED).done:
            given = self._taken.pop(future)
            try:
                found = future.result()
            except BrokenProcessPool:
                self._pool = None
                found = self._work(given)
            yield given, found

    def _begin(self, given: Given) -> Future[Found]:
        if self._pool is not None:
            try:
                return self._pool.submit(self._work, given)
            except BrokenProcessPool:
                self._pool = None
        done: Future[Found] = Future()
        done.set_result(self._work(given))
        return done


@contextmanager
def crew(work: Callable[[Given], Found], size: int) -> Iterator[Crew[Given, Found]]:
    """So many processes, or none where they would not see what this one sees."""
    if size <= 1 or connection.in_atomic_block or _is_in_memory():
        yield Crew(work, None, 1)
        return
    begin = partial(_join, str(connection.settings_dict["NAME"]))
    # Not forked: a copy of this process would share its connection and the locks of its libraries.
    with ProcessPoolExecutor(size, mp_context=get_context("spawn"), initializer=begin) as pool:
        yield Crew(work, pool, size)


def _is_in_memory() -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]  # SQLite's own


def _join(database: str) -> None:
    import django  # noqa: PLC0415 - in a new process, before anything of Django is used

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    django.setup()
    connection.settings_dict["NAME"] = database
