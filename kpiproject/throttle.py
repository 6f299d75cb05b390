"""How often one network address may try something. Counted in the cache; the login has its own, stricter counter."""

from django.core.cache import cache
from django.http import HttpRequest


def is_exceeded(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this attempt, and say whether there have been more than `most` in these seconds."""
    key = f"throttle:{what}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, timeout=seconds):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two lines
        return False
