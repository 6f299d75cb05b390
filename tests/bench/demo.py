"""From a fresh clone to the first page: `make demo` with nothing installed, and once more."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.report import Finding

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 900


def findings() -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="plumbline-clone-") as folder:
        clone = Path(folder) / "plumbline"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first, second = _serving_after(clone), _serving_after(clone)
    return [
        Finding("make demo: fresh clone to serving, with installation", first, 180, "s"),
        Finding("make demo: serving the second time", second, 10, "s"),
    ]


def _serving_after(clone: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = ("PLUMBLINE_VAR", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "VIRTUAL_ENV", "BASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours} | {"PORT": str(port)}
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process, until=started + PATIENCE)
        return time.monotonic() - started
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], *, until: float) -> None:
    while time.monotonic() < until:
        if process.poll() is not None:
            msg = f"make demo ended with {process.returncode} before it served anything."
            raise RuntimeError(msg)
        try:
            with urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    msg = f"make demo served nothing within {PATIENCE} seconds."
    raise RuntimeError(msg)
