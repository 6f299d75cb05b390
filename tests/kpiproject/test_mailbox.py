"""The transports by themselves; the outbox that uses them is in test_mail.py."""

import smtplib
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from kpiproject import mailbox
from tests.smtp_sink import Sink


def message(text: str = "Hello", **headers: str) -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Subject", text, "from@example.com", ["to@example.com"], headers=headers)


def test_folder_keeps_one_file_a_mail(settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "deep" / "folder")
    backend = get_connection("kpiproject.mailbox.FileBackend")
    for text in ("first", "again"):
        assert backend.send_messages([message(text, **{"Message-ID": "<1@example.com>"})]) == 1
    assert backend.send_messages([message("other", **{"Message-ID": "<2@example.com>"})]) == 1
    files = sorted((tmp_path / "deep" / "folder").iterdir())
    parsed = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert sorted((mail["Message-ID"], mail.get_content().strip()) for mail in parsed) == [
        ("<1@example.com>", "again"),
        ("<2@example.com>", "other"),
    ]
    assert {file.suffix for file in files} == {".eml"}


def test_folder_that_cannot_be_written_is_a_temporary_trouble(settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.EMAIL_FILE_PATH = str(tmp_path / "file")
    with pytest.raises(FileExistsError) as refused:
        get_connection("kpiproject.mailbox.FileBackend").send_messages([message()])
    assert mailbox.is_temporary(refused.value)


def test_console_shows_what_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    with_html = message("Your code is 123.")
    with_html.attach_alternative("<p>Your code</p>", "text/html")
    assert get_connection("kpiproject.mailbox.ConsoleBackend").send_messages([with_html]) == 1
    shown = capsys.readouterr().out
    assert shown == f"To: to@example.com\nSubject: Subject\n\nYour code is 123.\n{'-' * 79}\n"


@pytest.mark.parametrize("text", [".", "..", "a\n.\nb", ".\n.\n.", "no line end", "", "x" * 3000, "Ärger\n.ä"])
def test_smtp_carries_every_line(mail_through_sink: Sink, text: str) -> None:
    assert get_connection("kpiproject.mailbox.SmtpBackend").send_messages([message(text)]) == 1
    (arrived,) = mail_through_sink.mails
    assert arrived.get_content().splitlines() == text.splitlines()


def test_smtp_asks_when_the_server_has_all_but_the_dot(mail_through_sink: Sink) -> None:
    seen: list[int] = []
    backend = mailbox.SmtpBackend()
    backend.before_last_byte = lambda: seen.append(len(mail_through_sink.mails))
    backend.send_messages([message(), message()])
    assert (seen, len(mail_through_sink.mails)) == ([0, 1], 2)


def test_smtp_leaves_no_mail_behind_when_the_answer_is_no(mail_through_sink: Sink) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    backend = mailbox.SmtpBackend()
    backend.before_last_byte = stop
    with pytest.raises(StopError):
        backend.send_messages([message()])
    assert mail_through_sink.mails == []


@pytest.mark.parametrize(
    ("error", "temporary", "sentence"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad\r\ncredentials"),
            True,
            "The mail server refused the user name or password in EMAIL_URL: 535 5.7.8 Bad credentials",
        ),
        (smtplib.SMTPSenderRefused(421, b"Busy", "a@b.c"), True, "The mail server refused the mail: 421 Busy"),
        (smtplib.SMTPSenderRefused(553, b"No", "a@b.c"), False, "The mail server refused the mail: 553 No"),
        (
            smtplib.SMTPRecipientsRefused({"a@b.c": (452, b"Full")}),
            True,
            "The mail server refused the recipient: 452 Full",
        ),
        (smtplib.SMTPConnectError(554, "Go away"), False, "The mail server refused the mail: 554 Go away"),
        (
            smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
            True,
            "The mail server could not be reached or broke off: Connection unexpectedly closed",
        ),
        (TimeoutError(), True, "The mail server could not be reached or broke off: TimeoutError: "),
        (ValueError("Invalid address"), False, "The mail could not be sent: ValueError: Invalid address"),
    ],
)
def test_every_trouble_has_its_verdict_and_sentence(error: Exception, temporary: bool, sentence: str) -> None:
    assert (mailbox.is_temporary(error), mailbox.explain(error)) == (temporary, sentence)
