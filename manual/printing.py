"""The printer in a worker: one PDF for each row that waits for one; what fails is kept in words and tried again."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.documents import pdf
from kpiproject.lib import due
from manual.models import Edition, ExtractPrint

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 3
_LEASE: Final = timedelta(minutes=5)
Printed = Edition | ExtractPrint


def waiting(kind: type[Printed], now: datetime) -> Any:
    """Those without a PDF that nobody prints, and that have not failed for good."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return _unprinted(kind).filter(free)


def make(kind: type[Printed], pk: int, document: Callable[[Any], Any]) -> None:
    """Print one, if nobody else does. What goes wrong is tried again later, a few times. `document` makes of the row
    what is printed, and raises DocumentError if it must not be."""
    now = timezone.now()
    before = _unprinted(kind).filter(pk=pk).exclude(lease_token="").exists()
    token = due.claim(_unprinted(kind), pk=pk, now=now, lease=_LEASE)
    if token is None:
        return
    mine = _every(kind).filter(pk=pk, lease_token=token)
    died = {"pdf_error": _("The worker ended while printing.")} if before else {}
    mine.update(pdf_attempts=F("pdf_attempts") + 1, **died)
    found = mine.get()
    try:
        _keep(found, pdf.render(document(found)), token)
    except Exception as error:
        logger.exception("%s could not be printed.", found)
        retry = due.retry_at(found.pdf_attempts, now) if found.pdf_attempts < MOST_ATTEMPTS else None
        mine.update(pdf_error=_failure(error), lease_until=retry, lease_token="")


def has_failed(printed: Printed) -> bool:
    """Whether no PDF will come by itself: every try failed, or the worker ended during the last."""
    is_printing = bool(printed.lease_token) and (printed.lease_until or timezone.now()) > timezone.now()
    return not printed.pdf and printed.pdf_attempts >= MOST_ATTEMPTS and not is_printing


def print_again(printed: Printed) -> bool:
    """Have the PDF made anew, after it failed for good or its file was lost; the caller wakes the printer.

    False if somebody prints it now, or there is another file than the one that was known.
    """
    free = Q(lease_token="") | Q(lease_until__isnull=True) | Q(lease_until__lte=timezone.now())
    rows = _every(type(printed)).filter(free, pk=printed.pk, pdf=printed.pdf.name or "")
    return bool(rows.update(pdf="", pdf_error="", pdf_attempts=0, lease_until=None, lease_token=""))


def _every(kind: type[Printed]) -> Any:
    return kind._default_manager  # noqa: SLF001 - of whichever model it is


def _unprinted(kind: type[Printed]) -> Any:
    return _every(kind).filter(pdf="", pdf_attempts__lt=MOST_ATTEMPTS)


def _keep(found: Printed, printed: bytes, token: str) -> None:
    found.pdf.save("manual.pdf", ContentFile(printed), save=False)
    mine = _every(type(found)).filter(pk=found.pk, lease_token=token)
    if not mine.update(pdf=found.pdf.name, pdf_error="", lease_until=None, lease_token=""):
        found.pdf.storage.delete(str(found.pdf.name))


def _failure(error: Exception) -> str:
    """Only what was written for people: other errors may name folders of this machine."""
    is_for_people = isinstance(error, pdf.DocumentError)
    return str(error)[:400] if is_for_people else _("The PDF could not be made. The log tells why.")
