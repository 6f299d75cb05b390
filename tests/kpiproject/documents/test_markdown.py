import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject.documents import markdown, words
from kpiproject.documents.tree import paragraph, strong, text


def emphasis(words: str) -> Any:
    return {"is": "emphasis", "inlines": [text(words)]}


def linked(words: str, to: str) -> Any:
    return {"is": "link", "inlines": [text(words)], "to": to}


def heading(level: int, words: str, anchor: str) -> Any:
    return {"is": "heading", "level": level, "inlines": [text(words)], "anchor": anchor}


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("  \n\n", []),
        ("plain", [paragraph("plain")]),
        ("a **b** *c*", [paragraph("a ", strong("b"), " ", emphasis("c"))]),
        ("a\nb", [paragraph("a", " ", "b")]),
        ("a  \nb", [paragraph("a", {"is": "break"}, "b")]),
        ("`x < y`", [paragraph({"is": "code", "text": "x < y"})]),
        ("~~a~~", [paragraph("~~a~~")]),
        ("---", [{"is": "rule"}]),
        ("> a", [{"is": "quote", "blocks": [paragraph("a")]}]),
        ("```py\nx = 1\n```", [{"is": "code_block", "text": "x = 1"}]),
        ("- a\n- b", [{"is": "list", "start": None, "items": [[paragraph("a")], [paragraph("b")]]}]),
        ("7. a", [{"is": "list", "start": 7, "items": [[paragraph("a")]]}]),
        (
            "- a\n  1. b",
            [
                {
                    "is": "list",
                    "start": None,
                    "items": [[paragraph("a"), {"is": "list", "start": 1, "items": [[paragraph("b")]]}]],
                }
            ],
        ),
        ("> # a", [{"is": "quote", "blocks": [paragraph(strong("a"))]}]),
        (
            "![A bridge](https://a.example/b.png)",
            [{"is": "note", "tone": "", "blocks": [paragraph(emphasis("A bridge"))]}],
        ),
        ("![](b.png)", []),
        ("see ![it](b.png)", [paragraph("see ", emphasis("it"))]),
        ("&lt;b&gt; &#0;", [paragraph("<b> \ufffd")]),
        ("a\x00b\u202ec\x07", [paragraph("a\ufffdbc")]),
    ],
)
def test_parse(source: str, blocks: Any) -> None:
    assert markdown.parse(source) == blocks


def test_parse_table() -> None:
    found = markdown.parse("|a *b*|n|\n|-|-:|\n|x|**1**|\n|y|")
    assert found == [
        {
            "is": "table",
            "caption": "",
            "columns": [{"title": "a b", "is_numeric": False}, {"title": "n", "is_numeric": True}],
            "rows": [[[text("x")], [strong("1")]], [[text("y")], []]],
        }
    ]


def test_headings_have_levels_and_anchors_of_their_own() -> None:
    source = "# A *b*\n## A b\n### C\n###### D\n# \n"
    found: Any = markdown.parse(source, anchor_prefix="p")
    assert [(block["level"], block["anchor"]) for block in found] == [
        (1, "p-a-b"),
        (1, "p-a-b-2"),
        (2, "p-c"),
        (4, "p-d"),
        (1, "p-part"),
    ]


def test_links_to_own_headings_have_the_prefix() -> None:
    source = "# Here\n\n[a](#here) [b](#elsewhere)"
    assert markdown.parse(source, anchor_prefix="p") == [
        heading(1, "Here", "p-here"),
        paragraph(linked("a", "#p-here"), " ", linked("b", "#elsewhere")),
    ]


@pytest.mark.parametrize(
    ("target", "is_kept"),
    [
        ("https://a.example/x?y=1#z", True),
        ("HTTP://a.example", True),
        ("mailto:a@b.example", True),
        ("#part", True),
        ("#", False),
        ("https://", False),
        ("https:/a.example", False),
        ("mailto:", False),
        ("/kpis/", False),
        ("//a.example", False),
        ("part", False),
        ("ftp://a.example", False),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("&#106;avascript:alert(1)", False),
        ("java&#10;script:alert(1)", False),
        ("data:text/html;base64,PHM+", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_harmless_links_are_links(target: str, is_kept: bool) -> None:
    found: Any
    [found] = markdown.parse(f"[words](<{target}>)")
    assert [part["is"] for part in found["inlines"]] == ["link" if is_kept else "text"]
    assert words.lines([found]) == ["words"]


@pytest.mark.parametrize(
    "source",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- a -->", "<?php x ?>", "<b>bold</b> &amp"],
)
def test_html_is_words(source: str) -> None:
    assert markdown.parse(source) == [paragraph(source)]


@pytest.mark.parametrize("source", ['#import "x"', "$x^2$", "@ref and #let x = 1", "#{panic()}"])
def test_typst_is_words(source: str) -> None:
    assert words.lines(markdown.parse(source)) == [source]


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(markdown.TooLongError) as caught:
        markdown.parse("a" * 5_000_000)
    assert str(caught.value) == "A text may have at most 200,000 characters; this one has 5,000,000."
    assert len(markdown.parse("a" * 200_000)) == 1


@pytest.mark.parametrize(
    "source",
    [
        ">" * 3_000 + " deep",
        "\n".join("  " * n + "- deep" for n in range(400)),
        "*a " * 300 + "b*" * 300 + "deep",
        "[" * 90_000 + "deep",
        "![" * 90_000 + "deep",
        "|x\n" * 60_000 + "deep",
        "[a](" * 40_000 + "deep",
        "<" * 90_000 + "deep",
        "a " + "`" * 90_000 + "deep",
        "**a*" * 40_000 + "deep",
    ],
    ids=lambda source: source[:6],
)
def test_what_is_nested_or_repeated_without_end_takes_little_time_and_loses_nothing(source: str) -> None:
    start = time.process_time()
    found = markdown.parse(source)
    assert time.process_time() - start < 10
    assert _depth(found) <= 2 * markdown.MOST_DEPTH + 2
    assert "deep" in words.lines(found)[-1]


def _depth(found: Any) -> int:
    if isinstance(found, dict):
        found = list(found.values())
    elif not isinstance(found, list):
        return 0
    is_list_of_blocks = any(isinstance(part, dict) for part in found)
    return is_list_of_blocks + max(map(_depth, found), default=0)


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("*_`[]()<>#-+|:\n \t\\!&;1.ab~=\"'"), st.characters()), max_size=200))
def test_nothing_breaks_it(source: str) -> None:
    found = markdown.parse(source, anchor_prefix="p")
    anchors = [block["anchor"] for block in found if block["is"] == "heading"]
    assert len(anchors) == len(set(anchors))
    assert markdown.parse(source, anchor_prefix="p") == found
