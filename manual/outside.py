"""What people outside may read of an edition: the sections chosen for them, no small groups, no names of agents.

Chapters are generated for the house and frozen so; here what rests on few cases is taken out again. Prose is left as
it was written, but for the figures in it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeGuard

from django.utils import translation
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.models import Agent
from manual.difference import Difference, FigureChange
from manual.models import Edition
from metrics import presentation
from metrics.kpi import CATALOGUE
from surveys.anonymity import LEAST

__all__ = ["LEAST", "Extract", "extract", "visible"]

# Which chapter tells of a figure, by how its name begins.
_CHAPTERS: Final = {
    "alert": "unhappy", "calendar": "who", "data": "data", "goal": "goals", "kpi": "kpis", "objective": "business",
    "organisation": "service_levels", "report": "reporting", "review": "reviews", "survey": "surveys",
    "target": "service_levels", "team": "who",
}  # fmt: skip


@dataclass(frozen=True)
class Extract:
    """An edition as people outside read it; to be compared with another one."""

    content: Any
    figures: Mapping[str, Any]


def extract(edition: Edition, sections: Iterable[str] = ()) -> Extract:
    """Without `sections` all of them but those for the house only."""
    wanted = frozenset(sections)
    content = edition.content
    with translation.override(content["language"]):
        veil = _Veil()
        kept = [
            _veiled_section(section, edition.figures, veil)
            for section in content["sections"]
            if (section["anchor"] in wanted if wanted else not section.get("is_inside"))
        ]
    told = _told(edition, frozenset() if wanted else _inside(content["sections"]))
    return Extract(content=content | {"sections": _without_lost_links(kept)}, figures=told)


def _inside(sections: Iterable[tree.Section]) -> frozenset[str]:
    return frozenset(section["anchor"] for section in sections if section.get("is_inside"))


def _told(edition: Edition, hidden: frozenset[str]) -> Mapping[str, Any]:
    """The figures without those of hidden sections."""
    names = {f"text:{anchor}" for anchor in hidden}
    return {
        name: figure
        for name, figure in edition.figures.items()
        if figure.get("section") not in hidden and name not in names
    }


def visible(found: Difference, chapters: frozenset[str] | None, language: str) -> Difference:
    """The difference of two extracts without figures that stand elsewhere: `chapters` are those that may be read."""
    with translation.override(language):
        veil = _Veil()
        figures = [change for change in found.figures if _may_tell(change, chapters) and not _is_hidden(change, veil)]
    return Difference(sections=found.sections, figures=figures)


def _may_tell(change: FigureChange, chapters: frozenset[str] | None) -> bool:
    return chapters is None or _CHAPTERS.get(change.name.partition(":")[0]) in chapters


def _is_hidden(change: FigureChange, veil: "_Veil") -> bool:
    return any(veil.is_small(words) or veil.names(words) for words in (change.before, change.after))


def _veiled_section(section: tree.Section, figures: Mapping[str, Any], veil: "_Veil") -> tree.Section:
    """What a person wrote comes first, and a note of theirs last. Of an edition that does not say how much that is,
    everything is looked at as if it were generated."""
    about = figures.get(f"text:{section['anchor']}", {})
    blocks: Any = section["blocks"]
    first, last = about.get("blocks", 0), len(blocks) - about.get("note_blocks", 0)
    kept = [veil.of(block) if first <= n < last else veil.prose(block) for n, block in enumerate(blocks)]
    return {**section, "blocks": kept}


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

    @cached_property
    def _agents(self) -> re.Pattern[str] | None:
        """Whole names only: “May” is a month, too."""
        names = {name.strip() for name in Agent.objects.values_list("name", flat=True)}
        whole = sorted((name for name in names if " " in name), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, whole))})(?!\w)") if whole else None

    def is_small(self, words: str) -> bool:
        return self._counted.search(words) is not None

    def names(self, words: str) -> bool:
        return self._agents is not None and self._agents.search(words) is not None

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
        return [self._unnamed(part) for part in value]

    def _unnamed(self, part: Any) -> Any:
        return _mapped(part, self._field)

    def _field(self, part: Any) -> Any:
        if 0 < part.get("n", LEAST) < LEAST:
            return tree.text(not_shown())
        if self._agents is None or not isinstance(part.get("text"), str):
            return part
        return {**part, "text": self._agents.sub(_("a colleague"), part["text"])}

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
