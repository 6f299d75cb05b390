from pathlib import Path

import pytest
from django.test import Client

from kpiproject import mail, people
from kpiproject.models import User
from kpiproject.roles import STAFF
from tests.factories import ManagerFactory
from tests.kpiproject.front.test_letters import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, client: Client) -> Path:
    """The demonstration with a manager logged in; where its mails are."""
    settings.ROOT_URLCONF = "tests.kpiproject.demo_urls"
    client.force_login(ManagerFactory())
    return Path(settings.EMAIL_FILE_PATH)


@pytest.mark.parametrize("path", ["/mailbox/", "/mailbox/0123456789abcdef0123456789abcdef/"])
def test_mailbox_does_not_exist_outside_the_demonstration(client: Client, path: str) -> None:
    client.force_login(ManagerFactory())

    assert client.get(path).status_code == 404


def test_mail_that_was_sent_can_be_read(settings, client: Client, demo: Path) -> None:
    settings.EMAIL_BACKEND = "kpiproject.mailbox.FileBackend"
    people.invite_person("new@example.org", "Nora", role=STAFF, by=User.objects.get())
    mail.deliver(mail.due_ids(1)[0])

    listed = client.get("/mailbox/")
    name = listed.context["envelopes"][0].name
    page = client.get(f"/mailbox/{name}/")

    assert [envelope.recipient for envelope in listed.context["envelopes"]] == ["new@example.org"]
    assert f'src="/mailbox/{name}/html/"' in page.content.decode()
    assert "/accounts/invitation/" in page.context["letter"].text


def test_list_is_empty_before_anything_was_sent(client: Client, demo: Path) -> None:
    assert "No mail yet" in client.get("/mailbox/").content.decode()


def test_list_is_paginated_newest_first(client: Client, demo: Path) -> None:
    for number in range(1, 28):
        write(demo, number)

    first, second = client.get("/mailbox/"), client.get("/mailbox/?page=2")

    assert first.context["envelopes"][0].subject == "Größe 27"
    assert [envelope.subject for envelope in second.context["envelopes"]] == ["Größe 2", "Größe 1"]


def test_html_part_is_locked_in_and_its_links_open_a_tab(client: Client, demo: Path) -> None:
    response = client.get(f"/mailbox/{write(demo)}/html/")

    assert set(response["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "frame-ancestors 'self'",
        "img-src data:",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "style-src 'unsafe-inline'",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response.content.decode().startswith('<html><head><base target="_blank"><title>x</title>')


def test_page_of_a_mail_may_show_frames_of_this_house_only(client: Client, demo: Path) -> None:
    response = client.get(f"/mailbox/{write(demo)}/")

    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_attachment_is_never_shown_in_the_browser(client: Client, demo: Path) -> None:
    name = write(demo)

    response = client.get(f"/mailbox/{name}/attachments/1/")

    assert response.content == b"a,b\n1,2\n"
    assert response["Content-Disposition"] == 'attachment; filename="rows.csv"'
    assert response["Content-Type"] == "application/octet-stream"
    assert client.get(f"/mailbox/{name}/attachments/2/").status_code == 404


@pytest.mark.parametrize("path", ["nothing/", "nothing/html/", "..%2f..%2fetc%2fpasswd/"])
def test_mail_that_does_not_exist(client: Client, demo: Path, path: str) -> None:
    assert client.get(f"/mailbox/{path}").status_code == 404
