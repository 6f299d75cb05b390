"""How often one network address may try something. Counted in the cache; the login has its own, stricter counter."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def is_exceeded(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this attempt, and say whether there have been more than `most` in these seconds."""
    key = f"throttle:{what}:{_address(request)}"
    if cache.add(key, 1, timeout=seconds):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two lines
        return False


def _address(request: HttpRequest) -> str:
    """Behind a trusted proxy all requests come from it; the last address it was told of is the one it spoke to."""
    told = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return told.rpartition(",")[2].strip()[:45] or request.META.get("REMOTE_ADDR", "")
