from datetime import UTC, date, datetime, time, timedelta

import pytest

from kpiproject.models import Mail, Organisation
from surveys import answers, misdirected, reminders
from surveys.answers import Given
from surveys.models import Invitation, Reminder
from tests.factories import (
    CalendarFactory,
    ContactFactory,
    InvitationFactory,
    RuleFactory,
    SuppressionFactory,
    SurveyFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def survey():
    return SurveyFactory(reminder_days=[3, 7], reminder_subject="Two minutes left?", reminder_intro="We asked you.")


def sent(survey, *, days_ago: float, email: str = "ada@example.org", **more) -> Invitation:
    at = NOW - timedelta(days=days_ago)
    mail = Mail.objects.create(key=email, message_id=email, state="sent", sent_at=at)
    values = {"created_at": at, "send_at": at, "sent_at": at, "mail": mail} | more
    return InvitationFactory(survey=survey, contact=ContactFactory(email=email), **values)


def told() -> list[tuple[str, int]]:
    return list(Reminder.objects.order_by("id").values_list("invitation__contact__email", "number"))


@pytest.mark.parametrize(("days_ago", "count"), [(2.99, 0), (3, 1), (5.9, 1), (6.5, 0), (7, 1), (10.5, 0)])
def test_reminders_come_so_many_days_later_and_not_much_too_late(survey, days_ago, count):
    sent(survey, days_ago=days_ago)
    assert reminders.remind(NOW) == count


def test_first_and_second_come_once_each_with_the_same_link_and_other_words(survey):
    invitation = sent(survey, days_ago=3)
    for days in (0, 0, 1, 4, 4, 6, 20):
        reminders.remind(NOW + timedelta(days=days))
    assert told() == [("ada@example.org", 1), ("ada@example.org", 2)]
    first, second = Mail.objects.filter(kind="survey_reminder").order_by("id")
    assert (first.recipient, first.subject) == ("ada@example.org", "Two minutes left?")
    assert "We asked you." in first.text
    assert f"/s/{invitation.token}/?r=5" in first.text
    assert f"/u/{invitation.token}/" in first.headers["List-Unsubscribe"]
    assert first.message_id != second.message_id


def test_whoever_answered_is_not_reminded(survey):
    invitation = sent(survey, days_ago=3)
    answers.record(invitation, Given(score=4), now=NOW)
    assert (reminders.remind(NOW), told()) == (0, [])


def test_employees_who_answered_are_not_reminded_although_nobody_knows_what_they_said():
    survey = SurveyFactory(kind="enps", reminder_days=[3])
    invitation = sent(survey, days_ago=3)
    answers.record(invitation, Given(score=4), now=NOW)
    assert (reminders.remind(NOW), told()) == (0, [])


@pytest.mark.parametrize("change", [{"bounced_at": NOW}, {"expires_at": NOW}, {"sent_at": None}])
def test_bounced_expired_and_unsent_are_left_alone(survey, change):
    sent(survey, days_ago=3, **change)
    assert reminders.remind(NOW) == 0


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_survey_that_is_not_open_reminds_nobody(survey, status):
    sent(survey, days_ago=3)
    survey.status = status
    survey.save()
    assert reminders.remind(NOW) == 0


def test_suppressed_get_no_mail_and_are_not_looked_at_again(survey):
    sent(survey, days_ago=3)
    SuppressionFactory(email="ADA+other@example.org")
    ContactFactory(email="ada+other@example.org")
    assert reminders.remind(NOW) == 0
    assert list(Reminder.objects.values_list("number", "mail")) == [(1, None)]


def test_survey_without_reminders_sends_none():
    sent(SurveyFactory(), days_ago=3)
    assert reminders.remind(NOW) == 0


def test_answer_calls_a_waiting_reminder_off(survey):
    invitation = sent(survey, days_ago=3)
    reminders.remind(NOW)
    answers.record(invitation, Given(score=4), now=NOW)
    reminders.remind(NOW)
    assert Mail.objects.get(kind="survey_reminder").state == "cancelled"


def test_whoever_was_not_meant_is_not_reminded(survey):
    invitation = sent(survey, days_ago=3)
    expires_at = invitation.expires_at
    misdirected.report(invitation)
    Invitation.objects.update(expires_at=expires_at)
    assert (reminders.remind(NOW), told()) == (0, [])


def test_reminder_to_somebody_who_was_not_meant_is_called_off(survey):
    sent(survey, days_ago=3)
    reminders.remind(NOW)
    Invitation.objects.update(misdirected_at=NOW)
    reminders.remind(NOW)
    assert Mail.objects.get(kind="survey_reminder").state == "cancelled"


def test_many_need_no_more_queries_each(survey, django_assert_max_num_queries):
    for number in range(20):
        sent(survey, days_ago=3, email=f"p{number}@example.org")
    with django_assert_max_num_queries(25):
        assert reminders.remind(NOW) == 20


# --- When they leave ----------------------------------------------------------------------------------------------
SATURDAY_NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def leaves() -> dict[str, datetime]:
    rows = Mail.objects.filter(kind="survey_reminder").order_by("id")
    return {mail.recipient: mail.next_attempt_at for mail in rows}


def due(survey, email: str, *, now: datetime, zone: str = "", **more) -> Invitation:
    invitation = sent(survey, days_ago=(NOW - now) / timedelta(days=1) + 3, email=email, **more)
    invitation.contact.time_zone = zone
    invitation.contact.save()
    return invitation


@pytest.mark.parametrize(
    ("now", "zone", "leaving"),
    [
        (datetime(2026, 3, 13, 12, tzinfo=UTC), "", datetime(2026, 3, 13, 12, tzinfo=UTC)),  # a Friday at noon
        (SATURDAY_NOON, "", datetime(2026, 3, 16, 9, tzinfo=UTC)),
        (SATURDAY_NOON, "Asia/Tokyo", datetime(2026, 3, 16, 0, tzinfo=UTC)),
        (datetime(2026, 3, 12, 19, tzinfo=UTC), "", datetime(2026, 3, 13, 9, tzinfo=UTC)),  # in the evening
        (datetime(2026, 3, 12, 12, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 3, 13, 0, tzinfo=UTC)),
        (datetime(2026, 3, 17, 12, tzinfo=UTC), "", datetime(2026, 3, 19, 9, tzinfo=UTC)),  # two days off
    ],
)
def test_without_a_rule_reminders_leave_on_working_days_from_9_to_18(survey, now, zone, leaving):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 3, 17), name="A feast")
    calendar.holidays.create(date=date(2026, 3, 18), name="And another")
    due(survey, "ada@example.org", now=now, zone=zone)
    assert reminders.remind(now) == 1
    assert leaves() == {"ada@example.org": leaving}


