"""`manage.py backup FILE`: save database and uploads, while everything goes on working."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpiproject.backups.archive import BackupError
from kpiproject.backups.save import save


class Command(BaseCommand):
    help = "Save the database and the uploads into one file, which fits SQLite and PostgreSQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to save, for example plumbline-2026-01-31.zip")
        parser.add_argument("--force", action="store_true", help="overwrite the file if it exists")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            saved = save(options["file"], overwrite=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Saved {saved.tables} tables with {saved.rows:,} rows and {saved.files} uploads "
            f"in {options['file']} ({saved.bytes / 1e6:.1f} MB)."
        )
