"""Several labels in one text, as tickets carry them: kept with a comma and a space between them."""

import re
from functools import lru_cache
from typing import Final

BETWEEN: Final = ", "
_MARKS: Final = re.compile(r"[,;|\n]")
NOTHING: Final = ("",)


@lru_cache(maxsize=4096)
def kept(text: str, *, by_space: bool) -> str:
    """How labels are kept, whatever stands between them in a file. Where nothing else does, spaces do if `by_space`;
    systems whose labels may be of several words never mean that."""
    parts = text.split() if by_space and not _MARKS.search(text) else _MARKS.split(text)
    return BETWEEN.join(dict.fromkeys(filter(None, map(str.strip, parts))))


def members(text: str | None) -> tuple[str, ...]:
    """Each label once, in order; the member "" alone where there is none."""
    parts = (part.strip() for part in (text or "").split(","))
    return tuple(dict.fromkeys(filter(None, parts))) or NOTHING
