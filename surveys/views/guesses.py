"""Addresses that lead nowhere: said plainly a few times, then put off, so that nobody tries them by the thousand."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from kpiproject.throttle import counted_address, is_exceeded
from surveys.views import pages

# More than an office with old mails opens, and too few to find one of 2^128 tokens.
MOST_GUESSES = 60
PAUSE_SECONDS = 600


def refuse(request: HttpRequest) -> HttpResponse:
    """404; after MOST_GUESSES from one network address 429. Links that are right are answered all the same."""
    # What one process knows already it need not count again, so that a flood writes nothing.
    known = f"guesses:{salted_hmac('guesses', counted_address(request)).hexdigest()}"
    if cache.get(known) is None:
        if not is_exceeded(request, "guess", most=MOST_GUESSES, seconds=PAUSE_SECONDS):
            return pages.unknown(request)
        cache.set(known, 1, PAUSE_SECONDS // 10)
    response = pages.too_many(request)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response
