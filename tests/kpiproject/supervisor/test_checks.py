"""What is refused before anything starts, and with which words."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from celery import Celery
from django.core.management import CommandError
from django.db import connection

from kpiproject.supervisor import checks


def sentence(caught: pytest.ExceptionInfo[CommandError]) -> str:
    return str(caught.value)


def test_data_folder_is_made(tmp_path: Path) -> None:
    checks.data_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError) as caught:
        checks.data_folder(tmp_path / "file")
    assert sentence(caught) == f"The data folder {tmp_path / 'file'} (PLUMBLINE_VAR) cannot be written: File exists."


def test_only_one_at_a_time(tmp_path: Path) -> None:
    with checks.only_one(tmp_path), pytest.raises(CommandError) as caught, checks.only_one(tmp_path):
        pass
    assert sentence(caught) == (
        f"Plumbline already runs on the data folder {tmp_path} (process {os.getpid()}). "
        "Stop it first, or choose another folder with PLUMBLINE_VAR."
    )
    with checks.only_one(tmp_path):
        pass


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = f"import fcntl, os, signal\nfile = open({str(tmp_path / 'start.lock')!r}, 'a+')\nfile.write('99999999')\n"
    code += "file.flush()\nfcntl.flock(file, fcntl.LOCK_EX)\nos.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code], check=False)
    with checks.only_one(tmp_path):
        assert (tmp_path / "start.lock").read_text() == str(os.getpid())


def test_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(CommandError) as caught:
            checks.port("127.0.0.1", number)
    assert sentence(caught) == (
        f"Port {number} is used by another program: Address already in use. "
        f"Choose another one, for example PORT={number + 1}."
    )
    checks.port("127.0.0.1", number)


def test_good_database_is_accepted() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("The test database of SQLite is in memory.")
    checks.database()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing/x.sqlite3", None, "{file} cannot be written"),
        ("text.sqlite3", "Not a database, whatever its name says. " * 100, "file is not a database"),
        (".", None, "unable to open database file"),
    ],
)
def test_bad_database_file(monkeypatch, tmp_path: Path, name: str, content: str | None, reason: str) -> None:
    file = tmp_path / name
    if content:
        file.write_text(content)
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    with pytest.raises(CommandError) as caught:
        checks.database()
    assert sentence(caught) == f"The database in DATABASE_URL cannot be used: {reason.format(file=file)}."


def test_queue_that_does_not_answer_keeps_its_password_secret() -> None:
    app = Celery(broker="redis://:secret@127.0.0.1:1/0", set_as_current=False)
    with pytest.raises(CommandError) as caught:
        checks.queue(app)
    assert sentence(caught) == (
        "The queue redis://:**@127.0.0.1:1/0 in REDIS_URL cannot be reached: "
        "Error 111 connecting to 127.0.0.1:1. Connection refused."
    )


@pytest.mark.queue
def test_queue_that_answers_is_accepted(queue_url: str) -> None:
    checks.queue(Celery(broker=queue_url, set_as_current=False))
