"""What is saved comes back, row by row, in either database; what is no good changes nothing."""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.installation import Installation, new_installation
from tests.kpiproject.backups import contents
from tests.kpiproject.backups.ways import WAYS

pytestmark = pytest.mark.django_db
FILL = "from tests.kpiproject.backups import contents\nresult = contents.fill()"
EVERYTHING = "from tests.kpiproject.backups import contents\nresult = contents.everything()"
BOTH = "from tests.kpiproject.backups import contents\nresult = [contents.saved(), contents.everything()]"
# By how much its number is above the last one.
NEXT_ROW = """
from kpiproject.models import User
last = User.objects.order_by("-pk")[0].pk
result = User.objects.create(email="new@example.com").pk - last
"""
SAVED = "from tests.kpiproject.backups import contents\nresult = contents.saved()"


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    with ExitStack() as stack:

        def new(name: str, vendor: str = connection.vendor) -> Installation:
            made = new_installation(tmp_path / name, queue_url="", email_url="console:", vendor=vendor)
            return stack.enter_context(made)

        yield new


@pytest.fixture
def source(installed) -> Installation:
    made: Installation = installed("source")
    made.run(FILL)
    (made.var / "media" / "imports").mkdir(parents=True)
    (made.var / "media" / "imports" / "größe 1.csv").write_bytes(os.urandom(3_000_000))
    (made.var / "media" / "empty").touch()
    return made


