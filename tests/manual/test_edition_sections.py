"""What became of each section: pure, over plain dicts."""

from typing import Any

from kpiproject.documents import tree
from manual.edition_sections import lines
from tests.manual.documents import section


def content(*sections: tree.Section) -> dict[str, Any]:
    return {"sections": list(sections)}


def rule(words: str, section: str = "levels", **more: Any) -> dict[str, Any]:
    return {"label": "Target", "words": words, "kind": "rule", "section": section} | more


def text(blocks: int, note_blocks: int = 0) -> dict[str, Any]:
    return {"label": "", "words": "", "kind": "text", "digest": "x", "blocks": blocks, "note_blocks": note_blocks}


WORDS, TABLE, NOTE = tree.paragraph("We answer."), tree.paragraph("generated"), tree.paragraph("A note.")
BEFORE = content(section("levels", WORDS, TABLE, NOTE)), {"text:levels": text(1, 1), "target:1": rule("8 h")}


def changes(now: Any, figures: Any, editorial: tuple[str, ...] = ()) -> list[tuple[str, str, bool]]:
    found = lines(now, figures, before=BEFORE, editorial=editorial)
    return [(line.slug, line.change, line.is_material) for line in found]


def test_everything_in_a_first_edition_is_new_and_material() -> None:
    (found,) = lines(*BEFORE, before=None)
    assert (found.slug, found.title, found.position, found.change, found.is_material) == (
        "levels", "Levels", 1, "new", True,
    )  # fmt: skip


def test_the_same_section_is_not_material_wherever_it_stands_and_whatever_was_measured() -> None:
    moved = content(
        section("other", WORDS), section("levels", WORDS, tree.paragraph("measured anew"), NOTE, number="2")
    )
    figures = BEFORE[1] | {"target:1.kept": {"label": "Kept", "words": "99 %", "kind": "value", "section": "levels"}}
    assert changes(moved, figures) == [("other", "new", True), ("levels", "same", False)]
    same = lines(*BEFORE, before=None)[0].digest
    assert lines(moved, figures, before=BEFORE)[1].digest == same


def test_words_title_note_and_rules_each_change_a_section_and_its_digest() -> None:
    other = tree.paragraph("Other words.")
    for now, figures in (
        (content(section("levels", other, TABLE, NOTE)), BEFORE[1]),
        (content(section("levels", WORDS, TABLE, other)), BEFORE[1]),
        (content(section("levels", WORDS, TABLE, NOTE, title="Speed")), BEFORE[1]),
        (BEFORE[0], BEFORE[1] | {"target:1": rule("4 h")}),
        (BEFORE[0], {"text:levels": text(1, 1)}),
        (BEFORE[0], BEFORE[1] | {"target:2": rule("1 h")}),
    ):
        assert changes(now, figures) == [("levels", "changed", True)]
        assert lines(now, figures, before=BEFORE)[0].digest != lines(*BEFORE, before=None)[0].digest


def test_a_figure_in_a_text_moves_by_itself_and_what_stands_around_it_does_not() -> None:
    def said(figure: str, words: str = "Last month: ", *, is_measured: bool = True) -> dict[str, Any]:
        inline: tree.Text = {"is": "text", "text": figure, "n": 40}
        if is_measured:
            inline["is_measured"] = True
        return content(section("levels", tree.paragraph(words, tree.Strong({"is": "strong", "inlines": [inline]}))))

    figures = {"text:levels": text(1)}
    before = said("85 %"), figures
    same, other, target = (
        lines(now, figures, before=before)[0]
        for now in (said("86 %"), said("85 %", "Each month: "), said("85 %", is_measured=False))
    )
    assert [(line.change, line.is_material) for line in (same, other, target)] == [
        ("same", False), ("changed", True), ("changed", True),
    ]  # fmt: skip
    assert same.digest == lines(*before, before=None)[0].digest != other.digest


def test_only_what_has_changed_can_be_called_editorial() -> None:
    now = content(section("levels", tree.paragraph("Other words."), TABLE, NOTE), section("new"))
    assert changes(now, BEFORE[1], editorial=("levels",)) == [("levels", "changed", False), ("new", "new", True)]
    assert changes(*BEFORE, editorial=("levels",)) == [("levels", "same", False)]


def test_an_old_edition_that_does_not_say_where_a_rule_stands_is_compared_by_its_name() -> None:
    old_rule = {"label": "Target", "words": "8 h", "kind": "rule"}
    old = BEFORE[0], {"text:levels": text(1, 1), "target:1": old_rule}
    assert [line.change for line in lines(*BEFORE, before=old)] == ["same"]
    changed = BEFORE[1] | {"target:1": rule("4 h")}
    assert [line.change for line in lines(BEFORE[0], changed, before=old)] == ["changed"]
