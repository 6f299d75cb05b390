"""What is different between two editions."""

from types import SimpleNamespace
from typing import Any

from kpiproject.documents import tree
from manual.difference import FigureChange, LineChange, SectionChange, compare, has_changed


def edition(sections: list[tree.Section] | None = None, figures: dict[str, Any] | None = None) -> Any:
    return SimpleNamespace(content={"sections": sections or []}, figures=figures or {})


def section(anchor: str, *lines: str, title: str = "") -> tree.Section:
    blocks: list[tree.Block] = [tree.paragraph(line) for line in lines]
    return {"anchor": anchor, "number": "1", "title": title or anchor.title(), "blocks": blocks}


def figure(words: str, kind: str = "rule", label: str = "CSAT, target of the goal “Nine of ten”") -> dict[str, str]:
    return {"label": label, "words": words, "kind": kind}


def test_equal_editions_have_no_difference() -> None:
    one = edition([section("tone", "Be kind.")], {"goal:1.target": figure("85 %")})
    found = compare(one, one)
    assert (found.sections, found.figures, bool(found)) == ([], [], False)


def test_sections_are_added_removed_and_changed_in_the_order_of_the_newer_edition() -> None:
    old = edition([section("tone", "Be kind.", "Be short."), section("gone", "Bye.")])
    new = edition([section("new", "Hello."), section("tone", "Be kind.", "Be plain.")])
    assert compare(old, new).sections == [
        SectionChange(what="added", anchor="new", title="New", lines=[LineChange(what="added", text="Hello.")]),
        SectionChange(
            what="changed",
            anchor="tone",
            title="Tone",
            lines=[
                LineChange(what="same", text="Be kind."),
                LineChange(what="removed", text="Be short."),
                LineChange(what="added", text="Be plain."),
            ],
        ),
        SectionChange(what="removed", anchor="gone", title="Gone", lines=[LineChange(what="removed", text="Bye.")]),
    ]


def test_new_title_is_a_change_that_names_the_former_one() -> None:
    old, new = edition([section("tone", "Be kind.", title="Voice")]), edition([section("tone", "Be kind.")])
    assert compare(old, new).sections == [SectionChange(what="changed", anchor="tone", title="Tone", before="Voice")]


def test_long_sections_show_only_what_stands_around_a_change() -> None:
    lines = [f"Line {number}." for number in range(20)]
    old, new = edition([section("tone", *lines)]), edition([section("tone", *lines[:10], "New.", *lines[10:])])
    (change,) = compare(old, new).sections
    assert [(line.what, line.text) for line in change.lines] == [
        ("same", "Line 9."),
        ("added", "New."),
        ("same", "Line 10."),
    ]


def test_what_is_generated_beneath_the_prose_is_told_by_the_figures() -> None:
    figures = {"text:kpis": figure("", "text") | {"blocks": 1}}
    old = edition([section("kpis", "What it means.", "85 % in May.")], figures)
    new = edition([section("kpis", "What it means.", "86 % in June.")], figures)
    assert compare(old, new).sections == []
    other = edition([section("kpis", "What that means.", "86 % in June.")], figures)
    assert [(line.what, line.text) for line in compare(old, other).sections[0].lines] == [
        ("removed", "What it means."),
        ("added", "What that means."),
    ]


def test_figures_are_named_before_and_after() -> None:
    old = edition(figures={"goal:1.target": figure("85 %"), "goal:2.target": figure("1 h", label="Gone")})
    new = edition(figures={"goal:3.target": figure("2 h", label="New"), "goal:1.target": figure("88 %")})
    found = compare(old, new)
    label = "CSAT, target of the goal “Nine of ten”"
    assert found.figures == [
        FigureChange(name="goal:3.target", label="New", before="", after="2 h", is_rule=True),
        FigureChange(name="goal:1.target", label=label, before="85 %", after="88 %", is_rule=True),
        FigureChange(name="goal:2.target", label="Gone", before="1 h", after="", is_rule=True),
    ]
    assert [change.sentence for change in found.figures] == [
        "New: — → 2 h",
        "CSAT, target of the goal “Nine of ten”: 85 % → 88 %",
        "Gone: 1 h → —",
    ]


def test_rules_and_values_are_told_apart_and_texts_and_passing_dates_left_out() -> None:
    kinds = ("rule", "value", "passing", "text")
    old = edition(figures={kind: figure("a", kind) for kind in kinds})
    new = edition(figures={kind: figure("b", kind) for kind in kinds})
    found = compare(old, new)
    assert [change.name for change in found.rules] == ["rule"]
    assert [change.name for change in found.values] == ["value"]
    assert len(found.figures) == 2


def test_everything_but_what_passes_is_worth_an_edition() -> None:
    for kind, expected in {"rule": True, "value": True, "text": True, "passing": False}.items():
        assert has_changed({"a": figure("1", kind)}, {"a": figure("2", kind)}) is expected
        assert has_changed({}, {"a": figure("1", kind)}) is expected
        assert has_changed({"a": figure("1", kind)}, {"a": figure("1", kind)}) is False


def test_other_text_under_the_same_title_is_worth_an_edition() -> None:
    one = figure("", "text") | {"digest": "1"}
    assert has_changed({"text:tone": one}, {"text:tone": one | {"digest": "2"}})


def test_what_changed_of_one_goal_stands_in_one_row() -> None:
    def goal(words: str, part: str, kind: str = "rule") -> dict[str, str]:
        return {**figure(words, kind), "whole": "Goal “Nine of ten” (CSAT)", "part": part}

    old = {"goal:1.target": goal("85 %", "target"), "goal:1.due": goal("1 May", "due"), "other": figure("2 h")}
    new = {"goal:1.target": goal("88 %", "target"), "goal:1.due": goal("1 June", "due"), "other": figure("1 h")}
    rows = compare(edition(figures=old), edition(figures=new)).decided
    assert [(row.label, [(change.part, change.before, change.after) for change in row.changes]) for row in rows] == [
        ("Goal “Nine of ten” (CSAT)", [("target", "85 %", "88 %"), ("due", "1 May", "1 June")]),
        ("CSAT, target of the goal “Nine of ten”", [("", "2 h", "1 h")]),
    ]
