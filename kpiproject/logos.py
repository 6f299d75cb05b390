"""The organisation's logo: a small picture that is checked to its last byte, because every customer's browser loads it.

It is never decoded here. PNG, JPEG and WebP are read as far as their size, and must end where they say.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

MOST_BYTES: Final = 8_000
"""What is left for it of the 14 kB that a survey page may weigh."""
MOST_WIDTH: Final = 1200
MOST_HEIGHT: Final = 600

_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class LogoError(ValueError):
    """A file that cannot be the logo, with a sentence for whoever chose it."""


@dataclass(frozen=True, kw_only=True)
class Logo:
    content: bytes
    kind: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """Of the file: the same picture has the same name, and no name comes from outside."""
        return f"{hashlib.sha256(self.content).hexdigest()[:16]}.{self.kind}"

    @property
    def content_type(self) -> str:
        return _TYPES[self.kind]


def read(content: bytes) -> Logo:
    """Raises LogoError."""
    if len(content) > MOST_BYTES:
        raise LogoError(
            _(
                "The logo has %(size)s bytes, and at most %(most)s are allowed, so that survey pages stay light on "
                "phones. A height of 96 pixels is enough."
            )
            % {"size": len(content), "most": MOST_BYTES}
        )
    for kind, reader in (("png", _png), ("jpg", _jpeg), ("webp", _webp)):
        try:
            size = reader(content)
        except (struct.error, IndexError):
            size = None
        if size is not None:
            return _sized(Logo(content=content, kind=kind, width=size[0], height=size[1]))
    raise LogoError(_("The logo must be a whole PNG, JPEG or WebP picture."))


def _sized(logo: Logo) -> Logo:
    if not (0 < logo.width <= MOST_WIDTH and 0 < logo.height <= MOST_HEIGHT):
        raise LogoError(
            _("The logo is %(width)s × %(height)s pixels large; at most %(most_width)s × %(most_height)s are allowed.")
            % {
                "width": logo.width,
                "height": logo.height,
                "most_width": MOST_WIDTH,
                "most_height": MOST_HEIGHT,
            }
        )
    return logo


def _png(content: bytes) -> tuple[int, int] | None:
    """Chunk by chunk, each with its checksum, from the header to the end."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    at, names, size = 8, [], (0, 0)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(content[at + 4 : at + 8 + length]) != checksum:
            return None
        if name == b"IHDR":
            size = struct.unpack_from(">II", content, at + 8)
        names.append(name)
        at += 12 + length
    is_whole = names[:1] == [b"IHDR"] and names[-1:] == [b"IEND"] and b"IDAT" in names and b"acTL" not in names
    return size if is_whole and at == len(content) else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Segment by segment up to the picture itself."""
    if not content.startswith(b"\xff\xd8\xff") or not content.endswith(b"\xff\xd9"):
        return None
    at, size = 2, None
    while True:
        marker, length = struct.unpack_from(">HH", content, at)
        kind = marker & 0xFF
        if marker >> 8 != 0xFF or length < 2:
            return None
        # SOF0 to SOF15 tell the size; among them are three that mean something else.
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        if kind == 0xDA:
            return size
        at += 2 + length


def _webp(content: bytes) -> tuple[int, int] | None:
    """The header of each of the three kinds; a moving picture is none."""
    (length,) = struct.unpack_from("<I", content, 4)
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or length + 8 != len(content):
        return None
    readers = {b"VP8 ": _webp_lossy, b"VP8L": _webp_lossless, b"VP8X": _webp_extended}
    reader = readers.get(content[12:16])
    return reader(content) if reader else None


def _webp_lossy(content: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from("<HH", content, 26)
    return (width & 0x3FFF, height & 0x3FFF) if content[23:26] == b"\x9d\x01\x2a" else None


def _webp_lossless(content: bytes) -> tuple[int, int] | None:
    signature, bits = struct.unpack_from("<BI", content, 20)
    return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if signature == 0x2F else None


def _webp_extended(content: bytes) -> tuple[int, int] | None:
    sizes = [int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27)]
    return (sizes[0], sizes[1]) if not content[20] & 2 else None
