"""Becomes the command it is given, and ends when the process that started it ends.

Usage: launch.py PARENT SIGNAL COMMAND …   Runs without site-packages and without Plumbline, so that it costs 10 ms.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_STOP = 10


def become(command: list[str], *, parent: int, death_signal: int) -> None:
    """Linux: the kernel sends the signal when the parent dies."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before it could be asked for
        sys.exit(1)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvp(command[0], command)  # noqa: S606 - a program with arguments is what we were asked for


def watch(command: list[str], *, parent: int) -> int:
    """Elsewhere: stay in between and look twice a second whether the parent is still there."""
    child = subprocess.Popen(command)  # noqa: S603 - the same

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    while child.poll() is None:
        if os.getppid() != parent:
            _end(child)
        time.sleep(0.5)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_SECONDS_TO_STOP)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main(arguments: list[str]) -> int:
    parent, death_signal, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        become(command, parent=parent, death_signal=death_signal)
    return watch(command, parent=parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
