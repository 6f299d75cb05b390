"""The addresses that stand in mails: complete, short, and each of them only shows until somebody presses a button."""

from django.conf import settings
from django.urls import reverse


def answer_url(token: str, score: int | None = None) -> str:
    """The page of an invitation; with a score, that one is chosen but not yet recorded."""
    return _absolute("surveys:answer", token) + ("" if score is None else f"?r={score}")


def unsubscribe_url(token: str) -> str:
    return _absolute("surveys:unsubscribe", token)


def public_url(slug: str) -> str:
    return _absolute("surveys:public", slug)


def preview_url(slug: str, score: int | None = None) -> str:
    """The page as a customer would see it; for somebody who is logged in, and nothing can be sent from it."""
    return _absolute("surveys:survey_preview", slug) + ("" if score is None else f"?r={score}")


def _absolute(name: str, argument: str) -> str:
    return settings.BASE_URL + reverse(name, args=[argument])
