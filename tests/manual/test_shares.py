"""Share links: open, expired, revoked, guessed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from manual import shares
from manual.shares import State, Terms
from tests.factories import EditionFactory, ManagerFactory, ShareFactory

pytestmark = pytest.mark.django_db


def test_share_is_open_until_its_last_moment() -> None:
    edition, manager = EditionFactory(), ManagerFactory()
    share = shares.create(edition, Terms(name=" Ada ", email=" Ada@Example.org ", days=30), by=manager)
    assert (share.name, share.email, share.created_by, share.views) == ("Ada", "ada@example.org", manager, 0)
    with time_machine.travel(share.created_at + timedelta(days=30, seconds=-1), tick=False):
        assert shares.find(share.token).state == State.OPEN
    with time_machine.travel(share.created_at + timedelta(days=30), tick=False):
        found = shares.find(share.token)
    assert (found.state, found.share) == (State.EXPIRED, share)


def test_share_is_open_for_90_days_unless_told_otherwise() -> None:
    share = shares.create(EditionFactory(), Terms(name="Ada"), by=None)
    assert share.expires_at - share.created_at == timedelta(days=90)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_share_for_too_short_or_too_long_is_refused(days: int) -> None:
    with pytest.raises(shares.BadDaysError) as refused:
        shares.create(EditionFactory(), Terms(name="Ada", days=days), by=None)
    assert str(refused.value) == f"A share link is open for 1 to 365 days, not for {days}."


def test_revoked_share_stays_revoked_since_the_first_time_and_counts_before_expired() -> None:
    share = ShareFactory(expires_at=timezone.now() - timedelta(days=1))
    shares.revoke(share)
    first = share.revoked_at
    shares.revoke(share)
    assert share.revoked_at == first
    assert shares.find(share.token).state == State.REVOKED


@pytest.mark.parametrize("token", ["", "short", "x" * 22, "../../etc/passwd", "A" * 22 + "=", "ä" * 22])
def test_guessed_token_is_unknown(token: str) -> None:
    ShareFactory()
    assert shares.find(token) == shares.Found(share=None, state=State.UNKNOWN)


def test_what_cannot_be_a_token_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        shares.find("x" * 21)


def test_views_are_counted_by_the_database() -> None:
    share = ShareFactory()
    stale = shares.find(share.token).share
    shares.note_view(share)
    shares.note_view(stale)
    share.refresh_from_db()
    assert share.views == 2
    assert share.last_seen_at is not None
