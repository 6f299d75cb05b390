"""Text in a file, packed or not: its bytes, its encoding, its lines."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NoReturn, cast

from django.utils.translation import gettext as _

from metrics.sources.faults import FileFault

MOST_BYTES: Final = 20_000_000_000  # unpacked; a packed file that grows beyond it is a mistake or an attack
LONGEST_LINE: Final = 10_000_000  # characters
_CHUNK: Final = 1 << 20
_BLOCK: Final = 1 << 18  # characters
_UTF8: Final = "utf-8-sig"  # reads with and without the mark
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS: Final = bytes(set(range(1, 32)) - {9, 10, 11, 12, 13, 27, 30, 31})
_ALL_BUT_C1: Final = bytes(set(range(256)) - set(range(0x80, 0xA0)))
_NOT_IN_CP1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
_LABELS: Final = {_UTF8: "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}


@dataclass(slots=True)
class TextFile:
    """`look_at` says how many bytes, and as many characters, are read of it; `is_cut` that its lines went on."""

    path: Path
    name: str
    is_packed: bool
    look_at: int = MOST_BYTES
    encoding: str = ""
    is_cut: bool = False

    @property
    def encoding_label(self) -> str:
        return _LABELS.get(self.encoding, "UTF-16")

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes, as far as they are looked at. Raises FileFault, also where they never end."""
        seen = 0
        with self.faults(), self._open() as raw:
            while seen < self.look_at and (chunk := raw.read(_CHUNK)):
                seen += len(chunk)
                yield chunk
        if seen >= MOST_BYTES:
            raise FileFault(_("%(name)s unpacks to more than 20 GB; split it.") % {"name": self.name})

    def lines(self) -> Iterator[str]:
        """The decoded lines with their ends, none of them too long for the memory. Raises FileFault."""
        seen, number = 0, 0
        with self.faults(), self._open() as raw, io.TextIOWrapper(raw, self.encoding, newline="") as text:
            while line := text.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    self._refuse_line(number)
                if seen >= self.look_at:
                    self.is_cut = True
                    return
                seen += len(line)
                yield line

    def blocks(self) -> Iterator[str]:
        """The decoded text in pieces that may end anywhere, for what is not written in lines. Raises FileFault."""
        seen = 0
        with self.faults(), self._open() as raw, io.TextIOWrapper(raw, self.encoding, newline="") as text:
            while block := text.read(_BLOCK):
                yield block
                seen += len(block)
                if seen >= self.look_at:
                    self.is_cut = bool(text.read(1))
                    return

    def _refuse_line(self, number: int) -> NoReturn:
        message = _("Line %(line)s of %(name)s has more than 10,000,000 characters; it is no table, or damaged.")
        raise FileFault(message % {"line": number, "name": self.name})

    def _open(self) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self.path, "rb")) if self.is_packed else self.path.open("rb")

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what reading may raise into a FileFault."""
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = _("%(name)s is packed with gzip, but damaged or cut off; fetch it again.")
            raise FileFault(message % {"name": self.name}) from error
        except UnicodeError as error:
            message = _("%(name)s is not valid %(encoding)s text; save it as UTF-8.")
            raise FileFault(message % {"name": self.name, "encoding": self.encoding_label}) from error
        except OSError as error:
            message = _("%(name)s cannot be read: %(reason)s.")
            raise FileFault(message % {"name": self.name, "reason": error.strerror or error}) from error


def find_encoding(file: TextFile) -> str:
    """Look through the bytes for what no text holds, and say how they are encoded. Raises FileFault."""
    first = next(file.chunks(), b"")
    if encoding := _wide(first):
        file.encoding = encoding
        _look_through_wide(file)
        return encoding
    if _is_junk(first):
        message = _("%(name)s is not a table: it holds binary data. CSV, XLSX and JSON can be read.")
        raise FileFault(message % {"name": file.name})
    is_utf8, high = _look_through(file)
    if is_utf8 or first.startswith(codecs.BOM_UTF8):
        return _UTF8
    return "cp1252" if high and not high & _NOT_IN_CP1252 else "latin-1"


def _wide(first: bytes) -> str:
    """UTF-16 by its mark, or without: in Latin text every second byte is zero."""
    if first.startswith(_WIDE_MARKS):
        return "utf-16"
    sample = first[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample) * 3 or min(even, odd) * 20 > len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_junk(first: bytes) -> bool:
    controls = len(first) - len(first.translate(None, _CONTROLS))
    return controls * 100 > len(first)


def _look_through(file: TextFile) -> tuple[bool, frozenset[int]]:
    """Whether all of it is UTF-8, and which bytes between 0x80 and 0x9f occur."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, high, line = True, set[int](), 1
    for chunk in file.chunks():
        if 0 in chunk:
            _refuse_nul(file.name, line + chunk[: chunk.index(0)].count(b"\n"))
        line += chunk.count(b"\n")
        high.update(chunk.translate(None, _ALL_BUT_C1))
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
    return is_utf8, frozenset(high)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _look_through_wide(file: TextFile) -> None:
    decoder, line = codecs.getincrementaldecoder(file.encoding)(), 1
    with file.faults():
        for chunk in file.chunks():
            text = decoder.decode(chunk)
            if "\0" in text:
                _refuse_nul(file.name, line + text[: text.index("\0")].count("\n"))
            line += text.count("\n")
        if file.look_at >= MOST_BYTES:
            decoder.decode(b"", final=True)


def _refuse_nul(name: str, line: int) -> None:
    message = _("%(name)s holds NUL bytes, the first in line %(line)s; it is damaged or not a text file.")
    raise FileFault(message % {"name": name, "line": line})
