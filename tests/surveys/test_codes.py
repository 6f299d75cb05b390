import re
import struct
import zlib
from xml.etree import ElementTree

import segno

from surveys import codes

ADDRESS = "https://ask.example.com/c/AAAAAAAAAAAAAAAAAAAAAA/"


def modules_of_png(content: bytes) -> list[list[bool]]:
    """The middle of every module of a grey PNG of ours, True where it is black."""
    width = struct.unpack(">I", content[16:20])[0]
    depth = content[24]
    data = b"".join(re.findall(rb"IDAT(.*?)....(?:....IEND)", content, re.DOTALL))
    raw = zlib.decompressobj().decompress(data)
    line = 1 + (width * depth + 7) // 8
    step = width // codes.modules(ADDRESS)
    rows: list[bytes] = []
    for y in range(width):
        kind, row = raw[y * line], raw[y * line + 1 : (y + 1) * line]
        assert kind in (0, 2)  # as it is, or the difference to the row above
        rows.append(row if kind == 0 else bytes(one + above & 255 for one, above in zip(row, rows[-1], strict=True)))
    middles = range(step // 2, width, step)
    return [[not rows[y][x // 8] >> (7 - x % 8) & 1 for x in middles] for y in middles]


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 (written by ourselves)


def modules_of_svg(content: bytes) -> list[list[bool]]:
    size = codes.modules(ADDRESS)
    black = [[False] * size for _row in range(size)]
    path = parsed(content).findall("{http://www.w3.org/2000/svg}path")[1].get("d", "")
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + values[0])):
                black[int(y)][column] = True
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return black


def test_svg_and_png_show_the_same_code_black_on_white_with_a_quiet_zone():
    code = segno.make(ADDRESS, error="q", micro=False, boost_error=False)
    asked = [[bool(module & 1) for module in row] for row in code.matrix_iter(border=4)]
    assert modules_of_svg(codes.svg(ADDRESS, title="x")) == asked
    assert modules_of_png(codes.png(ADDRESS)) == asked
    edges = [row[:4] + row[-4:] for row in asked] + asked[:4] + asked[-4:]
    assert not any(module for row in edges for module in row)
    assert codes.modules(ADDRESS) == 45


def test_correction_mends_a_quarter():
    assert segno.make(ADDRESS, error=codes.CORRECTION, boost_error=False).error == "Q"


def test_title_of_the_svg_is_text():
    content = codes.svg(ADDRESS, title='<script>alert("x")</script>')
    [title] = parsed(content).findall("{http://www.w3.org/2000/svg}title")
    assert title.text == '<script>alert("x")</script>'
    assert b"<script" not in content
    assert b"style=" not in content


def test_png_is_sharp_enough_to_print():
    content = codes.png(ADDRESS)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (1080, 1080)
