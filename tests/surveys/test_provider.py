"""What providers post, as their documents show it, and what becomes of it."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.urls import NoReverseMatch, reverse

from kpiproject.models import Mail
from surveys import invitations, provider
from surveys.invitations import Invitee
from surveys.models import BounceReport, Invitation, Suppression
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db
SECRET = "reports:a-long-random-text"
POSTMARK = "/mail-events/postmark/tracking/"


@pytest.fixture(autouse=True)
def _provider(settings):
    settings.ROOT_URLCONF = "tests.surveys.provider_urls"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "signing"}
    provider.listen()
    yield
    tracking.disconnect(dispatch_uid="surveys.provider")


@pytest.fixture
def mail() -> Mail:
    invitations.invite(SurveyFactory(), [Invitee(email="ada@example.org")])
    Mail.objects.update(state="sent", sent_at=datetime.now(UTC))
    return Mail.objects.get()


def basic(secret: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}


def bounce(mail: Mail, **fields: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": "ADA@example.org",
        "BouncedAt": "2026-03-01T10:00:00Z",
        "Metadata": {"plumbline_mail": mail.message_id},
        **fields,
    }


def post(client, payload: dict[str, Any], *, secret: str = SECRET, url: str = POSTMARK):
    return client.post(url, json.dumps(payload), content_type="application/json", **basic(secret))


def noted() -> list[tuple[str, str, str]]:
    return list(BounceReport.objects.values_list("kind", "source", "status"))


def test_hard_bounce_ends_the_address_and_comes_once(client, mail):
    for _twice in range(2):
        assert post(client, bounce(mail)).status_code == 200
    assert noted() == [("hard", "Postmark", "5.1.1")]
    assert BounceReport.objects.get().at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert list(Suppression.objects.values_list("email", "reason")) == [("ada@example.org", "bounced")]
    assert Invitation.objects.get().bounced_at is not None


@pytest.mark.parametrize("secret", ["", "reports:wrong", "wrong:a-long-random-text", "reports:a-long-random-tex"])
def test_wrong_secret_is_refused_and_nothing_is_noted(client, mail, secret):
    assert post(client, bounce(mail), secret=secret).status_code == 400
    assert client.post(POSTMARK, json.dumps(bounce(mail)), content_type="application/json").status_code == 400
    assert (noted(), Suppression.objects.count()) == ([], 0)


@pytest.mark.parametrize(("key", "status", "kinds"), [("signing", 200, ["hard"]), ("wrong", 400, [])])
def test_signature_of_mailgun_is_checked(client, mail, key, status, kinds):
    stamp, token = "1767225600", "a" * 50
    signed = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    payload = {
        "signature": {"timestamp": stamp, "token": token, "signature": signed},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "timestamp": 1767225600.0,
            "id": "x",
            "recipient": "ada@example.org",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
            "message": {"headers": {"message-id": mail.message_id.strip("<>")}},
            "user-variables": {},
        },
    }
    assert post(client, payload, url="/mail-events/mailgun/tracking/").status_code == status
    assert [kind for kind, _source, _status in noted()] == kinds


def test_complaint_is_noted(client, mail):
    payload = bounce(mail, RecordType="SpamComplaint", Type="SpamComplaint", Details="", Description="complained")
    assert post(client, payload).status_code == 200
    assert list(Suppression.objects.values_list("email", "reason")) == [("ada@example.org", "complained")]


def test_number_of_the_provider_alone_finds_the_last_mail_to_the_address(client, mail):
    assert post(client, bounce(mail, Metadata={})).status_code == 200
    assert BounceReport.objects.get().mail == mail


def test_report_about_somebody_else_does_nothing(client, mail):
    assert post(client, bounce(mail, Metadata={}, Email="stranger@example.org")).status_code == 200
    assert noted() == []


CASES = [
    ({"Type": "SoftBounce", "Details": "", "Description": "temporary"}, ["soft"]),
    ({"Type": "SoftBounce", "Details": "smtp;552 5.2.2 full"}, ["soft"]),
    ({"Type": "HardBounce", "Details": "", "Description": ""}, ["hard"]),
    ({"Type": "Transient"}, []),
    ({"Type": "DMARCPolicy"}, ["refused"]),
    ({"Type": "BadEmailAddress"}, ["hard"]),
    ({"Type": "AutoResponder"}, []),
    ({"RecordType": "Delivery"}, []),
    ({"RecordType": "Open"}, []),
]


@pytest.mark.parametrize(("fields", "kinds"), CASES)
def test_what_is_reported_is_judged(client, mail, fields, kinds):
    assert post(client, bounce(mail, **fields)).status_code == 200
    assert [kind for kind, _source, _status in noted()] == kinds


def test_whoever_unsubscribes_at_the_provider_is_unsubscribed(mail):
    event = AnymailTrackingEvent(event_type="unsubscribed", recipient="Ada@example.org")
    provider.receive(event=event, esp_name="Any")
    assert list(Suppression.objects.values_list("email", "reason")) == [("ada@example.org", "unsubscribed")]


@pytest.mark.parametrize("body", ["", "{", "[]", '{"RecordType": "Inbound"}'])
def test_nonsense_is_no_report(client, mail, body):
    client.raise_request_exception = False
    answer = client.post(POSTMARK, body, content_type="application/json", **basic(SECRET))
    assert answer.status_code != 302
    assert noted() == []


def test_without_a_provider_there_is_no_such_address(settings):
    settings.ROOT_URLCONF = "kpiproject.urls"
    with pytest.raises(NoReverseMatch):
        reverse("surveys:mail_events:postmark_tracking_webhook")
