from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from kpiproject.models import Mail
from surveys import tasks
from surveys.models import FollowUp, Recovery, Survey
from tests.factories import AnswerFactory, InvitationFactory, ManagerFactory, SurveyFactory
from tests.follow_up_factories import FollowUpFactory

SENT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_note_sent_takes_over_what_the_outbox_knows():
    mail = Mail.objects.create(key="m", message_id="m", sent_at=SENT)
    invitation = InvitationFactory(sent_at=None, mail=mail)
    tasks.note_sent()
    invitation.refresh_from_db()
    assert invitation.sent_at == SENT


def test_note_sent_is_swept_under_its_name():
    assert tasks.note_sent.name in settings.CELERY_BEAT_SCHEDULE


@pytest.mark.django_db
def test_follow_up_opens_tells_and_hears(monkeypatch):
    """One run of the sweep does all that is due."""
    monkeypatch.setattr(tasks, "nudge", lambda task: None)
    owner = ManagerFactory()
    AnswerFactory(survey__owner=owner, score=1, comment="Bad.", answered_at=timezone.now())
    asked = InvitationFactory(is_answered=True)
    settled = FollowUpFactory(state="resolved", assignee=owner)
    Recovery.objects.create(follow_up=settled, ask_at=SENT, invitation=asked)
    given = AnswerFactory(survey=asked.survey, invitation=asked, score=5, answered_at=timezone.now())
    for _run in range(2):
        tasks.follow_up()
    assert (FollowUp.objects.count(), Mail.objects.count()) == (2, 1)
    assert settled.recoveries.get().answer == given


@pytest.mark.django_db
def test_ask_after_recovery_asks_those_whose_time_has_come(monkeypatch):
    monkeypatch.setattr(tasks, "nudge", lambda task: None)
    Survey.objects.filter(purpose="recovery").delete()
    SurveyFactory(purpose="recovery", respects_quiet_time=False)
    Recovery.objects.create(follow_up=FollowUpFactory(state="resolved"), ask_at=SENT)
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):  # a Monday
        for _run in range(2):
            tasks.ask_after_recovery()
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("task", [tasks.remind, tasks.sweep_mailings, tasks.follow_up, tasks.ask_after_recovery])
def test_what_is_due_is_swept(task):
    assert task.name in settings.CELERY_BEAT_SCHEDULE
