"""Links that lead nowhere for a reader become plain words: into a chapter that is left out, and into the site itself.

The same edition is read by people outside, who cannot open the site.
"""

import re
from typing import Any

from django.conf import settings

from kpiproject.documents import tree


def without_dead_links(sections: list[tree.Section]) -> list[tree.Section]:
    places = {place for section in sections for place in _places(section)}
    return [{**section, "blocks": _mended(section["blocks"], places)} for section in sections]


def _places(section: tree.Section) -> set[str]:
    headings = {block["anchor"] for block in section["blocks"] if block["is"] == "heading"}
    return headings | {section["anchor"]}


def _mended(value: Any, places: set[str]) -> Any:
    if isinstance(value, dict):
        # What a chart is drawn from has no links, and is most of a document.
        return value if value.get("is") == "chart" else {key: _mended(part, places) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [mended for part in value for mended in _parts(part, places)]
    return value


def _parts(part: Any, places: set[str]) -> list[Any]:
    """The part itself, or the words of a dead link in its place."""
    if isinstance(part, dict) and part.get("is") == "link" and _is_dead(part["to"], places):
        return list(_mended(part["inlines"], places))
    return [_mended(part, places)]


def _is_dead(to: str, places: set[str]) -> bool:
    return to[1:] not in places if to.startswith("#") else is_own(to)


def is_own(to: str) -> bool:
    """Whether an address is one of this site."""
    host = settings.BASE_URL.split("://", 1)[1]
    return re.match(rf"https?://{re.escape(host)}(?![\w.:-])", to, re.IGNORECASE) is not None
