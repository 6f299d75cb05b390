"""The supervisor: order, revival, and nothing left running."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from kpiproject.supervisor.child import Child, Spec
from kpiproject.supervisor.tree import Tree

# Notes when it starts and when it is asked to stop.
CODE = """
import signal, sys, time
def note(what):
    with open(NOTES, "a") as file:
        file.write(f"{what} NAME\\n")
def stop(*_anything):
    note("stop")
    sys.exit(0)
signal.signal(signal.SIGTERM, STOP)
note("start")
time.sleep(60)
"""


class Family:
    """Children that take notes, and what the supervisor said."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes"
        self.said: list[str] = []
        self.children: list[Child] = []

    def add(self, name: str, stage: int, *, stop: str = "stop", seconds_to_stop: float = 10, **options) -> Child:
        code = CODE.replace("NOTES", repr(str(self.notes))).replace("NAME", name).replace("STOP", stop)
        options = {"is_up": lambda: f"start {name}" in self.read()} | options
        spec = Spec(
            name=name, command=[sys.executable, "-c", code], stage=stage, seconds_to_stop=seconds_to_stop, **options
        )
        self.children.append(Child(spec, say=self.said.append))
        return self.children[-1]

    def read(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def run(
        self, *, is_ready: Callable[[], bool] = lambda: True, when_ready: Callable[[], None] = lambda: None
    ) -> None:
        Tree(self.children, say=self.said.append, is_ready=is_ready, when_ready=when_ready).run()


@pytest.fixture
def family(tmp_path: Path) -> Family:
    return Family(tmp_path)


def signal_us(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_starts_in_order_and_stops_in_the_opposite_order(family: Family, number: int) -> None:
    family.add("web", 2)
    family.add("queue", 0)
    family.add("worker", 1)
    # Whoever runs the tests may have told this process to go on when the terminal closes.
    outside = signal.signal(number, signal.default_int_handler)
    try:
        family.run(when_ready=lambda: signal_us(number))
        assert signal.getsignal(number) == signal.default_int_handler
    finally:
        signal.signal(number, outside)
    assert family.read() == ["start queue", "start worker", "start web", "stop web", "stop worker", "stop queue"]
    assert family.said == ["Stopping … (Ctrl-C again stops at once)", "Stopped."]
    assert [child.pid for child in family.children] == [None, None, None]


def test_terminal_that_closes_stops_nothing_under_nohup(family: Family) -> None:
    family.add("web", 2)

    def hang_up_then_stop() -> None:
        signal_us(signal.SIGHUP)
        threading.Timer(0.5, signal_us).start()

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    started = time.monotonic()
    try:
        family.run(when_ready=hang_up_then_stop)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert time.monotonic() - started > 0.5


def test_ready_is_said_once(family: Family) -> None:
    family.add("web", 2)
    answers = iter([False, False, True])
    times: list[float] = []

    def ready() -> None:
        times.append(time.monotonic())
        threading.Timer(0.5, signal_us).start()

    family.run(is_ready=lambda: next(answers), when_ready=ready)
    assert len(times) == 1


def test_dead_child_is_started_again(family: Family) -> None:
    child = family.add("worker", 1)

    def kill_it() -> None:
        os.kill(child.pid or 0, signal.SIGKILL)
        threading.Timer(2.5, signal_us).start()

    family.run(when_ready=kill_it)
    assert family.read() == ["start worker", "start worker", "stop worker"]
    assert family.said[0] == (
        "The worker ended (signal SIGKILL) and is started again in 1 s. Its last words, also in logs/worker.log: none"
    )


def test_child_that_does_not_come_up_stops_everything(family: Family) -> None:
    family.add("queue", 0)
    broken = Spec(
        name="worker",
        command=[sys.executable, "-c", "raise SystemExit('No room.')"],
        stage=1,
        seconds_to_stop=1,
        is_up=lambda: False,
    )
    family.children.append(Child(broken, say=family.said.append))
    with pytest.raises(CommandError, match=r"^The worker did not start: No room\.$"):
        family.run()
    assert family.read() == ["start queue", "stop queue"]


def test_child_that_does_not_stop_is_killed_after_its_time(family: Family) -> None:
    child = family.add("worker", 1, stop="signal.SIG_IGN", seconds_to_stop=0.3)
    pids: list[int] = []

    def ready() -> None:
        pids.append(child.pid or 0)
        signal_us()

    started = time.monotonic()
    family.run(when_ready=ready)
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_second_signal_does_not_wait(family: Family) -> None:
    family.add("worker", 1, stop="signal.SIG_IGN", seconds_to_stop=60)

    def ready() -> None:
        signal_us()
        threading.Timer(0.3, signal_us).start()

    started = time.monotonic()
    family.run(when_ready=ready)
    assert time.monotonic() - started < 5


def test_signal_while_starting_stops_what_was_started(family: Family) -> None:
    def never_up() -> bool:
        signal_us()
        return False

    family.add("queue", 0)
    family.add("worker", 1, is_up=never_up)
    family.add("web", 2)
    family.run()
    assert "start web" not in family.read()
    assert family.read()[-1] == "stop queue"
