from typing import Any

from kpiproject.documents import tree
from manual import other_names
from tests.manual.documents import section


def glossary(*rows: Any) -> tree.Section:
    return section("glossary", tree.table("Words and their meaning", ["Word", "What we mean by it"], rows))


def test_a_word_whose_meaning_leads_to_a_card_is_another_name_of_it() -> None:
    meaning = tree.inlines(
        "The time until it is solved. See ", tree.link("Resolution time", "#kpi-resolution-time"), "."
    )
    rows = [
        [[tree.strong("Response time (average)")], meaning],
        [[tree.strong("Time to solve")], [tree.strong("x"), {"is": "strong", "inlines": meaning}]],
        [[tree.strong("Ticket")], "One request."],
        ["Not strong", meaning],
        [[tree.strong("Two places")], [*meaning, tree.link("CSAT", "#kpi-csat")]],
    ]
    assert other_names.of_cards([section("promise"), glossary(*rows)]) == {
        "kpi-resolution-time": ["Response time (average)", "Time to solve"]
    }


def test_what_stands_in_brackets_is_left_out_of_a_short_name() -> None:
    assert [other_names.shortened(name) for name in ("Response time (average)", "SLA")] == ["Response time", "SLA"]
