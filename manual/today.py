"""An edition beside today: what each of its figures says, and what it would say now. Nothing is stored.

A published edition never changes; whoever wants today's value sees both, each with its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.core.cache import cache
from django.utils import timezone, translation

from manual.drafts import draft
from manual.models import Edition

_KEPT_SECONDS: Final = 120

State = Literal["same", "changed", "gone", "renamed"]


@dataclass(frozen=True, kw_only=True)
class Flip:
    """`now` is empty where the manual no longer has the figure; `name_now` tells where it is called otherwise."""

    name: str
    label: str
    then: str
    now: str
    state: State
    name_now: str = ""


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
    """Today's figures by name, and the instant at which they were read."""

    figures: Mapping[str, Any]
    as_of: datetime


def figures(language: str | None = None) -> Today:
    """What the draft says now, in the language of the edition. Read at most every two minutes: a draft takes its
    time."""
    spoken = language or translation.get_language()
    found = cache.get(f"manual-today:{spoken}")
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
    found = Today(figures=now, as_of=as_of)
    cache.set(f"manual-today:{spoken}", found, _KEPT_SECONDS)
    return found


def beside(edition: Edition, now: Mapping[str, Any]) -> list[Part]:
    """Every figure of the edition beside today's, section by section. What is new since is not in the edition."""
    titles = {section["anchor"]: section["title"] for section in edition.content["sections"]}
    by_section: dict[str, list[Flip]] = {}
    for name, figure in edition.figures.items():
        if figure["kind"] not in ("text", "passing") and figure["words"]:
            place = figure.get("section", "")
            by_section.setdefault(place if place in titles else "", []).append(_flip(name, figure, now.get(name)))
    return list(_parts(titles, by_section))


def _parts(titles: Mapping[str, str], by_section: Mapping[str, list[Flip]]) -> Iterator[Part]:
    for anchor, title in [*titles.items(), ("", "")]:
        if anchor in by_section:
            yield Part(anchor=anchor, title=title, flips=by_section[anchor])


def _flip(name: str, then: Mapping[str, Any], now: Mapping[str, Any] | None) -> Flip:
    label, words = then["label"], then["words"]
    if now is None or not now["words"]:
        return Flip(name=name, label=label, then=words, now="", state="gone")
    if now["label"] != label:
        return Flip(name=name, label=label, then=words, now=now["words"], state="renamed", name_now=now["label"])
    return Flip(
        name=name, label=label, then=words, now=now["words"], state="same" if now["words"] == words else "changed"
    )
