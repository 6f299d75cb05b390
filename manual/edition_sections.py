"""What became of each section of an edition: new, changed in what people wrote or decided, or the same.

Knows no model, so that the migration which writes them for older editions can use it, too.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, NamedTuple

Change = Literal["new", "changed", "same"]
_NOTHING: Final[Mapping[str, Any]] = {"sections": []}


class Line(NamedTuple):
    """The fields of a manual.models.EditionSection."""

    slug: str
    title: str
    position: int
    digest: str
    change: Change
    is_material: bool


def lines(
    content: Mapping[str, Any],
    figures: Mapping[str, Any],
    *,
    before: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    editorial: Collection[str] = (),
) -> list[Line]:
    """In the order of the edition. `before` is content and figures of the edition that it replaces.

    Whatever is new or changed is material, except for what somebody called editorial: what nobody looked at must not
    be passed over.
    """
    old_content, old_figures = before or (_NOTHING, {})
    earlier = {section["anchor"]: section for section in old_content["sections"]}
    found = []
    for position, section in enumerate(content["sections"], start=1):
        slug = section["anchor"]
        change = _change(section, figures, earlier.get(slug), old_figures)
        is_material = change != "same" and slug not in editorial
        digest = _digest(section, figures)
        found.append(Line(slug[:60], section["title"][:120], position, digest, change, is_material))
    return found


def written(section: Mapping[str, Any], figures: Mapping[str, Any]) -> list[Any]:
    """The blocks that people have written: above what is generated, and the note beneath it."""
    text = figures.get(f"text:{section['anchor']}", {})
    blocks: list[Any] = section["blocks"]
    above, beneath = text.get("blocks", len(blocks)), text.get("note_blocks", 0)
    return [*blocks[:above], *blocks[max(above, len(blocks) - beneath) :]]


def decided(found: Any) -> Any:
    """The same without what the figures in a text say: they move by themselves, and nobody has to read them anew."""
    if isinstance(found, dict):
        is_measured = found.get("is") == "text" and found.get("is_measured")
        return {"is": "measured"} if is_measured else {key: decided(part) for key, part in found.items()}
    return [decided(part) for part in found] if isinstance(found, list) else found


def rules(slug: str, figures: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was decided and stands in a section: label and words by name. Empty for editions that do not tell where."""
    return {
        name: [figure["label"], figure["words"]]
        for name, figure in figures.items()
        if figure["kind"] == "rule" and figure.get("section") == slug
    }


def _change(section: Any, figures: Mapping[str, Any], old: Any, old_figures: Mapping[str, Any]) -> Change:
    if old is None:
        return "new"
    now_written, then_written = decided(written(section, figures)), decided(written(old, old_figures))
    if section["title"] != old["title"] or _plain(now_written) != _plain(then_written):
        return "changed"
    slug = section["anchor"]
    now, then = rules(slug, figures), rules(slug, old_figures)
    if any(said != _said(old_figures.get(name)) for name, said in now.items()):
        return "changed"
    return "changed" if any(name not in figures for name in then) else "same"


def _said(figure: Any) -> list[str] | None:
    return [figure["label"], figure["words"]] if figure else None


def _digest(section: Any, figures: Mapping[str, Any]) -> str:
    said = [section["title"], decided(written(section, figures)), rules(section["anchor"], figures)]
    return hashlib.sha256(_plain(said).encode()).hexdigest()


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
