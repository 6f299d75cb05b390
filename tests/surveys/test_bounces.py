from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kpiproject.models import Mail
from surveys import bounces, invitations
from surveys.bounce_reports import Report
from surveys.bounces import Tally
from surveys.invitations import Invitee
from surveys.models import Answer, BounceReport, FactChange, Invitation, Reminder, Suppression
from tests.factories import SurveyFactory
from tests.surveys.reports import complained, failed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def asked(email: str = "ada@example.org", *, sent: bool = True) -> tuple[Invitation, Mail]:
    invitations.invite(SurveyFactory(respects_quiet_time=False), [Invitee(email=email)])
    invitation = Invitation.objects.latest("pk")
    if sent:
        Mail.objects.filter(pk=invitation.mail_id).update(state="sent", sent_at=NOON)
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=NOON)
    return invitation, Mail.objects.get(pk=invitation.mail_id)


def suppressed() -> list[tuple[str, str]]:
    return list(Suppression.objects.order_by("email").values_list("email", "reason"))


def test_hard_bounce_is_noted_once_and_ends_it():
    invitation, mail = asked()
    FactChange.objects.all().delete()
    assert bounces.take(failed(mail.message_id)) == Tally(noted=1)
    assert bounces.take(failed(mail.message_id)) == Tally(known=1)
    invitation.refresh_from_db()
    row = BounceReport.objects.get()
    assert (row.mail, row.kind, row.status, row.diagnostic) == (mail, "hard", "5.1.1", "550 5.1.1 no such user")
    assert invitation.bounced_at == row.at
    assert suppressed() == [("ada@example.org", "bounced")]
    assert [change.at for change in FactChange.objects.all()] == [NOON]


def test_address_counts_that_we_wrote_to_not_the_one_it_was_forwarded_to():
    _invitation, mail = asked("ada@example.org")
    bounces.take(failed(mail.message_id, recipient="stranger@example.net"))
    assert suppressed() == [("ada@example.org", "bounced")]


@pytest.mark.parametrize("message_id", ["<guessed@localhost>", "", "<>", "' OR 1=1"])
def test_report_without_a_message_id_of_ours_does_nothing(message_id):
    asked("victim@example.org")
    assert bounces.take(failed(message_id, recipient="victim@example.org")) == Tally(strange=1)
    assert bounces.take(complained(message_id)) == Tally(strange=1)
    assert (BounceReport.objects.count(), suppressed()) == (0, [])


def test_answer_proves_that_the_mail_arrived():
    invitation, mail = asked()
    Answer.objects.create(
        survey=invitation.survey, invitation=invitation, kind="csat", score=5, scale_min=1, scale_max=5
    )
    bounces.take(failed(mail.message_id))
    invitation.refresh_from_db()
    assert invitation.bounced_at is None


def test_complaint_silences_the_person_and_stops_what_is_waiting():
    _invitation, mail = asked("ada+shop@example.org")
    waiting, waiting_mail = asked("ada@example.org", sent=False)
    late = Mail.objects.create(
        key="r", kind="survey_reminder", message_id="<r>", sender="a@example.org", recipient="ada@example.org"
    )
    Reminder.objects.create(invitation=waiting, number=1, mail=late)
    assert bounces.take(complained(mail.message_id)) == Tally(noted=1)
    assert suppressed() == [("ada+shop@example.org", "complained"), ("ada@example.org", "complained")]
    states = Mail.objects.filter(pk__in=[waiting_mail.pk, late.pk]).values_list("state", flat=True)
    assert list(states) == ["cancelled", "cancelled"]
    assert BounceReport.objects.get().kind == "complaint"


@pytest.mark.parametrize(
    ("before", "after"),
    [("bounced", "complained"), ("manual", "complained"), ("unsubscribed", "unsubscribed")],
)
def test_complaint_weighs_more_than_what_others_noted(before, after):
    _invitation, mail = asked()
    Suppression.objects.create(email="Ada@example.org", reason=before)
    bounces.take(complained(mail.message_id))
    assert suppressed() == [("Ada@example.org", after)]


def test_fifth_soft_bounce_within_thirty_days_ends_it():
    days = [0, 1, 2, 3, 30.5, 31]
    noted = []
    for day in days:
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            _invitation, mail = asked()
            for _twice in range(2):
                bounces.take(failed(mail.message_id, status="5.2.2"))
            noted.append(suppressed())
    assert noted == [[], [], [], [], [], []]
    with time_machine.travel(NOON + timedelta(days=31.5), tick=False):
        _invitation, mail = asked()
        bounces.take(failed(mail.message_id, status="4.4.7"))
    assert suppressed() == [("ada@example.org", "bounced")]


def test_refusal_because_of_us_is_shown_and_harms_nobody():
    _invitation, mail = asked()
    for _often in range(6):
        bounces.take(failed(mail.message_id, status="5.7.1"))
    assert [row.kind for row in BounceReport.objects.all()] == ["refused"]
    assert suppressed() == []


def test_who_is_trusted_may_name_only_the_recipient():
    _invitation, mail = asked()
    Mail.objects.update(sent_at=datetime.now(UTC) - timedelta(days=1))
    report = Report(kind="hard", message_id="provider-7", recipient="ADA@example.org", source="provider")
    assert bounces.record(report) == Tally(strange=1)
    assert bounces.record(report, is_trusted=True) == Tally(noted=1)
    assert BounceReport.objects.get().mail == mail


def test_report_from_the_future_is_of_now():
    _invitation, mail = asked()
    report = Report(kind="soft", message_id=mail.message_id, source="x", at=datetime(2999, 1, 1, tzinfo=UTC))
    bounces.record(report)
    assert BounceReport.objects.get().at <= datetime.now(UTC)


def test_what_no_database_keeps_is_taken_out_of_a_report():
    _invitation, sent = asked()
    report = Report(
        kind="hard", message_id=sent.message_id + "\0", recipient="a\0@example.org", diagnostic="no\0\ud800", source="x"
    )
    assert bounces.record(report).noted == 1
    assert BounceReport.objects.get(mail=sent).diagnostic == "no"
