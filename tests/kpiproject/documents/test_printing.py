from typing import Any

import pytest

from kpiproject.documents import tree
from kpiproject.documents.printing import prepared
from kpiproject.documents.tree import paragraph
from tests.kpiproject.documents.trees import document


def printed(*blocks: Any, **others: Any) -> Any:
    return prepared(document(*blocks, **others))["sections"][0]["blocks"]


def texts(*words: str) -> Any:
    return [{"is": "text", "text": text} for text in words]


def test_headings_leave_out_no_level() -> None:
    levels = [1, 3, 3, 9, 2, 0]
    found = printed(*(tree.heading(level, "a", f"a{n}") for n, level in enumerate(levels)))
    assert [block["level"] for block in found] == [2, 3, 4, 5, 3, 2]


def test_an_anchor_belongs_to_the_first_that_has_it() -> None:
    found = printed(tree.heading(1, "a", "part"), tree.heading(1, "b", "b"), tree.heading(1, "c", "b"))
    assert [block["anchor"] for block in found] == ["", "b", ""]


@pytest.mark.parametrize(
    ("to", "link"),
    [
        ("#part", {"is": "anchor", "to": "part"}),
        ("#nowhere", None),
        ("#", None),
        ("https://a.example/", {"is": "link", "to": "https://a.example/"}),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_link_that_leads_nowhere_is_words(to: str, link: Any) -> None:
    words = texts("words")
    assert printed(paragraph(tree.link("words", to))) == [
        {"is": "paragraph", "inlines": [{**link, "inlines": words}] if link else words}
    ]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\n\tb  c ", "a b c "),
        ("62\u00a0%", "62\u00a0%"),
        ("a\x00b\u202ec\ud800", "abc"),
        ("x" * 50, "x" * 22 + "\u200b" + "x" * 22 + "\u200b" + "x" * 6),
    ],
)
def test_words_are_cleaned_and_may_break(words: str, shown: str) -> None:
    assert printed(paragraph(words)) == [{"is": "paragraph", "inlines": texts(shown)}]


def test_what_is_empty_is_left_out() -> None:
    empty: list[Any] = [
        paragraph(""),
        tree.heading(1, "", "x"),
        {"is": "list", "start": None, "items": []},
        {"is": "quote", "blocks": []},
        tree.facts(),
        {"is": "code_block", "text": " \n"},
        {"is": "table", "caption": "", "columns": [], "rows": [[texts("a")]]},
    ]
    assert printed(*empty) == []


def test_what_is_nested_too_deeply_is_flat() -> None:
    block: Any = paragraph("deep")
    for _n in range(200):
        block = {"is": "quote", "blocks": [block]}
    depth, found = 0, printed(block)
    while found[0]["is"] == "quote":
        depth, found = depth + 1, found[0]["blocks"]
    assert (depth, found) == (9, [{"is": "paragraph", "inlines": texts("deep")}])


@pytest.mark.parametrize(
    ("columns", "row", "shares", "size", "width"),
    [
        (["a", "#n"], ["Chat", "1,204"], [7, 8], 9, 50),
        (["Name", "#n"], ["x" * 40 + " " + "y" * 80, "1"], [60, 0], 9, 100),
        (["a", "b"], ["word " * 30, "word " * 30], [60, 60], 9, 100),
        (["#" + "number" * 3] * 6, ["1"] * 6, [21, 21, 21, 21, 21, 21], 7, 100),
    ],
)
def test_columns_are_as_wide_as_what_they_hold(
    columns: Any, row: Any, shares: list[int], size: float, width: int
) -> None:
    [found] = printed(tree.table("", columns, [row]))
    assert ([column["share"] for column in found["columns"]], found["size"], found["width"]) == (shares, size, width)


@pytest.mark.parametrize(
    ("language", "lang", "region", "page"),
    [
        ("en", "en", None, "Page {page} of {pages}"),
        ("de", "de", None, "Page {page} of {pages}"),
        ("pt-br", "pt", "BR", "Page {page} of {pages}"),
        ("zh-Hans", "zh", None, "Page {page} of {pages}"),
        ("x", "en", None, "Page {page} of {pages}"),
    ],
)
def test_language(language: str, lang: str, region: str | None, page: str) -> None:
    found = prepared(document(language=language))
    assert (found["lang"], found["region"], found["words"]["page"]) == (lang, region, page)


@pytest.mark.parametrize(
    ("iso", "date"),
    [
        ("2026-11-23T10:00:00+00:00", {"year": 2026, "month": 11, "day": 23}),
        ("2026-11-23", {"year": 2026, "month": 11, "day": 23}),
        ("soon", None),
        ("", None),
    ],
)
def test_date(iso: str, date: Any) -> None:
    assert prepared(document(date=iso))["date"] == date


def test_facts_keep_the_few_words_between_them_and_their_heading() -> None:
    facts, lead = tree.facts(*((str(n), "b") for n in range(1, 12))), tree.note("", paragraph("a"))
    found = printed(paragraph("z"), tree.heading(1, "A", "a"), lead, paragraph("b"), facts)
    assert [block.get("is_kept", False) for block in found] == [False, False, True, True, False]
    assert (found[2]["is_whole"], found[4]["is_whole"]) == (True, True)


@pytest.mark.parametrize(
    "blocks",
    [
        [tree.heading(1, "A", "a"), paragraph("x" * 4000), tree.facts(("a", "b"))],
        [tree.heading(1, "A", "a"), *[paragraph("x")] * 4, tree.facts(("a", "b"))],
        [tree.heading(1, "A", "a"), paragraph("x"), tree.facts(("a", "b" * 4000))],
        [tree.heading(1, "A", "a"), tree.note("", paragraph("x" * 4000)), tree.facts(("a", "b"))],
        [paragraph("x"), tree.facts(("a", "b"))],
    ],
)
def test_nothing_is_kept_that_is_long_or_has_no_heading(blocks: Any) -> None:
    assert [block for block in printed(*blocks) if block.get("is_kept")] == []


def test_long_contents_are_known() -> None:
    def is_long(count: int) -> bool:
        headings = (tree.heading(1, "A", f"a{n}") for n in range(count))
        return bool(prepared(document(*headings))["has_long_contents"])

    assert [is_long(54), is_long(55)] == [False, True]


@pytest.mark.parametrize(
    ("rows", "is_whole"),
    [
        ([["May", "1"]] * 15, True),
        ([["May", "1"]] * 16, False),
        ([["word " * 40, "word " * 40]] * 3, True),
        ([["word " * 40, "word " * 40]] * 4, False),
        ([["", ""]], True),
        ([], True),
    ],
)
def test_a_table_stays_on_one_page_if_it_has_few_lines(rows: Any, is_whole: bool) -> None:
    [found] = printed(tree.table("", ["a", "b"], rows))
    assert found["is_whole"] == is_whole


def test_the_whole_digest_stands_on_the_cover_in_one_piece() -> None:
    found = prepared(document(facts=[("Edition", "3")], digest="ab" * 32))["facts"]
    assert found == [
        ["Edition", texts("3")],
        ["Fingerprint (SHA-256)", [{"is": "code", "text": "ab" * 32}]],
    ]