def test_with_a_rule_they_leave_when_it_lets_them(survey):
    CalendarFactory().holidays.create(date=date(2026, 3, 15), name="A feast")
    any_day = {"weekdays": [5, 6], "from_time": time(14), "to_time": time(16)}
    at_weekends = RuleFactory(survey=survey, skips_holidays=False, **any_day)
    never_at_feasts = RuleFactory(survey=survey, skips_holidays=True, is_active=False, **any_day)
    later = SATURDAY_NOON + timedelta(hours=5)
    due(survey, "a@example.org", now=later, zone="UTC", rule=at_weekends)
    due(survey, "b@example.org", now=later, zone="UTC", rule=never_at_feasts)
    due(survey, "c@example.org", now=later, zone="America/New_York", rule=at_weekends)
    assert reminders.remind(later) == 3
    assert leaves() == {
        "a@example.org": datetime(2026, 3, 15, 14, tzinfo=UTC),
        "b@example.org": datetime(2026, 3, 21, 14, tzinfo=UTC),
        "c@example.org": datetime(2026, 3, 14, 18, tzinfo=UTC),  # 14:00 there, which has its summer time already
    }


def test_second_keeps_its_distance_from_a_first_that_waited():
    survey = SurveyFactory(reminder_days=[3, 4])
    due(survey, "ada@example.org", now=SATURDAY_NOON, zone="UTC")
    for hours in range(97):
        reminders.remind(SATURDAY_NOON + timedelta(hours=hours))
    first, second = Mail.objects.filter(kind="survey_reminder").order_by("id")
    assert (first.next_attempt_at, second.next_attempt_at) == (
        datetime(2026, 3, 16, 9, tzinfo=UTC),
        datetime(2026, 3, 17, 9, tzinfo=UTC),
    )


def test_none_is_sent_whose_page_would_be_closed_by_then(survey):
    due(survey, "ada@example.org", now=SATURDAY_NOON, zone="UTC", expires_at=datetime(2026, 3, 16, 9, tzinfo=UTC))
    assert reminders.remind(SATURDAY_NOON) == 0
    assert (leaves(), told()) == ({}, [("ada@example.org", 1)])


def test_answer_before_monday_calls_off_the_reminder_of_the_weekend(survey):
    invitation = due(survey, "ada@example.org", now=SATURDAY_NOON, zone="UTC")
    reminders.remind(SATURDAY_NOON)
    answers.record(invitation, Given(score=4), now=SATURDAY_NOON)
    reminders.remind(SATURDAY_NOON + timedelta(hours=1))
    assert Mail.objects.get(kind="survey_reminder").state == "cancelled"
