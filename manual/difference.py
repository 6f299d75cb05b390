"""What is different between two editions: sections line by line, figures in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, Protocol

from kpiproject.documents import tree, words
from manual.edition_sections import written

_CONTEXT_LINES = 1


class Published(Protocol):
    """An edition, as far as it is compared."""

    @property
    def content(self) -> Any: ...

    @property
    def figures(self) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """A line that is there in one edition only, or (`same`) stands beside one that changed."""

    what: Literal["added", "removed", "same"]
    text: str


@dataclass(frozen=True, kw_only=True)
class SectionChange:
    """What people have written anew; `before` is the former title where it was another one."""

    what: Literal["added", "removed", "changed"]
    anchor: str
    title: str
    before: str = ""
    lines: list[LineChange] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FigureChange:
    """Empty `before`: it is new; empty `after`: it is gone. `is_rule` tells what was decided from what was measured."""

    name: str
    label: str
    before: str
    after: str
    is_rule: bool
    whole: str = field(default="", compare=False)
    part: str = field(default="", compare=False)
    section: str = field(default="", compare=False)

    @property
    def sentence(self) -> str:
        """For example “CSAT, target of the goal …: 85 % → 88 %”."""
        return f"{self.label}: {self.before or '—'} → {self.after or '—'}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What stands in one row of a table of changes: one figure, or all that changed of one goal."""

    label: str
    changes: list[FigureChange]

    @property
    def before(self) -> list[FigureChange]:
        return [change for change in self.changes if change.before]

    @property
    def after(self) -> list[FigureChange]:
        return [change for change in self.changes if change.after]


@dataclass(frozen=True, kw_only=True)
class Place:
    """All that changed in one section; an empty anchor is for figures of which an old edition does not say where they
    stand."""

    anchor: str
    title: str
    text: SectionChange | None
    figures: list[FigureChange]

    @property
    def decided(self) -> list[Row]:
        return _together([change for change in self.figures if change.is_rule])

    @property
    def measured(self) -> list[Row]:
        return _together([change for change in self.figures if not change.is_rule])


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`titles` are those of all sections of both, by anchor, in the order of the newer; what is gone comes last."""

    sections: list[SectionChange]
    figures: list[FigureChange]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> list[Place]:
        """Section by section, those in which anything changed."""
        texts = {change.anchor: change for change in self.sections}
        by_place: dict[str, list[FigureChange]] = {}
        for change in self.figures:
            by_place.setdefault(change.section if change.section in self.titles else "", []).append(change)
        return [
            Place(anchor=anchor, title=title, text=texts.get(anchor), figures=by_place.get(anchor, []))
            for anchor, title in [*self.titles.items(), ("", "")]
            if anchor in texts or anchor in by_place
        ]

    @property
    def rules(self) -> list[FigureChange]:
        """What somebody decided."""
        return [change for change in self.figures if change.is_rule]

    @property
    def values(self) -> list[FigureChange]:
        """What was measured."""
        return [change for change in self.figures if not change.is_rule]

    @property
    def decided(self) -> list[Row]:
        return _together(self.rules)

    @property
    def measured(self) -> list[Row]:
        return _together(self.values)

    def __bool__(self) -> bool:
        return bool(self.sections or self.figures)


def _together(changes: list[FigureChange]) -> list[Row]:
    """In the order in which they come; the parts of the same thing in one row."""
    rows: dict[str, Row] = {}
    for change in changes:
        key = change.name.rpartition(".")[0] if change.part else change.name
        rows.setdefault(key, Row(label=change.whole or change.label, changes=[])).changes.append(change)
    return list(rows.values())


def compare(old: Published, new: Published) -> Difference:
    """In the order of the newer edition; what is gone comes last."""
    return Difference(
        sections=_sections(old, new),
        figures=_figures(old.figures, new.figures),
        titles=_titles(old, new),
    )


def _titles(old: Published, new: Published) -> dict[str, str]:
    """Of all sections of both, by anchor."""
    found = {section["anchor"]: section["title"] for section in new.content["sections"]}
    for section in old.content["sections"]:
        found.setdefault(section["anchor"], section["title"])
    return found


def has_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two sets of figures differ in anything worth a new edition: prose, a rule, or a measured value.

    What passes by itself (the next date of a report, how far the data reach) is not: every day would be an edition.
    """
    return _substance(old) != _substance(new)


def _substance(figures: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {
        name: (figure["label"], figure["words"], figure.get("digest", ""))
        for name, figure in figures.items()
        if figure["kind"] != "passing"
    }


def _sections(old: Published, new: Published) -> list[SectionChange]:
    before = {section["anchor"]: section for section in old.content["sections"]}
    found = []
    for section in new.content["sections"]:
        lines = _lines(section, new.figures)
        earlier = before.pop(section["anchor"], None)
        if earlier is None:
            found.append(_whole("added", section, lines))
        elif change := _changed(earlier, section, _line_changes(_lines(earlier, old.figures), lines)):
            found.append(change)
    return found + [_whole("removed", section, _lines(section, old.figures)) for section in before.values()]


def _whole(what: Literal["added", "removed"], section: tree.Section, lines: list[str]) -> SectionChange:
    changes = [LineChange(what=what, text=line) for line in lines]
    return SectionChange(what=what, anchor=section["anchor"], title=section["title"], lines=changes)


def _changed(old: tree.Section, new: tree.Section, lines: list[LineChange]) -> SectionChange | None:
    before = old["title"] if old["title"] != new["title"] else ""
    if not lines and not before:
        return None
    return SectionChange(what="changed", anchor=new["anchor"], title=new["title"], before=before, lines=lines)


def _lines(section: tree.Section, figures: Mapping[str, Any]) -> list[str]:
    """What a person has written: of what is generated beneath it, figures name every rule and value in fewer words."""
    return words.lines(written(section, figures))


def _line_changes(old: list[str], new: list[str]) -> list[LineChange]:
    """Empty where nothing differs; else each change with the line before and after it."""
    found: list[LineChange] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT_LINES):
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                found += [LineChange(what="same", text=line) for line in new[new_from:new_to]]
                continue
            found += [LineChange(what="removed", text=line) for line in old[old_from:old_to]]
            found += [LineChange(what="added", text=line) for line in new[new_from:new_to]]
    return found


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FigureChange]:
    names = [*new, *(name for name in old if name not in new)]
    return [change for name in names if (change := _figure(name, old.get(name), new.get(name)))]


def _figure(name: str, old: Any, new: Any) -> FigureChange | None:
    shown = new or old
    before, after = (figure["words"] if figure else "" for figure in (old, new))
    if before == after or shown["kind"] in ("text", "passing"):
        return None
    return FigureChange(
        name=name,
        label=shown["label"],
        before=before,
        after=after,
        is_rule=shown["kind"] == "rule",
        whole=shown.get("whole", ""),
        part=shown.get("part", ""),
        section=shown.get("section", ""),
    )
