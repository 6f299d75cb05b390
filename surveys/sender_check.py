"""Asks the DNS what it says of the domain that mails come from."""

from collections.abc import Callable
from typing import Final

from dns import exception, resolver

from surveys import sender
from surveys.sender import Finding, Sender

_SECONDS: Final = 3.0
_MOST_RECORDS: Final = 50
_MOST_SIGNS: Final = 1000

Texts = Callable[[str], list[str]]


class DnsAwayError(Exception):
    """Nobody answered, which says nothing about the records."""


def check(found: Sender, *, selector: str = "", texts: Texts | None = None) -> list[Finding]:
    """What is found under each name. Raises DnsAwayError."""
    look_up = texts or _texts
    findings = [sender.judge_spf(found, look_up(found.domain))]
    if selector:
        findings.append(sender.judge_dkim(found, selector, look_up(f"{selector}._domainkey.{found.domain}")))
    return [*findings, _dmarc(found, look_up)]


def _dmarc(found: Sender, look_up: Texts) -> Finding:
    """Of the domain, or else of the one it belongs to."""
    labels = found.domain.split(".")
    names = [f"_dmarc.{'.'.join(labels[start:])}" for start in range(max(1, len(labels) - 1))]
    judged = (sender.judge_dmarc(found, name, look_up(name)) for name in names[:4])
    first = next(judged)
    return first if first.texts else next((one for one in judged if one.texts), first)


def _texts(name: str) -> list[str]:
    """The TXT records of a name; [] if it has none."""
    try:
        answer = resolver.resolve(name, "TXT", lifetime=_SECONDS, search=False)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError) as error:
        raise DnsAwayError(name) from error
    found = [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [text[:_MOST_SIGNS] for text in found[:_MOST_RECORDS]]
