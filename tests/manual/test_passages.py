"""What a passage is, and that every one has its place in the page."""

import re

import pytest

from kpiproject.documents import markdown, tree
from manual import passages, rendering
from manual.chapters.places import anchor_of
from tests.manual.documents import section
from tests.manual.searched import FIGURES, KPIS, content

PROSE = """We answer every question.

## By phone

Somebody answers within a minute.

> We call back.

After the quote.

| Day | Hours |
| --- | ---: |
| Monday | 8 |

After the table.
"""


TOLD = (
    "How long it takes.",
    "Formula: solved − asked",
    "Resolution time, by month",
    "By month",
    "Month | Value",
    "May | 8 h",
)


def found(*sections: tree.Section, figures=FIGURES) -> list[tuple[str, ...]]:
    """Kind, place, heading and text."""
    each = passages.passages(content(*sections), figures)
    return [(one.kind, one.anchor, one.heading, one.text) for one in each]


def test_headings_tables_and_remarks_begin_passages() -> None:
    blocks = markdown.parse(PROSE, anchor_prefix="promise")
    assert found(section("promise", *blocks, title="Our promise")) == [
        ("section", "promise", "", "We answer every question."),
        ("heading", "promise-by-phone", "By phone", "Somebody answers within a minute."),
        ("text", "promise-by-phone.2", "By phone", "We call back."),
        ("text", "promise-by-phone.3", "By phone", "After the quote."),
        ("table", "promise-by-phone.4", "By phone", "Day · Hours"),
        ("table", "promise-by-phone.4.1", "By phone", "Monday · 8"),
        ("text", "promise-by-phone.5", "By phone", "After the table."),
    ]


def test_a_long_text_has_places_on_its_way() -> None:
    words = "We help. " * 40
    blocks = [tree.paragraph(f"{n} {words}") for n in range(5)]
    assert [place for _kind, place, *_more in found(section("promise", *blocks))] == [
        "promise",
        "promise.3",
        "promise.5",
    ]


def test_a_card_is_one_passage_with_its_chart_and_its_table() -> None:
    note = tree.note("warn", tree.paragraph("Mind the weekends."))
    assert found({**KPIS, "blocks": [*KPIS["blocks"], note]}) == [
        ("section", "our-kpis", "", "What we measure."),
        ("heading", "kpis-speed", "Speed", ""),
        (
            "kpi",
            "kpi-resolution-time",
            "Resolution time",
            "\n".join(TOLD),
        ),
        ("note", "kpi-resolution-time.5", "Resolution time", "Mind the weekends."),
    ]


def test_names_of_a_card_are_those_people_use() -> None:
    link = tree.link("Resolution time", "#kpi-resolution-time")
    row = [tree.inlines(tree.strong("Response time (average)")), tree.inlines("See ", link)]
    words = tree.table("", ["Word", "Meaning"], [row])
    rows = passages.passages(content(KPIS, section("glossary", words)), FIGURES)
    card = next(row for row in rows if row.kind == "kpi")
    assert (card.also, card.name_words) == (
        "Response time (average)",
        "\nresolution time\nresolution time\nresponse time average\nresponse time\n",
    )


def test_what_no_figure_tells_of_is_no_card() -> None:
    assert [kind for kind, *_more in found(KPIS, figures={})] == ["section", "heading", "heading"]


@pytest.mark.parametrize("code", ["csat", "first_response_time"])
def test_chapters_and_passages_agree_on_the_place_of_a_card(code: str) -> None:
    assert anchor_of(code) == passages.card_anchor(code)


def test_every_passage_has_its_place_once_in_the_page() -> None:
    blocks = markdown.parse(PROSE * 3, anchor_prefix="promise")
    odd: list[tree.Block] = [
        {"is": "rule"},
        {"is": "picture", "name": "a", "alt": "A <tr> in words"},
        tree.table("", [], []),
        tree.table("<tr>", ["<tr>", "#n"], [["<tr>", "1"], ["", ""], ["b", "2"]]),
        tree.bullets(["one", "two"]),
        {"is": "code_block", "text": "<tr>" * 300},
        tree.paragraph(""),
        tree.facts(("Owner", "Mara")),
    ]
    every = [section("promise", *blocks, *odd, *odd), KPIS, section("empty")]
    ids = re.findall(r'\sid="([^"]+)"', "".join(part.html for part in map(rendering.of_section, every)))
    places = [each.anchor for each in passages.passages(content(*every), FIGURES)]
    assert len(set(places)) == len(places)
    assert len(set(ids)) == len(ids)
    assert set(places) - set(ids) == {"promise", "our-kpis", "empty"}  # at the titles, which stand around these


def test_an_edition_without_sections_has_no_passages() -> None:
    assert list(passages.passages({}, {})) == []
