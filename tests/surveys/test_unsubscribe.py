from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.utils import timezone

from kpiproject import mail as outbox
from kpiproject.models import Mail
from surveys import invitations, unsubscribe
from surveys.invitations import Invitee
from surveys.models import Contact, Suppression
from tests.factories import ContactFactory, SurveyFactory

pytestmark = pytest.mark.django_db


def test_whoever_unsubscribes_is_not_asked_again():
    contact = ContactFactory(email="Ada@example.org")
    unsubscribe.unsubscribe(contact)
    assert list(Suppression.objects.values_list("email", "reason")) == [("ada@example.org", "unsubscribed")]
    assert invitations.invite(SurveyFactory(), [Invitee(email="ADA@example.org")])[0].reason == "suppressed"


def test_unsubscribing_twice_is_one_entry():
    contact = ContactFactory()
    Suppression.objects.create(email=contact.email.upper(), reason="complained")
    for _time in range(2):
        unsubscribe.unsubscribe(contact)
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["complained"]
    assert unsubscribe.is_suppressed(contact)


def test_mails_that_have_not_left_are_cancelled():
    people = [Invitee(email="ada@example.org"), Invitee(email="bob@example.org")]
    for _survey in range(2):
        invitations.invite(SurveyFactory(respects_quiet_time=False), people)
    gone = Mail.objects.filter(recipient="ada@example.org")[0]
    Mail.objects.filter(pk=gone.pk).update(state=Mail.State.SENT)
    unsubscribe.unsubscribe(Contact.objects.get(email="ada@example.org"))
    states = Mail.objects.order_by("recipient", "id").values_list("recipient", "state")
    assert sorted(states) == [
        ("ada@example.org", "cancelled"),
        ("ada@example.org", "sent"),
        ("bob@example.org", "queued"),
        ("bob@example.org", "queued"),
    ]


@pytest.mark.parametrize("state", ["claimed", "failed"])
def test_mail_that_a_worker_or_a_person_could_still_send_is_cancelled(mailoutbox, state):
    invitations.invite(SurveyFactory(), [Invitee(email="ada@example.org")])
    long_ago = timezone.now() - timedelta(hours=1)
    Mail.objects.update(state=state, lease_until=long_ago, lease_token="dead", next_attempt_at=long_ago)
    unsubscribe.unsubscribe(Contact.objects.get())
    mail = Mail.objects.get()
    assert (mail.state, mail.lease_until, mail.lease_token) == ("cancelled", None, "")
    assert (outbox.due_ids(10), outbox.can_be_resent(mail)) == ([], False)
    outbox.deliver(mail.pk)
    assert mailoutbox == []


def test_worker_that_is_just_sending_is_refused_before_the_last_byte(mailoutbox, monkeypatch):
    invitations.invite(SurveyFactory(), [Invitee(email="ada@example.org")])
    contact, connect = Contact.objects.get(), get_connection

    def unsubscribe_first():
        unsubscribe.unsubscribe(contact)
        return connect()

    monkeypatch.setattr(outbox, "get_connection", unsubscribe_first)
    outbox.deliver(Mail.objects.get().pk)
    assert (Mail.objects.get().state, mailoutbox) == ("cancelled", [])


def test_mail_that_was_not_confirmed_cannot_be_sent_again():
    invitations.invite(SurveyFactory(), [Invitee(email="ada@example.org")])
    Mail.objects.update(state="handed_over", sent_at=timezone.now())
    unsubscribe.unsubscribe(Contact.objects.get())
    assert not outbox.can_be_resent(Mail.objects.get())
    assert invitations.note_sent() == 1
