from datetime import timedelta

import pytest
from django.utils import timezone

from kpiproject.models import Mail
from surveys import invitations, mailings
from surveys.models import Invitation, Mailing, QuietTime, Skip
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
FILE = b"email,name,team\nada@example.org,Ada,Blue\nnonsense,,\nben@example.org,Ben,Red\nADA+x@example.org,,\n"


@pytest.fixture
def mailing() -> Mailing:
    return mailings.create(SurveyFactory(), name="people.csv", data=FILE, by=None)


def test_preview_counts_and_writes_nothing(mailing):
    found = mailings.preview(mailing, timezone.now())
    assert (found.asked, found.skipped, found.counts) == (2, 1, [("is in the list twice", 1)])
    assert [bad[0] for bad in mailing.bad_rows] == [3]
    assert (Invitation.objects.count(), Mail.objects.count(), Skip.objects.count()) == (0, 0, 0)


def test_nothing_is_sent_before_somebody_confirms(mailing):
    mailings.work_off(mailing.pk)
    assert (mailings.due_ids(timezone.now()), Mail.objects.count()) == ([], 0)


def test_confirmed_is_sent_once_and_the_rows_are_forgotten(mailing):
    mailings.confirm(mailing, timezone.now())
    assert mailings.due_ids(timezone.now()) == [mailing.pk]
    for _time in range(2):
        mailings.work_off(mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.done_count, mailing.queued_count, mailing.skipped) == (3, 2, {"duplicate": 1})
    assert (mailing.rows, mailing.finished_at is None) == ([], False)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["ada@example.org", "ben@example.org"]
    assert sorted(Invitation.objects.values_list("team", flat=True)) == ["Blue", "Red"]
    assert mailings.due_ids(timezone.now()) == []


def test_worker_that_died_is_followed_where_it_stopped(mailing):
    mailings.confirm(mailing, timezone.now())
    QuietTime.objects.update_or_create(pk=1, defaults={"person_days": 0, "kind_days": 0})
    first = list(mailings.people(mailing))[:1]
    invitations.invite(mailing.survey, first, key_prefix=mailing.token)
    Mailing.objects.update(done_count=1, queued_count=1, lease_until=timezone.now() + timedelta(minutes=5))
    mailings.work_off(mailing.pk)
    assert Mail.objects.count() == 1
    Mailing.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    mailings.work_off(mailing.pk)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["ada@example.org", "ben@example.org"]


def test_survey_closed_meanwhile_asks_nobody_and_says_so(mailing):
    mailings.confirm(mailing, timezone.now())
    mailing.survey.status = "closed"
    mailing.survey.save()
    mailings.work_off(mailing.pk)
    mailing.refresh_from_db()
    assert "is not open" in mailing.problem
    assert (mailing.finished_at is None, Mail.objects.count()) == (False, 0)


def test_preview_knows_who_was_asked_lately(mailing):
    InvitationFactory(survey=mailing.survey, contact__email="Ben@example.org")
    assert mailings.preview(mailing, timezone.now()).reasons == {"quiet_person": 1, "duplicate": 1}


def test_old_files_are_forgotten(mailing):
    mailings.forget(timezone.now() + timedelta(days=29))
    assert Mailing.objects.count() == 1
    mailings.forget(timezone.now() + timedelta(days=31))
    assert Mailing.objects.count() == 0
