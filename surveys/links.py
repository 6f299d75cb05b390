"""The addresses that stand in mails: complete, short, and each of them only shows until somebody presses a button."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.urls import get_urlconf, reverse

from kpiproject.lib.tokens import is_token

_ANY_TOKEN: Final = "0" * 22


def answer_url(token: str, score: int | None = None) -> str:
    """The page of an invitation; with a score, that one is chosen but not yet recorded."""
    return _absolute("surveys:answer", token) + ("" if score is None else f"?r={score}")


def unsubscribe_url(token: str) -> str:
    return _absolute("surveys:unsubscribe", token)


def trap_url(token: str) -> str:
    """A link for a place where nobody sees it: only machines open it."""
    return _absolute("surveys:trap", token)


def wrong_person_url(token: str) -> str:
    return _absolute("surveys:wrong_person", token)


def public_url(slug: str) -> str:
    return _absolute("surveys:public", slug)


def preview_url(slug: str, score: int | None = None) -> str:
    """The page as a customer would see it; for somebody who is logged in, and nothing can be sent from it."""
    return _absolute("surveys:survey_preview", slug) + ("" if score is None else f"?r={score}")


def entrance_url(kind: str, token: str) -> str:
    """Of a kiosk, a widget's frame or a printed code."""
    return _absolute(f"surveys:{kind}", token)


def widget_script_url() -> str:
    return settings.BASE_URL + reverse("surveys:widget_script")


def signed_url(slug: str, query: str = "") -> str:
    """For a chat or a ticket; the query as signed_links.query writes it."""
    return _absolute("surveys:signed", slug) + (f"?{query}" if query else "")


def _absolute(name: str, argument: str) -> str:
    if not is_token(argument):
        return settings.BASE_URL + reverse(name, args=[argument])
    before, after = _around(name, get_urlconf())
    return f"{settings.BASE_URL}{before}{argument}{after}"


@lru_cache(maxsize=64)
def _around(name: str, _urlconf: str | None) -> tuple[str, str]:
    """What stands before and after a token, which nothing in an address needs escaped: looked up once for many."""
    before, _token, after = reverse(name, args=[_ANY_TOKEN]).partition(_ANY_TOKEN)
    return before, after
