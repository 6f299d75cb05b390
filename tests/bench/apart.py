"""Steps of a benchmark in processes of their own, so that each has its own peak of memory.

`run("imports:load", …)` calls that function of tests.bench in a new process, which finds its database under `var`.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple


class Step(NamedTuple):
    """What a step answered, how long it took, and its greatest size in megabytes."""

    answer: Any
    seconds: float
    megabytes: float


def run(step: str, var: Path, *arguments: object) -> Step:
    """Raises CalledProcessError where the step fails; what it prints goes where ours goes."""
    with tempfile.NamedTemporaryFile() as answer:
        command = [sys.executable, "-m", "tests.bench.apart", answer.name, step, *map(str, arguments)]
        subprocess.run(command, env=os.environ | {"PLUMBLINE_VAR": str(var)}, check=True)
        return Step(*json.loads(Path(answer.name).read_text()))


def _peak() -> float:
    """Of this program alone: what `resource` knows includes the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(where: str, step: str, *arguments: str) -> None:
    import django  # noqa: PLC0415 - the environment is chosen by now

    django.setup()
    module, _, function = step.partition(":")
    action = getattr(import_module(f"tests.bench.{module}"), function)
    gc.collect()
    gc.freeze()  # as the web server does
    started = time.perf_counter()
    answer = action(*arguments)
    seconds = time.perf_counter() - started
    Path(where).write_text(json.dumps([answer, seconds, _peak()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
