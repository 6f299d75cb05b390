"""What many parts of a page ask for is read once, for as long as the page only shows and changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
_kept: Final[ContextVar[dict[str, Any] | None]] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside it `remembered` reads every thing once; outside it always reads. One within another knows what that one
    knows."""
    known = _kept.get()
    token = _kept.set({} if known is None else known)
    try:
        yield
    finally:
        _kept.reset(token)


def remembered(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, or gave before under that name. Whoever gets it must not change it."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return cast("T", kept[name])
