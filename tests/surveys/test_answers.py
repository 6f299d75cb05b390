from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import answers, queries
from surveys.answers import AnswerRefusedError, Given
from surveys.availability import Availability
from surveys.models import Answer, AnswerChange, FactChange
from surveys.scales import ScoreOutOfScaleError
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWERED = SENT + timedelta(hours=3)


def test_answer_is_counted_under_what_was_frozen_at_sending():
    invitation = InvitationFactory(
        survey__kind="nps",
        created_at=SENT,
        ticket="T-1",
        ticket_source="zendesk",
        agent="agent-7",
        team="Billing",
        channel="chat",
        category="refund",
    )
    answers.record(invitation, Given(score=9, comment="Quick!"), now=ANSWERED)
    stored = Answer.objects.values_list(
        "kind", "score", "scale_min", "scale_max", "comment", "ticket", "ticket_source", "agent", "team", "channel",
        "category", "answered_at", "changed_at", "contact",
    )  # fmt: skip
    assert list(stored) == [
        ("nps", 9, 0, 10, "Quick!", "T-1", "zendesk", "agent-7", "Billing", "chat", "refund", ANSWERED, None,
         invitation.contact_id)
    ]  # fmt: skip


def test_answer_and_its_sending_day_are_journalled():
    answers.record(InvitationFactory(created_at=SENT), Given(score=4), now=ANSWERED)
    assert [at for _id, at in queries.fact_changes(10)] == [SENT, ANSWERED]


def test_answer_of_an_employee_is_journalled_by_days_only():
    """The instant at which an invitation was sent names it, and would stand beside the answer."""
    answers.record(InvitationFactory(survey__kind="esat", created_at=SENT), Given(score=4), now=ANSWERED)
    today = datetime(2026, 3, 1, tzinfo=UTC)
    assert list(FactChange.objects.order_by("id").values_list("at", "about")) == [
        (today, "invitation"),
        (today, "answer"),
    ]


def test_answer_of_an_employee_always_has_a_key_that_can_be_forgotten():
    """So that those whose form was sent without one are parted from their invitations as well."""
    answers.record(InvitationFactory(survey__kind="esat"), Given(score=4))
    assert len(Answer.objects.get().form_key) == 22


def test_second_answer_changes_the_first_and_keeps_what_was_said():
    invitation = InvitationFactory(created_at=SENT)
    answers.record(invitation, Given(score=2, comment="Slow"), now=ANSWERED)
    later = ANSWERED + timedelta(days=2)
    answers.record(invitation, Given(score=5, comment="Solved after all"), now=later)
    answer = Answer.objects.get()
    assert (answer.score, answer.comment, answer.answered_at, answer.changed_at) == (
        5,
        "Solved after all",
        ANSWERED,
        later,
    )
    assert list(AnswerChange.objects.values_list("score", "comment", "at")) == [(2, "Slow", later)]
    assert [at for _id, at in queries.fact_changes(10)] == [SENT, ANSWERED, SENT, ANSWERED]


def test_same_answer_twice_is_one_answer_without_a_change():
    invitation = InvitationFactory(created_at=SENT)
    answers.record(invitation, Given(score=2, comment="Slow"), now=ANSWERED)
    answers.record(invitation, Given(score=2, comment="Slow"), now=ANSWERED + timedelta(seconds=1))
    assert list(Answer.objects.values_list("score", "changed_at")) == [(2, None)]
    assert AnswerChange.objects.count() == 0
    assert FactChange.objects.count() == 2


@pytest.mark.parametrize(
    ("answered", "later", "status", "state"),
    [
        (None, timedelta(days=29), "open", Availability.EXPIRED),
        (timedelta(hours=1), timedelta(days=15), "open", Availability.LOCKED),
        (None, timedelta(hours=1), "closed", Availability.CLOSED),
    ],
)
def test_answer_that_comes_too_late_changes_nothing(answered, later, status, state):
    invitation = InvitationFactory(created_at=SENT, survey__lock_after_days=14)
    if answered:
        answers.record(invitation, Given(score=1, comment="first"), now=SENT + answered)
    invitation.survey.status = status
    invitation.survey.save()
    with pytest.raises(AnswerRefusedError) as raised:
        answers.record(invitation, Given(score=5, comment="second"), now=SENT + later)
    assert raised.value.state == state
    assert list(Answer.objects.values_list("score", "comment")) == ([(1, "first")] if answered else [])


@pytest.mark.parametrize("score", [0, 6, 15])
def test_score_out_of_scale_writes_nothing(score):
    with pytest.raises(ScoreOutOfScaleError):
        answers.record(InvitationFactory(), Given(score=score))
    with pytest.raises(ScoreOutOfScaleError):
        answers.record_public(SurveyFactory(), Given(score=score))
    assert (Answer.objects.count(), FactChange.objects.count()) == (0, 0)


def test_answer_proves_that_its_invitation_arrived():
    invitation = InvitationFactory(created_at=SENT, sent_at=None)
    answers.record(invitation, Given(score=3), now=ANSWERED)
    invitation.refresh_from_db()
    assert invitation.sent_at == SENT
    assert [at for _id, at in queries.fact_changes(10)] == [SENT, ANSWERED]


def test_public_answer_has_nobody_behind_it():
    survey = SurveyFactory(kind="ces")
    answers.record_public(survey, Given(score=6, comment="Easy"), now=ANSWERED)
    answer = Answer.objects.get()
    assert (answer.survey, answer.kind, answer.score, answer.comment) == (survey, "ces", 6, "Easy")
    assert (answer.invitation, answer.contact) == (None, None)
    assert [at for _id, at in queries.fact_changes(10)] == [ANSWERED]


def test_same_public_form_twice_is_one_answer():
    survey = SurveyFactory()
    for _time in range(2):
        answers.record_public(survey, Given(score=4, comment="x", form_key="k" * 22), now=ANSWERED)
    assert list(Answer.objects.values_list("score", "changed_at")) == [(4, None)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases see from the values that the index will do")
def test_form_is_found_by_its_index_however_many_answers_there_are():
    survey = SurveyFactory()
    with CaptureQueriesContext(connection) as asked:
        answers.record_public(survey, Given(score=4, form_key="k" * 22), now=ANSWERED)
    (found,) = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and "k" * 22 in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {found}")
        assert "answer_once_per_form" in str(cursor.fetchall())


def test_same_public_form_with_another_score_changes_the_answer():
    survey = SurveyFactory()
    for score in (4, 2):
        answers.record_public(survey, Given(score=score, form_key="k" * 22), now=ANSWERED)
    assert list(Answer.objects.values_list("score", flat=True)) == [2]
    assert list(AnswerChange.objects.values_list("score", flat=True)) == [4]


def test_public_forms_without_a_key_are_answers_of_their_own():
    survey = SurveyFactory()
    answers.record_public(survey, Given(score=4))
    answers.record_public(survey, Given(score=4))
    assert Answer.objects.count() == 2


@pytest.mark.parametrize("status", ["closed", "draft"])
def test_public_answer_to_a_survey_that_is_not_open_is_refused(status):
    with pytest.raises(AnswerRefusedError):
        answers.record_public(SurveyFactory(status=status), Given(score=4))
    assert Answer.objects.count() == 0


def test_journal_forgets_only_what_was_taken_over():
    answers.journal([SENT + timedelta(hours=hour) for hour in range(3)])
    first = queries.fact_changes(2)
    answers.forget_changes([pk for pk, _at in first])
    assert [at for _id, at in queries.fact_changes(10)] == [SENT + timedelta(hours=2)]
