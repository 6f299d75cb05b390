"""Read who to ask out of pasted text and files; says with line numbers what it cannot understand."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from django.utils.translation import gettext as _

from surveys.contacts import normalise
from surveys.screening import Invitee

EMAIL_NAMES = {
    "email",
    "e_mail",
    "mail",
    "email_address",
    "e_mail_address",
    "emailaddress",
    "address",
    "contact_email",
}
_PERSONAL = {
    "name": {"name", "full_name", "contact", "contact_name"},
    "company": {"company", "company_name", "organisation", "organization", "account"},
    "language": {"language", "lang", "locale"},
    "time_zone": {"time_zone", "timezone", "tz"},
}
_NAMED_ADDRESS = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]+)>$")


class AddressListError(Exception):
    """A file or text that cannot be read as a list of people."""


@dataclass(frozen=True)
class Row:
    """A line of a CSV file: its number and its cells by column."""

    number: int
    cells: Mapping[str, str]


def from_text(text: str) -> list[Invitee]:
    """One address a line, with or without a name before it: `Ada Lovelace <ada@example.org>`."""
    return [_invitee(part) for line in text.splitlines() for part in _parts(line)]


def from_file(path: Path) -> list[Invitee]:
    """One address a line, or a CSV with a header; its further columns become the context. Raises AddressListError."""
    text = _read(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    header = [column(cell) for cell in _cells(first)]
    if not EMAIL_NAMES.isdisjoint(header):
        invitees = [invitee_of(row) for row in _rows(path, text)]
    elif len(header) > 1 and "<" not in first and not all("@" in cell for cell in header):
        raise AddressListError(
            _("%(file)s has no column with e-mail addresses: its first line is “%(line)s”. Name one of them “email”.")
            % {"file": path.name, "line": first.strip()[:80]}
        )
    else:
        invitees = from_text(text)
    if not invitees:
        raise AddressListError(_("%(file)s names nobody.") % {"file": path.name})
    return invitees


def context_from_file(path: Path) -> dict[str, dict[str, str]]:
    """By address, what an answer is counted under: a CSV whose first column is `email`. Raises AddressListError."""
    text = _read(path)
    rows = list(_rows(path, text))
    columns = list(rows[0].cells) if rows else [""]
    if columns[0] not in EMAIL_NAMES or len(columns) < 2:
        raise AddressListError(
            _("The first column of %(file)s must be “email”, with at least one column after it.") % {"file": path.name}
        )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        email = normalise(row.cells[columns[0]])
        if email in found:
            raise AddressListError(
                _("%(file)s, line %(number)s: %(email)s has a line already.")
                % {"file": path.name, "number": row.number, "email": email}
            )
        found[email] = {name: cell for name, cell in row.cells.items() if name != columns[0]}
    return found


def with_context(invitees: list[Invitee], context: Mapping[str, Mapping[str, str]]) -> list[Invitee]:
    return [
        replace(invitee, context={**invitee.context, **context.get(normalise(invitee.email), {})})
        for invitee in invitees
    ]


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise AddressListError(_("%(file)s is a folder, not a file.") % {"file": path}) from None
    except OSError as error:
        raise AddressListError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": error.strerror}
        ) from error
    if not data.strip():
        raise AddressListError(_("%(file)s is empty.") % {"file": path.name})
    if data.startswith(b"PK\x03\x04"):
        raise AddressListError(_("%(file)s is a spreadsheet. Save it as CSV first.") % {"file": path.name})
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise AddressListError(
            _("%(file)s, line %(number)s is not UTF-8 text. Save the file as “CSV UTF-8”.")
            % {"file": path.name, "number": number}
        ) from error
    if "\x00" in text:
        raise AddressListError(_("%(file)s contains NUL bytes; it is not a text file.") % {"file": path.name})
    return text


def _rows(path: Path, text: str) -> Iterator[Row]:
    body = text.lstrip("\r\n \t")
    skipped = text[: len(text) - len(body)].count("\n")
    reader = csv.reader(StringIO(body, newline=""), delimiter=_delimiter(body.splitlines()[0]), strict=True)
    try:
        columns = [column(cell) for cell in next(reader)]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(skipped + reader.line_num, _bycolumn(path, columns, cells, skipped + reader.line_num))
    except csv.Error as error:
        raise AddressListError(
            _("%(file)s, line %(number)s cannot be read as CSV: %(reason)s.")
            % {"file": path.name, "number": skipped + reader.line_num, "reason": error}
        ) from error


def _bycolumn(path: Path, columns: list[str], cells: list[str], number: int) -> dict[str, str]:
    if len(cells) > len(columns):
        raise AddressListError(
            _("%(file)s, line %(number)s has %(count)s columns, its header has %(expected)s.")
            % {"file": path.name, "number": number, "count": len(cells), "expected": len(columns)}
        )
    return dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=True))


def invitee_of(row: Row) -> Invitee:
    """Known columns name the person; of the others, those with a value are context."""
    known = dict.fromkeys(("email", *_PERSONAL), "")
    context = {}
    for name, cell in row.cells.items():
        field = _field(name)
        if field:
            known[field] = known[field] or cell.strip()
        elif cell.strip():
            context[name] = cell.strip()
    return Invitee(
        email=known["email"],
        name=known["name"],
        company=known["company"],
        language=known["language"],
        time_zone=known["time_zone"],
        context=context,
    )


def _field(name: str) -> str:
    """Which part of an invitee a column is, "" if it is context."""
    if name in EMAIL_NAMES:
        return "email"
    return next((field for field, names in _PERSONAL.items() if name in names), "")


def _invitee(text: str) -> Invitee:
    if match := _NAMED_ADDRESS.match(text):
        return Invitee(email=match["email"].strip(), name=match["name"].strip(" \"'"))
    return Invitee(email=text)


def _parts(line: str) -> list[str]:
    """A line is one address, unless it is several in a row: `a@example.org, b@example.org`."""
    parts = [part.strip() for part in re.split("[,;]", line) if part.strip()]
    if parts and all("@" in part for part in parts):
        return parts
    return [line.strip()] if line.strip() else []


def _cells(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def column(cell: str) -> str:
    """Columns are compared without case, spaces and hyphens."""
    return re.sub(r"[\s_-]+", "_", cell.strip().strip("\ufeff").lower()).strip("_")
