from datetime import UTC, datetime, timedelta

import pytest

from kpiproject.models import Mail
from surveys import invitations, planned, rules
from surveys.invitations import Invitee
from surveys.models import Invitation, Skip
from tests.factories import RuleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def rule():
    rule = RuleFactory()
    people = [
        Invitee(
            email=f"p{number}@example.org",
            cause=f"ticket:zendesk:{number}",
            context={"ticket": str(number), "ticket_source": "zendesk"},
            send_at=NOW + timedelta(hours=6),
        )
        for number in range(3)
    ]
    list(invitations.invite_each(rule.survey, people, rule=rule, now=NOW))
    return rule


def states() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("state", flat=True))


def test_mail_waits_for_its_hour(rule):
    assert set(Mail.objects.values_list("next_attempt_at", flat=True)) == {NOW + timedelta(hours=6)}
    assert set(Invitation.objects.values_list("send_at", "rule")) == {(NOW + timedelta(hours=6), rule.pk)}
    assert [(one.source, one.ticket) for one in planned.about_tickets()] == [("zendesk", str(n)) for n in range(3)]


def test_called_off_is_cancelled_and_noted_once(rule):
    ids = [one.id for one in planned.about_tickets()][:2]
    assert [planned.call_off(ids, "reopened"), planned.call_off(ids, "reopened")] == [2, 0]
    assert states() == ["cancelled", "cancelled", "queued"]
    assert list(Skip.objects.order_by("id").values_list("email", "reason", "rule")) == [
        ("p0@example.org", "reopened", rule.pk),
        ("p1@example.org", "reopened", rule.pk),
    ]


@pytest.mark.parametrize("state", ["claimed", "handed_over", "sent", "failed"])
def test_what_a_worker_has_in_hand_or_has_left_is_not_called_off(rule, state):
    Mail.objects.update(state=state)
    assert planned.call_off(list(Invitation.objects.values_list("pk", flat=True)), "reopened") == 0
    assert set(states()) == {state}
    assert Skip.objects.count() == 0


def test_switching_a_rule_off_calls_its_mails_off(rule):
    assert rules.switch_off(rule) == 3
    assert set(states()) == {"cancelled"}
    assert set(Skip.objects.values_list("reason", flat=True)) == {"switched_off"}


def test_closed_survey_sends_nothing_more(rule):
    assert planned.call_off_closed() == 0
    rule.survey.status = "closed"
    rule.survey.save()
    assert planned.call_off_closed() == 3
    assert set(Skip.objects.values_list("reason", flat=True)) == {"closed"}
