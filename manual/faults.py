"""What is wrong with a text before it is saved: fields, links and pictures that lead nowhere, each with its line.

Errors keep a text from being saved; it stays with its writer. Warnings are told, because what is missing may come.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from django.utils.translation import gettext as _

from kpiproject.documents import markdown, source
from kpiproject.documents.source import Place
from manual import pictures, pointers
from manual.fields import FIELD

_BRACES: Final = re.compile(r"\{\{|\}\}")
_CLOSE: Final = 0.6
_MOST_SHOWN: Final = 40


@dataclass(frozen=True, kw_only=True)
class Fault:
    line: int
    says: str
    is_error: bool

    @property
    def sentence(self) -> str:
        return _("Line %(line)s: %(says)s") % {"line": self.line, "says": self.says}


def find(text: str, *, fields: Collection[str], anchors: Callable[[str], Collection[str]]) -> list[Fault]:
    """By line. `fields` are the names of those there are; `anchors` gives the places that a link may lead to, being
    told which one is looked for."""
    places = source.places(text)
    shown = {place.to: markdown.picture_name(place.to) for place in places if place.kind == "picture"}
    known = pictures.known(filter(None, shown.values()))
    found: list[Fault] = []
    for place in places:
        if place.kind == "text":
            found += _field_faults(place, fields)
        elif place.kind == "picture":
            found += _picture_faults(place, shown[place.to], known)
        else:
            found += _link_faults(place, anchors)
    return found


def _field_faults(place: Place, fields: Collection[str]) -> Iterator[Fault]:
    for found in FIELD.finditer(place.words):
        if found[1] not in fields:
            said = {"field": _short(found[1]), "near": _near(found[1], fields)}
            words = _("there is no field “%(field)s”.%(near)s") % said if found[1] else _("the field is empty.")
            yield Fault(line=place.line, says=words, is_error=True)
    for brace in _BRACES.findall(FIELD.sub("", place.words)):
        words = (
            _("“{{” has no “}}” in the same line.")
            if brace == "{{"
            else _("“}}” has no “{{” before it in the same line.")
        )
        yield Fault(line=place.line, says=words, is_error=True)


def _picture_faults(place: Place, name: str, known: Collection[str]) -> Iterator[Fault]:
    if not name:
        words = _("pictures come from this manual only; put yours in with “Put in a picture”, instead of “%(to)s”.")
        yield Fault(line=place.line, says=words % {"to": _short(place.to)}, is_error=True)
        return
    if name not in known:
        words = _("there is no picture “%(name)s”.") % {"name": _short(name)}
        yield Fault(line=place.line, says=words, is_error=True)
    if not place.words.strip():
        words = _("the picture needs words that say what is to be seen, between [ and ]: ![…](image:%(name)s).")
        yield Fault(line=place.line, says=words % {"name": name}, is_error=True)
    if not place.is_alone:
        words = _("a picture stands by itself, with an empty line before and after it; here only its words are shown.")
        yield Fault(line=place.line, says=words, is_error=False)


def _link_faults(place: Place, anchors: Callable[[str], Collection[str]]) -> Iterator[Fault]:
    said = {"words": _short(place.words), "to": _short(place.to)}
    if place.to.startswith("#") and len(place.to) > 1:
        known = anchors(place.to[1:])
        if place.to[1:] not in known:
            near = _near(place.to[1:], known, mark="#")
            words = _("the link “%(words)s” leads nowhere: the manual has no place “%(to)s”.%(near)s")
            yield Fault(line=place.line, says=words % (said | {"near": near}), is_error=False)
    elif not markdown.is_safe_link(place.to):
        words = _(
            "the link “%(words)s” leads nowhere and is shown as words: “%(to)s” does not begin with https://, mailto: "
            "or #."
        )
        yield Fault(line=place.line, says=words % said, is_error=False)
    elif pointers.is_own(place.to):
        words = _(
            "the link “%(words)s” leads into Plumbline and is shown as words: people outside read the manual, too."
        )
        yield Fault(line=place.line, says=words % said, is_error=False)


def _near(name: str, known: Collection[str], mark: str = "") -> str:
    """“ Did you mean kpi:csat.value?”, or nothing."""
    begins = sorted((each for each in known if name and each.startswith(name)), key=len)
    close = begins[:1] or get_close_matches(name, known, n=1, cutoff=_CLOSE)
    return " " + _("Did you mean %(name)s?") % {"name": f"{mark}{close[0]}"} if close else ""


def _short(words: str) -> str:
    return words if len(words) <= _MOST_SHOWN else words[: _MOST_SHOWN - 1] + "…"
