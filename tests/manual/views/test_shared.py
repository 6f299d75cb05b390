import io
import logging
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.documents import tree
from kpiproject.queries import organisation
from manual import shares
from manual.models import Share
from manual.tasks import print_edition
from manual.views.shared import MOST_MISSES
from tests.factories import ManagerFactory, ShareFactory
from tests.kpiproject.security import faults
from tests.manual.documents import edition, section
from tests.manual.views.test_reading import printed, words

GUESS = "A" * 22
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house() -> None:
    cache.clear()
    house = organisation()
    house.name = "Fernweh Outdoor"
    house.save()


@pytest.fixture
def share() -> Share:
    found = edition(section("promise", tree.paragraph("We help.")))
    return ShareFactory(edition=found, name="The auditor")


def seen(share: Share) -> int:
    share.refresh_from_db()
    return share.views


def test_an_outsider_reads_the_edition_and_nothing_else(client: Client, share: Share) -> None:
    response = client.get(f"/share/{share.token}/")
    said = words(response)
    assert response.status_code == 200
    assert "Customer Service Manual Edition 1 · published 2 Mar 2026 · figures as of 2 Mar 2026, 10:00" in said
    assert "We help." in said
    assert "Shared with The auditor until" in said
    links = set(re.findall(r'<a[^>]*href="([^"]+)"', response.content.decode()))
    assert links == {"#content", "#promise", f"/share/{share.token}/plumbline-manual.pdf"}
    assert "<form" not in response.content.decode()
    assert faults(response) == []


def test_the_page_leaves_no_trace_with_the_reader(client: Client, share: Share) -> None:
    response = client.get(f"/share/{share.token}/")
    assert (dict(client.cookies), response.cookies) == ({}, {})
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_a_manager_sees_what_the_outsider_sees(client: Client, share: Share) -> None:
    stranger = client.get(f"/share/{share.token}/").content
    client.force_login(ManagerFactory())
    assert client.get(f"/share/{share.token}/").content == stranger


def test_the_link_shows_its_edition_also_when_there_is_a_newer_one(client: Client, share: Share) -> None:
    edition(section("promise", tree.paragraph("Newer words.")))
    assert "Newer words." not in words(client.get(f"/share/{share.token}/"))


@pytest.mark.parametrize(
    ("headers", "counted"),
    [
        ({}, 1),
        ({"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}, 1),
        ({"Sec-Purpose": "prefetch;prerender"}, 0),
        ({"Purpose": "prefetch"}, 0),
        ({"X-Moz": "prefetch"}, 0),
        ({"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, 0),
        ({"User-Agent": "facebookexternalhit/1.1"}, 0),
        ({"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, 0),
    ],
)
def test_only_people_are_counted(client: Client, share: Share, headers: dict[str, str], counted: int) -> None:
    assert client.get(f"/share/{share.token}/", headers=headers).status_code == 200
    assert seen(share) == counted
    assert (share.last_seen_at is not None) is bool(counted)


def test_looking_at_the_head_counts_nothing(client: Client, share: Share) -> None:
    assert client.head(f"/share/{share.token}/").status_code == 200
    assert seen(share) == 0


def test_every_reading_counts(client: Client, share: Share) -> None:
    for _time in range(3):
        client.get(f"/share/{share.token}/")
    assert seen(share) == 3


@pytest.mark.parametrize("token", [GUESS, "short", "x" * 300, "%20", "ä", "A" * 21 + "!"])
def test_unknown_tokens(client: Client, share: Share, token: str) -> None:
    for path in ("", "plumbline-manual.pdf"):
        response = client.get(f"/share/{token}/{path}")
        assert response.status_code == 404
        assert "This link does not lead anywhere It is not complete, or it was changed on its way." in words(response)
        assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["", "plumbline-manual.pdf"])
def test_an_expired_link_says_whom_to_ask(client: Client, share: Share, path: str) -> None:
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.get(f"/share/{share.token}/{path}")
    assert response.status_code == 410
    said = "If you still need the manual, ask the person at Fernweh Outdoor who gave you the link for a new one."
    assert said in words(response)
    assert "We help." not in words(response)


@pytest.mark.parametrize("path", ["", "plumbline-manual.pdf"])
def test_a_revoked_link_is_gone_at_once(client: Client, share: Share, path: str) -> None:
    client.get(f"/share/{share.token}/")
    printed(share.edition)
    shares.revoke(share)
    response = client.get(f"/share/{share.token}/{path}")
    assert response.status_code == 410
    assert (
        "This link has been withdrawn It no longer works. If you still need the manual, "
        "ask the person at Fernweh Outdoor who gave you the link."
    ) in words(response)
    assert (seen(share), response["Cache-Control"]) == (1, "private, no-store")


def test_guessing_is_braked_but_not_for_others(client: Client, share: Share) -> None:
    found = [client.get(f"/share/{GUESS}/").status_code for _guess in range(MOST_MISSES + 2)]
    assert found == [404] * (MOST_MISSES + 1) + [429]
    braked = client.get(f"/share/{share.token}/")
    assert (braked.status_code, braked["Retry-After"]) == (429, "600")
    assert "Please wait ten minutes and open yours again." in words(braked)
    assert client.get(f"/share/{share.token}/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_reading_is_never_braked(client: Client, share: Share) -> None:
    assert {client.get(f"/share/{share.token}/").status_code for _time in range(MOST_MISSES + 5)} == {200}


def test_nothing_can_be_sent(client: Client, share: Share) -> None:
    assert client.post(f"/share/{share.token}/").status_code == 405


def test_the_pdf(client: Client, share: Share, monkeypatch, caplog, django_capture_on_commit_callbacks) -> None:
    monkeypatch.setattr(print_edition, "delay", lambda _pk: pytest.fail("an outsider has woken the printer"))
    with django_capture_on_commit_callbacks(execute=True):
        waiting = client.get(f"/share/{share.token}/plumbline-manual.pdf")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "10")
    assert "The PDF is being printed It takes a few seconds. Try again in a moment." in words(waiting)
    printed(share.edition)
    response = client.get(f"/share/{share.token}/plumbline-manual.pdf")
    assert response.getvalue() == b"%PDF-1.7 words"
    assert response["Content-Disposition"] == 'inline; filename="plumbline-manual.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert (seen(share), dict(client.cookies)) == (1, {})


def test_the_pdf_that_failed_tells_outsiders_no_reason(client: Client, share: Share) -> None:
    share.edition.pdf_error, share.edition.pdf_attempts = "no paper", 99
    share.edition.save(update_fields=["pdf_error", "pdf_attempts"])
    said = words(client.get(f"/share/{share.token}/plumbline-manual.pdf"))
    assert "There is no PDF of this edition" in said
    assert "no paper" not in said


def test_reading_costs_few_queries_and_no_content(client: Client, share: Share) -> None:
    client.get(f"/share/{share.token}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/share/{share.token}/")
    assert len(queries) <= 5
    assert not any('"content"' in query["sql"] for query in queries)


def test_no_log_line_has_a_token(client: Client, share: Share) -> None:
    handler = next(each for each in logging.getLogger().handlers if each.get_name() == "stderr")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    shares.revoke(share)
    client.get(f"/share/{share.token}/")
    client.get(f"/share/{share.token}/plumbline-manual.pdf")
    if before is not None:
        handler.setStream(before)
    assert f"Gone: /share/{share.token[:4]}…/" in written.getvalue()
    assert share.token not in written.getvalue()
