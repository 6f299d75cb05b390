"""Files of mails: stored once, carried by many, gone with the last."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import transaction

from kpiproject import mail, mail_files
from kpiproject.mail_files import File
from kpiproject.models import Mail, MailFile

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PICTURE = File("chart.png", "image/png", b"\x89PNG\x00\xff", "chart-1")
PAPER = File("Bericht März.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n\x00")
HTML = '<html><body><img src="cid:chart-1" alt="Chart"></body></html>'


def put(key: str = "cause 1", **changes) -> Mail:
    fields = {"kind": "test", "to": "ann@example.com", "subject": "Hello", "text": "Hi\n", "html": HTML} | changes
    return mail.put_into_outbox(key=key, **fields)


def names(row: Mail) -> list[str]:
    return list(row.files.order_by("pk").values_list("name", flat=True))


def test_file_is_stored_once_for_all_mails() -> None:
    first, second = put(files=[PICTURE, PAPER]), put("cause 2", files=[PAPER, PICTURE, PAPER])
    assert sorted(names(first)) == sorted(names(second)) == ["Bericht März.pdf", "chart.png"]
    assert MailFile.objects.count() == 2
    assert bytes(MailFile.objects.get(content_id="chart-1").content) == PICTURE.content


@pytest.mark.parametrize(
    "other",
    [
        File("chart2.png", "image/png", PICTURE.content, "chart-1"),
        File("chart.png", "image/gif", PICTURE.content, "chart-1"),
        File("chart.png", "image/png", PICTURE.content),
        File("chart.png", "image/png", PICTURE.content + b"1", "chart-1"),
        File("chart.pngimage", "image/png", b"", "chart-1"),
    ],
)
def test_whatever_differs_is_another_file(other: File) -> None:
    put(files=[PICTURE])
    put("cause 2", files=[other])
    assert MailFile.objects.count() == 2


def test_same_cause_keeps_its_files() -> None:
    put(files=[PICTURE])
    assert names(put(files=[PAPER])) == ["chart.png"]
    assert MailFile.objects.count() == 1


def test_many_mails_share_a_file(django_assert_max_num_queries) -> None:
    drafts = {
        f"k{number}": {"kind": "t", "recipient": "a@example.com", "subject": "s", "text": "t", "files": [PICTURE]}
        for number in range(40)
    }
    put("k0", files=[PAPER])
    put("k1")
    with django_assert_max_num_queries(12):
        ids = mail.put_many(drafts)
    again = mail.put_many(drafts)
    assert again == ids
    carried = {row.key: names(row) for row in Mail.objects.all()}
    expected = {f"k{number}": ["chart.png"] for number in range(40)}
    assert carried == expected | {"k0": ["Bericht März.pdf"], "k1": []}


def test_file_disappears_with_its_cause() -> None:
    with transaction.atomic():
        put(files=[PICTURE])
        transaction.set_rollback(True)
    assert (Mail.objects.count(), MailFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Users\\a.pdf", "C Users a.pdf"),
        ("a\r\nBcc: eve@example.com.png", "a Bcc eve@example.com.png"),
        ("evil\u202egpj.exe", "evil gpj.exe"),
        ("...", "file"),
        ("", "file"),
        (".png", "png"),
        ("Grüße 😀.png", "Grüße 😀.png"),
        ("x" * 300 + ".png", "x" * 146 + ".png"),
        ("y" * 300, "y" * 150),
    ],
)
def test_names_are_safe(name: str, kept: str) -> None:
    assert names(put(files=[File(name, "image/png", b"1")])) == [kept]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([File("a", "image/png\r\nX: y", b"")], "'image/png\\r\\nX: y' is not the type of a file, such as image/png."),
        ([File("a", "message/rfc822", b"")], "'message/rfc822' is not the type of a file, such as image/png."),
        ([File("a", "png", b"")], "'png' is not the type of a file, such as image/png."),
        ([File("a", "image/png", b"", "a>\r\nX: y")], "'a>\\r\\nX: y' cannot be a content_id."),
        ([File("a", "image/png", b"", "chart-2")], "The HTML does not show the picture cid:chart-2."),
        ([PICTURE, PICTURE], "Two pictures of one mail have the same content_id."),
        (
            [File("a", "image/png", bytes(4_000_000)), File("b", "image/png", bytes(4_200_000))],
            "The files of one mail may have 7.0 MB together; these have 8.2 MB.",
        ),
    ],
)
def test_files_that_cannot_be_sent_are_refused(files: list[File], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        put(files=files)
    assert (Mail.objects.count(), MailFile.objects.count()) == (0, 0)


def test_resent_mail_keeps_its_files() -> None:
    row = put(files=[PICTURE])
    Mail.objects.update(state="failed")
    row.refresh_from_db()
    mail.resend(row)
    assert names(row) == ["chart.png"]


def test_purge_removes_files_that_no_mail_carries() -> None:
    with time_machine.travel(NOON - timedelta(days=100), tick=False):
        old = put("old", files=[PICTURE, PAPER])
        put("waiting", files=[PAPER])
    Mail.objects.filter(pk=old.pk).update(state="sent", sent_at=NOON)
    assert mail.purge(NOON - timedelta(days=90)) == 1
    assert names(old) == []
    assert [file.name for file in MailFile.objects.all()] == ["Bericht März.pdf"]


def test_purge_leaves_young_files_to_their_transaction() -> None:
    MailFile.objects.create(digest="d", name="n", content_type="a/b", content=b"", created_at=NOON)
    assert mail_files.purge(NOON) == 0
    assert mail_files.purge(NOON + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_may_store_the_same_file_at_once(at_once) -> None:
    """And one of them cleans up meanwhile."""

    def work(number: int) -> None:
        for turn in range(8):
            if number == 0:
                mail_files.purge(datetime(2100, 1, 1, tzinfo=UTC))
            put(f"{number} {turn}", files=[PICTURE, File(f"{turn}.txt", "text/plain", b"")])
            put(f"shared {turn}", files=[PICTURE])

    def stored() -> tuple[int, dict[str, int]]:
        pictures = MailFile.objects.filter(content_id="chart-1").count()
        return pictures, {row.key: row.files.count() for row in Mail.objects.all()}

    at_once(*[partial(work, number) for number in range(3)])
    expected = {f"{number} {turn}": 2 for number in range(3) for turn in range(8)}
    expected |= {f"shared {turn}": 1 for turn in range(8)}
    assert at_once(stored) == [(1, expected)]
