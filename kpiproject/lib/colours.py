"""Colours that can be read: text for a given background, and a brand colour bent until it stands out (WCAG 2.2)."""

from typing import Final

WHITE: Final = "#ffffff"
INK: Final = "#16181d"
BLACK: Final = "#000000"
TEXT_CONTRAST: Final = 4.5


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 for black to 1 for white."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(background: str) -> str:
    """White or near-black, whichever reads better, and black on the few greys where neither reaches 4.5 : 1."""
    best = max((WHITE, INK), key=lambda ink: contrast(ink, background))
    return best if contrast(best, background) >= TEXT_CONTRAST else BLACK


def readable(colour: str, background: str, least: float = TEXT_CONTRAST) -> str:
    """The colour, moved towards black or white only as far as its contrast to the background needs."""
    goal = ink_on(background)
    for step in range(0, 101, 5):
        mixed = _mix(colour, goal, step / 100)
        if contrast(mixed, background) >= least:
            return mixed
    return goal


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _mix(one: str, other: str, share: float) -> str:
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
