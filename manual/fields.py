"""Figures that stand in the prose: `{{ kpi:csat.value }}` becomes what it is at the instant of the draft.

An edition keeps the words that stood there when it was published. Within `code` a field stays as it is written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kpiproject.documents import source, tree
from manual.chapters.context import Context, Figure, rule, value
from manual.chapters.goals import goal_lines
from manual.chapters.measured import Measured, measured
from manual.chapters.places import adopted, service_targets
from metrics.kpi import Kpi
from metrics.models import ServiceTarget
from metrics.target_words import applies_to, promise

FIELD: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NOTHING: Final = "–"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`about` says what it gives, `read` gives it: its words, and on how many cases they rest if on any."""

    name: str
    about: str
    is_rule: bool
    read: Callable[["Fields"], tuple[str, int | None]]


class Fields:
    """All fields there are at the instant of a draft. What they say is read when it is asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def known(self) -> Mapping[str, Field]:
        """By name, in the order in which they are offered."""
        of_kpis = (found for kpi in adopted(self.context) for found in _of_kpi(kpi))
        every = (*_of_organisation(), *of_kpis, *_of_targets(self.context))
        known: dict[str, Field] = {}
        for field in every:
            known.setdefault(field.name, field)
        return known

    @cached_property
    def measured(self) -> Mapping[str, Measured]:
        return measured(self.context)

    def fill(self, blocks: list[tree.Block]) -> list[tree.Block]:
        """The blocks with the words of every field that is known; others stay as they were written."""
        filled: list[tree.Block] = _filled(blocks, self)
        return filled

    def used_in(self, text: str) -> dict[str, Figure]:
        """What the fields of a text say, by name, for comparing editions."""
        texts = [place.words for place in source.places(text) if place.kind == "text"]
        names = dict.fromkeys(found[1] for words in texts for found in FIELD.finditer(words))
        return {name: self._figure(self.known[name]) for name in names if name in self.known}

    def said(self, field: Field) -> tuple[str, int | None]:
        return self.context.once(_Reading(field, self))

    def _figure(self, field: Field) -> Figure:
        words, _n = self.said(field)
        return rule(field.about, words) if field.is_rule else value(field.about, words)


@dataclass(frozen=True)
class _Reading:
    """One field is read once for a draft, wherever it stands."""

    field: Field
    fields: Fields

    def __call__(self, _context: Context) -> tuple[str, int | None]:
        return self.field.read(self.fields)

    def __hash__(self) -> int:
        return hash(("field", self.field.name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reading) and other.field.name == self.field.name


def _of_organisation() -> Iterator[Field]:
    yield Field(
        name="organisation:name",
        about=_("The name of the organisation"),
        is_rule=True,
        read=lambda fields: (fields.context.house.name, None),
    )


def _of_kpi(kpi: Kpi) -> Iterator[Field]:
    name, about = f"kpi:{kpi.code}", {"name": kpi.name}
    if not kpi.needs_dimension:
        said = _("%(name)s: its value, with the period and the number of cases") % about
        yield Field(name=f"{name}.value", about=said, is_rule=False, read=lambda fields: _value(fields, kpi))
        said = _("%(name)s: on how many cases its value rests") % about
        yield Field(name=f"{name}.n", about=said, is_rule=False, read=lambda fields: _cases(fields, kpi))
    said = _("%(name)s: the target of its goal, with the date") % about
    yield Field(name=f"{name}.target", about=said, is_rule=True, read=lambda fields: (_target(fields, kpi), None))
    yield Field(
        name=f"{name}.name", about=_("%(name)s: its name") % about, is_rule=True, read=lambda _f: (str(kpi.name), None)
    )
    said = _("%(name)s: how it is computed") % about
    yield Field(name=f"{name}.formula", about=said, is_rule=True, read=lambda _f: (str(kpi.formula), None))


def _value(fields: Fields, kpi: Kpi) -> tuple[str, int | None]:
    """“91.2 % (October 2026, 812 answers)”."""
    found = fields.measured.get(kpi.code)
    if found is None or found.current.value is None:
        return _("no data yet"), None
    details = ", ".join(part for part in (found.period_name, found.rests_on) if part)
    return f"{found.words} ({details})", None if found.counts_itself else found.current.n


def _cases(fields: Fields, kpi: Kpi) -> tuple[str, int | None]:
    found = fields.measured.get(kpi.code)
    if found is None or found.current.value is None:
        return _("no data yet"), None
    return found.rests_on or found.words, None if found.counts_itself else found.current.n


def _target(fields: Fields, kpi: Kpi) -> str:
    """Of the goal for everything together that is due next; of those for a part only, none."""
    mine = [
        found for found in goal_lines(fields.context) if found.kpi and found.kpi.code == kpi.code and not found.scope
    ]
    if not mine:
        return _("no target yet")
    return _("%(target)s by %(date)s") % {"target": mine[0].target, "date": date_format(mine[0].due, "DATE_FORMAT")}


def _of_targets(context: Context) -> Iterator[Field]:
    """Where several service targets have the same name, the first counts, as it does for contacts."""
    for target in service_targets(context):
        said = {"metric": target.get_metric_display(), "what": applies_to(target)}
        yield Field(
            name=f"target:{_conditions(target)}.{target.metric}",
            about=_("Service target for %(what)s: %(metric)s") % said,
            is_rule=True,
            read=_promise(target),
        )


def _promise(target: ServiceTarget) -> Callable[[Fields], tuple[str, int | None]]:
    return lambda _fields: (promise(target), None)


def _conditions(target: ServiceTarget) -> str:
    """“email”, “email-urgent”, or “all” of one that counts for every contact."""
    parts = [target.channel, target.category, target.priority, target.tier, target.company, str(target.customer or "")]
    return slugify(" ".join(part for part in parts if part)) or "all"


def _filled(found: Any, fields: Fields) -> Any:
    if isinstance(found, dict) and "is_numeric" in found:
        return {**found, "title": tree.words_of(_parts(tree.text(found["title"]), fields))}
    if isinstance(found, dict):
        return {key: _filled(part, fields) for key, part in found.items()}
    if isinstance(found, list):
        return [filled for part in found for filled in _parts(part, fields)]
    return found


def _parts(part: Any, fields: Fields) -> list[Any]:
    if not (isinstance(part, dict) and part.get("is") == "text"):
        return [_filled(part, fields)]
    pieces = FIELD.split(part["text"])
    if len(pieces) == 1:
        return [part]
    # Texts stand at even places, between them the names of fields.
    inlines = (_named(piece, fields) if n % 2 else tree.text(piece) for n, piece in enumerate(pieces))
    return [inline for inline in inlines if inline["text"]]


def _named(name: str, fields: Fields) -> tree.Text:
    field = fields.known.get(name)
    if field is None:
        return tree.text(f"{{{{ {name} }}}}")
    words, n = fields.said(field)
    found = tree.text(words or _NOTHING) if n is None else tree.Text({"is": "text", "text": words, "n": n})
    if not field.is_rule:
        found["is_measured"] = True
    return found
