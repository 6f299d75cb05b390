"""One supervised process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from kpiproject.supervisor import launch
from kpiproject.supervisor.child import Child, Spec
from tests.installation import eventually

FOREVER = "import time\ntime.sleep(60)\n"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def new_child(said: list[str]) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def new(code: str, **options) -> Child:
        spec = Spec(name="child", command=[sys.executable, "-c", code], stage=1, seconds_to_stop=5, **options)
        made.append(Child(spec, say=said.append))
        return made[-1]

    yield new
    for child in made:
        child.kill()
        child.close()


def log(settings) -> str:
    return str((settings.VAR / "logs" / "child.log").read_text(encoding="utf-8"))


def test_output_goes_to_the_log_and_warnings_to_the_terminal(new_child, said, settings) -> None:
    lines = ["plain", "2026-01-01 00:00:00,000 WARNING app: Look!", "Traceback (most recent call last):", "  détail"]
    child = new_child(f"import sys\nfor line in {lines!r}: print(line, file=sys.stderr)")
    child.start()
    eventually(lambda: child.exit_code == 0)
    child.kill()
    assert log(settings).splitlines() == lines
    assert said == ["child    | 2026-01-01 00:00:00,000 WARNING app: Look!"]
    assert child.last_line == "  détail"


def test_what_is_printed_for_the_person_at_the_terminal_is_shown_until_it_stops(new_child, said, settings) -> None:
    code = "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('Bye'), exit()))\nprint('Mail')\n"
    child = new_child(code + FOREVER, prints=True)
    child.start()
    eventually(lambda: said == ["child    | Mail"])
    child.terminate()
    eventually(lambda: child.exit_code == 0)
    child.kill()
    assert (said, log(settings)) == (["child    | Mail"], "Mail\nBye\n")


def test_warnings_of_others_programs_stay_in_the_log(new_child, said, settings) -> None:
    child = new_child("print('# WARNING overcommit')", warns=False)
    child.start()
    eventually(lambda: child.exit_code == 0)
    child.kill()
    assert (said, log(settings)) == ([], "# WARNING overcommit\n")


def test_child_has_a_session_of_its_own(new_child) -> None:
    child = new_child(FOREVER)
    child.start()
    assert child.is_running
    assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_kill_takes_grandchildren_along(new_child, said) -> None:
    code = f"import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', {FOREVER!r}]).pid, flush=True)\n"
    child = new_child(code, prints=True)
    child.start()
    eventually(lambda: len(said) == 1)
    grandchild = int(said[0].split("|")[1])
    eventually(lambda: child.exit_code == 0)
    assert psutil.pid_exists(grandchild)
    child.kill()
    eventually(lambda: not is_alive(grandchild))


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_pauses_grow_to_half_a_minute_and_shrink_after_a_healthy_minute(new_child, monkeypatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    child = new_child("")
    child._started_at = now
    assert [child.plan_restart() for _death in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert child.restart_at == now + 30
    child._started_at = now - 61
    assert child.plan_restart() == 1


LAUNCHER = [sys.executable, "-I", "-S", launch.__file__]
# A parent that starts a sleeper through the launcher, tells its pid, and waits to be killed.
PARENT = """
import os, subprocess, sys, time
command = [*LAUNCHER, str(os.getpid()), "15", sys.executable, "-c", "import time; time.sleep(60)"]
print(subprocess.Popen(command, start_new_session=True).pid, flush=True)
time.sleep(60)
"""
OFF_LINUX = """
import sys
sys.platform = "darwin"
sys.argv = ["launch.py", *sys.argv[1:]]
exec(compile(open(LAUNCH).read(), LAUNCH, "exec"))
"""


@pytest.mark.parametrize("how", ["kernel", "watch"])
def test_launched_process_ends_with_its_parent(how: str) -> None:
    launcher = (
        LAUNCHER if how == "kernel" else [sys.executable, "-c", OFF_LINUX.replace("LAUNCH", repr(launch.__file__))]
    )
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.replace("LAUNCHER", repr(launcher))], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        launched = int(parent.stdout.readline())
        eventually(lambda: "time.sleep(60)" in " ".join(command_lines(launched)))
        family = [*psutil.Process(launched).children(), psutil.Process(launched)]
        parent.kill()
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def command_lines(pid: int) -> list[str]:
    process = psutil.Process(pid)
    return [word for each in (process, *process.children()) for word in each.cmdline()]


def test_launcher_does_nothing_for_a_parent_that_is_gone() -> None:
    done = subprocess.run([*LAUNCHER, "1", "15", "true"], check=False)
    assert done.returncode == 1


def test_watching_launcher_passes_the_end_on() -> None:
    script = OFF_LINUX.replace("LAUNCH", repr(launch.__file__))
    command = [sys.executable, "-c", script, str(os.getpid()), "15", sys.executable, "-c", FOREVER]
    with subprocess.Popen(command) as launcher:
        eventually(lambda: [child.cmdline()[-1] for child in psutil.Process(launcher.pid).children()] == [FOREVER])
        time.sleep(0.2)  # until its handler is in place
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(5) == 128 + signal.SIGTERM
