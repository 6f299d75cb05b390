"""`manage.py build_static`: the scripts that are made, not written. Quick when they are there already."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kpiproject.lib import charts


class Command(BaseCommand):
    help = "Build the script that draws charts into the data folder, from where collectstatic takes it."

    def handle(self, *_arguments: Any, **options: Any) -> None:
        file = settings.VAR / "generated-static" / "kpiproject" / "vega.js"
        note = f"// {charts.bundle_version()}\n"
        try:
            if not _is_made(file, note):
                _write(file, note + charts.bundle())
        except OSError as error:
            msg = f"The scripts cannot be written to {file.parent}: {error.strerror}."
            raise CommandError(msg) from error
        if options["verbosity"]:
            self.stdout.write(f"{file} is up to date.")


def _is_made(file: Path, note: str) -> bool:
    if not file.is_file():
        return False
    with file.open(encoding="utf-8") as lines:
        return lines.readline() == note


def _write(file: Path, text: str) -> None:
    """All or nothing: a half-written script would look made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
