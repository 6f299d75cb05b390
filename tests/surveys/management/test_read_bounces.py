import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, DataError

from kpiproject import mail as outbox
from surveys import bounces
from surveys.models import BounceReport
from tests.surveys.reports import complained, failed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> str:
    return outbox.put_into_outbox(
        key="k", kind="survey_invitation", to="ada@example.org", subject="s", text="t"
    ).message_id


def read(capsys, *arguments: str, **named) -> dict[str, int]:
    call_command("read_bounces", *arguments, "--json", **named)
    return json.loads(capsys.readouterr().out)


def test_mail_comes_through_a_pipe(ours, capsys, monkeypatch):
    for expected in ({"noted": 1}, {"known": 1}):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(failed(ours))))
        assert read(capsys) == {"noted": 0, "known": 0, "strange": 0, "unreadable": 0, **expected}


def test_saved_mails_are_read_one_by_one(ours, capsys, tmp_path: Path):
    for name, content in {"a": failed(ours), "b": complained("<x@y>"), "c": b"Hello"}.items():
        (tmp_path / name).write_bytes(content)
    call_command("read_bounces", *[str(tmp_path / name) for name in "abc"])
    assert capsys.readouterr().out == "1 noted, 0 known already, 1 about no mail of ours, 1 no report.\n"


def test_maildir_is_read_once_and_marked(ours, capsys, tmp_path: Path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.host").write_bytes(failed(ours))
    assert read(capsys, "--maildir", str(tmp_path))["noted"] == 1
    assert [file.name for file in (tmp_path / "cur").iterdir()] == ["1.host:2,S"]
    assert read(capsys, "--maildir", str(tmp_path)) == {"noted": 0, "known": 0, "strange": 0, "unreadable": 0}
    assert BounceReport.objects.count() == 1


def test_one_bad_file_never_stops_a_maildir(ours, capsys, tmp_path: Path, monkeypatch):
    """A report that the database refuses, something that is no file, and after them a good one."""
    (tmp_path / "new" / "2.folder").mkdir(parents=True)
    (tmp_path / "new" / "1.bad").write_bytes(failed("<bad@localhost>"))
    (tmp_path / "new" / "3.good").write_bytes(failed(ours))
    record = bounces.record

    def refusing(report, **named):
        if report.message_id == "<bad@localhost>":
            raise DataError
        return record(report, **named)

    monkeypatch.setattr(bounces, "record", refusing)
    assert read(capsys, "--maildir", str(tmp_path)) == {"noted": 1, "known": 0, "strange": 0, "unreadable": 1}
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.bad:2,S", "3.good:2,S"]
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["2.folder"]


def test_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(CommandError, match=r"nothing cannot be read: No such file or directory\.$"):
        call_command("read_bounces", str(tmp_path / "nothing"))


def test_mail_server_is_told_to_try_again_while_the_database_is_away(monkeypatch, ours, tmp_path: Path):
    def away(_content: bytes) -> None:
        raise DatabaseError

    monkeypatch.setattr(bounces, "take", away)
    (tmp_path / "a").write_bytes(failed(ours))
    with pytest.raises(CommandError) as caught:
        call_command("read_bounces", str(tmp_path / "a"))
    assert caught.value.returncode == 75
