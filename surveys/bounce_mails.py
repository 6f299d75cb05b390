"""Mails that report about ours: delivery status (RFC 3464) and complaints (RFC 5965).

They come from anybody, so nothing in them is believed: only the Message-ID counts, which nobody can guess.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from itertools import islice
from typing import Final

from surveys.bounce_reports import COMPLAINT, Report, judge, status_in

MOST_BYTES: Final = 2_000_000
MOST_REPORTS: Final = 100
_MOST_PARTS: Final = 100
_MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f]{1,190}>")
_ADDRESS: Final = re.compile(r"[^\s<>;,\"\x00-\x1f\x7f]{1,64}@[^\s<>;,\"\x00-\x1f\x7f]{1,190}")
# What the recipient says who pressed "this is junk"; "not-spam" and "auth-failure" are no complaints.
_COMPLAINTS: Final = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})


class NoReportError(ValueError):
    """A mail that is no report, or one that cannot be read."""


def read(content: bytes) -> list[Report]:
    """The reports in this mail; [] if it tells only of delays or successes. Raises NoReportError."""
    if len(content) > MOST_BYTES:
        raise NoReportError(f"It has more than {MOST_BYTES:,} bytes; a report is much shorter.")
    try:
        parts = list(islice(message_from_bytes(content).walk(), _MOST_PARTS))
        found = _reports(parts)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise NoReportError("It cannot be read as a mail.") from error
    if found is None:
        raise NoReportError("It is no report about a mail that could not be delivered, and no complaint.")
    return found[:MOST_REPORTS]


def _reports(parts: list[Message]) -> list[Report] | None:
    message_id = _original_message_id(parts)
    for part in parts:
        blocks = [block for block in _blocks(part) if isinstance(block, Message)]
        if part.get_content_type() == "message/delivery-status":
            return [report for block in blocks for report in _failure(block, message_id)]
        if part.get_content_type() == "message/feedback-report":
            return [report for block in blocks[:1] for report in _complaint(block, message_id)]
    return None


def _blocks(part: Message) -> Iterable[object]:
    payload = part.get_payload()
    return islice(payload, MOST_REPORTS + 1) if isinstance(payload, list) else ()


def _failure(block: Message, message_id: str) -> Iterable[Report]:
    """One recipient of a delivery status. Delays are passed over: what becomes of them is reported later."""
    if _word(block, "Action") != "failed":
        return
    diagnostic = _text(block, "Diagnostic-Code").partition(";")[2].strip() or _text(block, "Diagnostic-Code")
    status = status_in(_text(block, "Status"), diagnostic)
    yield Report(
        kind=judge(status, diagnostic),
        message_id=message_id,
        recipient=_address(block, "Original-Recipient") or _address(block, "Final-Recipient"),
        status=status,
        diagnostic=diagnostic,
        source="dsn",
    )


def _complaint(block: Message, message_id: str) -> Iterable[Report]:
    if _word(block, "Feedback-Type") in _COMPLAINTS:
        yield Report(
            kind=COMPLAINT,
            message_id=message_id,
            recipient=_address(block, "Original-Rcpt-To"),
            diagnostic=_text(block, "User-Agent"),
            source="arf",
        )


def _original_message_id(parts: list[Message]) -> str:
    """Of the mail that the report is about: the last one, whose headers or whole text a report ends with."""
    whole = [part for part in parts[1:] if part.get_content_type() not in ("text/rfc822-headers", "message/rfc822")]
    told = [_MESSAGE_ID.search(_text(part, "Message-ID")) for part in whole]
    written = [
        re.search(rf"^Message-ID:\s*({_MESSAGE_ID.pattern})", _body(part), re.IGNORECASE | re.MULTILINE)
        for part in parts
        if part.get_content_type() in ("text/rfc822-headers", "text/plain")
    ]
    found = [match[0] for match in told if match] + [match[1] for match in written if match]
    return found[0] if found else ""


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload[:100_000].decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _text(part: Message, name: str) -> str:
    raw = str(part.get(name, ""))[:2000]
    with suppress(MessageError, ValueError, LookupError):
        raw = str(make_header(decode_header(raw)))
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", raw).split())


def _word(part: Message, name: str) -> str:
    """The first word, in small letters; some servers write a comment behind it."""
    return (_text(part, name).lower().split() or [""])[0]


def _address(part: Message, name: str) -> str:
    match = _ADDRESS.search(_text(part, name))
    return match[0][:254] if match else ""
