from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kpiproject import mail as outbox
from kpiproject.models import Mail
from surveys import deliverability
from surveys.deliverability import Domain
from surveys.models import BounceReport

pytestmark = pytest.mark.django_db


def sent(to: str, at: datetime, *, kind: str = "survey_invitation", **fields) -> Mail:
    row = outbox.put_into_outbox(key=f"{Mail.objects.count()}", kind=kind, to=to, subject="s", text="t")
    Mail.objects.filter(pk=row.pk).update(**{"state": "sent", "sent_at": at, **fields})
    return row


def report(mail: Mail, kind: str) -> None:
    BounceReport.objects.create(mail=mail, kind=kind, recipient=mail.recipient, source="x")


def test_mails_of_surveys_are_counted_by_domain():
    now = timezone.now()
    since = now - timedelta(days=30)
    first = sent("a@One.example", now)
    report(first, "hard")
    report(sent("b@one.example", now, kind="survey_reminder"), "complaint")
    report(sent("c@two.example", now), "soft")
    report(sent("d@one.example", now - timedelta(days=31)), "hard")
    report(sent("e@one.example", now, kind="password_reset"), "hard")
    assert deliverability.domains(since) == [
        Domain(name="one.example", sent=2, hard=1, complaints=1),
        Domain(name="two.example", sent=1, soft=1),
    ]


@pytest.mark.parametrize(
    ("fields", "shares", "is_bad"),
    [
        ({"sent": 99, "hard": 99}, (None, None), False),
        ({"sent": 100, "hard": 2}, (2.0, 0.0), False),
        ({"sent": 100, "hard": 3}, (3.0, 0.0), True),
        ({"sent": 100, "complaints": 1}, (0.0, 1.0), False),
        ({"sent": 2000, "complaints": 2}, (0.0, 0.1), False),
        ({"sent": 1000, "complaints": 2}, (0.0, 0.2), True),
    ],
)
def test_shares_are_judged_where_enough_was_sent(fields, shares, is_bad):
    domain = Domain(name="x", **fields)
    assert ((domain.bounced_share, domain.complaint_share), domain.is_bad) == (shares, is_bad)


def test_what_needs_a_person_failed_or_was_not_confirmed():
    now = timezone.now()
    failed = sent("a@x.example", now, state="failed", sent_at=None)
    unconfirmed = sent("b@x.example", now, state="handed_over")
    sent("c@x.example", now, state="handed_over", sent_at=None)
    sent("d@x.example", now)
    assert list(deliverability.stuck(now - timedelta(days=1))) == [unconfirmed, failed]
