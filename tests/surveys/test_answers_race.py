"""Two posts at the same moment: the one thing that needs real transactions."""

import pytest

from surveys import answers
from surveys.answers import Given
from surveys.models import Answer, AnswerChange
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db(transaction=True)


def stored():
    """What the database holds, as the threads see it."""
    changes = AnswerChange.objects.values_list("score", "comment")
    return list(Answer.objects.values_list("score", "comment")), list(changes)


def test_two_posts_at_the_same_moment_are_one_answer(at_once):
    invitation = InvitationFactory()
    at_once(*[lambda: answers.record(invitation, Given(score=4, comment="same"))] * 4)
    assert at_once(stored) == [([(4, "same")], [])]


def test_two_different_posts_at_the_same_moment_keep_both_words(at_once):
    invitation = InvitationFactory()
    at_once(
        lambda: answers.record(invitation, Given(score=4, comment="one")),
        lambda: answers.record(invitation, Given(score=1, comment="two")),
    )
    [(said, before)] = at_once(stored)
    assert sorted(said + before) == [(1, "two"), (4, "one")]
    assert len(said) == 1


def test_public_form_posted_twice_at_the_same_moment_is_one_answer(at_once):
    survey = SurveyFactory()
    at_once(*[lambda: answers.record_public(survey, Given(score=4, comment="same", form_key="k" * 22))] * 4)
    assert at_once(stored) == [([(4, "same")], [])]
