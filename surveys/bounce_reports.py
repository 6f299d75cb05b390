"""What a mail server or a provider says of a mail that it could not deliver or that its reader called junk."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

HARD, SOFT, REFUSED, COMPLAINT = "hard", "soft", "refused", "complaint"

# RFC 3463: the mailbox or domain does not exist, has moved, or is switched off.
_NO_SUCH_RECIPIENT: Final = re.compile(r"5\.1\.([01236]|10)|5\.2\.1")
# Security and policy, and what is wrong with the sender: ours to mend, it says nothing of the recipient.
_BECAUSE_OF_US: Final = re.compile(r"5\.7\.\d+|5\.1\.[78]|5\.6\.\d+")
_SAYS_NO_SUCH_RECIPIENT: Final = re.compile(
    r"user unknown|unknown user|no such user|does not exist|unknown recipient|recipient unknown|invalid recipient"
    r"|no mailbox here|unrouteable address|account (has been )?disabled",
    re.IGNORECASE,
)
_SAYS_BECAUSE_OF_US: Final = re.compile(
    r"spam|block(ed|list)|blacklist|policy|relay|reputation|dmarc|\bspf\b", re.IGNORECASE
)
_STATUS: Final = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")


@dataclass(frozen=True, kw_only=True)
class Report:
    """`message_id` as our mail had it, with its angle brackets; `recipient` as the report names it."""

    kind: str
    message_id: str
    recipient: str = ""
    status: str = ""
    diagnostic: str = ""
    source: str
    at: datetime | None = None


def status_in(*texts: str) -> str:
    """The first code of RFC 3463 that says more than "something failed"."""
    found: list[str] = [code for text in texts for code in _STATUS.findall(text[:2000])]
    return next((code for code in found if not code.endswith(".0.0")), (found or [""])[0])


def judge(status: str, diagnostic: str) -> str:
    """HARD, SOFT or REFUSED of a mail that was given up; by the words only where the code says nothing."""
    if not status or status.endswith(".0.0"):
        is_ours, is_gone = _SAYS_BECAUSE_OF_US.search(diagnostic), _SAYS_NO_SUCH_RECIPIENT.search(diagnostic)
    else:
        is_ours, is_gone = _BECAUSE_OF_US.fullmatch(status), _NO_SUCH_RECIPIENT.fullmatch(status)
    if is_ours:
        return REFUSED
    return HARD if is_gone else SOFT
