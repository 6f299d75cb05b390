"""A row of the outbox as a MIME message: words, the pictures shown in them, attachments."""

from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.utils import format_datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart

from kpiproject.models import Mail, MailFile


class _Letter(EmailMultiAlternatives):
    """Django's message, whose HTML part may bring its pictures along (multipart/related, RFC 2387)."""

    def __init__(self, *arguments: Any, pictures: list[MIMEBase], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._pictures = pictures

    def message(self, **options: Any) -> Any:
        whole = super().message(**options)
        if self._pictures:
            _put_pictures(whole, self._pictures)
        return whole


def build(mail: Mail) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
        **mail.headers,
    }
    files = list(mail.files.order_by("pk"))
    letter = _Letter(
        mail.subject,
        mail.text,
        mail.sender,
        [mail.recipient],
        headers=headers,
        reply_to=[mail.reply_to] if mail.reply_to else None,
        pictures=[_part(file) for file in files if file.content_id],
    )
    if mail.html:
        letter.attach_alternative(mail.html, "text/html")
    for file in files:
        if not file.content_id:
            letter.attach(_part(file))
    return letter


def _part(file: MailFile) -> MIMEBase:
    part = MIMEBase(*file.content_type.split("/", 1))
    part.set_payload(bytes(file.content))
    encode_base64(part)
    # A name beyond ASCII goes as RFC 2231 has it.
    name = file.name if file.name.isascii() else ("utf-8", "", file.name)
    part.add_header("Content-Disposition", "inline" if file.content_id else "attachment", filename=name)
    if file.content_id:
        part.add_header("Content-ID", f"<{file.content_id}>")
    return part


def _put_pictures(whole: Message, pictures: list[MIMEBase]) -> None:
    """The HTML part makes room for one that holds it and the pictures."""
    words: Any = next(part for part in whole.walk() if part.get_content_type() == "multipart/alternative")
    text, html = words.get_payload()
    related = SafeMIMEMultipart("related", type="text/html")
    for part in (html, *pictures):
        related.attach(part)
    words.set_payload([text, related])
