"""An edition beside today: what each of its figures says, and what it would say now. Nothing is stored.

A published edition never changes; whoever wants today's value sees both, each with its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from django.core.cache import cache
from django.utils import timezone, translation

from kpiproject.documents.tree import words_of
from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from manual.drafts import draft
from manual.models import Edition
from metrics import adoption

_KEPT_SECONDS: Final = 120
_KEY: Final = "manual-today-2"
_KPI: Final = "kpi:"

State = Literal["same", "changed", "gone", "renamed"]


@dataclass(frozen=True, kw_only=True)
class Flip:
    """`now` is empty where the manual no longer has the figure; `name_now` tells where it is called otherwise, and
    `retired_on` since when the organisation does not work with its KPI any more, where that is known."""

    name: str
    label: str
    then: str
    now: str
    state: State
    name_now: str = ""
    retired_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """The figures of a section, in its order; an empty anchor is for those of which an old edition does not say where
    they stand."""

    anchor: str
    title: str
    flips: list[Flip]

    @property
    def changed(self) -> int:
        return sum(flip.state != "same" for flip in self.flips)


@dataclass(frozen=True, kw_only=True)
class Today:
    """Today's figures by name, the instant at which they were read, and since when KPIs are retired, by code."""

    figures: Mapping[str, Any]
    as_of: datetime
    retired: Mapping[str, date] = field(default_factory=dict)


def figures(language: str | None = None) -> Today:
    """What the draft says now, in the language of the edition. Read at most every two minutes: a draft takes its
    time."""
    spoken = language or translation.get_language()
    found = cache.get(f"{_KEY}:{spoken}")
    if isinstance(found, Today):
        return found
    as_of = timezone.now()
    with translation.override(spoken):
        # Words may be lazy, and the next reader may speak another language.
        now = {
            name: {"label": str(figure["label"]), "words": str(figure["words"]), "kind": figure["kind"]}
            for name, figure in draft(as_of).figures.items()
            if figure["kind"] != "text"
        }
    zone = organisation().time_zone
    retired = {code: local_day(row.at, zone) for code, row in adoption.retired().items()}
    found = Today(figures=now, as_of=as_of, retired=retired)
    cache.set(f"{_KEY}:{spoken}", found, _KEPT_SECONDS)
    return found


def card(edition: Edition, code: str, today: Today) -> list[Flip]:
    """What the edition says of one KPI beside today; empty where it has no card of it."""
    about = f"{_KPI}{code}."
    return [flip for part in beside(edition, today) for flip in part.flips if flip.name.startswith(about)]


def name_of_card(edition: Edition, anchor: str) -> str:
    """What its heading says; empty where there is none."""
    blocks = (block for section in edition.content["sections"] for block in section["blocks"])
    found = (block for block in blocks if block["is"] == "heading" and block["anchor"] == anchor)
    return next((words_of(block["inlines"]) for block in found), "")


def beside(edition: Edition, today: Today) -> list[Part]:
    """Every figure of the edition beside today's, section by section. What is new since is not in the edition."""
    titles = {section["anchor"]: section["title"] for section in edition.content["sections"]}
    by_section: dict[str, list[Flip]] = {}
    for name, figure in edition.figures.items():
        if figure["kind"] not in ("text", "passing") and figure["words"]:
            place = figure.get("section", "")
            by_section.setdefault(place if place in titles else "", []).append(_flip(name, figure, today))
    return list(_parts(titles, by_section))


def _parts(titles: Mapping[str, str], by_section: Mapping[str, list[Flip]]) -> Iterator[Part]:
    for anchor, title in [*titles.items(), ("", "")]:
        if anchor in by_section:
            yield Part(anchor=anchor, title=title, flips=by_section[anchor])


def _flip(name: str, then: Mapping[str, Any], today: Today) -> Flip:
    label, words, now = then["label"], then["words"], today.figures.get(name)
    if now is None or not now["words"]:
        return Flip(name=name, label=label, then=words, now="", state="gone", retired_on=_retired_on(name, today))
    if now["label"] != label:
        return Flip(name=name, label=label, then=words, now=now["words"], state="renamed", name_now=now["label"])
    return Flip(
        name=name, label=label, then=words, now=now["words"], state="same" if now["words"] == words else "changed"
    )


def _retired_on(name: str, today: Today) -> date | None:
    kind, _colon, about = name.partition(":")
    return today.retired.get(about.partition(".")[0]) if f"{kind}:" == _KPI else None
