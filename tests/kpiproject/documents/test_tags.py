"""A PDF for readers of screens: whatever of it is lost, a test fails."""

import pytest

from kpiproject.documents import pdf, tree
from kpiproject.documents.tree import Document, Section, paragraph
from tests.kpiproject.documents.tags import Read
from tests.kpiproject.documents.trees import chart, document, everything, picture, red

ROWS = [[f"Row {n}", str(n)] for n in range(60)]


def whole() -> Document:
    [first] = everything()["sections"]
    blocks: list[tree.Block] = [
        picture(alt="A red thing"),
        tree.heading(1, "In it", "in-it"),
        tree.heading(3, "Too deep", "deep"),
        chart("Answers by week"),
        tree.table("Many", ["Which one", "#How many"], ROWS),
        tree.heading(1, "More in it", "more"),
        paragraph(tree.link("elsewhere", "https://example.org/")),
    ]
    second: Section = {"anchor": "second", "number": "", "title": "Not counted", "blocks": blocks}
    about = {"subtitle": "How we serve", "language": "pt-br", "date": "2026-11-23", "pictures": {"abc": red()}}
    return document(sections=[first, second], facts=[("Edition", "3")], foot="Edition 3", **about)


@pytest.fixture(scope="module")
def read() -> Read:
    return Read(pdf.render(whole()))


def test_it_says_that_it_is_tagged_for_readers_of_screens(read: Read) -> None:
    assert read.says("pdfuaid:part") == "1"
    assert bool(read.root.MarkInfo.Marked)
    assert not bool(read.root.MarkInfo.get("/Suspects", False))


def test_it_has_a_language_and_a_title_that_is_shown(read: Read) -> None:
    assert str(read.root.Lang) == "pt-BR"
    assert bool(read.root.ViewerPreferences.DisplayDocTitle)
    assert (read.says("dc:title"), read.says("dc:description")) == ("The manual", "How we serve")


def test_headings_begin_at_the_first_level_and_leave_out_none(read: Read) -> None:
    assert read.headings() == [
        (1, "Contents"),
        (1, "The part"),
        (2, "How we measure"),
        (3, "Targets"),
        (1, "Not counted"),
        (2, "In it"),
        (3, "Too deep"),
        (2, "More in it"),
    ]


def test_outline_is_the_headings_with_their_numbers(read: Read) -> None:
    numbered = [(level, "1 The part" if words == "The part" else words) for level, words in read.headings()]
    assert read.outline() == numbered


def test_title_stands_before_everything_else(read: Read) -> None:
    [document] = read.tags.inner
    assert [tag.role for tag in document.all("Title", "H1", "TOC", "Table")][:3] == ["Title", "H1", "TOC"]


def test_charts_and_pictures_have_their_words(read: Read) -> None:
    assert read.figures() == ["Satisfied customers by week", "A red thing", "Answers by week"]


def test_tables_have_heads_to_which_every_cell_belongs(read: Read) -> None:
    tables = list(read.tags.all("Table"))
    assert [len(list(table.all("TD"))) for table in tables] == [6, 120]
    for table in tables:
        heads = list(table.all("TH"))
        [head] = table.all("THead")
        assert list(head.all("TH")) == heads
        assert {str(tag.attribute("/Scope")) for tag in heads} == {"/Column"}
        names = [tag.words("/ID") for tag in heads]
        for row in (row for body in table.all("TBody") for row in body.all("TR")):
            assert [[str(name) for name in tag.attribute("/Headers")] for tag in row.all("TD")] == [[n] for n in names]


def test_lists_have_their_marks_and_the_contents_are_a_list_of_links(read: Read) -> None:
    [found] = read.tags.all("L")
    assert [[tag.role for tag in item.inner] for item in found.all("LI")] == [["Lbl", "LBody"]] * 2
    [contents, *inner] = read.tags.all("TOC")
    assert (len(list(contents.all("TOCI"))), len(inner)) == (5, 2)
    assert all(len(list(item.all("Link"))) == 1 for item in contents.all("TOCI"))


def test_links_say_where_they_lead_and_belong_to_their_tag(read: Read) -> None:
    links = read.links()
    assert len(links) == 5 + 2
    assert all("/StructParent" in link and str(link.Contents) for link in links)


def test_whatever_is_written_is_tagged_or_decoration(read: Read) -> None:
    assert read.untagged() == []
    assert {str(page.get("/Tabs")) for page in read.pdf.pages} == {"/S"}
