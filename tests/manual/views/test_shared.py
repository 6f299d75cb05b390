import io
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.documents import markdown, tree
from kpiproject.models import Mail
from kpiproject.queries import organisation
from manual import extract_prints, passphrases, shares
from manual.models import ExtractPrint, Share
from manual.tasks import print_edition, print_extract
from manual.views.shared import COOKIE, MOST_GUESSES, MOST_MISSES
from tests.factories import ManagerFactory, ShareFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.documents import edition, section
from tests.manual.views.test_reading import printed, words
from tests.manual_factories import picture

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
    assert links == {
        "#content",
        "#promise",
        f"/share/{share.token}/plumbline-manual.pdf",
        f"/share/{share.token}/plumbline-manual.html",
        f"/share/{share.token}/plumbline-manual.md",
        f"/share/{share.token}/clear/promise/",
    }
    assert re.findall(r'<form[^>]* action="([^"]+)"', response.content.decode()) == [
        f"/share/{share.token}/clear/promise/"
    ]
    assert "This link always shows edition 1, also when there is a newer one." in said
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
        ({"User-Agent": "Barracuda Sentinel (EE)"}, 0),
        ({"User-Agent": "python-requests/2.32"}, 0),
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


def test_people_of_the_house_are_not_counted(client: Client, share: Share) -> None:
    for person in (ManagerFactory(), StaffFactory()):
        client.force_login(person)
        assert client.get(f"/share/{share.token}/").status_code == 200
    assert seen(share) == 0


# --- A passphrase -------------------------------------------------------------------------------------------------
@pytest.fixture
def protected(share: Share) -> Share:
    share.passphrase = passphrases.hashed("correct horse")
    share.created_by = ManagerFactory(email="mara@example.org")
    share.save()
    return share


FILES = tuple(f"plumbline-manual.{kind}" for kind in ("pdf", "html", "md"))
PATHS = ("", *FILES, "clear/promise/", f"pictures/{'0' * 16}", "follow/")


