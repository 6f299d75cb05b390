"""What a reader of screens finds in a PDF: its tags, its outline and what it says of itself."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_PLACE = frozenset({"/S", "/K", "/P", "/Pg", "/Type"})


@dataclass(frozen=True)
class Tag:
    """`about` is everything that stands at it but its place in the tree."""

    role: str
    about: dict[str, Any]
    inner: list["Tag"] = field(default_factory=list)
    text: str = ""

    def all(self, *roles: str) -> Iterator["Tag"]:
        """Those of these roles in it, in the order of reading."""
        if self.role in roles:
            yield self
        for tag in self.inner:
            yield from tag.all(*roles)

    def said(self, *, without: Collection[str] = ()) -> str:
        """Its text, but for that in tags of some roles."""
        return self.text + "".join(tag.said(without=without) for tag in self.inner if tag.role not in without)

    def attribute(self, name: str) -> Any:
        found = self.about.get("/A", [])
        return next((part[name] for part in found if name in part), None)

    def words(self, name: str) -> str:
        return str(self.about.get(name, ""))


class Read:
    """A PDF, looked into."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(content))
        self.root = self.pdf.Root
        written = {page.objgen: _Written(page).parts for page in self.pdf.pages}
        self.tags = Tag("Root", {}, list(_tags(self.root.StructTreeRoot.K, written, None)))

    def headings(self) -> list[tuple[int, str]]:
        return [(int(tag.role[1]), tag.words("/T")) for tag in self.tags.all("H1", "H2", "H3", "H4", "H5", "H6")]

    def outline(self) -> list[tuple[int, str]]:
        with self.pdf.open_outline() as found:
            return list(_bookmarks(found.root, 1))

    def figures(self) -> list[str]:
        return [tag.words("/Alt") for tag in self.tags.all("Figure")]

    def untagged(self) -> list[int]:
        """The pages on which something is written that is neither tagged nor said to be mere decoration."""
        return [n for n, page in enumerate(self.pdf.pages, start=1) if _writes_untagged(page)]

    def links(self) -> list[Any]:
        found = [note for page in self.pdf.pages for note in page.get("/Annots", [])]
        return [note for note in found if note.Subtype == "/Link"]

    def says(self, name: str) -> str | None:
        """From its metadata."""
        with self.pdf.open_metadata() as found:
            said = found.get(name)
            return None if said is None else str(said)


def _tags(found: Any, written: Mapping[Any, Mapping[int, str]], page: Any) -> Iterator[Tag]:
    """Text has the role "Text"; `page` is where it stands unless it says otherwise."""
    if isinstance(found, pikepdf.Array):
        for part in found:
            yield from _tags(part, written, page)
    elif isinstance(found, pikepdf.Dictionary):
        page = found.get("/Pg", page)
        if "/S" in found:
            about = {name: value for name, value in found.items() if name not in _PLACE}
            yield Tag(str(found.S)[1:], about, list(_tags(found.get("/K", pikepdf.Array()), written, page)))
        elif "/MCID" in found:
            yield from _tags(found.MCID, written, page)
    else:
        yield Tag("Text", {}, text=written[page.objgen].get(int(found), ""))


class _Written:
    """The text of a page by its marks."""

    def __init__(self, page: Any) -> None:
        self.parts: dict[int, str] = {}
        self._fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
        self._font: Mapping[int, str] = {}
        self._open: list[tuple[int | None, str | None]] = []
        for operands, operator in _steps(page):
            self._read(operator, operands)

    def _read(self, operator: str, operands: list[Any]) -> None:
        if operator in ("BDC", "BMC"):
            said: Any = operands[1] if operator == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else {}
            mark = int(said["/MCID"]) if "/MCID" in said else self._open[-1][0] if self._open else None
            self._open.append((mark, str(said["/ActualText"]) if "/ActualText" in said else None))
        elif operator == "EMC":
            mark, instead = self._open.pop()
            self._add(mark, instead or "")
        elif operator == "Tf":
            self._font = self._fonts[str(operands[0])]
        elif operator in SHOWS_TEXT and self._open and self._open[-1][1] is None:
            self._add(self._open[-1][0], "".join(map(self._letters, _strings(operands))))

    def _add(self, mark: int | None, text: str) -> None:
        if mark is not None:
            self.parts[mark] = self.parts.get(mark, "") + text

    def _letters(self, found: bytes) -> str:
        return "".join(self._font.get(found[n] * 256 + found[n + 1], "\ufffd") for n in range(0, len(found), 2))


def _strings(operands: Iterable[Any]) -> Iterator[bytes]:
    for found in operands:
        if isinstance(found, pikepdf.String):
            yield bytes(found)
        elif isinstance(found, pikepdf.Array):
            yield from _strings(found)


def _letters(font: Any) -> dict[int, str]:
    """What each glyph of a font stands for."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = "".join(re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL))
    found = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", pairs)
    return {int(glyph, 16): bytes.fromhex(letters).decode("utf-16-be") for glyph, letters in found}


def _bookmarks(items: Any, level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, item.title
        yield from _bookmarks(item.children, level + 1)


def _steps(page: Any) -> Iterator[tuple[list[Any], str]]:
    for step in pikepdf.parse_content_stream(page):
        yield list(step.operands), str(step.operator)


def _writes_untagged(page: Any) -> bool:
    depth = 0
    for operands, operator in _steps(page):
        name = operator
        depth += name in ("BDC", "BMC")
        depth -= name == "EMC"
        if name in SHOWS_TEXT and not depth and operands:
            return True
    return False
