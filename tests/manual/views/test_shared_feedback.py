"""“Is this clear?” of readers without an account: counted, told to the owner, and nothing kept that says who."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kpiproject.models import Mail
from manual import feedback
from manual.models import Feedback, Section, Share
from manual.views.shared_feedback import MOST_SAID
from tests.factories import ManagerFactory, SectionFactory, ShareFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import published
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


@pytest.fixture
def share() -> Share:
    return ShareFactory(edition=published("promise", "hours"), name="The auditor")


def address(share: Share, anchor: str = "promise") -> str:
    return f"/share/{share.token}/clear/{anchor}/"


def test_a_reader_says_what_is_not_clear(client: Client, share: Share) -> None:
    page = client.get(address(share))
    assert (page.status_code, faults(page)) == (200, [])
    assert "nothing that says who you are. We cannot write back." in words(page)
    response = client.post(address(share), {"clear": "no", "why": "Which\r\nday?"}, headers={"User-Agent": "Firefox"})
    assert (response.status_code, response["Location"]) == (303, f"{address(share)}?thanks")
    assert "Thank you Whoever looks after “Promise” at My organisation gets to know." in words(
        client.get(response["Location"])
    )
    one = Feedback.objects.get()
    assert (one.slug, one.is_clear, one.why, one.share, one.edition) == (
        "promise", False, "Which\nday?", share, share.edition
    )  # fmt: skip
    assert (one.person, one.is_outside, response.cookies) == (None, True, {})


def test_yes_counts_once_from_one_network_within_an_hour(client: Client, share: Share) -> None:
    for _time in range(3):
        assert client.post(address(share), {"clear": "yes"}).status_code == 303
    client.post(address(share, "hours"), {"clear": "yes"})
    client.post(address(share), {"clear": "yes"}, REMOTE_ADDR="192.0.2.9")
    assert list(Feedback.objects.order_by("id").values_list("slug", flat=True)) == ["promise", "hours", "promise"]


def test_the_same_form_sent_twice_counts_once(client: Client, share: Share) -> None:
    given = {"clear": "no", "why": "Which day?", "form_key": "k" * 22}
    assert [client.post(address(share), given).status_code for _time in range(2)] == [303, 303]
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("given", [{}, {"clear": "maybe"}, {"clear": "no", "why": "x" * 1001}])
def test_nonsense_is_refused_and_nothing_lost(client: Client, share: Share, given: dict[str, str]) -> None:
    response = client.post(address(share), given)
    assert (response.status_code, faults(response), Feedback.objects.count()) == (422, [], 0)
    assert given.get("why", "") in response.content.decode()


def test_much_from_one_network_is_braked_but_not_for_others(client: Client, share: Share) -> None:
    found = [client.post(address(share), {"clear": "no"}).status_code for _time in range(MOST_SAID + 1)]
    assert found == [303] * MOST_SAID + [429]
    braked = client.post(address(share), {"clear": "no"})
    assert braked["Retry-After"] == "3600"
    assert "What came before is kept. Please try again in an hour." in words(braked)
    assert client.post(address(share), {"clear": "no"}, REMOTE_ADDR="192.0.2.9").status_code == 303
    assert Feedback.objects.count() == MOST_SAID + 1


def test_much_under_one_link_is_braked_for_everybody(client: Client, share: Share, monkeypatch) -> None:
    monkeypatch.setattr(feedback, "MOST_FROM_LINK", 2)
    found = [client.post(address(share), {"clear": "no"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(3)]
    assert found == [303, 303, 429]
    Feedback.objects.update(at=timezone.now() - timedelta(hours=2))
    assert client.post(address(share), {"clear": "no"}).status_code == 303


def test_only_sections_that_may_be_read(client: Client, share: Share) -> None:
    Share.objects.update(sections=["promise"])
    for anchor in ("hours", "nowhere"):
        assert client.post(address(share, anchor), {"clear": "no"}).status_code == 404
    Share.objects.update(revoked_at=timezone.now())
    assert client.post(address(share), {"clear": "no"}).status_code == 410
    assert Feedback.objects.count() == 0


def test_the_owner_is_told_under_which_link_it_was_said(client: Client, share: Share) -> None:
    Section.objects.filter(slug="promise").delete()
    owner = StaffFactory(email="ola@example.org")
    SectionFactory(slug="promise", title="Promise", owner=owner)
    client.post(address(share), {"clear": "no", "why": "Which day?"})
    feedback.tell(datetime(2026, 3, 3, 12, tzinfo=UTC))  # a Tuesday at noon: nobody is told at night
    mail = Mail.objects.get()
    assert mail.recipient == "ola@example.org"
    assert "* Promise (a reader under the link for The auditor)\n  Which day?" in mail.text
    assert "<strong>Promise</strong> (a reader under the link for The auditor)" in mail.html
    client.force_login(ManagerFactory())
    assert "Promise · Edition 1 · a reader under the link for The auditor ·" in words(client.get("/manual/feedback/"))
    assert feedback.of_section("promise") == feedback.Counted(clear=0, unclear=1, waiting=1, outside=1)
    counted = words(client.get("/manual/sections/promise/care/"))
    assert "0 readers found it clear, 1 did not. 1 of them reads it under a share link." in counted
