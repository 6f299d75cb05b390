"""What the command line says when the database is not there: one sentence, and exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.plain
ROOT = Path(__file__).parent.parent.parent.parent


def manage(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in ours} | settings
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [("kpi", "csat"), ("recompute",), ("invite", "csat", "--emails", __file__)])
def test_a_database_without_tables(tmp_path, command):
    found = manage(*command, PLUMBLINE_VAR=str(tmp_path))
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        "The database has not been prepared yet: run `manage.py migrate`, or `manage.py start`, which does it.\n"
    )


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "plumbline.sqlite3").write_bytes(b"not a database at all, but long enough to look like one" * 40)
    found = manage("kpi", "csat", PLUMBLINE_VAR=str(tmp_path))
    assert found.returncode == 1
    assert found.stderr == "The database in DATABASE_URL cannot be used: file is not a database.\n"
