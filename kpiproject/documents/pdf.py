"""Documents as PDF: charts are drawn and pages are set by Typst, each in a process of its own, whose memory is free
again when it is done."""

import json
import logging
import subprocess
import sys
import time
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from kpiproject.documents.printing import prepared
from kpiproject.documents.tree import Document

SECONDS: Final = 60
_MOST_CHARACTERS: Final = 30_000_000
_STEPS: Final = ("drawing", "typeset")
# Nothing of the machine's language or time zone, and none of our secrets.
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "TZ": "UTC"}

logger = logging.getLogger(__name__)


class DocumentError(Exception):
    """A document that could not be printed, with a sentence for people."""


def render(document: Document, *, seconds: float = SECONDS) -> bytes:
    """The same document gives the same bytes."""
    content = json.dumps(prepared(document)).encode()
    if len(content) > _MOST_CHARACTERS:
        raise DocumentError(_("The document is too long to be printed."))
    end = time.monotonic() + seconds
    try:
        for step in _STEPS:
            content = _done(step, content, end - time.monotonic())
    except subprocess.TimeoutExpired:
        raise DocumentError(
            _("Printing took longer than %(seconds)g seconds and was stopped.") % {"seconds": seconds}
        ) from None
    return content


def _done(step: str, content: bytes, seconds: float) -> bytes:
    """What the step makes of it."""
    done = subprocess.run(  # noqa: S603 - one of our own modules
        [sys.executable, "-m", f"kpiproject.documents.{step}"],
        input=content,
        capture_output=True,
        check=False,
        cwd=settings.BASE_DIR,
        env=_ENVIRONMENT,
        timeout=max(0.001, seconds),
    )
    if done.stderr:
        logger.warning("Typesetting said: %s", done.stderr.decode(errors="replace")[-2000:])
    if done.returncode:
        raise DocumentError(_("The document could not be printed. The log tells why."))
    return done.stdout
