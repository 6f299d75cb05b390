"""Two managers at the same moment: the one thing that needs real transactions."""

import pytest

from surveys import lifecycle, versions, writing
from surveys.models import Survey, Version
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_asking_anew_at_the_same_moment_is_one_version(at_once):
    survey = SurveyFactory()
    versions.ensure(survey)
    Survey.objects.filter(pk=survey.pk).update(question="Else?")
    stored = [Survey.objects.get(pk=survey.pk) for _number in range(4)]
    made = at_once(*[lambda one=one: lifecycle.ask_anew(one).number for one in stored])
    assert made == [2, 2, 2, 2]
    assert at_once(lambda: list(Version.objects.filter(survey=survey).values_list("number", flat=True))) == [[2, 1]]


def test_two_texts_at_the_same_moment_are_never_one_lost(at_once):
    survey = SurveyFactory()
    said = writing.words(survey, "en")
    seen = writing.fingerprint(said)

    def write(question: str) -> str:
        try:
            writing.save_words(survey, "en", {**said, "question": question}, seen=seen)
        except writing.ChangedMeanwhileError as conflict:
            return f"{question} after {conflict.theirs['question']}"
        return question

    first, second = at_once(lambda: write("One?"), lambda: write("Two?"))
    [stored] = at_once(lambda: Survey.objects.get(pk=survey.pk).question)
    assert {first, second} == {stored, f"{'Two?' if stored == 'One?' else 'One?'} after {stored}"}
