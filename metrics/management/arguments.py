"""Arguments of commands about figures, read with one clear sentence for what cannot be read."""

from collections.abc import Sequence
from datetime import date, datetime
from difflib import get_close_matches

from django.core.management.base import CommandError

from kpiproject.lib.periods import Grain, resolve_local


def day(text: str | None) -> date | None:
    """A date as YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a date; write it as YYYY-MM-DD, for example 2026-01-31.") from error


def moment(text: str | None, zone: str) -> datetime | None:
    """A date and time in ISO 8601; without an offset it is wall-clock time in the zone."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-01-31T17:00 or 2026-01-31T17:00+01:00"
        raise CommandError(f"{text!r} is not a time; write for example {example}.") from error
    try:
        return resolve_local(found, zone) if found.tzinfo is None else found
    except OverflowError as error:
        raise CommandError(f"{text!r} is out of reach; give a time from 1970 to 2200.") from error


def grain(text: str) -> Grain:
    try:
        return Grain(text)
    except ValueError as error:
        near = get_close_matches(text, list(Grain), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(Grain)}."
        raise CommandError(f"{text!r} is not a grain; {hint}") from error


def filters(texts: Sequence[str]) -> dict[str, list[str]]:
    """DIMENSION=MEMBER pairs; the same dimension twice means either."""
    found: dict[str, list[str]] = {}
    for text in texts:
        dimension, equals, member = text.partition("=")
        if not equals:
            raise CommandError(f"{text!r} is not a filter; write DIMENSION=MEMBER, for example channel=email.")
        found.setdefault(dimension, []).append(member)
    return found
