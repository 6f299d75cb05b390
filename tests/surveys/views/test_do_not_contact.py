import hashlib
import html
import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Suppression
from surveys.views import do_not_contact
from tests.factories import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db
URL = "/surveys/do-not-contact/"


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def emails() -> list[str]:
    return list(Suppression.objects.order_by("email").values_list("email", flat=True))


def test_list_is_searched_filtered_and_paged_with_the_same_queries(manager):
    Suppression.objects.create(email="<b>x</b>@example.org", reason="manual", note="<script>alert(1)</script>")
    manager.get(URL)  # what is remembered is remembered now
    with CaptureQueriesContext(connection) as few:
        manager.get(URL)
    Suppression.objects.bulk_create([Suppression(email=f"p{n:03}@example.org", reason="bounced") for n in range(60)])
    with CaptureQueriesContext(connection) as many:
        page = manager.get(URL).content.decode()
    assert len(many) == len(few)
    assert (page.count("Take off</a>"), "<script>alert" in page, "61 addresses" in page) == (50, False, True)
    assert manager.get(URL, {"page": 2}).content.decode().count("Take off</a>") == 11
    assert "p007@example.org" in manager.get(URL, {"q": "P007"}).content.decode()
    assert "No address is like that" in manager.get(URL, {"reason": "complained"}).content.decode()
    assert manager.get(URL, {"reason": "nonsense"}).status_code == 422


def test_address_is_added_by_hand(manager):
    answer = manager.post(f"{URL}add/", {"email": "Ada@Example.org", "note": "phone"}, follow=True)
    assert "No survey writes to ada@example.org any more." in answer.content.decode()
    assert list(Suppression.objects.values_list("email", "reason", "note")) == [("ada@example.org", "manual", "phone")]
    assert (
        "is on the list already"
        in manager.post(f"{URL}add/", {"email": "ADA@example.org"}, follow=True).content.decode()
    )
    assert manager.post(f"{URL}add/", {"email": "nobody"}).status_code == 422


@pytest.mark.parametrize(
    ("reason", "needs_confirmation", "said"),
    [
        ("unsubscribed", True, "In most countries you may write to them again only if they have asked you to."),
        ("complained", True, "told their mail provider that your mail was junk"),
        ("bounced", False, "came back because nobody has it"),
        ("manual", False, "Somebody here put it on the list by hand."),
    ],
)
def test_taking_somebody_off_says_what_it_means(manager, reason, needs_confirmation, said):
    entry = Suppression.objects.create(email="ada@example.org", reason=reason)
    url = f"{URL}{entry.pk}/remove/"
    assert said in manager.get(url).content.decode()
    assert emails() == ["ada@example.org"]
    answer = manager.post(url)
    assert (answer.status_code, emails()) == ((422, ["ada@example.org"]) if needs_confirmation else (302, []))
    if needs_confirmation:
        assert "Please confirm first that this person asked for it." in answer.content.decode()
        manager.post(url, {"sure": "1"})
    assert emails() == []


def test_file_is_shown_first_and_then_put(manager):
    Suppression.objects.create(email="known@example.org", reason="manual")
    file = SimpleUploadedFile("l.csv", b'email,note\nada@example.org,"<b>""x"" & y</b>"\nknown@example.org,\nnobody,\n')
    page = manager.post(f"{URL}import/", {"file": file}).content.decode()
    for said in ("1 address would be added.", "1 is on the list already", "1 line cannot be used.", "nobody"):
        assert said in page
    assert emails() == ["known@example.org"]
    [entries] = re.findall(r'name="entries" value="([^"]*)"', page)
    for count in (1, 0):
        answer = manager.post(f"{URL}put/", {"entries": html.unescape(entries)}, follow=True).content.decode()
        assert f"{count} address{'' if count == 1 else 'es'} w" in answer
    assert Suppression.objects.get(email="ada@example.org").note == '<b>"x" & y</b>'


@pytest.mark.parametrize(
    "entries",
    [
        "",
        "[]",
        "{",
        '["a"]',
        '[["nobody","manual",""]]',
        '[["a@example.org","because",""]]',
        '[["A@x.org","manual",""]]',
        '[["a@example.org","manual","\\u0000"]]',
        '[["a@example.org","manual","\\ud800"]]',
        '[["a@example.org","manual",""]]',  # fit, but not signed
        pytest.param("[" * 200_000, id="deep"),
    ],
)
def test_entries_that_no_preview_showed_are_refused(manager, entries):
    assert manager.post(f"{URL}put/", {"entries": entries}).status_code == 422
    assert emails() == []


@pytest.mark.parametrize(
    ("entries", "salt"),
    [
        ([["a@example.org", "manual", ""]], "another page"),
        ([["nobody", "manual", ""]], "surveys.do-not-contact-preview"),
        ([["a@example.org", "because", ""]], "surveys.do-not-contact-preview"),
        ([["a@example.org", "manual", "x" * 201]], "surveys.do-not-contact-preview"),
        ([], "surveys.do-not-contact-preview"),
    ],
    ids=["another page", "address", "reason", "note", "nobody"],
)
def test_signed_entries_that_do_not_fit_are_refused(manager, entries, salt):
    assert manager.post(f"{URL}put/", {"entries": signing.dumps(entries, salt=salt, compress=True)}).status_code == 422
    assert emails() == []


def test_longest_list_is_carried_by_the_page(manager):
    """Ten thousand addresses of which nothing repeats, more than a form may hold as they are."""
    names = [hashlib.md5(b"%d" % n, usedforsecurity=False).hexdigest() for n in range(10_000)]
    lines = [f"{name}@example.org,{'Asked us by phone. ' * 5}" for name in names]
    file = SimpleUploadedFile("l.csv", "\n".join(["email,note", *lines]).encode())
    page = manager.post(f"{URL}import/", {"file": file}).content.decode()
    [entries] = re.findall(r'name="entries" value="([^"]*)"', page)
    assert manager.post(f"{URL}put/", {"entries": entries}).status_code == 302
    assert len(emails()) == 10_000


def test_list_that_is_too_long_for_the_page_is_refused_before_the_preview(manager, monkeypatch):
    monkeypatch.setattr(do_not_contact, "MOST_CARRIED", 100)
    lines = [f"a{n}@example.org,{n * 7919}" for n in range(90)]
    file = SimpleUploadedFile("l.csv", "\n".join(["email,note", *lines]).encode())
    answer = manager.post(f"{URL}import/", {"file": file})
    assert answer.status_code == 422
    assert "Its notes are too long to add all of them at once. Split it." in answer.content.decode()


def test_file_that_cannot_be_read_says_why(manager):
    answer = manager.post(f"{URL}import/", {"file": SimpleUploadedFile("l.csv", b"name\nAda\n")})
    assert answer.status_code == 422
    assert "has no column with e-mail addresses" in html.unescape(answer.content.decode())


def test_download_is_a_file_with_every_entry(manager):
    Suppression.objects.create(email="=x@example.org", reason="manual", note="a,b")
    answer = manager.get(f"{URL}list.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Disposition"].startswith('attachment; filename="do-not-contact-')
    assert lines[0] == "email,reason,since,note"
    assert re.fullmatch(r"'=x@example\.org,manual,\S+,\"a,b\"", lines[1])


@pytest.mark.parametrize("path", ["", "add/", "import/", "list.csv"])
def test_staff_see_nothing_of_it(client, path):
    client.force_login(StaffFactory())
    assert client.get(URL + path).status_code == 403
