"""The supervisor: starts the children in order, keeps them alive, stops them in the opposite order."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from types import FrameType
from typing import Final

from django.core.management import CommandError

from kpiproject.supervisor.child import Child

_TICK_SECONDS: Final = 0.1
_SECONDS_TO_COME_UP: Final = 15
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Tree:
    def __init__(
        self,
        children: Sequence[Child],
        *,
        say: Callable[[str], None],
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None],
    ) -> None:
        self._children = sorted(children, key=_stage)
        self._say = say
        self._is_ready = is_ready
        self._when_ready = when_ready
        self._has_been_ready = False
        self._requests_to_stop = 0

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM. Nothing is left running afterwards, whatever happens."""
        with self._signals():
            try:
                self._start()
                while not self._requests_to_stop:
                    self._look_after()
                    time.sleep(_TICK_SECONDS)
                self._say("Stopping … (Ctrl-C again stops at once)")
            finally:
                self._stop()
        self._say("Stopped.")

    @contextmanager
    def _signals(self) -> Iterator[None]:
        heeded = [number for number in _SIGNALS if not _is_under_nohup(number)]
        before = {number: signal.signal(number, self._request_stop) for number in heeded}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._requests_to_stop += 1

    def _start(self) -> None:
        for child in self._children:
            if not self._requests_to_stop:
                child.start()
                self._wait_until_up(child)

    def _wait_until_up(self, child: Child) -> None:
        deadline = time.monotonic() + _SECONDS_TO_COME_UP
        while not child.spec.is_up() and not self._requests_to_stop:
            if not child.is_running or time.monotonic() > deadline:
                reason = child.last_line.rstrip(".") or "no reason given"
                msg = f"The {child.spec.name} did not start: {reason}."
                raise CommandError(msg)
            time.sleep(0.02)

    def _look_after(self) -> None:
        for child in self._children:
            self._revive(child)
        if not self._has_been_ready and self._is_ready():
            self._has_been_ready = True
            self._when_ready()

    def _revive(self, child: Child) -> None:
        if child.is_running:
            return
        if (code := child.exit_code) is not None:
            child.kill()  # a dead web server may have left its own processes behind
            self._say(
                f"The {child.spec.name} ended ({_how(code)}) and is started again in {child.plan_restart()} s. "
                f"Its last words, also in logs/{child.spec.name}.log: {child.last_line or 'none'}"
            )
        elif time.monotonic() >= child.restart_at:
            child.start()

    def _stop(self) -> None:
        for _number, stage in groupby(reversed(self._children), key=_stage):
            self._stop_together(list(stage))
        for child in self._children:
            child.close()

    def _stop_together(self, children: Sequence[Child]) -> None:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + max(child.spec.seconds_to_stop for child in children)
        while self._may_wait(children) and time.monotonic() < deadline:
            time.sleep(_TICK_SECONDS / 2)
        for child in children:
            child.kill()

    def _may_wait(self, children: Sequence[Child]) -> bool:
        return self._requests_to_stop < 2 and any(child.is_running for child in children)


def _is_under_nohup(number: int) -> bool:
    return number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN


def _stage(child: Child) -> int:
    return child.spec.stage


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
