"""What people outside read: chosen sections, no small groups, no names of agents."""

from typing import Any

import pytest

from kpiproject.documents import tree, words
from kpiproject.models import Agent
from manual import difference, outside
from manual.difference import Difference, FigureChange
from tests.factories import StaffFactory
from tests.manual.documents import edition, section

pytestmark = pytest.mark.django_db


def lines(*blocks: tree.Block, written: int = 0) -> list[str]:
    found = edition(section("kpis", *blocks), figures={"text:kpis": {"blocks": written}})
    return words.lines(outside.extract(found).content["sections"][0]["blocks"])


def test_only_chosen_sections_and_links_into_others_become_words() -> None:
    leads = tree.paragraph(tree.link("there", "#other"), " ", tree.link("here", "#mine"))
    found = edition(section("mine", leads), section("other", tree.paragraph("Secret.")))
    kept = outside.extract(found, ["mine"]).content["sections"]
    assert [each["anchor"] for each in kept] == ["mine"]
    assert [part["is"] for part in kept[0]["blocks"][0]["inlines"]] == ["emphasis", "text", "link"]
    assert outside.extract(found, ["gone"]).content["sections"] == []


def test_what_has_nothing_small_is_as_it_was() -> None:
    blocks = [
        tree.heading(1, "CSAT", "kpi-csat"),
        tree.facts(("May 2026", tree.inlines(tree.strong("91 %"), " (812 answers)"))),
        tree.table("By month", ["Month", "#Value", "#Cases"], [["May", "91 %", "812"], ["June", "no data", "0"]]),
        tree.bullets(["15 answers", "1,000 tickets"]),
    ]
    found = edition(section("kpis", *blocks))
    found.refresh_from_db()
    assert outside.extract(found).content == found.content | {"names": []}


@pytest.mark.parametrize("n", ["1 answer", "2 tickets", "4 customers", "3 invitations"])
def test_a_figure_that_rests_on_few_is_not_told(n: str) -> None:
    block = tree.facts(("May 2026", tree.inlines(tree.strong("100 %"), f" ({n}; 95 % interval 40–100)")))
    assert lines(block) == ["May 2026: not shown: fewer than 5 cases"]
    assert lines(tree.note("good", tree.paragraph(f"Reached with {n}."))) == ["not shown: fewer than 5 cases"]


def test_rows_with_few_cases_keep_their_name_only() -> None:
    rows = [["May", "91 %", "82–97", "812"], ["June", "100 %", "40–100", "4"], ["July", "80 %", "70–90", "5"]]
    found = lines(tree.table("By month", ["Month", "#Value", "#95 % interval", "#Cases"], rows))
    assert found[2:] == ["May | 91 % | 82–97 | 812", "June | – | – | fewer than 5", "July | 80 % | 70–90 | 5"]


def test_charts_lose_the_points_that_rest_on_few() -> None:
    spec = {"layer": [{"data": {"values": [{"v": 1, "told": "3 answers"}, {"v": 2, "told": "30 answers"}]}}]}
    found = edition(section("kpis", {"is": "chart", "title": "CSAT", "spec": spec}))
    (block,) = outside.extract(found).content["sections"][0]["blocks"]
    assert block["spec"] == {"layer": [{"data": {"values": [{"v": 2, "told": "30 answers"}]}}]}


def test_prose_stays_but_for_its_fields() -> None:
    field: Any = {"is": "text", "text": "100 % (May 2026, 3 answers)", "n": 3}
    block: Any = tree.paragraph("We ask 3 customers: ", field)
    assert lines(block, written=1) == ["We ask 3 customers: not shown: fewer than 5 cases"]
    assert lines({**block, "inlines": [{**field, "n": 30}]}, written=1) == ["100 % (May 2026, 3 answers)"]


def test_a_note_beneath_what_is_generated_is_prose() -> None:
    blocks = [tree.paragraph(f"{who} 3 answers.") for who in ("Written:", "Generated:", "Noted:")]
    found = edition(section("kpis", *blocks), figures={"text:kpis": {"blocks": 1, "note_blocks": 1}})
    kept = words.lines(outside.extract(found).content["sections"][0]["blocks"])
    assert kept == ["Written: 3 answers.", "not shown: fewer than 5 cases", "Noted: 3 answers."]


