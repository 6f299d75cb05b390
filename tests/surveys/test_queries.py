from datetime import UTC, datetime, timedelta

import pytest

from surveys import answers, queries
from surveys.queries import Funnel, Given
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 3, 2, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "is_inside"), [(START - MOMENT, False), (START, True), (END - MOMENT, True), (END, False)]
)
def test_rows_are_those_from_start_on_and_before_end(at, is_inside):
    invitation = InvitationFactory(created_at=at)
    answers.record(invitation, 3, now=at)
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
    answer = answers.record(invitation, 3, now=START + MOMENT)
    assert [dict(zip(queries.ANSWER_COLUMNS, row, strict=True)) for row in queries.answer_rows(START, END)] == [
        {
            "id": answer.pk, "survey": "c", "kind": "csat", "score": 3, "scale_min": 1, "scale_max": 5,
            "answered_at": START + MOMENT, "ticket_source": "s", "ticket": "1", "agent": "A", "team": "T",
            "channel": "chat", "category": "K",
        }
    ]  # fmt: skip
    assert [dict(zip(queries.INVITATION_COLUMNS, row, strict=True)) for row in queries.invitation_rows(START, END)] == [
        {
            "id": invitation.pk, "survey": "c", "kind": "csat", "sent_at": START, "bounced_at": None,
            "answered_at": START + MOMENT, "agent": "A", "team": "T", "channel": "chat", "category": "K",
        }
    ]  # fmt: skip


def test_invitations_that_were_not_sent_are_no_rows():
    InvitationFactory(created_at=START, sent_at=None)
    assert list(queries.invitation_rows(START, END)) == []


def test_extent_spans_sending_and_answering():
    assert queries.extent() is None
    answers.record(InvitationFactory(created_at=START), 3, now=END)
    answers.record_public(SurveyFactory(), 3, now=START - MOMENT)
    assert queries.extent() == (START - MOMENT, END)


def test_funnel_counts_the_cohort_that_was_reached():
    survey = SurveyFactory()
    answered, late = InvitationFactory.create_batch(2, survey=survey, created_at=START)
    for invitation in (answered, late):
        answers.record(invitation, 3, now=END)
    InvitationFactory(survey=survey, bounced_at=START)
    InvitationFactory(survey=survey, sent_at=None)
    answers.record_public(survey, 5, now=END + MOMENT)
    funnel = queries.funnels([survey.pk])[survey.pk]
    assert funnel == Funnel(invited=4, sent=3, bounced=1, answered=2)
    assert (funnel.delivered, funnel.rate) == (2, 100.0)
    assert queries.given([survey.pk]) == {survey.pk: Given(n=3, last=END + MOMENT)}


def test_rate_of_nobody_is_none():
    assert (Funnel().rate, Funnel(invited=3).rate, Funnel(invited=1, sent=1, bounced=1).rate) == (None, None, None)
    assert Funnel(sent=50, answered=20).rate == 40.0


def test_distribution_has_every_score():
    survey = SurveyFactory()
    for score in (5, 5, 1):
        answers.record_public(survey, score)
    answers.record_public(SurveyFactory(), 3)
    assert queries.distribution(survey) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 2}


def test_comments_are_those_with_words_newest_first():
    survey = SurveyFactory()
    for day, comment in enumerate(("first", "", "third")):
        answers.record_public(survey, 3, comment, now=START + timedelta(days=day))
    assert [answer.comment for answer in queries.comments(survey)] == ["third", "first"]
