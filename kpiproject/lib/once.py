"""Small files that are made once and then kept."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def written_once(file: Path, make: Callable[[], str]) -> str:
    """What the file holds; before that, what `make` gives, of exactly one of those who ask at the same time.

    Only its owner may read it. OSError if it cannot be written; ValueError if something else has left it empty.
    """
    if not file.exists():
        _write_whole(file, make())
    text = file.read_text(encoding="utf-8").strip()
    if not text:
        msg = f"{file} is empty. Delete it, and it is made anew."
        raise ValueError(msg)
    return text


def _write_whole(file: Path, text: str) -> None:
    """Under another name first: the file is there with all of its content, or not at all."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.") as part:
        part.write(text.encode())
        part.flush()
        os.fsync(part.fileno())
        with suppress(FileExistsError):  # somebody else was quicker
            os.link(part.name, file)
