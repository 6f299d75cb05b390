"""Save everything into one file while Plumbline goes on working."""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from tqdm import tqdm

from kpiproject.backups import rows
from kpiproject.backups.archive import BackupError, Writer
from kpiproject.mail import ACCOUNT_KINDS
from kpiproject.models import Mail


@dataclass(frozen=True)
class Saved:
    tables: int
    rows: int
    files: int
    bytes: int


def save(file: Path, *, overwrite: bool) -> Saved:
    if file.exists() and not overwrite:
        msg = f"{file} exists already. Choose another name, or overwrite it with --force."
        raise BackupError(msg)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as stream:
            os.chmod(part, 0o600)  # noqa: PTH101 - it holds everything; nobody else may read it
            writer = Writer(stream, plumbline=version(), migrations=_migrations())
            count = _save_tables(writer)
            _save_media(writer)
            writer.close()
        part.replace(file)
    except OSError as error:
        msg = f"{file} cannot be written: {error.strerror}."
        raise BackupError(msg) from error
    finally:
        part.unlink(missing_ok=True)
    return Saved(len(writer.manifest["tables"]), count, len(writer.manifest["media"]), file.stat().st_size)


def version() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def _migrations() -> set[tuple[str, str]]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        msg = "The database has not been migrated to this version. Run manage.py migrate first."
        raise BackupError(msg)
    return set(executor.loader.applied_migrations) & set(executor.loader.graph.nodes)


def _save_tables(writer: Writer) -> int:
    with _one_moment():
        models = rows.models_at(writer.manifest["migrations"])
        return sum(
            writer.add_table(model._meta.db_table, rows.columns(model), _rows(model))
            for model in tqdm(models, desc="Saving", unit="table", disable=None)
        )


def _rows(model: type[Model]) -> Iterator[list[Any]]:
    return _mails_without_keys(model) if model._meta.db_table == Mail._meta.db_table else rows.read(model)


def _mails_without_keys(model: type[Model]) -> Iterator[list[Any]]:
    """What is left of a mail to somebody's account is not worth sending, should it still wait when it is restored."""
    names = rows.columns(model)
    for row in rows.read(model):
        letter = dict(zip(names, row, strict=True))
        if letter["kind"] in ACCOUNT_KINDS:
            letter |= {"text": "", "html": ""}
            if letter["state"] in {Mail.State.QUEUED, Mail.State.CLAIMED}:
                letter["state"] = Mail.State.CANCELLED.value
        yield list(letter.values())


@contextmanager
def _one_moment() -> Iterator[None]:
    """All tables as they are at the same moment, without making anybody wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # atomic() would begin IMMEDIATE and keep writers out
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _save_media(writer: Writer) -> None:
    folder = Path(settings.MEDIA_ROOT)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as content:
            writer.add_media(file.relative_to(folder).as_posix(), content)
