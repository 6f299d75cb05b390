"""What the manual generates beneath the prose: one module per chapter, in the order of the manual."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from manual.chapters.context import Built, Context
from metrics.kpi import Text


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """`about` tells whoever writes the prose what will stand beneath it."""

    code: str
    about: Text
    build: Callable[[Context], Built]


_ALL: Final[tuple[Chapter, ...]] = ()

CHAPTERS: Final[Mapping[str, Chapter]] = {chapter.code: chapter for chapter in _ALL}
