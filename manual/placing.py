"""Where a picture goes in a text that is being written."""

import re


def put(text: str, name: str, *, alt: str, at: int | None) -> str:
    """The text with the picture in a paragraph of its own: after the line at `at`, or at the end."""
    text = text.replace("\r\n", "\n")
    place = len(text) if at is None or at >= len(text) else text.find("\n", at)
    before, after = (text, "") if place < 0 else (text[:place], text[place:])
    words = re.sub(r"([\\\[\]`*_<&])", r"\\\1", " ".join(alt.split()))
    parts = (before.rstrip("\n"), f"![{words}](image:{name})", after.lstrip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"
