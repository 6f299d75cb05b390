"""Where in a Markdown text what stands: its words, links and pictures by line, so that a fault can be told with its
place. What stands in code is neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from kpiproject.documents.markdown import tokens_of
from kpiproject.documents.tree import clean


@dataclass(frozen=True, kw_only=True)
class Place:
    """`words` are the text itself, what a link stands on, or what a picture is said to show; `to` is an address."""

    line: int
    kind: Literal["text", "link", "picture"]
    words: str
    to: str = ""
    is_alone: bool = True


def places(text: str) -> list[Place]:
    """In their order, lines counted from 1. Nothing of a text that is too long or too deep to be read as Markdown."""
    return [place for token in tokens_of(text) if token.type == "inline" for place in _of_block(token)]


def _of_block(block: Token) -> Iterator[Place]:
    line = (block.map or [0])[0] + 1
    children = block.children or []
    for n, token in enumerate(children):
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "text":
            yield Place(line=line, kind="text", words=clean(token.content))
        elif token.type == "image":
            is_alone = len(children) == 1
            yield Place(line=line, kind="picture", words=token.content, to=str(token.attrs["src"]), is_alone=is_alone)
        elif token.type == "link_open":
            yield Place(line=line, kind="link", words=_inner(children[n + 1 :]), to=str(token.attrs["href"]))


def _inner(after: list[Token]) -> str:
    """What stands in a link, whose tokens end with the one that closes it."""
    words = ""
    for token in after:
        if token.type == "link_close":
            break
        words += " " if token.type == "softbreak" else token.content
    return words
