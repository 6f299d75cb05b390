"""manage.py read_bounces [FILE … | -] [--maildir FOLDER] [--json]"""

import json
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from surveys import bounces
from surveys.bounce_mails import MOST_BYTES
from surveys.bounces import Tally

# From sysexits.h: the mail server keeps the mail and tries again later.
_TRY_AGAIN: Final = 75

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Note mails that came back: pipe them in from the mail server, or name saved mails or a Maildir. "
        "Only mails that Plumbline sent are noted; a mail that is no report is passed over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="saved mails; - or nothing reads one mail from the pipe")
        parser.add_argument("--maildir", type=Path, help="read the new mails of this folder, and mark them as seen")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally()
        try:
            for mail in _mails(options["files"], options["maildir"]):
                tally += bounces.take(mail)
        except OSError as error:
            msg = _("%(file)s cannot be read: %(reason)s.") % {"file": error.filename, "reason": error.strerror}
            raise CommandError(msg) from error
        except DatabaseError as error:
            msg = _("The database is away; nothing of this mail was noted. Try again later.")
            raise CommandError(msg, returncode=_TRY_AGAIN) from error
        self._tell(tally, as_json=options["json"])

    def _tell(self, tally: Tally, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(tally)))
            return
        words = _(
            "%(noted)s noted, %(known)s known already, %(strange)s about no mail of ours, %(unreadable)s no report."
        )
        self.stdout.write(words % asdict(tally))


def _mails(files: list[str], maildir: Path | None) -> Iterator[bytes]:
    if maildir is not None:
        yield from _new_in(maildir)
    elif not files:
        files = ["-"]
    for name in files:
        if name == "-":
            yield sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            yield _start_of(Path(name))


def _new_in(maildir: Path) -> Iterator[bytes]:
    """Each is marked as seen after it was noted, so that nothing is lost when we are stopped in between.

    One that cannot be read stops none of the others.
    """
    (maildir / "cur").mkdir(exist_ok=True)
    for file in sorted((maildir / "new").iterdir()):
        try:
            content = _start_of(file)
        except OSError:
            logger.warning("%s cannot be read and is left where it is.", file, exc_info=True)
            continue
        yield content
        file.rename(maildir / "cur" / f"{file.name}:2,S")


def _start_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)
