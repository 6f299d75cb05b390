from datetime import timedelta

import pytest
from django.utils import timezone

from kpiproject import mail as outbox
from kpiproject.models import Mail
from surveys import answers, misdirected
from surveys.answers import Given
from surveys.models import Answer, Reminder
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db


def test_invitation_ends_so_that_nobody_is_reminded_and_no_mail_leaves():
    invitation = InvitationFactory(mail=Mail.objects.create(key="k", message_id="<k>"))
    for _time in range(2):
        misdirected.report(invitation)
    invitation.refresh_from_db()
    assert invitation.misdirected_at is not None
    assert invitation.expires_at <= timezone.now()
    assert (Mail.objects.get().state, Answer.objects.count()) == (Mail.State.CANCELLED, 0)


@pytest.mark.parametrize("state", ["queued", "claimed", "failed"])
def test_reminder_that_waits_does_not_leave(mailoutbox, state):
    invitation = InvitationFactory(mail=Mail.objects.create(key="k", message_id="<k>", state="sent"))
    past = timezone.now() - timedelta(hours=1)
    waiting = {"state": state, "lease_until": past, "lease_token": "dead", "next_attempt_at": past}
    mail = Mail.objects.create(key="r", message_id="<r>", **waiting)
    Reminder.objects.create(invitation=invitation, number=1, mail=mail)
    misdirected.report(invitation)
    mail.refresh_from_db()
    assert (mail.state, mail.lease_until, mail.lease_token) == ("cancelled", None, "")
    assert list(Mail.objects.order_by("key").values_list("state", flat=True)) == ["sent", "cancelled"]
    outbox.deliver(mail.pk)
    assert mailoutbox == []


def test_answer_given_before_stays():
    invitation = InvitationFactory()
    answers.record(invitation, Given(score=4))
    expires_at = invitation.expires_at
    misdirected.report(invitation)
    invitation.refresh_from_db()
    assert (invitation.expires_at, Answer.objects.get().score) == (expires_at, 4)
