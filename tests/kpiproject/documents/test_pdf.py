import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kpiproject.documents import markdown, pdf, tree, web, words
from kpiproject.documents.drawing import drawn
from kpiproject.documents.printing import prepared
from kpiproject.documents.tree import Document, paragraph
from kpiproject.documents.typeset import typeset
from tests.kpiproject.documents.test_web import Reader
from tests.kpiproject.documents.trees import HOSTILE, document, documents, everything, picture, red

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext of poppler-utils")


def made(found: Document) -> bytes:
    """In this process: what the others do, without their start."""
    return typeset(drawn(prepared(found)))


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[bytes], str]:
    def read(content: bytes) -> str:
        (tmp_path / "a.pdf").write_bytes(content)
        done = subprocess.run(["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
        return done.stdout.decode().replace("\u200b", "")

    return read


def flat(words: str) -> str:
    return " ".join(words.split())


def test_render_twice_gives_the_same_bytes() -> None:
    first, second = pdf.render(everything()), pdf.render(everything())
    assert first == second
    assert first.startswith(b"%PDF-1.7")


def test_zone_language_and_chance_of_the_machine_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pdf.render(everything())
    elsewhere = {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    monkeypatch.setattr(pdf, "_ENVIRONMENT", elsewhere | {"SOURCE_DATE_EPOCH": "1000000000"})
    assert pdf.render(everything()) == before


def test_a_print_meets_its_standard_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    made(everything())
    assert capfd.readouterr().err == ""


def test_a_picture_is_in_the_print_with_its_words(capfd: pytest.CaptureFixture[str]) -> None:
    content = made(document(picture(alt="A red thing"), pictures={"abc": red()}))
    assert capfd.readouterr().err == ""
    unpacked = (b"".join(_streams(content)) + content).replace(b" ", b"")
    assert b"/Subtype/Image" in unpacked
    assert b"/Alt(Aredthing)" in unpacked


@needs_poppler
def test_a_picture_that_is_lost_or_higher_than_a_page_is_printed_all_the_same(text_of: Callable[[bytes], str]) -> None:
    assert "A red thing & more" in text_of(made(document(picture())))
    high = made(document(picture(30, 3000), pictures={"abc": red(30, 3000)}))
    assert "Page 2 of 2" in text_of(high)


def test_it_is_dated_only_by_the_document() -> None:
    assert b"CreationDate" not in b"".join(_streams(made(document()))) + made(document())
    dated = made(document(date="2026-11-23"))
    assert b"D:20261123" in b"".join(_streams(dated)) + dated


def _streams(content: bytes) -> list[bytes]:
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return found


@needs_poppler
def test_everything_is_printed(text_of: Callable[[bytes], str]) -> None:
    text = flat(text_of(pdf.render(everything())))
    cover = "The manual How we serve Edition 3 Figures as of 22 November 2026"
    assert text.startswith(cover)
    for line in words.lines(everything()["sections"][0]["blocks"]):
        shown = line.replace(" | ", " ").replace("Formula: ", "Formula ").replace("Source: ", "Source ")
        assert shown in text, shown
    assert "Edition 3 · printed copies are uncontrolled Page 2 of 2" in text


@needs_poppler
def test_contents_name_every_part_and_its_page(text_of: Callable[[bytes], str]) -> None:
    long = [paragraph("words " * 600)]
    first: tree.Section = {
        "anchor": "a",
        "number": "1",
        "title": "First",
        "blocks": [*long, tree.heading(1, "In it", "i")],
    }
    last: tree.Section = {"anchor": "b", "number": "", "title": "Last", "blocks": []}
    text = text_of(made(document(sections=[first, last])))
    contents = [flat(line) for line in text.split("\f")[1].splitlines() if line.strip()]
    assert [re.sub(r"[ .]{2,}", " ", line) for line in contents] == [
        "The manual Contents",
        "Contents",
        "1 First 3",
        "In it 4",
        "Last 4",
        "Page 2 of 4",
    ]


@needs_poppler
def test_headings_of_a_table_stand_on_every_page(text_of: Callable[[bytes], str]) -> None:
    rows = [[f"Row {n}", str(n)] for n in range(200)]
    pages = text_of(made(document(tree.table("Many", ["Which one", "#How many"], rows)))).split("\f")[1:-1]
    assert len(pages) > 3
    assert [page.count("Which one") for page in pages] == [1] * len(pages)
    assert flat(" ".join(pages)).count("Row ") == 200


@needs_poppler
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (HOSTILE, HOSTILE),
        ('#import "@preview/a:0.1.0": *', '#import "@preview/a:0.1.0": *'),
        (
            "#panic() #{1 + 1} $x^2$ = a <label> @label \\u{41} // /* */",
            "#panic() #{1 + 1} $x^2$ = a <label> @label \\u{41} // /* */",
        ),
        ("nul \x00 and bell \x07", "nul and bell"),
        ("left \u202eright", "left right"),
        ("glad 😀", "glad [grinning face]"),
        ("name 中文", "name □□"),
        ("αβγ жшщ ≥ → ½", "αβγ жшщ ≥ → ½"),
    ],
)
def test_words_stay_words(words: str, shown: str, text_of: Callable[[bytes], str]) -> None:
    found = document(paragraph(words), tree.table(words, [f"#{words}"], [[words]]), title="T")
    assert flat(text_of(made(found))).count(shown) == 4


@needs_poppler
def test_a_print_that_lacks_letters_says_so(text_of: Callable[[bytes], str]) -> None:
    sentence = "□ stands for a letter that the fonts of this print do not have. The web pages show it."
    assert sentence in flat(text_of(made(document(paragraph("中文")))))
    assert sentence not in flat(text_of(made(document(paragraph("😀 abc")))))


@needs_poppler
def test_a_long_word_stays_on_the_page(text_of: Callable[[bytes], str]) -> None:
    word = "abcdefghij" * 40
    found = document(paragraph(word), tree.table("", ["a", "b"], [[word, word]]), tree.facts((word, word)))
    letters = "".join(text_of(made(found)).split())
    assert letters.count("abcdefghij" * 40) >= 1
    assert letters.count("j") >= 5 * 40


@needs_poppler
def test_links_to_what_is_not_there_are_words(text_of: Callable[[bytes], str]) -> None:
    text = text_of(made(document(paragraph(tree.link("gone", "#gone"), " and ", tree.link("there", "#part")))))
    assert "gone and there" in flat(text)


def test_a_broken_chart_is_told() -> None:
    assert made(document({"is": "chart", "title": "Sales", "spec": {"no": "chart"}}))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents)
