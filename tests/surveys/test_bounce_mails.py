import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import bounce_mails
from surveys.bounce_mails import NoReportError
from surveys.bounce_reports import Report
from tests.surveys.reports import complained, failed

OURS = "<abc123@localhost>"


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_failed_delivery_is_read(original, newline):
    mail = failed(OURS, original=original).replace(b"\n", newline)
    assert bounce_mails.read(mail) == [
        Report(
            kind="hard",
            message_id=OURS,
            recipient="ada@example.org",
            status="5.1.1",
            diagnostic="550 5.1.1 no such user",
            source="dsn",
        )
    ]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_reports_nothing(action):
    assert bounce_mails.read(failed(OURS, action=action, status="4.4.1")) == []


def test_every_recipient_of_a_report_is_read():
    block = b"Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.2.2\n\n"
    mail = failed(OURS).replace(
        b"\n--b1\nContent-Type: message/rfc822", b"\n" + block + b"--b1\nContent-Type: message/rfc822"
    )
    assert [(found.recipient, found.kind) for found in bounce_mails.read(mail)] == [
        ("ada@example.org", "hard"),
        ("bob@example.org", "soft"),
    ]


@pytest.mark.parametrize(
    ("feedback", "kinds"), [("abuse", ["complaint"]), ("Fraud", ["complaint"]), ("not-spam", []), ("auth-failure", [])]
)
def test_complaint_is_read_whatever_is_redacted(feedback, kinds):
    found = bounce_mails.read(complained(OURS, feedback))
    assert [report.kind for report in found] == kinds
    assert {report.message_id for report in found} <= {OURS}


def test_long_and_strange_words_are_cut_and_cleaned():
    word = "=?utf-8?q?caf=C3=A9?= \x01" + "x" * 5000
    [report] = bounce_mails.read(failed(OURS, diagnostic=word, recipient="a" * 3000 + "@example.org"))
    assert report.diagnostic.startswith("café xxx")
    assert len(report.diagnostic) <= 2000
    assert len(report.recipient) <= 254


NO_REPORTS = {
    "empty": b"",
    "a letter": b"Subject: Hello\n\nHow are you?\n",
    "an answer from somebody on holiday": b"Auto-Submitted: auto-replied\nSubject: away\n\nI am away.\n",
    "bytes": bytes(range(256)) * 10,
    "a part without its end": failed(OURS)[:330],
    "a charset that nobody knows": b'Content-Type: text/plain; charset="nonsense-\xff"\n\nx',
}


@pytest.mark.parametrize("content", NO_REPORTS.values(), ids=list(NO_REPORTS))
def test_what_is_no_report_is_refused(content):
    with pytest.raises(NoReportError, match=r"^It is no report about a mail that could not be delivered"):
        bounce_mails.read(content)


def with_headers_in_base64(headers: bytes) -> bytes:
    """A report whose part with the original's headers can hold any byte."""
    before, _, _after = failed(OURS, original="text/rfc822-headers").partition(b"\nMessage-ID: <abc123")
    start, _, _rest = before.rpartition(b"Content-Type: text/rfc822-headers")
    part = b"Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n"
    return start + part + base64.encodebytes(headers) + b"\n--b1--\n"


@pytest.mark.parametrize("noise", [b"\0", b"\x01", b"\x1f", b"\x7f"])
def test_message_id_has_no_control_characters(noise):
    [clean] = bounce_mails.read(with_headers_in_base64(b"Message-ID: <abc123@localhost>\n"))
    assert clean.message_id == OURS
    [report] = bounce_mails.read(with_headers_in_base64(b"Message-ID: <abc" + noise + b"123@localhost>\n"))
    assert report.message_id == ""


def test_mail_that_is_too_long_is_refused():
    with pytest.raises(NoReportError, match=r"^It has more than 2,000,000 bytes; a report is much shorter\.$"):
        bounce_mails.read(failed(OURS) + b"x" * 2_000_000)


def test_thousands_of_parts_within_parts_do_no_harm():
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    with pytest.raises(NoReportError):
        bounce_mails.read(nested)


@given(st.binary(max_size=300), st.integers(0, len(failed(OURS))))
@settings(max_examples=150, deadline=None)
def test_any_bytes_anywhere_are_a_report_or_none(noise, place):
    content = failed(OURS)
    try:
        bounce_mails.read(content[:place] + noise + content[place:])
    except NoReportError:
        return
