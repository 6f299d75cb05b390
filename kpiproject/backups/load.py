"""Restore a backup: all of it or nothing."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tqdm import tqdm

from kpiproject.backups import rows
from kpiproject.backups.archive import BackupError, Reader, damaged, newer, reading

# What a fresh installation has, too.
_FILLED_BY_MIGRATIONS: Final = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "kpiproject_heartbeat",
    "kpiproject_organisation",
    "manual_section",
    "manual_sectionversion",
    "surveys_survey",
    "surveys_version",
}


_IN_USE: Final = "Somebody works with this database. Stop every web server and worker that uses it, then try again."


@dataclass(frozen=True)
class Loaded:
    made_at: str
    tables: int
    rows: int
    files: int


def load(file: Path, *, overwrite: bool) -> Loaded:
    """BackupError, with nothing changed, if the file is no good or the installation is in use."""
    with reading(file) as backup:
        _refuse_newer(backup)
        if not overwrite:
            _refuse_full_target()
        with ExitStack() as stack:
            files = stack.enter_context(_new_media(backup))
            stack.enter_context(_new_database())
            _load_tables(backup)
        count = sum(table["rows"] for table in backup.tables.values())
        return Loaded(str(backup.manifest["created_at"]), len(backup.tables), count, files)


def _refuse_newer(backup: Reader) -> None:
    if backup.migrations - set(MigrationLoader(connection).disk_migrations):
        raise BackupError(newer(backup.file, backup.manifest["plumbline"]))


def _refuse_full_target() -> None:
    media = Path(settings.MEDIA_ROOT)
    counted = (table for table in _own_tables() if table not in _FILLED_BY_MIGRATIONS and not rows.is_left_out(table))
    full = [table for table in counted if _has_rows(table)]
    if full or (media.is_dir() and any(media.iterdir())):
        msg = f"This installation is not empty ({full[0] if full else media}). To replace all of it, add --force."
        raise BackupError(msg)


def _own_tables() -> list[str]:
    prefixes = tuple(f"{app.label}_" for app in apps.get_app_configs())
    return sorted(table for table in connection.introspection.table_names() if table.startswith((*prefixes, "django_")))


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - a name from the catalogue
        return cursor.fetchone() is not None


# --- The database -------------------------------------------------------------------------------------------------
def _load_tables(backup: Reader) -> None:
    _migrate_to(backup.migrations)
    restored = rows.models_at(backup.migrations)
    _compare_columns(backup, restored)
    try:
        with transaction.atomic():
            _empty(restored)
            for model in tqdm(restored, desc="Restoring", unit="table", disable=None):
                rows.load(model, backup.rows(model._meta.db_table))
            connection.check_constraints()
    except (DatabaseError, ValueError, TypeError) as error:
        raise damaged(backup.file, " ".join(str(error).split())) from error
    _restart_numbering(restored)
    call_command("migrate", interactive=False, verbosity=0)


def _migrate_to(migrations: set[tuple[str, str]]) -> None:
    """Exactly these; it is enough to name those that no other one builds on."""
    executor = MigrationExecutor(connection)
    executor.loader = rows.loader(migrations)
    nodes = executor.loader.graph.node_map
    executor.migrate(sorted(key for key in migrations if not {child.key for child in nodes[key].children} & migrations))


def _compare_columns(backup: Reader, restored: list[type[models.Model]]) -> None:
    expected = {model._meta.db_table: rows.columns(model) for model in restored}
    if expected != {name: table["columns"] for name, table in backup.tables.items()}:
        raise damaged(backup.file, "its tables are not those of its version")


def _empty(restored: list[type[models.Model]]) -> None:
    """Of what the migrations themselves put in."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in restored:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own tables


def _restart_numbering(restored: list[type[models.Model]]) -> None:
    """The next row gets a number above all restored ones. SQLite does that by itself."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), restored):
            cursor.execute(sql)


@contextmanager
def _new_database() -> Iterator[None]:
    """Inside, the connection leads to a database without tables; afterwards it has replaced the old one, or not."""
    with _new_postgresql() if connection.vendor == "postgresql" else _new_sqlite():
        yield


@contextmanager
def _new_postgresql() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Checked at once: migrations could not change tables whose rows still wait to be checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            try:
                for table in _own_tables():
                    cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
            except OperationalError as error:
                raise BackupError(_IN_USE) from error
        yield


@contextmanager
def _new_sqlite() -> Iterator[None]:
    """A file beside the old one; SQLite's backup interface copies it over the old one in a single transaction."""
    old = str(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory(dir=Path(old).parent, prefix=".restore-") as folder:
        new = str(Path(folder) / "restored.sqlite3")
        _lead_to(new)
        try:
            yield
        finally:
            _lead_to(old)
        try:
            with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(old, timeout=20)) as target:
                source.backup(target)
        except sqlite3.OperationalError as error:
            raise BackupError(_IN_USE) from error


def _lead_to(file: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = file


# --- The uploads --------------------------------------------------------------------------------------------------
@contextmanager
def _new_media(backup: Reader) -> Iterator[int]:
    """Extracted inside the folder, which may be a volume of its own, and put in place after the database."""
    media = Path(settings.MEDIA_ROOT)
    try:
        media.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media, prefix=".restore-") as folder:
            new, old = Path(folder) / "new", Path(folder) / "old"
            new.mkdir()
            old.mkdir()
            yield backup.extract_media(new)
            _move_all(media, old, leave=Path(folder))
            _move_all(new, media)
    except OSError as error:
        msg = f"The uploads cannot be written to {media}: {error.strerror}."
        raise BackupError(msg) from error


def _move_all(source: Path, target: Path, *, leave: Path | None = None) -> None:
    for each in list(source.iterdir()):
        if each != leave:
            each.rename(target / each.name)