def test_agents_are_named_to_nobody_outside() -> None:
    for n, name in enumerate(("Ada Lovelace", "May", "")):
        Agent.objects.create(external_id=str(n), name=name)
    assert lines(tree.facts(("Owner", "Ada Lovelace"))) == ["Owner: a colleague"]
    assert lines(tree.paragraph("May 2026, by Adamina Lovelacey")) == ["May 2026, by Adamina Lovelacey"]
    assert lines(tree.paragraph("Ask Ada Lovelace."), written=1) == ["Ask a colleague."]


def change(name: str, after: str) -> FigureChange:
    return FigureChange(name=name, label="It", before="80 %", after=after, is_rule=False)


def test_differences_tell_no_more_than_the_pages() -> None:
    shown, small = change("kpi:csat.value", "85 % (812 answers)"), change("kpi:nps.value", "90 (3 answers)")
    elsewhere = change("target:1", "4 h")
    found = Difference(sections=[], figures=[shown, small, elsewhere])
    assert outside.visible(found, None, "en").figures == [shown, elsewhere]
    assert outside.visible(found, frozenset({"kpis"}), "en").figures == [shown]
    assert not outside.visible(found, frozenset(), "en")


def figure(words: str, section: str = "") -> dict[str, str]:
    return {"label": "Owner", "words": words, "kind": "rule"} | ({"section": section} if section else {})


def test_figures_are_those_of_what_may_be_read_without_names() -> None:
    Agent.objects.create(external_id="a", name="Ada Lovelace")
    figures = {
        "goal:1.owner": figure("Ada Lovelace", "mine"),
        "target:1": figure("4 h", "other"),
        "text:mine": {"label": "Mine", "words": "", "kind": "text"},
        "text:other": {"label": "Other", "words": "", "kind": "text"},
        "kpi:csat.value": figure("85 %"),
    }
    found = edition(section("mine"), section("other"), figures=figures)
    kept = outside.extract(found, ["mine"]).figures
    assert list(kept) == ["goal:1.owner", "text:mine", "kpi:csat.value"]
    assert kept["goal:1.owner"]["words"] == "a colleague"


def test_what_is_for_the_house_must_be_chosen() -> None:
    found = edition(section("mine"), {**section("inside"), "is_inside": True})
    assert [each["anchor"] for each in outside.extract(found).content["sections"]] == ["mine"]
    assert [each["anchor"] for each in outside.extract(found, ["inside"]).content["sections"]] == ["inside"]


def test_a_part_does_not_tell_what_has_changed_elsewhere() -> None:
    found = edition(section("mine"), section("other"), note="Other is new.")
    found.content["facts"] = [["Edition", "1"], ["What has changed", "Other is new."]]
    assert outside.extract(found).content["facts"] == found.content["facts"]
    assert outside.extract(found, ["mine"]).content["facts"] == [["Edition", "1"]]
    assert (outside.extract(found).note, outside.extract(found, ["mine"]).note) == ("Other is new.", "")


def test_addresses_are_hidden_where_they_are_known_or_generated() -> None:
    StaffFactory(name="", email="mara@example.org")
    block = tree.paragraph(tree.link("Write", "mailto:Mara@example.org"), " or to help@example.org")
    assert lines(block) == ["Write or to an e-mail address"]
    assert lines(block, written=1) == ["Write or to help@example.org"]
    found = outside.extract(edition(section("kpis", block), figures={"text:kpis": {"blocks": 1}}))
    assert [each["is"] for each in found.content["sections"][0]["blocks"][0]["inlines"]] == ["emphasis", "text"]


def test_anchors_tell_no_names_and_links_find_them() -> None:
    Agent.objects.create(external_id="a", name="Zorblax")
    blocks = [tree.heading(1, "Work for Zorblax", "work-for-zorblax"), tree.paragraph(tree.link("It", "#zorblax"))]
    found = outside.extract(edition(section("zorblax", *blocks)))
    (kept,) = found.content["sections"]
    assert (kept["anchor"], kept["title"], kept["blocks"][0]["anchor"]) == ("part-1", "a colleague", "part-2")
    assert kept["blocks"][1]["inlines"][0]["to"] == "#part-1"
    assert found.slugs == {"part-1": "zorblax"}


def test_an_extract_can_be_compared() -> None:
    old, new = (edition(section("mine", tree.paragraph(words)), section("other")) for words in ("One.", "Two."))
    mine = difference.compare(outside.extract(old, ["mine"]), outside.extract(new, ["mine"]))
    assert [each.anchor for each in mine.sections] == ["mine"]
    assert not difference.compare(outside.extract(old, ["other"]), outside.extract(new, ["other"]))