def test_nothing_is_shown_before_the_passphrase(client: Client, protected: Share) -> None:
    asked = client.get(f"/share/{protected.token}/")
    said = words(asked)
    assert (asked.status_code, "Please give the passphrase" in said, "We help." in said) == (200, True, False)
    assert (faults(asked), asked.cookies, seen(protected)) == ([], {}, 0)
    assert (asked["Referrer-Policy"], asked["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    for path in PATHS[1:]:
        response = client.get(f"/share/{protected.token}/{path}")
        assert (response.status_code, response["Location"]) == (303, f"/share/{protected.token}/")


def test_the_right_passphrase_opens_it_here_and_nowhere_else(client: Client, protected: Share) -> None:
    address = f"/share/{protected.token}/"
    response = client.post(address, {"passphrase": "correct horse"})
    assert (response.status_code, response["Location"]) == (303, address)
    cookie = response.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (address, True, "Strict")
    assert "We help." in words(client.get(address))
    assert "We help." not in words(Client().get(address))
    other = ShareFactory(edition=protected.edition, passphrase=passphrases.hashed("correct horse"))
    client.cookies[COOKIE]["path"] = "/"
    assert "We help." not in words(client.get(f"/share/{other.token}/"))
    shares.rotate(protected)
    assert "We help." not in words(client.get(f"/share/{protected.token}/"))


@time_machine.travel("2026-03-02T12:00Z", tick=False)
def test_a_passphrase_tried_100_times(client: Client, protected: Share) -> None:
    Share.objects.update(expires_at=timezone.now() + timedelta(days=1))
    address = f"/share/{protected.token}/"
    found = [client.post(address, {"passphrase": f"guess {n}"}) for n in range(100)]
    # The last one that is looked at says already that it was the last.
    assert [each.status_code for each in found] == [422] * (MOST_GUESSES - 1) + [429] * (101 - MOST_GUESSES)
    assert "This is not the passphrase of this link." in words(found[0])
    assert found[-1]["Retry-After"] == "900"
    said = "Until 2 Mar 2026, 12:15 (UTC) nothing is shown, not even with the right passphrase."
    assert f"Too many wrong passphrases {said} Whoever made the link has been told." in words(found[-1])
    assert client.post(address, {"passphrase": "correct horse"}).status_code == 429
    assert client.get(address).status_code == 429  # nobody types what is not looked at
    elsewhere = client.post(address, {"passphrase": "correct horse"}, REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 303
    assert [(mail.recipient, mail.kind) for mail in Mail.objects.all()] == [
        ("mara@example.org", "manual_share_guessed")
    ]
    shares.rotate(protected)
    assert client.post(f"/share/{protected.token}/", {"passphrase": "correct horse"}).status_code == 303


def test_a_passphrase_tried_from_everywhere_locks_the_link(client: Client, protected: Share) -> None:
    address = f"/share/{protected.token}/"
    for n in range(passphrases.MOST_WRONG):
        client.post(address, {"passphrase": "guess"}, REMOTE_ADDR=f"192.0.2.{n}")
    for method in (client.get, client.post):
        locked = method(address, {"passphrase": "correct horse"}, REMOTE_ADDR="198.51.100.7")
        assert (locked.status_code, "We help." in words(locked)) == (429, False)
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("given", ["", "x" * 5000])
def test_a_nonsense_passphrase_is_refused(client: Client, protected: Share, given: str) -> None:
    assert client.post(f"/share/{protected.token}/", {"passphrase": given}).status_code == 422


# --- A part of it -------------------------------------------------------------------------------------------------
@pytest.fixture
def part() -> Share:
    found = edition(
        section("promise", tree.paragraph("We help."), tree.paragraph(tree.link("More", "#secrets"))),
        section("secrets", tree.paragraph("Nobody else knows.")),
        note="Secrets were added.",
    )
    return ShareFactory(edition=found, sections=["promise"])


def test_only_chosen_sections_are_shown_anywhere(client: Client, part: Share) -> None:
    printed(part.edition)
    for path in ("", "plumbline-manual.html", "plumbline-manual.md", "clear/promise/"):
        said = client.get(f"/share/{part.token}/{path}").content.decode()
        assert ("We help." in said or "clear" in path, "Nobody" in said, "secrets" in said.lower()) == (
            True,
            False,
            False,
        )
    assert client.get(f"/share/{part.token}/clear/secrets/").status_code == 404
    assert client.get(f"/share/{part.token}/plumbline-manual.pdf").status_code == 503


def test_sections_that_are_gone_are_told_in_words(client: Client, part: Share) -> None:
    Share.objects.update(sections=["gone"])
    said = words(client.get(f"/share/{part.token}/"))
    assert "The sections that were shared with you are no longer part of the manual." in said


def test_a_link_that_follows_shows_the_edition_in_force(client: Client, share: Share) -> None:
    Share.objects.update(follows_editions=True)
    edition(section("promise", tree.paragraph("Newer words.")))
    assert "Newer words." in words(client.get(f"/share/{share.token}/"))


def test_pictures_are_those_of_what_may_be_read(client: Client) -> None:
    shown, hidden = picture(), picture(colour="blue")
    blocks = [{**each, "digest": found.digest, "kind": "png", "width": 40, "height": 30}
              for found in (shown, hidden) for each in markdown.parse(f"![It](image:{found.name})")]  # fmt: skip
    found = edition(section("mine", blocks[0]), section("other", blocks[1]))
    share = ShareFactory(edition=found, sections=["mine"])
    page = client.get(f"/share/{share.token}/").content.decode()
    assert re.findall(r'src="([^"]+)"', page)[:1] == [f"/share/{share.token}/pictures/{shown.name}"]
    response = client.get(f"/share/{share.token}/pictures/{shown.name}")
    assert (response.status_code, response.content, response["Content-Type"]) == (
        200,
        bytes(shown.content),
        "image/png",
    )
    assert client.get(f"/share/{share.token}/pictures/{hidden.name}").status_code == 404
    assert client.get(f"/manual/pictures/{shown.name}").status_code == 302
    shares.revoke(share)
    assert client.get(f"/share/{share.token}/pictures/{shown.name}").status_code == 410


def test_reading_is_never_braked(client: Client, share: Share) -> None:
    assert {client.get(f"/share/{share.token}/").status_code for _time in range(MOST_MISSES + 5)} == {200}


def test_nothing_can_be_sent(client: Client, share: Share) -> None:
    assert client.post(f"/share/{share.token}/").status_code == 405


def kept(share: Share) -> ExtractPrint:
    """What its readers see, as it was printed."""
    found = extract_prints.plan(share)
    found.pdf.save("m.pdf", ContentFile(b"%PDF-1.7 extract"))
    return found


def test_the_pdf(client: Client, share: Share, monkeypatch, caplog, django_capture_on_commit_callbacks) -> None:
    for task in (print_edition, print_extract):
        monkeypatch.setattr(task, "delay", lambda _pk: pytest.fail("an outsider has woken the printer"))
    with django_capture_on_commit_callbacks(execute=True):
        waiting = client.get(f"/share/{share.token}/plumbline-manual.pdf")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "10")
    said = (
        "The PDF is being made It takes less than a minute. Try again in a moment; until then you can read everything"
    )
    assert said in words(waiting)
    assert ExtractPrint.objects.count() == 0
    printed(share.edition)
    kept(share)
    response = client.get(f"/share/{share.token}/plumbline-manual.pdf")
    assert response.getvalue() == b"%PDF-1.7 extract"
    assert response["Content-Disposition"] == 'inline; filename="plumbline-manual.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert (seen(share), dict(client.cookies)) == (1, {})


def test_the_pdf_that_failed_tells_outsiders_no_reason(client: Client, share: Share) -> None:
    extract_prints.plan(share)
    ExtractPrint.objects.update(pdf_error="no paper", pdf_attempts=99)
    said = words(client.get(f"/share/{share.token}/plumbline-manual.pdf"))
    assert "There is no PDF of this It could not be printed." in said
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
