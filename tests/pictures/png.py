"""Small pictures: a screenshot has few colours, so that one byte a pixel is enough."""

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_COLOURS = 256
_HEAD = b"\x89PNG\r\n\x1a\n"
Bytes = npt.NDArray[np.uint8]
_PLACES = np.array([65536, 256, 1])


def small(png: bytes) -> bytes:
    """The same picture with at most 256 colours, without its transparency. Only for what browsers write: 8 bits a
    channel, not interlaced."""
    return write(*palette(read(png)))


def read(png: bytes) -> Bytes:
    """Height × width × 3."""
    chunks = _chunks(png)
    head = chunks["IHDR"]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    channels = {2: 3, 6: 4}[head[9]]
    rows = np.frombuffer(zlib.decompress(chunks["IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    pixels = np.zeros((height + 1, width + 1, channels), np.int64)  # a border of nothing above and to the left
    for number, row in enumerate(rows, start=1):
        _unfilter(int(row[0]), row[1:].reshape(width, channels), pixels, number)
    return pixels[1:, 1:, :3].astype(np.uint8)


def palette(pixels: Bytes) -> tuple[Bytes, Bytes]:
    """Which colour each pixel has, and the colours: the most frequent ones, each other one by its nearest."""
    flat = pixels.reshape(-1, 3).astype(np.int64)
    colours, which, counts = np.unique(flat @ _PLACES, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_COLOURS])
    table = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    place = np.array([((table[kept] - colour) ** 2).sum(axis=1).argmin() for colour in table])
    return place[which].reshape(pixels.shape[:2]).astype(np.uint8), table[kept].astype(np.uint8)


def write(places: Bytes, colours: Bytes) -> bytes:
    height, width = places.shape
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 3, 0, 0, 0])
    rows = np.hstack([np.zeros((height, 1), np.uint8), places])
    parts = {b"IHDR": head, b"PLTE": colours.tobytes(), b"IDAT": zlib.compress(rows.tobytes(), 9), b"IEND": b""}
    return _HEAD + b"".join(_chunk(kind, body) for kind, body in parts.items())


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def _chunks(png: bytes) -> dict[str, bytes]:
    """The body of each kind; several of one kind are joined."""
    found: dict[str, bytes] = {}
    position = len(_HEAD)
    while position < len(png):
        length = int.from_bytes(png[position : position + 4])
        kind = png[position + 4 : position + 8].decode()
        found[kind] = found.get(kind, b"") + png[position + 8 : position + 8 + length]
        position += length + 12
    return found


def _unfilter(kind: int, row: Bytes, pixels: npt.NDArray[Any], number: int) -> None:
    """PNG stores differences to the left, to above, to their mean, or to the one of three that Paeth chose."""
    given, above, into = row.astype(np.int64), pixels[number - 1], pixels[number]
    if kind == 0:
        into[1:] = given
    elif kind == 1:
        into[1:] = np.cumsum(given, axis=0) % 256
    elif kind == 2:
        into[1:] = (given + above[1:]) % 256
    else:
        for x in range(1, len(into)):
            guess = (into[x - 1] + above[x]) // 2 if kind == 3 else _paeth(into[x - 1], above[x], above[x - 1])
            into[x] = (given[x - 1] + guess) % 256


def _paeth(left: npt.NDArray[Any], above: npt.NDArray[Any], corner: npt.NDArray[Any]) -> npt.NDArray[Any]:
    both = left + above - corner
    to_left, to_above, to_corner = abs(both - left), abs(both - above), abs(both - corner)
    is_left = (to_left <= to_above) & (to_left <= to_corner)
    return np.where(is_left, left, np.where(to_above <= to_corner, above, corner))