@pytest.fixture
def backup(source: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "backup.zip"
    done = source.manage("backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def media(installation: Installation) -> dict[str, bytes]:
    folder = installation.var / "media"
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(("saved_on", "restored_on"), WAYS)
def test_every_row_and_upload_comes_back(installed, tmp_path: Path, saved_on: str, restored_on: str) -> None:
    first, second = installed("first", saved_on), installed("second", restored_on)
    counts = first.run(FILL)
    assert [table for table, count in counts.items() if count < (1 if table in contents.SINGLE else 2)] == []
    (first.var / "media").mkdir()
    (first.var / "media" / "a.csv").write_bytes(b"\x00\xff" * 1000)
    file = str(tmp_path / "backup.zip")
    assert first.manage("backup", file).returncode == 0
    restored = second.manage("restore", file)
    assert restored.returncode == 0, restored.stderr
    saved, after = second.run(BOTH)
    assert saved == first.run(SAVED)
    assert {table: after[table] for table in contents.LEFT_OUT} == {table: [] for table in contents.LEFT_OUT}
    assert media(second) == media(first)
    assert second.manage("backup", file, "--force").returncode == 0
    assert second.manage("migrate", "--check").returncode == 0
    assert second.run(NEXT_ROW) == 1


def test_backup_tells_what_it_saved(source: Installation, tmp_path: Path) -> None:
    done = source.manage("backup", str(tmp_path / "b.zip"))
    saved = source.run(SAVED)
    rows = sum(len(rows) for rows in saved.values())
    assert done.stdout.startswith(f"Saved {len(saved)} tables with {rows:,} rows and 2 uploads in ")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["b.zip"]


MAILS = """
from django.contrib.sessions.backends.db import SessionStore
from kpiproject import mail, people
from kpiproject.models import User
person = people.invite_person("new@example.com", role="Staff", by=None)
User.objects.create_user("ann@example.com", "a password of hers")
people.mail_password_reset("ann@example.com")
mail.Mail.objects.filter(kind="password_reset").update(state="sent")
mail.put_into_outbox(key="k", kind="note", to="ann@example.com", subject="Hello", text="Kept")
session = SessionStore()
session.create()
texts = mail.Mail.objects.exclude(kind="note").values_list("text", flat=True)
result = [session.session_key, *(text.split("/accounts/")[1].split()[0] for text in texts)]
"""
STATES = "from kpiproject.models import Mail\nresult = list(Mail.objects.values_list('kind', 'state', 'text', 'html'))"


def test_nobody_gets_in_with_a_backup(installed, tmp_path: Path) -> None:
    first, second = installed("first"), installed("second")
    keys = first.run(MAILS)
    first.manage("backup", str(tmp_path / "b.zip"))
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert [key for key in keys if key in content] == []
    assert second.manage("restore", str(tmp_path / "b.zip")).returncode == 0
    assert sorted(second.run(STATES)) == [
        ["invitation_person", "cancelled", "", ""],
        ["note", "queued", "Kept", ""],
        ["password_reset", "sent", "", ""],
    ]


def test_backup_overwrites_only_when_told(source: Installation, backup: Path) -> None:
    before = backup.read_bytes()
    done = source.manage("backup", str(backup))
    assert (done.returncode, done.stderr) == (
        1,
        f"CommandError: {backup} exists already. Choose another name, or overwrite it with --force.\n",
    )
    assert backup.read_bytes() == before
    assert source.manage("backup", str(backup), "--force").returncode == 0


def test_backup_to_a_place_that_does_not_exist(installed) -> None:
    done = installed("source").manage("backup", "/nowhere/at/all.zip")
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: /nowhere/at/all.zip cannot be written: No such file or directory.\n",
    )


def test_restore_into_a_full_installation_needs_force(source: Installation, backup: Path) -> None:
    source.run("from kpiproject.models import User\nUser.objects.create(email='late@example.com')")
    (source.var / "media" / "late").touch()
    before = source.run(EVERYTHING)
    done = source.manage("restore", str(backup))
    assert done.returncode == 1
    assert done.stderr == (
        "CommandError: This installation is not empty (django_admin_log). To replace all of it, add --force.\n"
    )
    assert source.run(EVERYTHING) == before
    assert source.manage("restore", str(backup), "--force").returncode == 0
    after = source.run(EVERYTHING)
    assert len(after["kpiproject_user"]) == len(before["kpiproject_user"]) - 1
    assert set(media(source)) == {"imports/größe 1.csv", "empty"}


def rewrite(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The backup with other members; checksums of the ZIP format fit again."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def change_manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()

    return change


def put_row(table: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        name = f"tables/{table}.jsonl"
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)

    return change


def remove(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        del members[name]

    return change


def replace_media(members: dict[str, bytes]) -> None:
    members["media/empty"] = b"x"


def become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a file": (Path.unlink, "{file} cannot be read: No such file or directory."),
    "a folder": (become_folder, "{file} cannot be read: Is a directory."),
    "empty": (
        lambda file: file.write_bytes(b""),
        "{file} is not a backup made by Plumbline, or a part of it is missing.",
    ),
    "cut off": (
        lambda file: file.write_bytes(file.read_bytes()[:-5000]),
        "{file} is not a backup made by Plumbline, or a part of it is missing.",
    ),
    "another ZIP file": (
        lambda file: rewrite(file, remove("manifest.json")),
        "{file} is not a backup made by Plumbline.",
    ),
    "of another program": (
        lambda file: rewrite(file, change_manifest(format="other")),
        "{file} is not a backup made by Plumbline.",
    ),
    "of a newer format": (
        lambda file: rewrite(file, change_manifest(format_version=2, plumbline="9.9.9")),
        "{file} was made by a newer version of Plumbline (9.9.9). Restore it with that version or a later one.",
    ),
    "with newer tables": (
        lambda file: rewrite(file, change_manifest(migrations=[["kpiproject", "9999_future"]], plumbline="9.9.9")),
        "{file} was made by a newer version of Plumbline (9.9.9). Restore it with that version or a later one.",
    ),
    "bit rot": (
        lambda file: file.write_bytes(
            file.read_bytes().replace(b"tables/metrics_ticket.jsonl", b"tables/metrics_ticket.jsonX", 1)
        ),
        (
            "{file} is damaged (File name in directory 'tables/metrics_ticket.jsonl' and header "
            "b'tables/metrics_ticket.jsonX' differ); nothing was restored."
        ),
    ),
    "a changed row": (
        lambda file: rewrite(file, put_row("kpiproject_user", b"true", b"false")),
        "{file} is damaged (table kpiproject_user is not as it was saved); nothing was restored.",
    ),
    "half a row": (
        lambda file: rewrite(file, put_row("kpiproject_user", b"]\n", b"\n")),
        "{file} is damaged (a row cannot be read); nothing was restored.",
    ),
    "a missing table": (
        lambda file: rewrite(file, remove("tables/metrics_ticket.jsonl")),
        "{file} is damaged (tables/metrics_ticket.jsonl is missing); nothing was restored.",
    ),
    "a changed upload": (
        lambda file: rewrite(file, replace_media),
        "{file} is damaged (the upload empty is not as it was saved); nothing was restored.",
    ),
    "an upload that leads out": (
        lambda file: rewrite(file, change_manifest(media={"../../evil": {"sha256": ""}})),
        "{file} is damaged (../../evil leads out of the folder); nothing was restored.",
    ),
}


TRY_ALL = """
from pathlib import Path
from kpiproject.backups.archive import BackupError
from kpiproject.backups.load import load
result = {}
for file in FILES:
    try:
        load(Path(file), overwrite=True)
    except BackupError as error:
        result[file] = str(error)
"""


def test_damaged_and_foreign_files_change_nothing(source: Installation, backup: Path, tmp_path: Path) -> None:
    before, uploads = source.run(EVERYTHING), media(source)
    files = {name: tmp_path / f"{name}.zip" for name in DAMAGE}
    for name, (damage, _sentence) in DAMAGE.items():
        shutil.copy(backup, files[name])
        damage(files[name])
    said = source.run(TRY_ALL.replace("FILES", repr([str(file) for file in files.values()])))
    assert {name: said.get(str(file)) for name, file in files.items()} == {
        name: sentence.format(file=files[name]) for name, (_damage, sentence) in DAMAGE.items()
    }
    assert source.run(EVERYTHING) == before
    assert media(source) == uploads
    assert [path.name for path in (source.var / "media").iterdir() if path.name.startswith(".restore")] == []


def test_restore_says_in_one_sentence_what_is_wrong(source: Installation, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("Hello")
    done = source.manage("restore", str(tmp_path / "text.zip"), "--force")
    assert (done.returncode, done.stderr) == (
        1,
        f"CommandError: {tmp_path / 'text.zip'} is not a backup made by Plumbline, or a part of it is missing.\n",
    )


def test_restore_waits_for_nobody_who_runs(source: Installation, backup: Path) -> None:
    code = "from kpiproject.supervisor import checks\nfrom pathlib import Path\nimport subprocess, sys\n"
    code += f"with checks.only_one(Path({str(source.var)!r})):\n"
    code += f"    command = [sys.executable, 'manage.py', 'restore', {str(backup)!r}]\n"
    code += "    done = subprocess.run(command, capture_output=True, text=True)\n"
    code += "    result = done.stderr"
    assert source.run(code).startswith("CommandError: Plumbline already runs on the data folder")


def test_older_backup_is_brought_up_to_date(installed, tmp_path: Path) -> None:
    """Its tables are built as they were, then migrated."""
    old, new = installed("old"), installed("new")
    assert old.manage("migrate", "axes", "0008", "--verbosity=0").returncode == 0
    old.run("from kpiproject.models import User\nUser.objects.create(email='ann@example.com')")
    file = str(tmp_path / "old.zip")
    save = "from kpiproject.backups import save\nfrom pathlib import Path\n"
    save += "from django.db.migrations.executor import MigrationExecutor\n"
    save += "MigrationExecutor.migration_plan = lambda *_: []  # it was complete in its day\n"
    old.run(f"{save}save.save(Path({file!r}), overwrite=False)")
    assert new.manage("restore", file).returncode == 0
    assert new.manage("migrate", "--check").returncode == 0
    assert new.run("from kpiproject.models import User\nresult = User.objects.get().email") == "ann@example.com"


OLD_STEPS = """
from pathlib import Path
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from kpiproject.backups import load, save
graph = MigrationLoader(connection, replace_migrations=False).graph
steps = graph.forwards_plan(("kpiproject", "0008_calendars"))
with load._new_database():
    load._migrate_to(set(steps))
from kpiproject.models import User
User.objects.create(email="ann@example.com")
save._migrations = lambda: set(steps)
save.save(Path({file!r}), overwrite=False)
"""


def test_backup_with_steps_that_were_replaced_is_brought_up_to_date(installed, tmp_path: Path) -> None:
    """It names those of its day, which a new database no longer takes; after it come the rest of them."""
    one = installed("one")
    file = str(tmp_path / "old.zip")
    one.run(OLD_STEPS.format(file=file))
    one.query("DELETE FROM kpiproject_user")
    restored = one.manage("restore", file, "--force")
    assert restored.returncode == 0, restored.stderr
    assert one.query("SELECT email FROM kpiproject_user") == [("ann@example.com",)]
    assert len(one.query("SELECT app FROM django_migrations WHERE name LIKE '0001_squashed_%'")) == 5


def test_backup_of_an_unfinished_migration_is_refused(installed, tmp_path: Path) -> None:
    old = installed("old")
    old.manage("migrate", "axes", "0008", "--verbosity=0")
    done = old.manage("backup", str(tmp_path / "b.zip"))
    assert (
        done.stderr
        == "CommandError: The database has not been migrated to this version. Run manage.py migrate first.\n"
    )


def test_memory_does_not_grow_with_the_rows(installed, tmp_path: Path) -> None:
    code = f"""
import tracemalloc
from pathlib import Path
from kpiproject.backups.save import save
from kpiproject.models import Mail
def peak(many):
    Mail.objects.bulk_create(
        [Mail(key=str(n), message_id=str(n), recipient="a@b.c", text="x" * 5000) for n in many], batch_size=500
    )
    tracemalloc.start()
    save(Path({str(tmp_path / "b.zip")!r}), overwrite=True)
    bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return bytes
peak(range(0))
result = [peak(range(1, 2502)), peak(range(2502, 10_000))]
"""
    few, many = installed("many").run(code)
    assert many < 1.5 * few
