"""The mails that the file transport has written, read as a mail program would."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{32}")
_CID = re.compile(r"cid:([^\"'\s)>]+)")


@dataclass(frozen=True)
class Envelope:
    """One line of the list."""

    name: str
    sender: str
    recipient: str
    subject: str
    at: datetime | None


@dataclass(frozen=True)
class Attachment:
    number: int
    file_name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class Letter:
    envelope: Envelope
    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[Attachment] = field(default_factory=list)


class Folder(Sequence[Path]):
    """The mail files, newest first; the pages of the list open only their own."""

    def __init__(self, folder: Path) -> None:
        files = folder.glob("*.eml") if folder.is_dir() else ()
        self._files = sorted((file for file in files if _NAME.fullmatch(file.stem)), key=_age)

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # the two overloads say nothing more
        return self._files[index]


def _age(file: Path) -> tuple[float, str]:
    return (-file.stat().st_mtime, file.name)


def envelope(file: Path) -> Envelope:
    with file.open("rb") as stream:
        return _envelope(file.stem, BytesHeaderParser(policy=policy.default).parse(stream))


def letter(folder: Path, name: str) -> Letter | None:
    """The whole mail; None if there is none of this name."""
    file = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.is_file():
        return None
    message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    return Letter(
        envelope=_envelope(name, message),
        headers=[(key, str(value)) for key, value in message.items()],
        text=_body(message, "plain"),
        html=_with_pictures(message, _body(message, "html")),
        attachments=[
            Attachment(number, part.get_filename() or f"attachment-{number}", part.get_content_type(), _bytes(part))
            for number, part in enumerate(message.iter_attachments(), start=1)
        ],
    )


def _envelope(name: str, message: EmailMessage) -> Envelope:
    return Envelope(
        name=name,
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=_date(str(message["Date"] or "")),
    )


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


def _with_pictures(message: EmailMessage, html: str) -> str:
    """Pictures that travel inside the mail, put where the HTML names them."""
    pictures = {str(part["Content-ID"]).strip("<> "): part for part in message.walk() if part["Content-ID"]}

    def inline(match: re.Match[str]) -> str:
        part = pictures.get(match[1])
        if part is None:
            return match[0]
        return f"data:{part.get_content_type()};base64,{base64.b64encode(_bytes(part)).decode()}"

    return _CID.sub(inline, html) if pictures else html


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()
