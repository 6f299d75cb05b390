"""The outbox: written once per cause, sent exactly once, tried again for the right reasons only."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import transaction

from kpiproject import mail
from kpiproject.models import Mail, Organisation
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNCONFIRMED = (
    "The mail server was given this mail but its answer was not heard. It most likely arrived, so it is not sent "
    "again by itself. Send it again if the recipient did not get it."
)

ONLY_WHAT_FAILED = r"^Only a mail that failed or was not confirmed, and still has its text, can be sent again\.$"


def put(key: str = "cause 1", **changes) -> Mail:
    fields = {"kind": "test", "to": "ann@example.com", "subject": "Hello", "text": "How are you?\n"} | changes
    return mail.put_into_outbox(key=key, **fields)


def test_one_cause_is_one_mail() -> None:
    first, second = put(), put(subject="Written again")
    assert (second.pk, second.subject) == (first.pk, "Hello")
    assert put("cause 2").message_id != first.message_id


def test_mail_disappears_with_its_cause() -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"to": "ann@example.com\nBcc: eve@example.com"},
            "'ann@example.com\\nBcc: eve@example.com' is not an e-mail address.",
        ),
        ({"to": "ann"}, "'ann' is not an e-mail address."),
        ({"to": "Ann <ann@example.com>"}, "'Ann <ann@example.com>' is not an e-mail address."),
        (
            {"reply_to": "a@example.com\r\nBcc: e@example.com"},
            "The header Reply-To contains a line break or control character.",
        ),
        (
            {"headers": {"X-Kind": "a\nBcc: e@example.com"}},
            "The header X-Kind contains a line break or control character.",
        ),
        ({"headers": {"Bcc": "eve@example.com"}}, "'Bcc' cannot be the name of an additional header."),
        ({"headers": {"X-A: b\nBcc": "eve@example.com"}}, "'X-A: b\\nBcc' cannot be the name of an additional header."),
    ],
)
def test_headers_cannot_be_smuggled_in(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        put(**changes)
    assert Mail.objects.count() == 0


def test_subject_stays_one_line_and_fits() -> None:
    assert put(subject="Hello\r\nBcc: eve@example.com\x00").subject == "Hello Bcc: eve@example.com"
    assert len(put("long", subject="é" * 1000).subject) == 400


def test_text_without_what_a_database_refuses() -> None:
    assert put(text="a\x00b", html="<p>a\x00b</p>").text == "ab"


def test_delivered_mail_arrives_as_written(mail_through_sink: Sink) -> None:
    headers = {"List-Unsubscribe": "<https://example.com/u/1/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    row = put(
        subject="Grüße – 5 ★",
        text="First line\n.\n..two dots\n.one dot\nEnd",
        html="<p>Größe</p>",
        headers=headers,
        reply_to="Service <service@example.com>",
    )
    mail.deliver(row.pk)
    row.refresh_from_db()
    (arrived,) = mail_through_sink.mails
    assert (row.state, row.attempts, row.error, row.lease_token) == ("sent", 1, "", "")
    assert row.sent_at is not None
    assert arrived["Message-ID"] == row.message_id
    assert arrived["Date"].datetime == row.created_at.replace(microsecond=0)
    assert (arrived["Subject"], arrived["To"]) == ("Grüße – 5 ★", "ann@example.com")
    assert arrived["Reply-To"] == "Service <service@example.com>"
    assert {name: arrived[name] for name in headers} == headers
    assert content(arrived, "plain").splitlines() == row.text.splitlines()
    assert content(arrived, "html").strip() == "<p>Größe</p>"


def content(arrived: EmailMessage, kind: str) -> str:
    part = arrived.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_second_delivery_sends_nothing(mail_through_sink: Sink) -> None:
    row = put()
    mail.deliver(row.pk)
    mail.deliver(row.pk)
    assert mail_through_sink.arrivals == {"ann@example.com": 1}


def test_mail_that_another_worker_is_sending_is_left_alone(mail_through_sink: Sink) -> None:
    row = put()
    Mail.objects.update(state="claimed", lease_until=NOON + timedelta(minutes=2), lease_token="theirs")
    with time_machine.travel(NOON + timedelta(seconds=119), tick=False):
        Mail.objects.update(next_attempt_at=NOON)
        assert mail.due_ids(10) == []
        mail.deliver(row.pk)
    assert mail_through_sink.arrivals == {}
    with time_machine.travel(NOON + timedelta(seconds=120), tick=False):
        assert mail.due_ids(10) == [row.pk]
        mail.deliver(row.pk)
    assert mail_through_sink.arrivals == {"ann@example.com": 1}


@pytest.mark.parametrize(("where", "reply"), [("on_rcpt", "450 4.2.0 Mailbox busy"), ("on_data", "451 Try later")])
def test_temporary_refusals_are_tried_again_five_times(mail_through_sink: Sink, where: str, reply: str) -> None:
    setattr(mail_through_sink, where, reply)
    with time_machine.travel(NOON, tick=False) as clock:
        row = put()
        waits = []
        for _attempt in range(6):
            mail.deliver(row.pk)
            row.refresh_from_db()
            waits.append((row.next_attempt_at - datetime.now(UTC)).total_seconds())
            clock.move_to(row.next_attempt_at)
    assert waits == [60, 300, 1800, 7200, 21600, 0]
    whom = "recipient" if where == "on_rcpt" else "mail"
    assert (row.state, row.attempts) == ("failed", 6)
    assert row.error == f"The mail server refused the {whom}: {reply}"


@pytest.mark.parametrize(
    ("where", "reply", "sentence"),
    [
        ("on_rcpt", "550 5.1.1 No such user", "The mail server refused the recipient: 550 5.1.1 No such user"),
        ("on_data", "554 5.7.1 Spam", "The mail server refused the mail: 554 5.7.1 Spam"),
    ],
)
def test_permanent_refusal_fails_at_once(mail_through_sink: Sink, where: str, reply: str, sentence: str) -> None:
    setattr(mail_through_sink, where, reply)
    row = put()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 1, sentence)
    assert mail.due_ids(10) == []


def test_unreachable_server_is_tried_again(settings) -> None:
    settings.EMAIL_BACKEND = "kpiproject.mailbox.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = put()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == "queued"
    assert row.error == "The mail server could not be reached or broke off: [Errno 111] Connection refused"


def test_server_that_hangs_up_after_the_dot_is_asked_again_with_the_same_id(mail_through_sink: Sink) -> None:
    mail_through_sink.hangs_up = True
    row = put()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    mail_through_sink.hangs_up = False
    Mail.objects.update(next_attempt_at=NOON)
    mail.deliver(row.pk)
    assert [arrived["Message-ID"] for arrived in mail_through_sink.mails] == [row.message_id]


def test_server_that_keeps_silent_after_the_dot_is_not_asked_again(mail_through_sink: Sink, monkeypatch) -> None:
    monkeypatch.setattr("kpiproject.mailbox.SECONDS_FOR_THE_LAST_REPLY", 0.1)
    mail_through_sink.seconds_to_think = 0.5
    row = put()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error, row.sent_at is None) == ("handed_over", UNCONFIRMED, False)
    assert mail.due_ids(10) == []


def test_worker_that_was_too_slow_does_not_send_the_dot(mail_through_sink: Sink, monkeypatch) -> None:
    row = put()
    hand_over = mail._hand_over

    def taken_over_meanwhile(mine) -> None:
        Mail.objects.update(lease_token="somebody else's")
        hand_over(mine)

    monkeypatch.setattr(mail, "_hand_over", taken_over_meanwhile)
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.lease_token) == ("claimed", "somebody else's")
    assert mail_through_sink.arrivals == {}


def test_mail_handed_over_by_a_dead_worker_is_shown_not_sent(mail_through_sink: Sink) -> None:
    row = put()
    Mail.objects.update(state="handed_over", lease_until=NOON, lease_token="dead")
    with time_machine.travel(NOON, tick=False):
        assert mail.due_ids(10) == []
        assert mail.note_unconfirmed() == 1
        assert mail.note_unconfirmed() == 0
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.error) == ("handed_over", NOON, UNCONFIRMED)
    mail.resend(row)
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, mail_through_sink.arrivals) == ("sent", {"ann@example.com": 1})


def test_mail_that_kills_its_worker_ends_as_failed() -> None:
    row = put()
    Mail.objects.update(state="claimed", attempts=12)
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.error == ("The mail could not be sent: the worker ended 12 times while it was being sent")


@pytest.mark.parametrize(("state", "can"), [("failed", True), ("sent", False), ("queued", False), ("claimed", False)])
def test_only_what_did_not_arrive_is_sent_again(state: str, can: bool) -> None:
    row = put()
    Mail.objects.update(state=state, attempts=6, error="No.")
    row.refresh_from_db()
    if can:
        mail.resend(row)
        assert (row.state, row.attempts, row.error, mail.due_ids(10)) == ("queued", 0, "", [row.pk])
    else:
        with pytest.raises(ValueError, match=ONLY_WHAT_FAILED):
            mail.resend(row)


def test_mail_without_its_text_is_not_sent_again() -> None:
    row = put()
    Mail.objects.update(state="failed", text="", html="")
    row.refresh_from_db()
    with pytest.raises(ValueError, match=ONLY_WHAT_FAILED):
        mail.resend(row)


def test_any_django_backend_works() -> None:
    row = put()
    mail.deliver(row.pk)  # the test runner has put Django's own backend in place
    row.refresh_from_db()
    assert (row.state, [sent.subject for sent in django_mail.outbox]) == ("sent", ["Hello"])


def test_backend_that_raises_whatever_fails_with_its_words(monkeypatch) -> None:
    def refuse(*_anything: object) -> int:
        raise KeyError("api key")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    row = put()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "The mail could not be sent: KeyError: 'api key'")


def test_due_mails_come_oldest_first_and_not_too_many() -> None:
    rows = [put(f"cause {number}") for number in range(4)]
    for minutes, row in zip((3, 1, 2, -60), rows, strict=True):
        Mail.objects.filter(pk=row.pk).update(next_attempt_at=NOON - timedelta(minutes=minutes))
    with time_machine.travel(NOON, tick=False):
        assert mail.due_ids(10) == [rows[0].pk, rows[2].pk, rows[1].pk]
        assert mail.due_ids(1) == [rows[0].pk]


@pytest.mark.parametrize(
    ("state", "sent_days_ago", "is_emptied"),
    [
        ("sent", 91, True),
        ("failed", None, True),
        ("cancelled", None, True),
        ("handed_over", 1, True),  # not confirmed
        ("handed_over", None, False),
        ("queued", None, False),
        ("claimed", None, False),
    ],
)
def test_purge_empties_old_mails_in_every_final_state(state: str, sent_days_ago: int | None, is_emptied: bool) -> None:
    row = put(html="<p>")
    sent_at = None if sent_days_ago is None else NOON - timedelta(days=sent_days_ago)
    Mail.objects.update(state=state, sent_at=sent_at, created_at=NOON - timedelta(days=91))
    assert mail.purge(NOON - timedelta(days=90)) == int(is_emptied)
    row.refresh_from_db()
    assert (row.text, row.html) == (("", "") if is_emptied else ("How are you?\n", "<p>"))


def test_purge_keeps_young_mails_and_all_keys() -> None:
    old, young = put("old"), put("young")
    Mail.objects.filter(pk=old.pk).update(state="sent", created_at=NOON - timedelta(days=91), sent_at=NOON)
    Mail.objects.filter(pk=young.pk).update(state="sent", created_at=NOON - timedelta(days=89), sent_at=NOON)
    assert mail.purge(NOON - timedelta(days=90)) == 1
    assert mail.purge(NOON - timedelta(days=90)) == 0
    assert dict(Mail.objects.values_list("key", "text")) == {"old": "", "young": "How are you?\n"}
    assert put("old").pk == old.pk


def test_the_organisation_is_named_as_sender_unless_the_settings_do(settings):
    Organisation.objects.update_or_create(pk=1, defaults={"name": 'Müller & "Söhne", GmbH'})
    settings.DEFAULT_FROM_EMAIL = "service@example.org"
    assert put("named-1").sender == r'"Müller & \"Söhne\", GmbH" <service@example.org>'
    settings.DEFAULT_FROM_EMAIL = "Help Desk <service@example.org>"
    assert put("named-2").sender == '"Help Desk" <service@example.org>'
