"""An unhappy answer wakes the sweep of follow-ups, so that somebody is asked within seconds."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from surveys import tasks
from surveys.views import form_page
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch) -> list[Any]:
    cache.clear()
    found: list[Any] = []
    monkeypatch.setattr(form_page, "nudge", found.append)
    return found


def answer(client: Client, score: int, *, kind: str = "csat") -> int:
    invitation = InvitationFactory(survey=SurveyFactory(kind=kind))
    return int(client.post(f"/s/{invitation.token}/", {"score": score, "comment": "words"}).status_code)


@pytest.mark.parametrize(
    ("kind", "score", "is_woken"),
    [
        ("csat", 1, True),
        ("csat", 3, False),
        ("csat", 5, False),
        ("nps", 6, True),
        ("nps", 7, False),
        ("esat", 1, False),
    ],
)
def test_unhappy_customers_wake_it(client: Client, woken: list[Any], kind: str, score: int, is_woken: bool) -> None:
    assert answer(client, score, kind=kind) == 303
    assert woken == ([tasks.follow_up] if is_woken else [])


def test_many_at_once_wake_it_once(client: Client, woken: list[Any]) -> None:
    assert [answer(client, 1) for _number in range(3)] == [303] * 3
    assert woken == [tasks.follow_up]
