"""What people outside may read of an edition: the sections chosen for them, no small groups, and nobody's name.

The rule for names: whoever is named becomes what they are – a manager, a colleague, a customer, a stakeholder – and
every e-mail address becomes “an e-mail address”. It holds for everything that was generated, and for what people wrote;
there, only addresses of people who are known to us are hidden, so that a manual can say where to write to.

Chapters are generated for the house and frozen so; here what rests on few cases is taken out again. Prose is left as
it was written, but for the figures and the names in it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeGuard

from django.utils import translation
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from manual import names
from manual.difference import Difference, FigureChange
from manual.models import Edition
from manual.names import Names
from metrics import presentation
from metrics.kpi import CATALOGUE
from surveys.anonymity import LEAST

__all__ = ["LEAST", "Extract", "extract", "visible"]

# Which chapter tells of a figure, by how its name begins; of editions that do not say in which section it stands.
_CHAPTERS: Final = {
    "alert": "unhappy", "calendar": "who", "data": "data", "goal": "goals", "kpi": "kpis", "objective": "business",
    "organisation": "service_levels", "report": "reporting", "review": "reviews", "survey": "surveys",
    "target": "service_levels", "team": "who",
}  # fmt: skip


@dataclass(frozen=True)
class Extract:
    """An edition as people outside read it; to be compared with another one.

    `slugs` are the short names of its sections by the anchors that they have here.
    """

    content: Any
    figures: Mapping[str, Any]
    note: str = ""
    slugs: Mapping[str, str] = field(default_factory=dict)


def extract(edition: Edition, sections: Iterable[str] = ()) -> Extract:
    """Without `sections` all that are meant for people outside."""
    wanted, content, figures = frozenset(sections), edition.content, edition.figures
    kept = [each for each in content["sections"] if _is_shown(each, wanted)]
    with translation.override(content["language"]):
        veil, mask = _Veil(), _Mask(names.of(content, figures))
        anchors = mask.anchors(kept)
        shown = [_renamed(_shown_section(each, figures, veil, mask), anchors) for each in kept]
        slugs = {anchors.get(each["anchor"], each["anchor"]): each["anchor"] for each in kept}
        return Extract(
            content=content
            | {"facts": _facts(content["facts"], mask, is_part=bool(wanted))}
            | {"sections": _without_lost_links(shown), "names": []},
            figures=dict(_figures(figures, frozenset(slugs.values()), mask)),
            note="" if wanted else mask.written(edition.note),
            slugs=slugs,
        )


def visible(found: Difference, chapters: frozenset[str] | None, language: str) -> Difference:
    """The difference of two extracts without what rests on few cases, and without figures of which an old edition does
    not say where they stand, unless it is in one of the `chapters` that may be read."""
    with translation.override(language):
        veil = _Veil()
        figures = [change for change in found.figures if _may_tell(change, chapters) and not _is_hidden(change, veil)]
    return Difference(sections=found.sections, figures=figures, titles=found.titles)


def _may_tell(change: FigureChange, chapters: frozenset[str] | None) -> bool:
    return bool(change.section) or chapters is None or _CHAPTERS.get(change.name.partition(":")[0]) in chapters


def _is_hidden(change: FigureChange, veil: "_Veil") -> bool:
    return any(veil.is_small(words) for words in (change.before, change.after))


def _is_shown(section: tree.Section, wanted: frozenset[str]) -> bool:
    """What is for the house only must be chosen by its name."""
    return section["anchor"] in wanted if wanted else not section.get("is_inside")


def _facts(facts: Any, mask: "_Mask", *, is_part: bool) -> list[Any]:
    """The cover; whoever reads a part is not told what has changed elsewhere."""
    changed = _("What has changed")
    return [[name, mask.written(value)] for name, value in facts if not (is_part and name == changed)]


def _figures(figures: Mapping[str, Any], slugs: frozenset[str], mask: "_Mask") -> Iterator[tuple[str, Any]]:
    """Those that stand in what may be read, or of which nobody knows where they stand."""
    for name, figure in figures.items():
        place = name.removeprefix("text:") if name.startswith("text:") else figure.get("section", "")
        if not place or place in slugs:
            said = {key: mask.generated(figure[key]) for key in ("label", "words", "whole", "part") if key in figure}
            yield name, {**figure, **said}


def _shown_section(section: Any, figures: Mapping[str, Any], veil: "_Veil", mask: "_Mask") -> tree.Section:
    """What a person wrote comes first, and a note of theirs last. Of an edition that does not say how much that is,
    everything is looked at as if it were generated."""
    about = figures.get(f"text:{section['anchor']}", {})
    blocks: Any = section["blocks"]
    first, last = about.get("blocks", 0), len(blocks) - about.get("note_blocks", 0)
    kept = [
        mask.generated(veil.of(block)) if first <= n < last else mask.written(veil.prose(block))
        for n, block in enumerate(blocks)
    ]
    shown: tree.Section = section | {"title": mask.written(section["title"]), "blocks": kept}
    return shown


def _renamed(value: Any, anchors: Mapping[str, str]) -> Any:
    """With anchors that tell no name, also where links lead to them."""
    if not anchors:
        return value
    if isinstance(value, list | tuple):
        return [_renamed(part, anchors) for part in value]
    if not isinstance(value, dict) or value.get("is") == "chart":
        return value
    found = {key: _renamed(part, anchors) for key, part in value.items()}
    if "anchor" in found:
        found["anchor"] = anchors.get(found["anchor"], found["anchor"])
    if found.get("is") == "link" and found["to"].startswith("#"):
        found["to"] = f"#{anchors.get(found['to'][1:], found['to'][1:])}"
    return found


def _without_lost_links(sections: list[tree.Section]) -> list[tree.Section]:
    """Links into sections that are not shown become words."""
    places = {section["anchor"] for section in sections}
    places |= {block["anchor"] for section in sections for block in section["blocks"] if block["is"] == "heading"}
    return [{**section, "blocks": _linked(section["blocks"], places)} for section in sections]


def _linked(value: Any, places: set[str]) -> Any:
    if isinstance(value, dict):
        if value.get("is") == "chart":
            return value
        if value.get("is") == "link" and value["to"].startswith("#") and value["to"][1:] not in places:
            return {"is": "emphasis", "inlines": _linked(value["inlines"], places)}
        return {key: _linked(part, places) for key, part in value.items()}
    return [_linked(part, places) for part in value] if isinstance(value, list) else value


class _Mask:
    """Puts what people are where their names stand, in the active language."""

    def __init__(self, found: Names) -> None:
        self._names = found

    def written(self, value: Any) -> Any:
        """What a person wrote."""
        return self._masked(value, self._names.unnamed)

    def generated(self, value: Any) -> Any:
        return self._masked(value, self._unaddressed)

    def anchors(self, sections: Iterable[Any]) -> dict[str, str]:
        """What stands for each anchor that tells a name."""
        every = [each for section in sections for each in (section, *section["blocks"])]
        telling = [each["anchor"] for each in every if "anchor" in each and self._names.is_in_anchor(each["anchor"])]
        return {anchor: f"part-{number}" for number, anchor in enumerate(telling, start=1)}

    def _unaddressed(self, words: str) -> str:
        return names.EMAIL.sub(_("an e-mail address"), self._names.unnamed(words))

    def _masked(self, value: Any, change: Callable[[str], str]) -> Any:
        if isinstance(value, list | tuple):
            return [self._masked(part, change) for part in value]
        if not isinstance(value, dict):
            return change(value) if isinstance(value, str) else value
        unread = names.UNREAD | {"name"} if "is" in value else frozenset()
        found = {key: part if key in unread else self._masked(part, change) for key, part in value.items()}
        if value.get("is") == "link" and change(value["to"]) != value["to"]:
            return {"is": "emphasis", "inlines": found["inlines"]}
        return found


class _Veil:
    """Takes out what rests on fewer than LEAST cases, in the active language."""

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        """“1 answer”, “2 tickets” …: as figures say on how few cases they rest."""
        kpis = {kpi.frame: kpi for kpi in CATALOGUE.values()}.values()
        phrases = {presentation.counted(n, kpi) for kpi in kpis for n in range(1, LEAST)}
        return re.compile(rf"(?<![\d.,\u00a0])(?:{'|'.join(map(re.escape, sorted(phrases)))})(?!\w)")

    @cached_property
    def _counts(self) -> frozenset[str]:
        """The titles of columns that tell on how many cases their row rests."""
        nouns = {presentation.counted_noun(kpi) for kpi in CATALOGUE.values()}
        return frozenset({_("Cases"), _("Tickets"), _("Answers"), *nouns})

    def is_small(self, words: str) -> bool:
        return self._counted.search(words) is not None

    def prose(self, block: Any) -> Any:
        """What a person wrote: only fields know on how much they rest."""
        return _mapped(block, self._field)

    def of(self, block: Any) -> Any:
        """A block that was generated."""
        return _VEILS.get(block["is"], _Veil.plain)(self, block)

    def plain(self, block: Any) -> Any:
        return {**block, "inlines": self._value(block["inlines"])} if "inlines" in block else block

    def facts(self, block: Any) -> Any:
        return {**block, "items": [[name, self._value(value)] for name, value in block["items"]]}

    def chart(self, block: Any) -> Any:
        return {**block, "spec": self._spec(block["spec"])}

    def bullets(self, block: Any) -> Any:
        return {**block, "items": [[self.of(part) for part in item] for item in block["items"]]}

    def note(self, block: Any) -> Any:
        return {**block, "blocks": [self.of(part) for part in block["blocks"]]}

    def _value(self, value: Any) -> Any:
        if self.is_small(tree.words_of(value)):
            return [tree.text(not_shown())]
        return [_mapped(part, self._field) for part in value]

    def _field(self, part: Any) -> Any:
        return tree.text(not_shown()) if 0 < part.get("n", LEAST) < LEAST else part

    def table(self, block: Any) -> Any:
        heads = [column["title"] for column in block["columns"]]
        counts = [n for n, title in enumerate(heads) if title in self._counts]
        rows = [self._row(row, block["columns"], counts) for row in tree.rows_of(block)]
        return {**block, "rows": rows}

    def _row(self, row: Any, columns: Any, counts: list[int]) -> Any:
        """Where there are few cases, no number of the row is told."""
        if any(_is_few(tree.words_of(row[n])) for n in counts):
            shown = [
                [tree.text(_("fewer than %(least)s") % {"least": LEAST} if n in counts else "–")]
                if column["is_numeric"]
                else cell
                for n, (cell, column) in enumerate(zip(row, columns, strict=True))
            ]
            return [self._value(cell) for cell in shown]
        return [self._value(cell) for cell in row]

    def _spec(self, value: Any) -> Any:
        """A chart without the points that rest on few cases."""
        if isinstance(value, dict):
            return {key: self._spec(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._spec(part) for part in value if not self._is_small_point(part)]
        return value

    def _is_small_point(self, point: Any) -> bool:
        return isinstance(point, dict) and any(isinstance(told, str) and self.is_small(told) for told in point.values())


_VEILS: Final[Mapping[str, Callable[[_Veil, Any], Any]]] = {
    "facts": _Veil.facts,
    "chart": _Veil.chart,
    "list": _Veil.bullets,
    "note": _Veil.note,
    "quote": _Veil.note,
    "table": _Veil.table,
}


def not_shown() -> str:
    return _("not shown: fewer than %(least)s cases") % {"least": LEAST}


def _is_few(words: str) -> bool:
    digits = re.sub(r"\D", "", words)
    return bool(digits) and 0 < int(digits) < LEAST


def _is_inline(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and value.get("is") in ("text", "code")


def _mapped(value: Any, change: Any) -> Any:
    """The same with every text in it changed."""
    if _is_inline(value):
        return change(value)
    if isinstance(value, dict):
        return value if value.get("is") == "chart" else {key: _mapped(part, change) for key, part in value.items()}
    return [_mapped(part, change) for part in value] if isinstance(value, list | tuple) else value
