import pytest

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
        invitations.invite(SurveyFactory(), people)
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
