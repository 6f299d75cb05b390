"""Chance that comes out the same every time: who is in a sample, and who is in which group."""

import hashlib


def lot(*names: object) -> float:
    """A number from 0 up to 1, evenly spread over different names and always the same for the same."""
    digest = hashlib.blake2b("\x1f".join(map(str, names)).encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


def is_drawn(percent: int, *names: object) -> bool:
    return lot(*names) * 100 < percent


def group(count: int, *names: object) -> int:
    """One of the groups 0 … count - 1."""
    return int(lot(*names) * count)
