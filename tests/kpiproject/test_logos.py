import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpiproject import logos
from kpiproject.logos import LogoError
from kpiproject.models import Organisation
from kpiproject.queries import organisation
from tests.factories import ManagerFactory


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 4, height: int = 2, *, more: bytes = b"") -> bytes:
    rows = zlib.compress((b"\0" + b"\x1f\x4f\x8f" * width) * height)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 2) -> bytes:
    frame = struct.pack(">HHBHHB", 0xFFC0, 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x02picture\xff\xd9"


def webp(kind: bytes, body: bytes) -> bytes:
    inside = b"WEBP" + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


LOSSY = webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 4, 2) + b"....")
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 3 | 1 << 14) + b"....")
EXTENDED = webp(b"VP8X", b"\0\0\0\0" + b"\x03\0\0" + b"\x01\0\0")
MOVING = webp(b"VP8X", b"\x02\0\0\0" + b"\x03\0\0" + b"\x01\0\0")


@pytest.mark.parametrize(
    ("content", "kind", "content_type"),
    [
        (png(), "png", "image/png"),
        (jpeg(), "jpg", "image/jpeg"),
        (LOSSY, "webp", "image/webp"),
        (LOSSLESS, "webp", "image/webp"),
        (EXTENDED, "webp", "image/webp"),
    ],
)
def test_whole_pictures_are_taken(content, kind, content_type):
    logo = logos.read(content)
    assert (logo.kind, logo.content_type, logo.width, logo.height) == (kind, content_type, 4, 2)
    assert len(logo.name) == len("0123456789abcdef.") + len(kind)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a\x01\x00\x01\x00",
        png()[:-1],
        png() + b"<script>alert(1)</script>",
        png().replace(b"IDAT", b"IDAX"),
        png()[:40] + b"\0" + png()[41:],
        png(more=chunk(b"acTL", b"\0" * 8)),
        jpeg()[:-2],
        jpeg().replace(b"\xff\xc0", b"\xff\xc4"),
        b"\xff\xd8\xff\xe0\x00\x00\xff\xd9",
        LOSSY + b"more",
        LOSSY.replace(b"\x9d\x01\x2a", b"\x9d\x01\x2b"),
        MOVING,
        webp(b"ALPH", b"...."),
    ],
)
def test_what_is_no_whole_picture_is_refused(content):
    with pytest.raises(LogoError, match="must be a whole PNG, JPEG or WebP picture"):
        logos.read(content)


def test_what_is_too_heavy_or_too_large_is_refused():
    with pytest.raises(LogoError, match=r"The logo has 8001 bytes, and at most 8000 are allowed"):
        logos.read(b"x" * 8001)
    with pytest.raises(LogoError, match=r"The logo is 1201 × 2 pixels large; at most 1200 × 600 are allowed."):
        logos.read(png(1201))
    with pytest.raises(LogoError, match="0 × 2"):
        logos.read(jpeg(0))


# --- In the administration ----------------------------------------------------------------------------------------
@pytest.fixture
def manager(db) -> Client:
    organisation()
    client = Client()
    client.force_login(ManagerFactory())
    return client


def save(manager: Client, **fields: object) -> list[str]:
    """Save the organisation; what the page then says."""
    form = {"name": "Acme", "time_zone": "UTC", "week_start": "0", "currency": "EUR", "brand_colour": "#1f4f8f"}
    response = manager.post("/admin/kpiproject/organisation/1/change/", form | fields, follow=True)
    told = [str(message) for message in response.context["messages"]]
    return told + [str(error) for error in response.context.get("errors", [])]


def test_logo_is_kept_under_a_name_made_of_its_content_and_can_be_taken_away(manager):
    save(manager, logo=SimpleUploadedFile("../../evil.html", png(), content_type="text/html"))
    kept = Organisation.objects.get().logo
    assert kept.name == f"logos/{logos.read(png()).name}"
    with kept.open() as file:
        assert file.read() == png()
    save(manager, **{"logo-clear": "on"})
    assert Organisation.objects.get().logo.name == ""


def test_logo_that_is_none_is_refused_with_a_sentence(manager):
    organisation()
    response = manager.post(
        "/admin/kpiproject/organisation/1/change/",
        {"name": "Acme", "time_zone": "UTC", "week_start": "0", "currency": "EUR", "brand_colour": "#1f4f8f"}
        | {"logo": SimpleUploadedFile("logo.png", b"<script>")},
    )
    assert "The logo must be a whole PNG, JPEG or WebP picture." in response.content.decode()
    assert Organisation.objects.get().logo.name == ""


def test_colour_that_cannot_be_read_is_told_with_the_one_that_is_shown(manager):
    sentence = (
        "#ffee00 has a contrast of only 1.2 : 1 to white; 4.5 : 1 can be read by everybody. Lines and links on survey "
        "pages therefore have #7f7810. Buttons keep your colour, with words that fit it."
    )
    assert [text for text in save(manager, brand_colour="#ffee00") if "contrast" in text] == [sentence]
    assert [text for text in save(manager, brand_colour="#1f4f8f") if "contrast" in text] == []
