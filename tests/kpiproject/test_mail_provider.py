"""Mails that leave through a provider's interface; only the network is replaced."""

import json
from typing import Any

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from kpiproject import mail
from kpiproject.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(settings, monkeypatch) -> list[dict[str, Any]]:
    """What was posted; `answer` on the list is what comes back."""

    class Posts(list[dict[str, Any]]):
        answer: Any = (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "p-1", "To": "ann@example.com"})

    posts = Posts()

    def request(_session: requests.Session, **named: Any) -> requests.Response:
        posts.append(named)
        if isinstance(posts.answer, Exception):
            raise posts.answer
        response = requests.Response()
        response.status_code = posts.answer[0]
        response._content = json.dumps(posts.answer[1]).encode()
        return response

    settings.EMAIL_BACKEND = "kpiproject.mail_provider.ProviderBackend"
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "IGNORE_UNSUPPORTED_FEATURES": True}
    monkeypatch.setattr(requests.Session, "request", request)
    return posts


def deliver() -> Mail:
    row = mail.put_into_outbox(key="k", kind="test", to="ann@example.com", subject="Hello", text="How are you?\n")
    mail.deliver(row.pk)
    row.refresh_from_db()
    return row


def test_mail_leaves_with_our_message_id_for_the_reports(posted):
    row = deliver()
    assert (row.state, row.error) == ("sent", "")
    [post] = posted
    sent = json.loads(post["data"])
    assert (sent["To"], sent["Metadata"]) == ("ann@example.com", {"plumbline_mail": row.message_id})


REFUSED = NewConnectionError(None, "refused")
CASES = [
    (
        (422, {"ErrorCode": 300, "Message": "Invalid"}),
        "failed",
        "The mail could not be sent: the provider answered 422",
    ),
    ((401, {}), "queued", "The mail server could not be reached or broke off: the provider answered 401"),
    ((429, {}), "queued", "The mail server could not be reached or broke off: the provider answered 429"),
    ((503, {}), "queued", "The mail server could not be reached or broke off: the provider answered 503"),
    (
        requests.ConnectTimeout(),
        "queued",
        "The mail server could not be reached or broke off: the provider could not be reached",
    ),
    (
        requests.ConnectionError(REFUSED),
        "queued",
        "The mail server could not be reached or broke off: the provider could not be reached",
    ),
    (requests.ReadTimeout(), "handed_over", "The mail server was given this mail but its answer was not heard."),
    (
        requests.ConnectionError("reset"),
        "handed_over",
        "The mail server was given this mail but its answer was not heard.",
    ),
]


@pytest.mark.parametrize(("answer", "state", "beginning"), CASES)
def test_failed_post_is_judged(posted, answer, state, beginning):
    posted.answer = answer
    row = deliver()
    assert (row.state, row.error[: len(beginning)]) == (state, beginning)
