"""Documents for tests: one with everything in it, and random ones."""

import string
from datetime import date, timedelta
from io import BytesIO
from typing import Any, cast

from hypothesis import strategies as st
from PIL import Image

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Document, Section
from kpiproject.lib import charts

HOSTILE = '<script>alert(1)</script> #import "x" $x^2$ \\ <label> @ref *b* _i_ `c` [l](javascript:alert(1)) & "q"'


def spec(title: str = "Satisfied customers") -> dict[str, Any]:
    points = [
        charts.Point(start=date(2026, 9, 7) + timedelta(7 * n), value=80 + n, low=76 + n, high=84 + n) for n in range(6)
    ]
    return charts.time_series(points, title=title, unit="%", starts_at_zero=False)


def red(width: int = 40, height: int = 30) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (width, height), "red").save(drawn, "PNG")
    return drawn.getvalue()


def picture(width: int = 40, height: int = 30, alt: str = "A red thing & more") -> Block:
    return {
        "is": "picture",
        "name": "abc",
        "alt": alt,
        "digest": "d",
        "kind": "png",
        "width": width,
        "height": height,
    }


def chart(title: str) -> Block:
    return {"is": "chart", "title": title, "spec": spec()}


def document(*blocks: Block, **others: Any) -> Document:
    section: Section = {"anchor": "part", "number": "1", "title": "The part", "blocks": list(blocks)}
    found: Any = {"title": "The manual", "subtitle": "", "language": "en", "facts": [], "sections": [section]}
    found |= others
    return cast("Document", found)


def everything() -> Document:
    blocks = [
        tree.heading(1, "How we measure", "how"),
        tree.paragraph("We ask ", tree.strong("everyone"), " and count ", {"is": "code", "text": "n"}, "."),
        tree.bullets(["First look at n", [tree.text("See "), tree.link("the targets", "#targets")]], start=1),
        tree.note("warn", tree.paragraph("Fewer than 30 answers are not compared.")),
        tree.facts(("Formula", "satisfied ÷ answered"), ("Source", "Own surveys")),
        chart("Satisfied customers by week"),
        tree.heading(2, "Targets", "targets"),
        tree.table(
            "Targets by channel", ["Channel", "#Target", "#n"], [["Chat", "85.5 %", "1,204"], ["Mail", "–", "0"]]
        ),
        {"is": "quote", "blocks": [tree.paragraph("What is measured gets done.")]},
        {"is": "rule"},
        {"is": "code_block", "text": "csat = satisfied / answered"},
        tree.paragraph(HOSTILE),
    ]
    return document(
        *blocks,
        subtitle="How we serve",
        facts=[("Edition", "3"), ("Figures as of", "22 November 2026")],
        foot="Edition 3 · printed copies are uncontrolled",
    )


words = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=string.punctuation + " ab1\n", max_size=20),
    st.sampled_from(
        [HOSTILE, "#import", "1. one", "- x", "```", "---", "| a |", "a" * 300, "😀 中文", "\u202eevil", "\x00"]
    ),
)
targets = st.sampled_from(
    ["https://a.example/x?y=1&z=<2>", "mailto:a@b.example", "#part", "#nowhere", "javascript:x", ""]
)


def _inline(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parts = st.lists(inner, max_size=3)
    return st.one_of(
        st.builds(lambda kind, parts: {"is": kind, "inlines": parts}, st.sampled_from(["strong", "emphasis"]), parts),
        st.builds(lambda to, parts: {"is": "link", "inlines": parts, "to": to}, targets, parts),
    )


leaves = st.one_of(
    words.map(tree.text),
    words.map(lambda text: {"is": "code", "text": text}),
    st.just({"is": "break"}),
)
inlines = st.lists(st.recursive(leaves, _inline, max_leaves=5), max_size=4)
anchors = st.sampled_from(["part", "a", "b b", "ö<>", "", "nowhere-else"])
columns = st.builds(lambda title, is_numeric: {"title": title, "is_numeric": is_numeric}, words, st.booleans())
tables = st.builds(
    lambda caption, columns, rows: {"is": "table", "caption": caption, "columns": columns, "rows": rows},
    words,
    st.lists(columns, max_size=4),
    st.lists(st.lists(inlines, max_size=5), max_size=4),
)
flat = st.one_of(
    st.builds(
        lambda level, parts, anchor: {"is": "heading", "level": level, "inlines": parts, "anchor": anchor},
        st.integers(1, 6),
        inlines,
        anchors,
    ),
    st.builds(lambda parts: {"is": "paragraph", "inlines": parts}, inlines),
    st.builds(lambda text: {"is": "code_block", "text": text}, words),
    st.just({"is": "rule"}),
    st.builds(lambda items: {"is": "facts", "items": items}, st.lists(st.tuples(words, inlines), max_size=3)),
    tables,
    st.builds(lambda title: {"is": "chart", "title": title, "spec": {"no": "chart"}}, words),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    blocks = st.lists(inner, max_size=3)
    starts = st.one_of(st.none(), st.integers(0, 999))
    return st.one_of(
        st.builds(lambda found: {"is": "quote", "blocks": found}, blocks),
        st.builds(
            lambda tone, found: {"is": "note", "tone": tone, "blocks": found}, st.sampled_from(["", "bad"]), blocks
        ),
        st.builds(
            lambda start, items: {"is": "list", "start": start, "items": items}, starts, st.lists(blocks, max_size=3)
        ),
    )


blocks = st.lists(st.recursive(flat, _nested, max_leaves=6), max_size=5)
documents = st.builds(
    lambda title, found, number: {
        **document(*found),
        "title": title,
        "subtitle": title,
        "facts": [(title, number)],
        "foot": number,
    },
    words,
    blocks,
    words,
)
