"""What leaves the house, as a mail program takes it apart."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kpiproject import mail
from tests.factories import ManagerFactory
from tests.kpiproject.test_mail_files import HTML, PAPER, PICTURE, put
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db


def structure(part: EmailMessage) -> object:
    kind = part.get_content_type()
    return {kind: [structure(inner) for inner in part.iter_parts()]} if part.is_multipart() else kind


def arrived(sink: Sink, **changes) -> EmailMessage:
    mail.deliver(put(**changes).pk)
    return sink.mails[-1]


WORDS = {"multipart/alternative": ["text/plain", "text/html"]}
WORDS_AND_PICTURE = {
    "multipart/alternative": ["text/plain", {"multipart/related": ["text/html", "image/png"]}],
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, WORDS),
        ({"html": ""}, "text/plain"),
        ({"files": [PICTURE]}, WORDS_AND_PICTURE),
        ({"files": [PAPER]}, {"multipart/mixed": [WORDS, "application/pdf"]}),
        ({"files": [PAPER, PICTURE]}, {"multipart/mixed": [WORDS_AND_PICTURE, "application/pdf"]}),
        ({"html": "", "files": [PAPER]}, {"multipart/mixed": ["text/plain", "application/pdf"]}),
    ],
)
def test_structure(mail_through_sink: Sink, changes: dict[str, Any], expected: object) -> None:
    assert structure(arrived(mail_through_sink, **changes)) == expected


def test_every_byte_arrives(mail_through_sink: Sink) -> None:
    message = arrived(mail_through_sink, files=[PAPER, PICTURE])
    parts = {part.get_content_type(): part for part in message.walk()}
    picture, paper = parts["image/png"], parts["application/pdf"]
    assert (picture.get_payload(decode=True), paper.get_payload(decode=True)) == (PICTURE.content, PAPER.content)
    assert (picture["Content-ID"], paper["Content-ID"]) == ("<chart-1>", None)
    assert (picture.get_content_disposition(), picture.get_filename()) == ("inline", "chart.png")
    assert (paper.get_content_disposition(), paper.get_filename()) == ("attachment", "Bericht März.pdf")
    assert [part["Content-Transfer-Encoding"] for part in (picture, paper)] == ["base64", "base64"]
    assert parts["text/html"].get_content().strip() == HTML
    assert message["Message-ID"] == put().message_id


def test_mail_with_pictures_and_attachment_in_the_mailbox(settings, client: Client) -> None:
    settings.ROOT_URLCONF = "tests.kpiproject.demo_urls"
    settings.EMAIL_BACKEND = "kpiproject.mailbox.FileBackend"
    client.force_login(ManagerFactory())
    mail.deliver(put(files=[PICTURE, PAPER]).pk)
    name = next(Path(settings.EMAIL_FILE_PATH).glob("*.eml")).stem
    page, html = client.get(f"/mailbox/{name}/"), client.get(f"/mailbox/{name}/html/")
    assert [file.file_name for file in page.context["letter"].attachments] == ["Bericht März.pdf"]
    assert html.content.decode().strip() == HTML.replace("cid:chart-1", "data:image/png;base64,iVBORwD/")
    assert client.get(f"/mailbox/{name}/attachments/1/").content == PAPER.content
