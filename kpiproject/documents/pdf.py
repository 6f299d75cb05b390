"""Documents as PDF, typeset by Typst in a process of its own: its memory is free again when the PDF is there."""

import json
import logging
import subprocess
import sys
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from kpiproject.documents.printing import prepared
from kpiproject.documents.tree import Document

SECONDS: Final = 60
_MOST_CHARACTERS: Final = 30_000_000

logger = logging.getLogger(__name__)


class DocumentError(Exception):
    """A document that could not be printed, with a sentence for people."""


def render(document: Document, *, seconds: float = SECONDS) -> bytes:
    """The same document gives the same bytes."""
    content = json.dumps(prepared(document))
    if len(content) > _MOST_CHARACTERS:
        raise DocumentError(_("The document is too long to be printed."))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kpiproject.documents.typeset"],
            input=content.encode(),
            capture_output=True,
            check=False,
            cwd=settings.BASE_DIR,
            env={"LANG": "C.UTF-8"},
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(
            _("Printing took longer than %(seconds)g seconds and was stopped.") % {"seconds": seconds}
        ) from None
    if done.stderr:
        logger.warning("Typesetting said: %s", done.stderr.decode(errors="replace")[-2000:])
    if done.returncode:
        raise DocumentError(_("The document could not be printed. The log tells why."))
    return done.stdout
