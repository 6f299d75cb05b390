"""Sending through the interface of a provider, by django-anymail; used with EMAIL_URL=provider: only.

A provider has no last byte to wait for, so the mail is noted as handed over before it is posted (see mail.py). What a
failed post means is told in the words of the outbox: refused for good, to be tried again, or nobody knows.
"""

from collections.abc import Sequence
from typing import Final

import requests
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from kpiproject.mailbox import NoReplyToTheLastByteError, NotSentError

# Under this name the provider tells our Message-ID back when it reports about a mail.
MESSAGE_ID: Final = "plumbline_mail"
# Our account or our haste, or the provider's own trouble: a manager or time can mend it.
_MENDABLE: Final = frozenset({401, 402, 403, 408, 425, 429})


class ProviderBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.metadata = {MESSAGE_ID: message.extra_headers["Message-ID"]}  # type: ignore[attr-defined]  # anymail's
        inner = get_connection(f"anymail.backends.{settings.MAIL_PROVIDER}.EmailBackend")
        try:
            return inner.send_messages(email_messages) or 0
        except AnymailError as error:
            raise _judged(error) from error


def _judged(error: Exception) -> Exception:
    status = getattr(error, "status_code", None)
    said = _("the provider answered %(status)s") % {"status": status} if status else type(error).__name__
    if status is not None:
        is_final = 400 <= status < 500 and status not in _MENDABLE
        return NotSentError(said) if is_final else ConnectionError(said)
    if not isinstance(error, requests.RequestException):
        return NotSentError(" ".join(str(error).split())[:300])
    if isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error.__cause__):
        return ConnectionError(_("the provider could not be reached"))
    return NoReplyToTheLastByteError()
