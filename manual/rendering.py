"""Documents as pieces of a page. What an edition looks like never changes, so it is kept in the cache by its digest."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from kpiproject.documents import tree, web
from kpiproject.documents.tree import Document, words_of
from manual import names, outside, pictures
from manual.models import Edition

_KEPT_SECONDS: Final = 7 * 24 * 3600
_TEMPLATES: Final = Path(settings.BASE_DIR) / "templates" / "manual"
_WRITERS: Final = (
    Path(web.__file__),
    Path(__file__),
    Path(outside.__file__),
    Path(names.__file__),
    *(_TEMPLATES / name for name in ("_contents.html", "_part.html", "_parts.html", "_shared_parts.html")),
)
# Another release may write another HTML for the same document.
_WRITER: Final = hashlib.sha256(b"".join(path.read_bytes() for path in _WRITERS)).hexdigest()[:12]
_DEEPEST_LISTED: Final = 2
_HEADING: Final = re.compile(r'<h([3-6]) id="([^"]+)">((?:(?!</?h|<a ).)*)</h\1>', re.DOTALL)
_LEVEL: Final = re.compile(r"(</?h)([3-6])(?=[ >])")
_TO_ANCHOR: Final = re.compile(r'href="#([^"]+)"')
_ID: Final = re.compile(r'\sid="([^"]+)"')


CLEAR: Final = "clear:"
"""How a page begins on which a reader says whether a section is clear, as long as nobody knows under what address."""
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Part:
    """A section; `headings` are anchor, words and level of those that the contents list."""

    anchor: str
    number: str
    title: str
    html: SafeString
    headings: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Rendered:
    """`contents` lists the sections with links, `body` is all of them; `places`: anchor, number and title of each."""

    title: str
    subtitle: str
    language: str
    places: tuple[tuple[str, str, str], ...]
    contents: SafeString
    body: SafeString

    def shown_under(self, address: str) -> "Rendered":
        """The same with its pictures, and what readers say of its sections, at another address."""
        body = self.body.replace(f'src="{web.PICTURES}', f'src="{address}pictures/')
        body = body.replace(f'="{CLEAR}', f'="{address}clear/')
        return replace(self, body=mark_safe(body))  # noqa: S308 - our own HTML, and an address of ours put into it

    def place(self, anchor: str) -> int | None:
        return next((n for n, (each, _number, _title) in enumerate(self.places) if each == anchor), None)


@dataclass(frozen=True)
class Outside:
    """What people outside read; `note` is what has changed, `slugs` the short names of the sections by their anchors.

    `pictures` are the names of those that are shown in it.
    """

    manual: Rendered
    note: str
    slugs: Mapping[str, str]
    pictures: frozenset[str]


def for_outsiders(edition: Edition, sections: Sequence[str]) -> Outside:
    """Without `sections` all of them."""
    wanted = hashlib.sha256("\n".join(sorted(sections)).encode()).hexdigest()[:12]
    key = f"manual-outside:{edition.digest}:{wanted}:{_WRITER}:{translation.get_language()}"
    return _kept(key, Outside) or _keep(key, _outside(edition, sections))


def _outside(edition: Edition, sections: Sequence[str]) -> Outside:
    found = outside.extract(edition, sections)
    return Outside(
        manual=of_document(found.content, "manual/_shared_parts.html"),
        note=found.note,
        slugs=found.slugs,
        pictures=frozenset(picture["name"] for picture in pictures.shown_in(found.content["sections"])),
    )


def of_edition(edition: Edition) -> Rendered:
    """Reads the content of the edition only where nobody has read it before."""
    key = f"manual:{edition.digest}:{_WRITER}:{translation.get_language()}"
    return _kept(key, Rendered) or _keep(key, of_document(edition.content))


def section_of(edition: Edition, place: int) -> Part:
    """One section, kept by itself."""
    key = f"manual-section:{edition.digest}:{place}:{_WRITER}:{translation.get_language()}"
    return _kept(key, Part) or _keep(key, of_section(edition.content["sections"][place]))


def _kept(key: str, kind: type[Kept]) -> Kept | None:
    found = cache.get(key)
    return found if isinstance(found, kind) else None


def _keep(key: str, rendered: Kept) -> Kept:
    cache.set(key, rendered, _KEPT_SECONDS)
    return rendered


def of_document(document: Document, template: str = "manual/_parts.html") -> Rendered:
    parts = parts_of(document)
    return Rendered(
        title=document["title"],
        subtitle=document["subtitle"],
        language=document["language"],
        places=tuple((part.anchor, part.number, part.title) for part in parts),
        contents=contents_of(parts),
        body=render_to_string(template, {"parts": parts}),
    )


def parts_of(document: Document) -> tuple[Part, ...]:
    return tuple(of_section(section) for section in document["sections"])


def contents_of(parts: Iterable[Part]) -> SafeString:
    return render_to_string("manual/_contents.html", {"parts": parts})


def of_section(section: tree.Section) -> Part:
    headings = [
        (block["anchor"], words_of(block["inlines"]), block["level"])
        for block in section["blocks"]
        if block["is"] == "heading" and block["level"] <= _DEEPEST_LISTED
    ]
    return Part(
        anchor=section["anchor"],
        number=section["number"],
        title=section["title"],
        html=_self_linked(web.render(section["blocks"])),
        headings=tuple(headings),
    )


def _self_linked(html: SafeString) -> SafeString:
    """Every heading that has no link in it is the link to itself, for passing on."""
    return mark_safe(_HEADING.sub(r'<h\1 id="\2"><a class="self-link" href="#\2">\3</a></h\1>', html))  # noqa: S308 - our own HTML with a link around what stood there


def alone(part: Part, *, whole: str) -> SafeString:
    """A section on a page of its own, under a title of the first level. What it says about other sections leads to
    the page with the whole manual."""
    own = {part.anchor, *_ID.findall(part.html)}

    def to(match: re.Match[str]) -> str:
        return match[0] if match[1] in own else f'href="{whole}#{match[1]}"'

    raised = _LEVEL.sub(lambda match: f"{match[1]}{int(match[2]) - 1}", part.html)
    return mark_safe(_TO_ANCHOR.sub(to, raised))  # noqa: S308 - our own HTML, and an address of ours put into it
