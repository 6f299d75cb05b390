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
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kpiproject.documents import tree, web
from kpiproject.documents.tree import Document, words_of
from manual import names, outside, pages, passages, pictures
from manual.models import Edition

_KEPT_SECONDS: Final = 7 * 24 * 3600
_TEMPLATES: Final = Path(settings.BASE_DIR) / "templates" / "manual"
_WRITERS: Final = (
    Path(web.__file__),
    Path(__file__),
    Path(outside.__file__),
    Path(names.__file__),
    Path(passages.__file__),
    Path(pages.__file__),
    *(_TEMPLATES / f"_{name}.html" for name in ("contents", "contents_frame", "edition_line", "part", "parts")),
    *(_TEMPLATES / name for name in ("_search.html", "_shared_parts.html", "manual_page.html")),
)
# Another release may write another HTML for the same document.
_WRITER: Final = hashlib.sha256(b"".join(path.read_bytes() for path in _WRITERS)).hexdigest()[:12]
_DEEPEST_LISTED: Final = 2
_HEADING: Final = re.compile(r'<h([3-6]) id="([^"]+)">((?:(?!</?h|<a ).)*)</h\1>', re.DOTALL)
_TAG: Final = re.compile("<[a-z]+")
_LEVEL: Final = re.compile(r"(</?h)([3-6])(?=[ >])")
_TO_ANCHOR: Final = re.compile(r'href="#([^"]+)"')
_CARD: Final = re.compile(r'(<h([3-6]) id="kpi-([a-z0-9-]+)">(?:(?!</h).)*</h\2><p>(?:(?!</p>).)*)</p>', re.DOTALL)
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
    """`contents` lists the sections with links, `body` is all of them; `places`: anchor, number and title of each;
    `inside` are the anchors of those that are for the house only."""

    title: str
    subtitle: str
    language: str
    places: tuple[tuple[str, str, str], ...]
    contents: SafeString
    body: SafeString
    inside: frozenset[str] = frozenset()

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
    return _kept(key, Rendered) or _keep(key, _of_edition(edition))


def _of_edition(edition: Edition) -> Rendered:
    found = of_document(pages.opened(edition.content))
    return replace(found, body=_with_flips(found.body, edition))


def frame(edition: Edition, *facts: object) -> str:
    """A name for a page around an edition, for keeping it: `facts` are whatever else it depends on."""
    said = [edition.digest, _WRITER, translation.get_language(), timezone.get_current_timezone_name(), *facts]
    return ":".join(map(str, said))


def section_of(edition: Edition, place: int) -> Part:
    """One section, kept by itself."""
    key = f"manual-section:{edition.digest}:{place}:{_WRITER}:{translation.get_language()}"
    return _kept(key, Part) or _keep(key, _section_of(edition, place))


def _section_of(edition: Edition, place: int) -> Part:
    found = of_section(pages.opened(edition.content["sections"][place]))
    return replace(found, html=_with_flips(found.html, edition))


def _with_flips(html: SafeString, edition: Edition) -> SafeString:
    """The figure of each card of a KPI with a link to today's: for people of the house only."""
    codes = {name[4:].partition(".")[0].replace("_", "-") for name in edition.figures if name.startswith("kpi:")}

    def flip(match: re.Match[str]) -> str:
        if match[3] not in codes:
            return match[0]
        to = reverse("manual:today_card", args=[edition.number, match[3]])
        return f'{match[1]} <a class="card-flip" href="{to}">{escape(_("And today?"))}</a></p>'

    return mark_safe(_CARD.sub(flip, html))  # noqa: S308 - our own HTML, and an address of ours put into it


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
        inside=frozenset(section["anchor"] for section in document["sections"] if section.get("is_inside")),
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
        html=_self_linked(pages.shortened(_placed(section))),
        headings=tuple(headings),
    )


def _placed(section: tree.Section) -> SafeString:
    """With an address for everything that the search leads to, beside those of the headings."""
    found: list[str] = []
    for piece in passages.pieces(section):
        if piece.is_first:
            found += [web.render([piece.heading] if piece.heading else []), web.render(piece.blocks)]
            continue
        first, *others = piece.blocks
        html = _TAG.sub(rf"\g<0>{_named(piece.place)}", web.render([first]), count=1)
        found += [_with_rows(html, piece.place) if first["is"] == "table" else html, web.render(others)]
    return mark_safe("".join(found))  # noqa: S308 - our own HTML


def _with_rows(html: str, place: str) -> str:
    head, *rows = html.split("<tr>")
    named = (f"<tr{_named(passages.row_place(place, number))}>{row}" for number, row in enumerate(rows[1:], start=1))
    return "".join((head, *(f"<tr>{row}" for row in rows[:1]), *named))


def _named(place: str) -> str:
    return format_html(' id="{}"', place)


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
