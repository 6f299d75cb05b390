"""The list of addresses that surveys never write to: looked through, added to by hand or from a file, and told on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Lower

from kpiproject.lib.cells import safe_cell, safe_cell_undone
from surveys import address_files, contacts, unsubscribe
from surveys.address_files import BadLine
from surveys.models import Contact, Suppression

COLUMNS: Final = ("email", "reason", "since", "note")
NOTE_MAX: Final = 200
Reason = Suppression.Reason


@dataclass(frozen=True)
class Entry:
    """Somebody to put on the list."""

    email: str
    reason: str = Reason.MANUAL
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """What a file would change, before it does."""

    fresh: Sequence[Entry] = ()
    known: Sequence[Entry] = ()
    bad: Sequence[BadLine] = field(default_factory=list)


def matching(words: str, reason: str) -> QuerySet[Suppression]:
    """The entries with these letters in the address or note, the latest first."""
    rows = Suppression.objects.order_by("-at", "-pk")
    if reason:
        rows = rows.filter(reason=reason)
    if words:
        rows = rows.filter(email__icontains=words) | rows.filter(note__icontains=words)
    return rows


def add(entries: Iterable[Entry]) -> int:
    """Put them on the list and stop what is waiting for them; those on it stay as they are. How many are new."""
    wanted = {entry.email: entry for entry in entries}
    listed = _listed(list(wanted))
    fresh = [entry for email, entry in wanted.items() if email not in listed]
    Suppression.objects.bulk_create(
        [Suppression(email=entry.email, reason=entry.reason, note=entry.note) for entry in fresh],
        ignore_conflicts=True,
        batch_size=500,
    )
    for chunk in _chunks([entry.email for entry in fresh]):
        people = Contact.objects.annotate(address=Lower("email")).filter(address__in=chunk)
        unsubscribe.cancel_waiting(Contact.objects.filter(pk__in=list(people.values_list("pk", flat=True))))
    return len(fresh)


def read(name: str, data: bytes) -> Preview:
    """What the file says, with columns email, reason and note, or only addresses. Raises AddressListError."""
    sheet = address_files.read(name, data)
    entries: dict[str, Entry] = {}
    bad = list(sheet.bad)
    for line in sheet.lines:
        email = _undone(contacts.normalise(line.invitee.email))
        reason = line.invitee.context.get("reason", "").strip().lower() or Reason.MANUAL
        if reason in Reason.values:
            entries.setdefault(email, Entry(email, reason, _note(line.invitee.context.get("note", ""))))
        else:
            bad.append(BadLine(line.number, line.invitee.email[:200], f"“{reason[:40]}”: {', '.join(Reason.values)}"))
    listed = _listed(list(entries))
    return Preview(
        fresh=[entry for email, entry in entries.items() if email not in listed],
        known=[entry for email, entry in entries.items() if email in listed],
        bad=sorted(bad, key=lambda line: line.number),
    )


def table(rows: QuerySet[Suppression]) -> Iterator[list[str]]:
    """As a spreadsheet may open it, header first."""
    yield list(COLUMNS)
    for row in rows.iterator(chunk_size=1000):
        yield [safe_cell(row.email), row.reason, row.at.isoformat(timespec="seconds"), safe_cell(row.note)]


def _listed(emails: list[str]) -> set[str]:
    """Those that have an entry of their own."""
    found: set[str] = set()
    for chunk in _chunks(emails):
        rows = Suppression.objects.annotate(address=Lower("email")).filter(address__in=chunk)
        found.update(rows.values_list("address", flat=True))
    return found


def _undone(email: str) -> str:
    """Our own export writes an apostrophe before what looks like a formula."""
    plain = safe_cell_undone(email)
    return plain if plain != email and safe_cell(plain) == email else email


def _note(text: str) -> str:
    return contacts.one_line(safe_cell_undone(text.strip()))[:NOTE_MAX]


def _chunks(emails: Sequence[str]) -> Iterator[Sequence[str]]:
    return (emails[start : start + 500] for start in range(0, len(emails), 500))
