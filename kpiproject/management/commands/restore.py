"""`manage.py restore FILE`: put a backup in place, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kpiproject.backups.archive import BackupError
from kpiproject.backups.load import load
from kpiproject.models import Mail
from kpiproject.supervisor import checks


class Command(BaseCommand):
    help = "Restore what `backup` saved, into SQLite or PostgreSQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--force", action="store_true", help="replace everything this installation has")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        checks.data_folder(settings.VAR)
        checks.database()
        with checks.only_one(settings.VAR):
            try:
                loaded = load(options["file"], overwrite=options["force"])
            except BackupError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {loaded.tables} tables with {loaded.rows:,} rows and {loaded.files} uploads "
            f"as they were at {loaded.made_at}."
        )
        if waiting := Mail.objects.filter(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED]).count():
            self.stdout.write(f"{waiting} mails wait in the restored outbox; they leave when Plumbline is started.")
