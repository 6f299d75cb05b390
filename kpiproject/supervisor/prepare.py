"""What is done before the first page: the tables, and the files that never change while it runs."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

_MADE_WITH: Final = ("django", "whitenoise")


def migrate(say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if any(app in executor.loader.migrated_apps for app, _name in unknown):
        msg = "The database was made by a newer version of Plumbline. Install that version, or restore an older backup."
        raise CommandError(msg)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not steps:
        executor.check_replacements()  # notes that a database which has had all that another step replaces has had it
        return
    say(f"Preparing the database ({len(steps)} steps) …")
    call_command("migrate", interactive=False, verbosity=0)


def let_go_of_the_database() -> None:
    """The supervisor itself needs none."""
    for each in connections.all(initialized_only=True):
        each.close()
        if hasattr(each, "close_pool"):
            each.close_pool()


def static_files(say: Callable[[str], None]) -> None:
    """Build them, which is quick when they are there, and collect them again if anything has changed."""
    call_command("build_static", verbosity=0)
    note = settings.VAR / "static.fingerprint"
    if note.is_file() and note.read_text(encoding="utf-8") == _fingerprint():
        return
    say("Preparing styles and scripts …")
    _collect()
    note.write_text(_fingerprint(), encoding="utf-8")


def _collect() -> None:
    """In a process of its own, whose settings see the folder that was just built."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic", "--noinput", "--verbosity=0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)  # noqa: S603 - ours
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        msg = f"The styles and scripts could not be collected: {last}"
        raise CommandError(msg)


def _fingerprint() -> str:
    return hashlib.sha256("\n".join(sorted(set(_ingredients()))).encode()).hexdigest()


def _ingredients() -> Iterator[str]:
    yield f"into {settings.STATIC_ROOT} {settings.STATIC_ROOT.is_dir()}"
    yield from (f"{name} {version(name)}" for name in _MADE_WITH)
    for file in _sources():
        yield f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}"


def _sources() -> Iterator[Path]:
    for finder in finders.get_finders():
        yield from (Path(storage.path(name)) for name, storage in finder.list([]))
    yield from (settings.VAR / "generated-static").rglob("*.*")  # among the finders only from the next start on
