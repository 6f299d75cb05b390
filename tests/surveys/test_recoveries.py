"""Who is asked whether their trouble was settled, when, by which survey, and what their answer changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kpiproject.models import Mail, User
from surveys import answers, follow_up_mail, follow_up_steps, follow_ups, recoveries
from surveys.answers import Given
from surveys.models import Answer, FactChange, FollowUp, FollowUpAnswer, FollowUpRules, Invitation, Recovery, Survey
from tests.factories import (
    CalendarFactory,
    ContactFactory,
    InvitationFactory,
    ManagerFactory,
    SuppressionFactory,
    SurveyFactory,
)
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara")


@pytest.fixture
def survey() -> Survey:
    """It does not leave alone who was asked lately: they expect the question."""
    Survey.objects.filter(purpose="recovery").delete()
    return SurveyFactory(slug="settled-now", name="Settled?", purpose="recovery", respects_quiet_time=False)


def resolved(by: User, **fields: Any) -> FollowUp:
    given = {"opened_at": NOW - DAY, "state": "contacted", "assignee": by, "contacted_at": NOW - DAY}
    found = FollowUpFactory(**given | fields)
    return follow_up_steps.resolve(found.pk, by=by, now=NOW)


def notes(found: FollowUp) -> list[tuple[str, str]]:
    return [(note.kind, note.text) for note in found.notes.order_by("id") if note.kind not in ("opened", "resolved")]


# --- Asking -------------------------------------------------------------------------------------------------------
def test_the_customer_is_asked_a_day_later(mara: User, survey: Survey) -> None:
    contact = ContactFactory(email="carla@example.com")
    context = {"ticket": "T-1", "ticket_source": "zendesk", "team": "Tier 1", "channel": "chat", "category": "bill"}
    found = resolved(mara, contact=contact, **context)
    assert [recoveries.ask_due(NOW + DAY - timedelta(seconds=1)), Invitation.objects.count()] == [0, 0]
    assert recoveries.ask_due(NOW + DAY) == 1
    invitation = Invitation.objects.get()
    assert (invitation.survey, invitation.contact, invitation.mail.recipient) == (survey, contact, "carla@example.com")
    assert invitation.key == f"settled-now:follow_up:{found.pk}"
    assert (invitation.team, invitation.channel, invitation.category) == ("Tier 1", "chat", "bill")
    # an answer about the same ticket would replace the unhappy one in the figures
    assert (invitation.ticket, invitation.ticket_source) == ("", "")
    assert found.recoveries.get().invitation == invitation
    assert notes(found) == [("asked", "Settled?")]
    assert recoveries.ask_due(NOW + 2 * DAY) == 0


@pytest.mark.parametrize(
    ("now", "zone", "asked_at"),
    [
        (datetime(2026, 3, 7, 12, tzinfo=UTC), "UTC", datetime(2026, 3, 9, 9, tzinfo=UTC)),  # a Saturday
        (datetime(2026, 3, 5, 12, tzinfo=UTC), "UTC", datetime(2026, 3, 6, 9, tzinfo=UTC)),  # a holiday
        (datetime(2026, 3, 3, 12, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 3, 4, 0, tzinfo=UTC)),  # night there
    ],
)
def test_nobody_is_asked_at_night_or_on_a_day_off(
    mara: User, survey: Survey, now: datetime, zone: str, asked_at: datetime
) -> None:
    CalendarFactory().holidays.create(date=date(2026, 3, 5), name="A feast")
    found = resolved(mara, contact=ContactFactory(time_zone=zone))
    assert [recoveries.ask_due(now), Invitation.objects.count()] == [1, 0]
    assert (found.recoveries.get().ask_at, notes(found)) == (asked_at, [])
    assert [recoveries.ask_due(asked_at - timedelta(seconds=1)), Invitation.objects.count()] == [0, 0]
    assert recoveries.ask_due(asked_at) == 1
    assert Invitation.objects.get().mail.next_attempt_at == asked_at


def test_who_was_asked_just_before_is_asked_all_the_same(mara: User, survey: Survey) -> None:
    contact = ContactFactory()
    InvitationFactory(contact=contact, created_at=NOW - DAY, send_at=NOW - DAY)
    resolved(mara, contact=contact)
    recoveries.ask_due(NOW + DAY)
    assert Invitation.objects.filter(survey=survey).count() == 1


def test_whoever_must_not_be_written_to_is_not(mara: User, survey: Survey) -> None:
    SuppressionFactory(email="carla@example.com")
    found = resolved(mara, contact=ContactFactory(email="Carla@example.com"))
    recoveries.ask_due(NOW + DAY)
    assert (Invitation.objects.count(), Mail.objects.count()) == (0, 0)
    assert found.recoveries.get().reason == "suppressed"
    assert notes(found) == [("not_asked", "the address must not be written to")]


@pytest.mark.parametrize("state", ["none", "draft", "closed"])
def test_without_an_open_survey_nobody_is_asked(mara: User, survey: Survey, state: str) -> None:
    if state == "none":
        survey.delete()
    else:
        Survey.objects.filter(pk=survey.pk).update(status=state)
    found = resolved(mara)
    recoveries.ask_due(NOW + DAY)
    assert notes(found) == [("not_asked", "no survey about a settled complaint is open")]


@pytest.mark.parametrize(("is_open", "asks"), [(True, True), (False, False)])
def test_the_survey_can_be_chosen(mara: User, survey: Survey, is_open: bool, asks: bool) -> None:
    chosen = SurveyFactory(purpose="recovery", status="open" if is_open else "closed")
    FollowUpRules.objects.update_or_create(pk=1, defaults={"recovery_survey": chosen})
    resolved(mara)
    recoveries.ask_due(NOW + DAY)
    assert list(Invitation.objects.values_list("survey", flat=True)) == ([chosen.pk] if asks else [])


def test_who_has_no_address_any_more_is_not_asked(mara: User, survey: Survey) -> None:
    found = resolved(mara)
    found.contact.delete()
    recoveries.ask_due(NOW + DAY)
    assert notes(found) == [("not_asked", "there is no address")]


def test_nobody_is_asked_while_it_is_open_again(mara: User, survey: Survey) -> None:
    found = resolved(mara)
    follow_up_steps.reopen(found.pk, by=mara, now=NOW)
    assert recoveries.ask_due(NOW + DAY) == 0
    follow_up_steps.contacted(found.pk, by=mara, how="mail", now=NOW + DAY)
    follow_up_steps.resolve(found.pk, by=mara, now=NOW + DAY)
    assert recoveries.ask_due(NOW + 2 * DAY) == 1
    assert Invitation.objects.get().key == f"settled-now:follow_up:{found.pk}:2"


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_ask_once(at_once) -> None:
    Survey.objects.filter(purpose="recovery").delete()
    SurveyFactory(purpose="recovery", respects_quiet_time=False)
    mara = ManagerFactory()
    for _number in range(6):
        resolved(mara)
    at_once(*[lambda: recoveries.ask_due(NOW + DAY)] * 3)
    assert at_once(lambda: (Invitation.objects.count(), Mail.objects.count())) == [(6, 6)]
    assert at_once(lambda: Recovery.objects.filter(invitation=None).count()) == [0]


# --- Hearing ------------------------------------------------------------------------------------------------------
def answered(found: FollowUp, score: int, comment: str = "", *, at: datetime = NOW + 2 * DAY) -> Answer:
    recoveries.ask_due(NOW + DAY)
    recovery = found.recoveries.get()
    return answers.record(recovery.invitation, Given(score=score, comment=comment), now=at)


@pytest.mark.parametrize("score", [3, 4, 5])
def test_who_is_content_leaves_it_resolved(mara: User, survey: Survey, score: int) -> None:
    found = resolved(mara)
    answer = answered(found, score, "Thanks.")
    FactChange.objects.all().delete()
    assert [recoveries.hear(NOW + 2 * DAY), recoveries.hear(NOW + 2 * DAY)] == [1, 0]
    found.refresh_from_db()
    assert (found.state, found.recoveries.get().answer) == ("resolved", answer)
    assert notes(found)[-1] == ("answered", f"{score} of 5: “Thanks.”")
    assert FollowUpAnswer.objects.get(answer=answer).is_recovery
    assert list(FactChange.objects.values_list("at", flat=True)) == [answer.answered_at]


@pytest.mark.parametrize("score", [1, 2])
def test_who_is_still_unhappy_makes_it_new_again_and_somebody_is_told(mara: User, survey: Survey, score: int) -> None:
    found = resolved(mara, survey=SurveyFactory(owner=mara))
    answered(found, score, "Nothing has changed.")
    later = NOW + 2 * DAY
    assert recoveries.hear(later) == 1
    found.refresh_from_db()
    assert (found.state, found.taken_at, found.closed_at, found.due_at) == ("new", None, None, later + DAY)
    assert follow_up_mail.tell(later) == 1
    assert Mail.objects.latest("pk").subject == f"Unhappy again: {score} of 5, “Nothing has changed.”"


def test_an_unhappy_answer_about_it_opens_no_other(mara: User, survey: Survey) -> None:
    found = resolved(mara)
    answered(found, 1)
    for _sweep in range(2):
        follow_ups.open_for_unhappy(NOW + 2 * DAY)
        recoveries.hear(NOW + 2 * DAY)
        follow_ups.open_for_unhappy(NOW + 2 * DAY)
    assert FollowUp.objects.get() == found


def test_who_thinks_better_of_it_is_noted(mara: User, survey: Survey) -> None:
    found = resolved(mara)
    answered(found, 1)
    recoveries.hear(NOW + 2 * DAY)
    later = NOW + 2 * DAY + timedelta(hours=1)
    answers.record(found.recoveries.get().invitation, Given(score=5), now=later)
    follow_ups.note_changes(later)
    assert notes(found)[-1] == ("changed", "no longer unhappy: 5 of 5")


def test_quiet_sweeps_ask_little(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        recoveries.hear(NOW)
    with django_assert_num_queries(2):
        recoveries.ask_due(NOW)
