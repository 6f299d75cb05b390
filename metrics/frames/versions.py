"""Whether the facts of a frame are still those that a figure was computed from."""

from collections.abc import Iterable, Mapping
from typing import Final

from metrics.frames.read import TICKET_FRAMES
from metrics.models import FrameVersion

_MADE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*TICKET_FRAMES, "demand"), ("tickets",)),
    "shifts": ("work",),
    "spending": ("costs",),
    "cases": ("tickets", "records"),
    # Also what was done for a ticket is counted when the ticket is; whoever writes agents' time marks both.
}
"""The frames whose days are marked when the facts change that a frame is made of; of others it is the frame itself."""


def marked_frame(name: str) -> str:
    """The frame whose days are marked when the facts change that a frame is made of."""
    return made_of(name)[0]


def versions(names: Iterable[str]) -> dict[str, int]:
    """A number for each frame that goes up with every change of its facts."""
    parts = {name: made_of(name) for name in names}
    wanted = {part for own in parts.values() for part in own}
    found = dict(FrameVersion.objects.filter(frame__in=wanted).values_list("frame", "version"))
    return {name: sum(found.get(part, 0) for part in own) for name, own in parts.items()}


def made_of(name: str) -> tuple[str, ...]:
    """The facts that a frame is made of."""
    return _MADE_OF.get(name, (name,))
