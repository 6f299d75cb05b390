"""Following new editions from outside: asked, confirmed, told once of each, and left."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from kpiproject.documents import tree
from kpiproject.mail import SECRET_KINDS
from kpiproject.models import Mail
from kpiproject.tasks import deliver_mail
from manual import followers, share_mail, shares, tasks
from manual.models import Edition, Follower, Share
from tests.factories import ShareFactory
from tests.manual.documents import edition, section
from tests.manual_factories import FollowerFactory

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def issue(words: str, other: str = "Other.") -> Edition:
    return edition(
        section("mine", tree.paragraph(words)),
        section("other", tree.paragraph(other)),
        figures={f"text:{anchor}": {"blocks": 1, "kind": "text", "words": ""} for anchor in ("mine", "other")},
    )


def following(**fields) -> Follower:
    share = ShareFactory(edition=issue("One."), follows_editions=True, **fields)
    follower = followers.ask(share, " Reader@Example.org ")
    followers.confirm(follower)
    return follower


def tell() -> list[Mail | None]:
    return [share_mail.tell_of_edition(pk) for pk in followers.untold(timezone.now())]


def test_nobody_follows_without_confirming() -> None:
    share = ShareFactory(edition=issue("One."), follows_editions=True)
    follower = followers.ask(share, " Reader@Example.org ")
    assert (follower.email, followers.follows(follower)) == ("reader@example.org", False)
    issue("Two.")
    assert tell() == []
    followers.confirm(follower)
    first = follower.confirmed_at
    followers.confirm(follower)
    assert (followers.follows(follower), follower.confirmed_at) == (True, first)
    assert len(tell()) == 1


def test_the_confirmation_holds_for_a_day_and_only_as_we_signed_it() -> None:
    with time_machine.travel(MONDAY, tick=False):
        follower = FollowerFactory()
        token, leave = followers.confirm_token(follower), followers.leave_token(follower)
    with time_machine.travel(MONDAY + timedelta(hours=23, minutes=59), tick=False):
        assert followers.asked(token) == follower
        assert [followers.asked(bad) for bad in ("", "x", token[:-1], leave)] == [None] * 4
    with time_machine.travel(MONDAY + timedelta(hours=24, seconds=1), tick=False):
        assert followers.asked(token) is None
    with time_machine.travel(MONDAY + timedelta(days=4000), tick=False):
        assert followers.leaving(leave) == follower
        assert [followers.leaving(bad) for bad in ("", "x", leave[:-1], token)] == [None] * 4


def test_an_address_is_asked_three_times_a_day_at_most_under_however_many_links() -> None:
    published = issue("One.")
    with time_machine.travel(MONDAY, tick=False) as clock:
        for _time in range(3):
            share = ShareFactory(edition=published, follows_editions=True)
            share_mail.ask_to_confirm(followers.ask(share, "a@example.org"))
        assert followers.ask(share, "A@example.org") is None
        assert followers.ask(share, "b@example.org") is not None
        clock.shift(timedelta(hours=24, seconds=1))
        assert followers.ask(share, "a@example.org") is not None
    assert Mail.objects.count() == 3


def test_whoever_follows_is_not_asked_again() -> None:
    follower = following()
    assert followers.ask(follower.share, "READER@example.org") is None
    followers.leave(follower)
    assert followers.ask(follower.share, "reader@example.org") == follower


def test_a_new_edition_is_told_once_with_what_is_different(settings) -> None:
    settings.BASE_URL = "https://plumbline.example.org"
    follower = following()
    issue("Two.")
    tell()
    assert tell() == []
    share_mail.tell_of_edition(follower.pk)
    mail = Mail.objects.get()
    share = follower.share
    assert (mail.recipient, mail.kind in SECRET_KINDS) == ("reader@example.org", True)
    assert mail.subject == "Edition 2 of the Customer Service Manual of My organisation"
    leave = f"https://plumbline.example.org/follow/leave/{followers.leave_token(follower)}/"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert followers.leaving(mail.headers["List-Unsubscribe"].rstrip(">/").rpartition("/")[2]) == follower
    assert leave[:50] in mail.text
    assert f"https://plumbline.example.org/share/{share.token}/" in mail.text
    assert "  + Two.\n" in mail.text
    assert "  - One.\n" in mail.text


def test_what_was_measured_stands_after_what_was_decided_and_written() -> None:
    def figures(target: str, value: str) -> dict[str, dict[str, str]]:
        return {
            "target:csat": {"label": "CSAT target", "words": target, "kind": "rule", "section": "mine"},
            "kpi:csat.value": {"label": "CSAT", "words": value, "kind": "value", "section": "mine"},
        }

    before = edition(section("mine", tree.paragraph("One.")), figures=figures("85 %", "80 %"))
    follower = followers.ask(ShareFactory(edition=before, follows_editions=True), "a@example.org")
    followers.confirm(follower)
    edition(section("mine", tree.paragraph("Two.")), figures=figures("88 %", "81 %"))
    (mail,) = tell()
    for said in (mail.text, mail.html):
        places = [said.index(words) for words in ("CSAT target: ", "Two.", "What was measured", "81 %")]
        assert places == sorted(places)


def test_only_what_they_may_read_is_told() -> None:
    follower = following(sections=["mine"])
    issue("One.", "Secret.")
    assert tell() == [None]
    follower.refresh_from_db()
    assert (follower.told.number, Mail.objects.count()) == (2, 0)
    issue("Two.", "More secrets.")
    (mail,) = tell()
    assert "Two." in mail.text
    assert "secret" not in (mail.text + mail.html).lower()


def test_two_editions_at_once_are_told_in_one_mail() -> None:
    following()
    issue("Two.")
    issue("Three.")
    (mail,) = tell()
    assert mail.subject.startswith("Edition 3 ")
    assert "  - One.\n" in mail.text
    assert "Two." not in mail.text


@pytest.mark.parametrize(
    "closed",
    [
        {"revoked_at": MONDAY},
        {"expires_at": MONDAY},
        {"follows_editions": False},
    ],
)
def test_under_a_closed_link_nobody_is_told(closed: dict[str, object]) -> None:
    follower = following()
    issue("Two.")
    Share.objects.filter(pk=follower.share_id).update(**closed)
    assert followers.untold(timezone.now()) == []


def test_leaving_stops_also_what_waits_and_revoking_does() -> None:
    follower = following()
    issue("Two.")
    (waiting,) = tell()
    followers.leave(follower)
    first = follower.left_at
    followers.leave(follower)
    waiting.refresh_from_db()
    assert (waiting.state, follower.left_at) == (Mail.State.CANCELLED, first)
    issue("Three.")
    assert tell() == []
    followers.confirm(follower)
    (again,) = tell()
    shares.revoke(follower.share)
    again.refresh_from_db()
    assert again.state == Mail.State.CANCELLED


def test_the_sweep_hands_each_to_a_task_of_its_own(monkeypatch, django_capture_on_commit_callbacks) -> None:
    follower = following()
    issue("Two.")
    handed: list[int] = []
    monkeypatch.setattr(tasks.tell_follower, "apply_async", lambda args, **_options: handed.extend(args))
    tasks.sweep_followers()
    assert handed == [follower.pk]
    woken: list[int] = []
    monkeypatch.setattr(deliver_mail, "delay", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            tasks.tell_follower(follower.pk)
    assert woken == [Mail.objects.get().pk]
