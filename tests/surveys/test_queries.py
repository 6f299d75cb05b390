from datetime import UTC, datetime, timedelta

import pytest

from surveys import answers, queries
from surveys.answers import Given
from tests.factories import AnswerFactory, InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 3, 2, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "is_inside"), [(START - MOMENT, False), (START, True), (END - MOMENT, True), (END, False)]
)
def test_rows_are_those_from_start_on_and_before_end(at, is_inside):
    invitation = InvitationFactory(created_at=at)
    answers.record(invitation, Given(score=3), now=at)
    assert len(list(queries.answer_rows(START, END))) == is_inside
    assert len(list(queries.invitation_rows(START, END))) == is_inside


def test_rows_have_the_promised_columns():
    invitation = InvitationFactory(
        survey__slug="c",
        created_at=START,
        team="T",
        agent="A",
        channel="chat",
        category="K",
        ticket="1",
        ticket_source="s",
    )
    answer = answers.record(invitation, Given(score=3), now=START + MOMENT)
    assert [dict(zip(queries.ANSWER_COLUMNS, row, strict=True)) for row in queries.answer_rows(START, END)] == [
        {
            "id": answer.pk, "survey": "c", "kind": "csat", "score": 3, "scale_min": 1, "scale_max": 5,
            "lower_is_better": False, "standing": 0, "purpose": "service",
            "answered_at": START + MOMENT, "ticket_source": "s", "ticket": "1", "agent": "A", "team": "T",
            "channel": "chat", "category": "K",
        }
    ]  # fmt: skip
    assert [dict(zip(queries.INVITATION_COLUMNS, row, strict=True)) for row in queries.invitation_rows(START, END)] == [
        {
            "id": invitation.pk, "survey": "c", "kind": "csat", "sent_at": START, "bounced_at": None,
            "is_answered": True, "agent": "A", "team": "T", "channel": "chat", "category": "K",
        }
    ]  # fmt: skip


def test_invitations_that_were_not_sent_are_no_rows():
    InvitationFactory(created_at=START, sent_at=None)
    assert list(queries.invitation_rows(START, END)) == []


@pytest.mark.parametrize("kind", ["esat", "enps"])
def test_invitations_of_employees_are_no_rows(kind):
    """A row tells whether one person has answered."""
    InvitationFactory(survey__kind=kind, created_at=START, agent="A", team="T")
    of_customer = InvitationFactory(created_at=START)
    assert [row[0] for row in queries.invitation_rows(START, END)] == [of_customer.pk]


def test_extent_spans_sending_and_answering():
    assert queries.extent() is None
    answers.record(InvitationFactory(created_at=START), Given(score=3), now=END)
    answers.record_public(SurveyFactory(), Given(score=3), now=START - MOMENT)
    assert queries.extent() == (START - MOMENT, END)


@pytest.mark.parametrize(("is_good", "words"), [(False, ["Later", "Slow"]), (True, ["Great"])])
def test_comments_of_customers_are_the_newest_of_their_group(is_good, words):
    survey = SurveyFactory()
    for minutes, score, comment in ((0, 1, "Slow"), (1, 1, "Later"), (2, 5, "Great"), (3, 3, "So so"), (4, 1, "")):
        AnswerFactory(survey=survey, score=score, comment=comment, answered_at=START + timedelta(minutes=minutes))
    AnswerFactory(survey=survey, score=1, comment="Before", answered_at=START - MOMENT)
    AnswerFactory(survey=survey, score=1, comment="After", answered_at=END)
    found = queries.customers_comments(START, END, is_good=is_good, limit=5)
    assert [answer.comment for answer in found] == words
    assert [answer.comment for answer in queries.customers_comments(START, END, is_good=is_good, limit=1)] == words[:1]


@pytest.mark.parametrize("kind", ["esat", "enps"])
def test_comments_of_employees_are_never_told(kind):
    AnswerFactory(survey=SurveyFactory(kind=kind), score=1, comment="My boss shouts", answered_at=START)
    assert queries.customers_comments(START, END, is_good=False, limit=5) == []
