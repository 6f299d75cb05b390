"""Following from outside: the form, the confirmation, and leaving."""

import pytest
from django.test import Client

from kpiproject.models import Mail
from kpiproject.tasks import deliver_mail
from manual import followers, passphrases, shares
from manual.models import Follower, Share
from manual.views.following import MOST_ASKED
from tests.factories import ShareFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words
from tests.manual_factories import FollowerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def share() -> Share:
    return ShareFactory(follows_editions=True)


def ask(client: Client, share: Share, email: str = "a@example.org", **more: str):
    return client.post(f"/share/{share.token}/follow/", {"email": email}, **more)


def test_the_form_stands_under_links_that_follow_only(client: Client, share: Share) -> None:
    assert f'href="/share/{share.token}/follow/#follow"' in client.get(f"/share/{share.token}/").content.decode()
    response = client.get(f"/share/{share.token}/follow/")
    assert (response.status_code, faults(response)) == (200, [])
    Share.objects.update(follows_editions=False)
    assert "/follow/" not in client.get(f"/share/{share.token}/").content.decode()
    assert (client.get(f"/share/{share.token}/follow/").status_code, ask(client, share).status_code) == (404, 404)


def test_asking_sends_one_mail_and_says_nothing_of_who_follows(
    client: Client, share: Share, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(deliver_mail, "delay", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(client, share)
    mail = Mail.objects.get()
    assert (woken, mail.recipient, mail.kind) == ([mail.pk], "a@example.org", "manual_follow")
    followers.confirm(Follower.objects.get())
    second = ask(client, share)
    assert (words(first), Mail.objects.count()) == (words(second), 1)
    assert "If a@example.org does not follow yet, a mail is on its way." in words(first)
    assert first.cookies == {}


@pytest.mark.parametrize("email", ["", "nobody", "a@b\nBcc: c@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused(client: Client, share: Share, email: str) -> None:
    assert ask(client, share, email).status_code == 422
    assert (Mail.objects.count(), Follower.objects.count()) == (0, 0)


def test_one_network_asks_three_times_a_day_at_most(client: Client, share: Share) -> None:
    found = [ask(client, share, f"a{n}@example.org").status_code for n in range(MOST_ASKED + 2)]
    assert found == [200] * MOST_ASKED + [429] * 2
    assert Mail.objects.count() == MOST_ASKED
    assert ask(client, share, "b@example.org", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_protected_link_asks_for_its_passphrase_first(client: Client, share: Share) -> None:
    Share.objects.update(passphrase=passphrases.hashed("correct horse"))
    assert (ask(client, share).status_code, Mail.objects.count()) == (303, 0)


def test_confirming_shows_on_get_and_acts_on_post(client: Client) -> None:
    follower = FollowerFactory(email="a@example.org")
    address = f"/follow/confirm/{followers.confirm_token(follower)}/"
    for method in (client.get, client.head):
        assert method(address).status_code == 200
    follower.refresh_from_db()
    assert not followers.follows(follower)
    response = client.post(address)
    assert "You will be told of new editions The mails go to a@example.org." in words(response)
    follower.refresh_from_db()
    assert (followers.follows(follower), faults(response), response["Referrer-Policy"]) == (True, [], "no-referrer")
    shares.revoke(follower.share)
    assert client.post(address).status_code == 410


def test_leaving_shows_on_get_and_acts_on_the_post_of_a_mail_program(client: Client) -> None:
    follower = FollowerFactory(email="a@example.org")
    followers.confirm(follower)
    address = f"/follow/leave/{followers.leave_token(follower)}/"
    for method in (client.get, client.head):
        assert method(address).status_code == 200
    follower.refresh_from_db()
    assert followers.follows(follower)
    response = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, "We no longer write to a@example.org about new editions." in words(response)) == (
        200,
        True,
    )
    follower.refresh_from_db()
    assert not followers.follows(follower)
    shares.revoke(follower.share)
    assert client.post(address).status_code == 200


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1uAbCd:forged", "A" * 300])
@pytest.mark.parametrize("what", ["confirm", "leave"])
def test_forged_links_lead_nowhere(client: Client, what: str, token: str) -> None:
    for method in (client.get, client.post):
        response = method(f"/follow/{what}/{token}/")
        assert (response.status_code, "This link does not lead anywhere" in words(response)) == (404, True)
