"""What must happen around every change of tickets, in its transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from metrics import dirty, targets


@contextmanager
def settled(ids: Sequence[int]) -> Iterator[list[int]]:
    """Around a change of these tickets: days on which they counted before and count afterwards are computed again,
    and so are their due times. Tickets that come into being in between are added to the list."""
    dirty.mark_tickets(ids)
    changed = list(ids)
    yield changed
    targets.apply(changed)
    dirty.mark_tickets(changed)
