"""Links inside the document. Those that lead nowhere, such as into a chapter that is left out, become plain words."""

from typing import Any

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
    is_link = isinstance(part, dict) and part.get("is") == "link"
    if is_link and part["to"].startswith("#") and part["to"][1:] not in places:
        return list(_mended(part["inlines"], places))
    return [_mended(part, places)]
