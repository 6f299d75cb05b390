"""Links inside the document."""

import pytest

from kpiproject.documents import tree
from manual.pointers import without_dead_links


def section(anchor: str, *blocks: tree.Block) -> tree.Section:
    return {"anchor": anchor, "number": "1", "title": anchor, "blocks": list(blocks)}


def test_links_to_sections_and_headings_stay_and_dead_ones_become_words() -> None:
    one = section("one", tree.paragraph(tree.link("Goals", "#goals"), " and ", tree.link("A card", "#kpi-csat"), "."))
    two = section("goals", tree.heading(1, "CSAT", "kpi-csat"), tree.paragraph(tree.link("Gone", "#gone"), "!"))
    assert without_dead_links([one, two]) == [
        one,
        section("goals", tree.heading(1, "CSAT", "kpi-csat"), tree.paragraph("Gone", "!")),
    ]


def test_dead_links_are_found_in_lists_tables_facts_and_inside_strong_words() -> None:
    dead = tree.link("Gone", "#gone")
    strong: tree.Inline = {"is": "strong", "inlines": [dead]}
    blocks = [
        tree.bullets([[dead]]),
        tree.table("Table", ["A"], [[[dead]]]),
        tree.facts(("A", [dead])),
        tree.note("", tree.paragraph(strong)),
    ]
    (found,) = without_dead_links([section("one", *blocks)])
    assert "gone" not in str(found)
    assert str(found).count("Gone") == 4


def test_links_elsewhere_stay() -> None:
    one = section("one", tree.paragraph(tree.link("Out", "https://example.org/#x")))
    assert without_dead_links([one]) == [one]


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("http://localhost:8000/goals/", False),
        ("https://LOCALHOST:8000", False),
        ("http://localhost:8000?next=1", False),
        ("http://localhost:80001/", True),
        ("http://localhost:8000.example.org/", True),
        ("https://example.org/?u=http://localhost:8000/", True),
        ("mailto:help@example.org", True),
    ],
)
def test_links_into_the_site_become_words_because_outsiders_read_them_too(settings, address: str, stays: bool) -> None:
    settings.BASE_URL = "http://localhost:8000"
    [found] = without_dead_links([section("one", tree.paragraph(tree.link("The goals", address)))])
    assert found["blocks"] == [tree.paragraph(tree.link("The goals", address) if stays else "The goals")]
