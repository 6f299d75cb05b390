"""Mails as mail servers and providers write them when one of ours came back or was called junk."""

FAILED = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: plumbline@localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <20260301.1@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I am sorry, your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Sun, 1 Mar 2026 10:00:00 +0000

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b1
Content-Type: {original}

Message-ID: {message_id}
From: plumbline@localhost
To: {recipient}
Subject: One question

--b1--
"""

COMPLAINT = """\
From: <abuse@provider.example>
To: plumbline@localhost
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain

This is an email abuse report.

--b2
Content-Type: message/feedback-report

Feedback-Type: {feedback}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: redacted@provider.example

--b2
Content-Type: message/rfc822

From: plumbline@localhost
To: redacted@provider.example
Message-ID: {message_id}
Subject: One question

How was it?

--b2--
"""


def failed(message_id: str, **fields: str) -> bytes:
    defaults = {
        "recipient": "ada@example.org",
        "action": "failed",
        "status": "5.1.1",
        "diagnostic": "550 5.1.1 no such user",
        "original": "message/rfc822",
    }
    return FAILED.format(message_id=message_id, **(defaults | fields)).encode()


def complained(message_id: str, feedback: str = "abuse") -> bytes:
    return COMPLAINT.format(message_id=message_id, feedback=feedback).encode()
