"""Mail transports. Django's backend interface, so that any other backend can be named instead.

Ours have one thing more, `before_last_byte`: called when the mail server has everything except the final dot. Until
then nothing has been sent in the eyes of the server; after it, the mail is out of our hands (see mail.py).
"""

import hashlib
import smtplib
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as DjangoConsoleBackend
from django.core.mail.backends.smtp import EmailBackend as DjangoSmtpBackend
from django.utils.translation import gettext as _

# How long a server may think about a complete mail (RFC 5321 4.5.3.2.6 would allow ten minutes).
SECONDS_FOR_THE_LAST_REPLY = 120


def _nothing() -> None:
    """What happens before the last byte when nobody asks."""


class NoReplyToTheLastByteError(smtplib.SMTPException):
    """The server has the complete mail and keeps silent: it most likely took it."""


class _TwoPhaseSmtp(smtplib.SMTP):
    """Sends the mail, then asks, then sends the dot that makes the server responsible for it."""

    before_last_byte: Callable[[], None] = staticmethod(_nothing)

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, reply = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        try:
            self.send(_dot_stuffed(msg))
            self._wait_longer()
            self.before_last_byte()
            self.send(b".\r\n")
        except BaseException:
            self.close()  # without the dot the server throws the mail away
            raise
        return self._last_reply()

    def _wait_longer(self) -> None:
        if self.sock is not None:
            self.sock.settimeout(SECONDS_FOR_THE_LAST_REPLY)

    def _last_reply(self) -> tuple[int, bytes]:
        try:
            return self.getreply()
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):
                raise NoReplyToTheLastByteError from error
            raise


def _dot_stuffed(message: bytes) -> bytes:
    """Lines that begin with a dot get a second one (RFC 5321 4.5.2); the last line is ended."""
    stuffed = message.replace(b"\n.", b"\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


class _TwoPhaseSmtpOverTls(_TwoPhaseSmtp, smtplib.SMTP_SSL):
    """The same through TLS from the first byte."""


class NotSentError(Exception):
    """Nobody would take it; the message says why."""


class TwoPhaseBackend(BaseEmailBackend):
    """A transport that can stop before the point of no return."""

    before_last_byte: Callable[[], None] = staticmethod(_nothing)


class SmtpBackend(TwoPhaseBackend, DjangoSmtpBackend):
    connection: _TwoPhaseSmtp | None

    @property
    def connection_class(self) -> type[_TwoPhaseSmtp]:
        return _TwoPhaseSmtpOverTls if self.use_ssl else _TwoPhaseSmtp

    def open(self) -> bool | None:
        is_new = super().open()
        if self.connection is not None:
            self.connection.before_last_byte = self.before_last_byte
        return is_new

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        """A server that is rude about the goodbye has still taken the mail."""
        with suppress(OSError):  # smtplib's errors are among them
            super()._close_connection(connection)  # type: ignore[misc]  # the stubs leave it out


class FileBackend(TwoPhaseBackend):
    """One file a mail, named after its Message-ID: there is no point of no return, sending it again replaces it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            _write_whole(folder / f"{file_stem(str(message['Message-ID']))}.eml", message.as_bytes())
        return len(email_messages)


def file_stem(message_id: str) -> str:
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


def _write_whole(file: Path, content: bytes) -> None:
    """Readers see the old file or the new one, never half of it."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", suffix=".part", delete=False) as part:
        part.write(content)
    Path(part.name).replace(file)


class ConsoleBackend(TwoPhaseBackend, DjangoConsoleBackend):
    """Prints the readable part of mails, for an installation that has no mail server yet."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.before_last_byte()
        return super().send_messages(email_messages) or 0

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"To: {', '.join(message.to)}\nSubject: {message.subject}\n\n{message.body}\n{'-' * 79}\n")


def is_temporary(error: Exception) -> bool:
    """4xx replies, everything about the connection, and our own account, because a manager can mend it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return True
        case smtplib.SMTPRecipientsRefused():
            return all(code < 500 for code, _said in error.recipients.values())
        case smtplib.SMTPResponseException():
            return error.smtp_code < 500
    return isinstance(error, OSError)  # smtplib's other errors are among them


def explain(error: Exception) -> str:
    """One sentence for the person who looks at the outbox."""
    match error:
        case smtplib.SMTPAuthenticationError():
            sentence = _("The mail server refused the user name or password in EMAIL_URL: %s")
        case smtplib.SMTPRecipientsRefused():
            sentence = _("The mail server refused the recipient: %s")
        case smtplib.SMTPResponseException():
            sentence = _("The mail server refused the mail: %s")
        case OSError():
            sentence = _("The mail server could not be reached or broke off: %s")
        case _other:
            sentence = _("The mail could not be sent: %s")
    return sentence % _said(error)


def _said(error: Exception) -> str:
    code: int
    reply: bytes | str
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
        case smtplib.SMTPResponseException():
            code, reply = error.smtp_code, error.smtp_error
        case NotSentError() | OSError() if str(error):
            return str(error)
        case _other:
            return f"{type(error).__name__}: {error}"
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"[:500]
