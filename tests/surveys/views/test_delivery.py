from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpiproject import mail as outbox
from kpiproject.models import Mail
from surveys import sender_check
from surveys.models import BounceReport
from surveys.sender_check import DnsAwayError
from tests.factories import ManagerFactory, StaffFactory
from tests.surveys.reports import failed

pytestmark = pytest.mark.django_db
URL = "/surveys/delivery/"


@pytest.fixture
def manager(client, settings):
    settings.DEFAULT_FROM_EMAIL = "service@example.com"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "kpiproject.mailbox.SmtpBackend", "mail.example.com"
    client.force_login(ManagerFactory())
    return client


def put(to: str = "ada@example.org", **fields) -> Mail:
    row = outbox.put_into_outbox(key=to, kind="survey_invitation", to=to, subject="<b>One</b> question", text="t")
    Mail.objects.filter(pk=row.pk).update(**{"state": "sent", "sent_at": datetime.now(UTC), **fields})
    return row


def test_page_gives_the_exact_records_and_asks_nobody(manager, monkeypatch):
    monkeypatch.setattr(sender_check, "_texts", None)  # a look-up would fail
    page = manager.get(URL).content.decode()
    for text in ("v=spf1 a:mail.example.com ~all", "_dmarc.example.com", "SELECTOR._domainkey.example.com"):
        assert text in page


def test_button_asks_the_dns_and_judges(manager, monkeypatch):
    texts = {"example.com": ["v=spf1 +all"], "pm._domainkey.example.com": ["p=<script>alert(1)</script>"]}
    monkeypatch.setattr(sender_check, "_texts", lambda name: texts.get(name, []))
    page = manager.post(URL, {"selector": "pm"}).content.decode()
    assert "+all lets everybody send in your name." in page
    assert "There is no DMARC record." in page
    assert "p=&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count(">to be mended<") == 2
    assert manager.post(URL, {"selector": "a b"}).status_code == 422


def test_page_says_so_when_nobody_answers(manager, monkeypatch):
    def away(_name: str) -> list[str]:
        raise DnsAwayError

    monkeypatch.setattr(sender_check, "_texts", away)
    answer = manager.post(URL)
    assert (answer.status_code, "No name server answered" in answer.content.decode()) == (200, True)


def test_page_says_so_when_nothing_leaves_the_house(manager, settings):
    settings.EMAIL_BACKEND = "kpiproject.mailbox.ConsoleBackend"
    settings.DEFAULT_FROM_EMAIL = "plumbline@localhost"
    page = manager.get(URL).content.decode()
    assert "No mail leaves the house yet." in page
    assert "is of no domain on the internet" in page
    assert "v=spf1" not in page


def test_failed_mail_can_be_looked_at(manager):
    row = put(state="failed", sent_at=None, error="<i>refused</i>")
    page = manager.get(URL).content.decode()
    assert f'href="/admin/kpiproject/mail/{row.pk}/change/"' in page
    assert "&lt;i&gt;refused&lt;/i&gt;" in page


def test_list_of_what_came_back_is_filtered_with_the_same_queries(manager):
    for number in range(2):
        if number:
            manager.get(f"{URL}returned/")
            with CaptureQueriesContext(connection) as few:
                manager.get(f"{URL}returned/")
        for place in range(1 if not number else 5):
            mail = put(f"p{number}{place}@example.org")
            BounceReport.objects.create(
                mail=mail,
                kind="hard" if place % 2 else "soft",
                recipient=mail.recipient,
                source="dsn",
                diagnostic="<b>",
            )
    with CaptureQueriesContext(connection) as many:
        page = manager.get(f"{URL}returned/").content.decode()
    assert len(many) == len(few)
    assert (page.count("@example.org"), "&lt;b&gt;One" in page) == (6, True)
    assert manager.get(f"{URL}returned/", {"kind": "hard"}).content.decode().count("@example.org") == 2
    assert "Nothing like that came back" in manager.get(f"{URL}returned/", {"q": "bob"}).content.decode()
    assert manager.get(f"{URL}returned/", {"kind": "x"}).status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("ours", "It was noted."),
        ("known", "This was noted before; nothing was changed."),
        ("strange", "It is about no mail that was sent from here; nothing was changed."),
        ("letter", "This is no report of a mail that came back; nothing was changed."),
    ],
)
def test_mail_that_came_back_is_read(manager, content, said):
    mail = put()
    if content == "known":
        BounceReport.objects.create(mail=mail, kind="hard", recipient=mail.recipient, source="dsn")
    data = {"strange": failed("<x@y>"), "letter": b"Subject: Hi\n\nHello"}.get(content, failed(mail.message_id))
    answer = manager.post(f"{URL}returned/read/", {"mail": SimpleUploadedFile("m.eml", data)}, follow=True)
    assert said in answer.content.decode()
    assert BounceReport.objects.count() == (1 if content in ("ours", "known") else 0)


def test_no_file_is_an_error(manager):
    assert manager.post(f"{URL}returned/read/").status_code == 422


@pytest.mark.parametrize("path", ["", "returned/"])
def test_staff_see_nothing_of_it(client, path):
    client.force_login(StaffFactory())
    assert client.get(URL + path).status_code == 403