def test_any_document_can_be_printed(found: Any) -> None:
    assert made(found).startswith(b"%PDF-1.7")


@needs_poppler
def test_web_markdown_and_print_say_the_same(text_of: Callable[[bytes], str]) -> None:
    found = everything()
    [section] = found["sections"]
    printed = _signs(text_of(pdf.render(found)))
    on_the_web = _signs("".join(Reader(web.render(section["blocks"])).words))
    in_markdown = _signs("".join(words.lines(markdown.parse(words.to_markdown(found)))))
    for line in words.lines(section["blocks"]):
        for place in (printed, on_the_web, in_markdown):
            assert _signs(line) in place, line


def _signs(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and sign not in "|:")


def test_render_stops_after_its_time() -> None:
    with pytest.raises(pdf.DocumentError) as caught:
        pdf.render(everything(), seconds=0.01)
    assert str(caught.value) == "Printing took longer than 0.01 seconds and was stopped."


def test_render_tells_when_it_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(pdf, "prepared", lambda found: {"no": "document"})
    with pytest.raises(pdf.DocumentError) as caught:
        pdf.render(everything())
    assert str(caught.value) == "The document could not be printed. The log tells why."
    assert "KeyError" in caplog.text


def test_render_refuses_what_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_CHARACTERS", 100)
    with pytest.raises(pdf.DocumentError) as caught:
        pdf.render(everything())
    assert str(caught.value) == "The document is too long to be printed."


def test_the_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    def run(command: list[str], *, env: dict[str, str], **others: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(env)
        return subprocess.CompletedProcess(command, 0, stdout=b"%PDF", stderr=b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert pdf.render(everything()) == b"%PDF"
    assert asked == 2 * [{"LANG": "C.UTF-8", "TZ": "UTC"}]
