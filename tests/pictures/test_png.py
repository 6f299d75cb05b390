import zlib

import numpy as np
import pytest

from tests.pictures import png


def filtered(pixels, kind):
    """A picture as a browser writes it, every row with one kind of filter."""
    height, width, channels = pixels.shape
    framed = np.zeros((height + 1, width + 1, channels), np.int64)
    framed[1:, 1:] = pixels
    left, above, corner = framed[1:, :-1], framed[:-1, 1:], framed[:-1, :-1]
    guess = [0 * left, left, above, (left + above) // 2, png._paeth(left, above, corner)][kind]
    rows = ((framed[1:, 1:] - guess) % 256).astype(np.uint8).reshape(height, width * channels)
    body = np.hstack([np.full((height, 1), kind, np.uint8), rows]).tobytes()
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, {3: 2, 4: 6}[channels], 0, 0, 0])
    parts = {b"IHDR": head, b"IDAT": zlib.compress(body), b"IEND": b""}
    return png._HEAD + b"".join(png._chunk(name, part) for name, part in parts.items())


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("kind", range(5))
def test_every_filter_is_undone(kind, channels):
    pixels = np.random.default_rng(kind).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    assert np.array_equal(png.read(filtered(pixels, kind)), pixels[:, :, :3])


def test_few_colours_stay_as_they_are():
    colours = np.random.default_rng(1).integers(0, 256, (200, 3), dtype=np.uint8)
    pixels = colours[np.random.default_rng(2).integers(0, 200, (40, 30))]
    places, table = png.palette(pixels)
    assert np.array_equal(table[places], pixels)


def test_of_many_colours_the_frequent_ones_stay_and_the_others_come_near():
    colours = np.stack([np.arange(300) // 256, np.arange(300) % 256, np.zeros(300)], axis=1).astype(np.uint8)
    pixels = np.concatenate([colours[:256].repeat(2, axis=0), colours[256:]])[None]
    places, table = png.palette(pixels)
    assert len(table) == 256
    assert np.array_equal(table[places][0, :512], pixels[0, :512])
    assert abs(table[places].astype(int) - pixels).max() <= 1


def test_what_is_written_can_be_opened():
    pixels = np.zeros((3, 4, 3), np.uint8)
    pixels[1, 2] = (29, 79, 145)
    written = png.small(filtered(pixels, 0))
    chunks = png._chunks(written)
    assert (chunks["IHDR"], chunks["PLTE"]) == (
        bytes([0, 0, 0, 4, 0, 0, 0, 3, 8, 3, 0, 0, 0]),
        bytes([0, 0, 0, 29, 79, 145]),
    )
    assert zlib.decompress(chunks["IDAT"]) == bytes([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
