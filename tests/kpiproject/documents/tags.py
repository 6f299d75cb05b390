"""What a reader of screens finds in a PDF: its tags, its outline and what it says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})


@dataclass(frozen=True)
class Tag:
    """`about` is everything that stands at it but its place in the tree."""

    role: str
    about: dict[str, Any]
    inner: list["Tag"] = field(default_factory=list)

    def all(self, *roles: str) -> Iterator["Tag"]:
        """Those of these roles in it, in the order of reading."""
        if self.role in roles:
            yield self
        for tag in self.inner:
            yield from tag.all(*roles)

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
        self.tags = Tag("Root", {}, list(_tags(self.root.StructTreeRoot.K)))

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


def _tags(found: Any) -> Iterator[Tag]:
    if isinstance(found, pikepdf.Array):
        for part in found:
            yield from _tags(part)
    elif isinstance(found, pikepdf.Dictionary) and "/S" in found:
        about = {name: value for name, value in found.items() if name not in ("/S", "/K", "/P", "/Pg", "/Type")}
        yield Tag(str(found.S)[1:], about, list(_tags(found.get("/K", pikepdf.Array()))))


def _bookmarks(items: Any, level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, item.title
        yield from _bookmarks(item.children, level + 1)


def _writes_untagged(page: Any) -> bool:
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += name in ("BDC", "BMC")
        depth -= name == "EMC"
        if name in SHOWS_TEXT and not depth and operands:
            return True
    return False
