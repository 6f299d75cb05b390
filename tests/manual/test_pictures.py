"""Pictures: judged by what is in them, written anew, kept as they are."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from kpiproject.documents import markdown
from manual import pictures, placing
from manual.models import Picture
from tests.manual_factories import picture

NONE = "This file is no picture. PNG, JPEG, WebP and GIF can be shown."
pytestmark = pytest.mark.django_db


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options) -> bytes:
    written = BytesIO()
    Image.new(mode, size, "red").save(written, kind, **options)
    return written.getvalue()


def opened(found: Picture) -> Image.Image:
    return Image.open(BytesIO(bytes(found.content)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_four_kinds_are_taken_and_written_anew(kind: str) -> None:
    sent = drawn(kind)
    found = pictures.add(sent, by=None)
    assert (found.width, found.height, opened(found).size) == (40, 30, (40, 30))
    assert found.digest == hashlib.sha256(bytes(found.content)).hexdigest()
    assert bytes(found.content) != sent


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", NONE),
        (b"GIF89a, or so it says", NONE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NONE),
        (b"<html><script>alert(1)</script>", NONE),
        (drawn("BMP"), NONE),
        (drawn()[:60], "This picture is damaged or not whole, and cannot be shown."),
        (drawn("JPEG", (400, 300))[:400], "This picture is damaged or not whole, and cannot be shown."),
        (b"x" * 10_000_001, "The picture is larger than 10 MB. Please choose a smaller one."),
    ],
)
def test_an_image_that_is_no_image_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(pictures.PictureError) as refused:
        pictures.add(content, by=None)
    assert str(refused.value) == said
    assert Picture.objects.count() == 0


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = drawn(size=(9000, 9000), mode="1")
    assert len(bomb) < 100_000
    with pytest.raises(pictures.PictureError, match="9000 × 9000 pixels"):
        pictures.add(bomb, by=None)


def test_a_bomb_that_even_the_reader_of_pictures_refuses_is_not_called_damaged() -> None:
    with pytest.raises(pictures.PictureError) as refused:
        pictures.add(drawn(size=(20_000, 12_000), mode="1"), by=None)
    assert str(refused.value) == "The picture has more pixels than we can read. Please choose a smaller one."


def test_nothing_but_the_pixels_is_kept() -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Ada Lovelace")
    assert b"Lovelace" not in bytes(pictures.add(drawn(pnginfo=about), by=None).content)
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "Ada Lovelace", 6
    turned = pictures.add(drawn("JPEG", (400, 300), exif=exif), by=None)
    assert b"Lovelace" not in bytes(turned.content)
    assert (turned.width, turned.height) == (300, 400)
    assert b"<script>" not in bytes(pictures.add(drawn() + b"<script>", by=None).content)


def test_it_is_made_smaller_and_a_photograph_becomes_a_jpeg() -> None:
    noise = BytesIO()
    Image.effect_noise((2000, 1500), 60).convert("RGB").save(noise, "JPEG", quality=95)
    found = pictures.add(noise.getvalue(), by=None)
    assert (found.width, found.height, found.kind) == (1600, 1200, "jpg")
    assert len(found.content) <= 2_000_000


def test_what_is_see_through_stays_so() -> None:
    found = pictures.add(drawn(mode="RGBA"), by=None)
    assert (found.kind, opened(found).mode) == ("png", "RGBA")


def test_the_same_picture_is_one_and_its_name_tells_its_content() -> None:
    assert picture().pk == picture().pk
    assert picture(colour="blue").name != picture().name
    assert pictures.find(picture().name) == picture()


@pytest.mark.parametrize("name", ["", "x", "0" * 15, "0" * 16, "A" * 16, "%" * 16, "../../../../etc/p"])
def test_what_is_no_name_finds_nothing(name: str) -> None:
    picture()
    assert pictures.find(name) is None


def test_blocks_learn_what_is_known_of_their_pictures() -> None:
    ours = picture()
    known, unknown = pictures.described(markdown.parse(f"![Red](image:{ours.name})\n\n![Gone](image:0123456789abcdef)"))
    assert known == {
        "is": "picture",
        "name": ours.name,
        "alt": "Red",
        "digest": ours.digest,
        "kind": "png",
        "width": 40,
        "height": 30,
    }
    assert (unknown["is"], "Gone" in str(unknown)) == ("note", True)


def test_text_without_pictures_asks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        pictures.described(markdown.parse("Only *words*."))


def test_what_was_changed_in_the_database_is_not_printed() -> None:
    ours = picture()
    document = {"sections": [{"blocks": pictures.described(markdown.parse(f"![Red](image:{ours.name})"))}]}
    assert pictures.contents(document) == {ours.name: bytes(ours.content)}
    Picture.objects.update(content=drawn(size=(50, 50)))
    assert pictures.contents(document) == {}


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", None, "![A](image:n)\n"),
        ("One", None, "One\n\n![A](image:n)\n"),
        ("One\r\nTwo\r\n\r\nThree", 1, "One\n\n![A](image:n)\n\nTwo\n\nThree\n"),
        ("One\n\nTwo", 99, "One\n\nTwo\n\n![A](image:n)\n"),
        ("One\nTwo", 5, "One\nTwo\n\n![A](image:n)\n"),
    ],
)
def test_it_goes_after_the_line_where_the_cursor_is(text: str, at: int | None, expected: str) -> None:
    assert placing.put(text, "n", alt="A", at=at) == expected


def test_its_words_stay_words() -> None:
    text = placing.put("", "0123456789abcdef", alt="a [b](c) *d* `e`\n<i>", at=None)
    block: Any
    (block,) = markdown.parse(text)
    assert (block["is"], block["alt"]) == ("picture", "a [b](c) *d* `e` <i>")
