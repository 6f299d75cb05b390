"""Typst in a process of its own: what `pdf.prepared` made comes in as JSON, its charts drawn; the PDF goes out.

Nothing is read but our template and our fonts; the same input gives the same bytes.
"""

import json
import re
import sys
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import typst

from kpiproject.documents.drawing import FONTS, blocks_in

_TEMPLATE: Final = Path(__file__).with_name("manual.typ")
# PDF/UA-1: tagged for readers of screens.
Standard = Literal["ua-1"] | None

_UNKNOWN: Final = "□"
_UNSHOWN: Final = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_PROBE: Final = b"""
#set document(title: "Probe", date: none)
#set text(font: ("Open Sans", "DejaVu Sans Mono"))
#for sign in json(bytes(sys.inputs.signs)) [#sign ]
"""


def typeset(document: dict[str, Any]) -> bytes:
    """The PDF of a document whose charts are drawn."""
    pictures = {name: b64decode(content) for name, content in document.pop("pictures", {}).items()}
    _name_files(document, pictures)
    found = json.dumps(document, ensure_ascii=False)
    signs = sorted({sign for sign in _strings(document) if not sign.isascii()})
    replaced: dict[str, str | int | None] = {sign: _instead(sign) for sign in _unshown(signs)}
    if replaced:
        document["is_incomplete"] = _UNKNOWN in replaced.values()
        found = json.dumps(document, ensure_ascii=False).translate(str.maketrans(replaced))
    with TemporaryDirectory() as folder:
        files = Path(folder)
        for name, content in pictures.items():
            (files / name).write_bytes(content)
        return _printed(found, files)


def _printed(document: str, files: Path) -> bytes:
    template = _TEMPLATE.read_bytes()
    try:
        return _compile(template, {"document": document}, standard="ua-1", files=files)
    except typst.TypstError as error:
        # A document that a reader of screens cannot use in full is better than none.
        sys.stderr.write(f"Without PDF/UA: {error}\n")
        return _compile(template, {"document": document}, standard=None, files=files)


def _compile(source: bytes, inputs: dict[str, str], *, standard: Standard, files: Path | None = None) -> bytes:
    """`files` is the folder outside of which the source can open nothing."""
    return typst.compile(  # type: ignore[type-var]  # its stub says that source and folder are of one type
        source, root=files, sys_inputs=inputs, font_paths=_fonts(), pdf_standards=standard or []
    )


@cache
def _fonts() -> typst.Fonts:
    """Ours and those in Typst, never the machine's: the print is the same everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _name_files(document: dict[str, Any], pictures: dict[str, bytes]) -> None:
    """A picture that did not come with the document is told by its words."""
    for block in blocks_in(document["sections"]):
        if block.get("is") == "picture":
            block["file"] = f"/{block['name']}" if block["name"] in pictures else ""


def _strings(found: Any) -> Iterator[str]:
    """Every sign of every text in it."""
    if isinstance(found, str):
        yield from found
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _strings(part)


def _unshown(signs: list[str]) -> set[str]:
    """Those that none of our fonts has: Typst itself tells."""
    try:
        _compile(_PROBE, {"signs": json.dumps(signs)}, standard="ua-1")
    except typst.TypstError as error:
        return {_plain(found) for found in _UNSHOWN.findall(error.diagnostic)} & set(signs)
    return set()


def _plain(escaped: str) -> str:
    r"""The sign that Typst writes as \u{e0041}."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), escaped)


def _instead(sign: str) -> str:
    """A picture is named; a letter that we cannot print stands as a box."""
    category = unicodedata.category(sign)
    if category == "So":
        return f"[{unicodedata.name(sign, 'sign').lower()}]"
    return "" if category[0] in "CM" else _UNKNOWN


def main() -> None:
    sys.stdout.buffer.write(typeset(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
