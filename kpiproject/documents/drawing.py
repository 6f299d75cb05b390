"""The charts of a print in a process of their own: their memory is gone before the pages need theirs.

What `pdf.prepared` made comes in as JSON and goes out with an SVG in place of every specification.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import ttf_opensans
import vl_convert

from kpiproject.lib import charts

FONTS: Final = Path(ttf_opensans.__file__).with_name("ttf")
_HEIGHT: Final = 160


def drawn(document: dict[str, Any]) -> dict[str, Any]:
    for block in blocks_in(document["sections"]):
        if block.get("is") == "chart":
            block["svg"] = _svg(block.pop("spec"), block["title"])
    return document


def _svg(spec: dict[str, Any], title: str) -> str:
    """Drawn with the font of the page, or nothing if the specification is none. What goes over time is made flat."""
    try:
        changes = {"config": {**spec["config"], "font": "Open Sans"}, "description": title}
        is_over_time = spec["encoding"].get("x", {}).get("type") == "temporal"
        return charts.to_svg({**spec, **changes} | ({"height": _HEIGHT} if is_over_time else {}))
    except (KeyError, TypeError, ValueError):
        return ""


def blocks_in(found: Any) -> Iterator[dict[str, Any]]:
    """Every dict in it, at any depth."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for part in found:
            yield from blocks_in(part)


def main() -> None:
    vl_convert.register_font_directory(str(FONTS))
    json.dump(drawn(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
