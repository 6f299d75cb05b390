"""Open any file that can hold a table, or say in one sentence why it cannot be read."""

from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources import delimited, jsondocument, jsonlines, workbooks
from metrics.sources.faults import FileFault
from metrics.sources.table import Table
from metrics.sources.textfile import MOST_BYTES, TextFile, find_encoding

GLANCE: Final = 8_000_000  # bytes that a preview looks through
_GZIP, _ZIP, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def open_table(path: Path, *, name: str = "", look_at: int = MOST_BYTES) -> Table:
    """Recognise packing, encoding and delimiter. Raises FileFault.

    So many bytes are looked at: all of them for an import, a `GLANCE` for a preview.
    """
    name = name or path.name
    start = _first_bytes(path, name)
    if start.startswith(_ZIP):
        return workbooks.read(path, name)
    if start.startswith(_OLE):
        message = _("%(name)s is an old (.xls) or a locked Excel workbook; save it as .xlsx without a password.")
        raise FileFault(message % {"name": name})
    file = TextFile(path=path, name=name, is_packed=start.startswith(_GZIP), look_at=look_at)
    if name.lower().endswith(".gz") and not file.is_packed:
        message = _("%(name)s is not packed with gzip, although its name ends in .gz.")
        raise FileFault(message % {"name": name})
    file.encoding = find_encoding(file)
    if jsondocument.is_meant(file):
        return jsondocument.read(file)
    return jsonlines.read(file) if jsonlines.is_meant(file) else delimited.read(file)


def _first_bytes(path: Path, name: str) -> bytes:
    if path.is_dir():
        raise FileFault(_("%(name)s is a folder, not a file.") % {"name": name})
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise FileFault(_("There is no file %(name)s.") % {"name": name}) from error
    except (OSError, ValueError) as error:
        message = _("%(name)s cannot be opened: %(reason)s.")
        reason = getattr(error, "strerror", None) or error
        raise FileFault(message % {"name": name, "reason": reason}) from error
    if not start:
        raise FileFault(_("%(name)s is empty (0 bytes).") % {"name": name})
    return start
