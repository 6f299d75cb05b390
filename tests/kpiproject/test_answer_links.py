"""Links out of mails: what they carry cannot be changed, serves one purpose, and for a while."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from kpiproject.answer_links import AnswerLinks, DeadLinkError

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINKS = AnswerLinks(purpose="test", route="goals:alarm_mail", lives_for=timedelta(days=3))


def signed(links: AnswerLinks = LINKS) -> str:
    return links.url(7, 9).rstrip("/").rpartition("/")[2]


def test_what_it_carries() -> None:
    assert LINKS.url(7, 9).startswith(f"{settings.BASE_URL}/alerts/mail/")
    assert (LINKS.carried(signed()), LINKS.is_ours(signed())) == ([7, 9], True)


def test_it_is_good_for_a_while_and_known_for_ever() -> None:
    with time_machine.travel(NOON, tick=False):
        link = signed()
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert LINKS.carried(link) == [7, 9]
    with time_machine.travel(NOON + timedelta(days=3, seconds=1), tick=False):
        assert LINKS.is_ours(link)
        with pytest.raises(DeadLinkError):
            LINKS.carried(link)


@pytest.mark.parametrize("change", ["", "x", "{link}x", "{link[:-1]}"])
def test_nobody_can_make_or_change_one(change: str) -> None:
    text = change.format(link=signed()) if "[" not in change else signed()[:-1]
    assert not LINKS.is_ours(text)
    with pytest.raises(DeadLinkError):
        LINKS.carried(text)


def test_one_of_another_purpose_is_none_of_ours() -> None:
    other = AnswerLinks(purpose="other", route="goals:alarm_mail", lives_for=timedelta(days=3))
    assert not LINKS.is_ours(signed(other))
