from datetime import UTC, datetime

import pytest
from django.conf import settings

from kpiproject.models import Mail
from surveys import tasks
from tests.factories import InvitationFactory

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
