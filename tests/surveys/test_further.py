from dataclasses import replace

import pytest

from surveys import further, readiness, versions, writing
from surveys.content import Prompt
from surveys.further import Written
from surveys.lifecycle import FrozenError
from surveys.models import Question
from surveys.writing import ChangedMeanwhileError, fingerprint
from tests.factories import QuestionFactory, SurveyFactory

pytestmark = pytest.mark.django_db
WHY = Written(
    kind="choice",
    prompts={"en": Prompt(prompt="Why?"), "de": Prompt(prompt="Warum?")},
    options=[("", {"en": "Too slow", "de": "Zu langsam"}), ("", {"en": "Rude", "de": ""})],
)


def order(survey) -> list[int]:
    return [one.id for one in versions.content_of(survey).questions]


def test_question_is_written_with_keys_for_its_options():
    survey = SurveyFactory()
    question = further.add(survey, WHY)
    assert question.options == ["too-slow", "rude"]
    assert question.prompts["de"] == {
        "prompt": "Warum?",
        "low_label": "",
        "high_label": "",
        "options": {"too-slow": "Zu langsam"},
    }


def test_new_questions_come_last():
    survey = SurveyFactory()
    first, second = further.add(survey, WHY), further.add(survey, WHY)
    assert order(survey) == [first.pk, second.pk]


def test_option_keeps_its_key_when_its_words_or_its_place_change():
    question = further.add(SurveyFactory(), WHY)
    options = [("rude", {"en": "Unfriendly", "de": ""}), ("too-slow", {"en": "Slow", "de": ""}), ("", {"en": "Rude"})]
    written = replace(WHY, prompts={"en": Prompt(prompt="Why?")}, options=options)
    stored = further.save(question, written, seen=fingerprint(further.values(question)))
    assert stored.options[:2] == ["rude", "too-slow"]
    assert stored.options[2].startswith("rude-")
    assert stored.prompts["en"]["options"]["rude"] == "Unfriendly"


def test_key_that_nobody_gave_is_not_taken_over():
    question = further.add(SurveyFactory(), replace(WHY, options=[("<b>", {"en": "One", "de": ""})]))
    assert question.options == ["one"]


def test_words_without_latin_letters_have_a_key_too():
    key = further.new_key("بطيء", set())
    assert len(key) == 6
    assert key.isalnum()


def test_question_that_was_asked_keeps_kind_and_scale():
    question = QuestionFactory(kind="scale", options=[])
    written = Written(kind="scale", scale_max=7, prompts={"en": Prompt(prompt="How?")})
    seen = fingerprint(further.values(question))
    versions.ensure(question.survey)
    with pytest.raises(FrozenError):
        further.save(question, written, seen=seen)
    assert further.save(question, replace(written, scale_max=5), seen=seen).prompts["en"]["prompt"] == "How?"


def test_question_that_somebody_else_has_saved_is_not_overwritten_unseen():
    question = further.add(SurveyFactory(), WHY)
    seen = fingerprint(further.values(question))
    further.save(question, replace(WHY, is_required=True), seen=seen)
    with pytest.raises(ChangedMeanwhileError) as conflict:
        further.save(question, WHY, seen=seen)
    assert conflict.value.theirs["is_required"] is True


def test_questions_change_places_and_stop_at_the_ends():
    survey = SurveyFactory()
    first, second, third = (further.add(survey, WHY) for _number in range(3))
    further.move(third, by=-1)
    assert order(survey) == [first.pk, third.pk, second.pk]
    further.move(first, by=-1)
    further.move(second, by=1)
    assert order(survey) == [first.pk, third.pk, second.pk]


def test_question_that_was_never_asked_is_deleted():
    question = QuestionFactory()
    further.take_back(question)
    assert Question.objects.count() == 0


def test_question_that_was_asked_is_kept_and_can_be_asked_again():
    survey = SurveyFactory()
    first, second = further.add(survey, WHY), further.add(survey, WHY)
    versions.ensure(survey)
    further.take_back(first)
    assert order(survey) == [second.pk]
    further.ask_again(first)
    assert order(survey) == [second.pk, first.pk]
    further.ask_again(second)
    assert order(survey) == [second.pk, first.pk]


def test_question_that_others_follow_is_never_taken_from_under_them():
    """Else they would be asked of everybody."""
    survey = SurveyFactory(opened_at=None)
    first = further.add(survey, WHY)
    further.add(
        survey, Written(kind="short", prompts={"en": Prompt(prompt="More?")}, after_id=first.pk, after_options=["rude"])
    )
    further.take_back(first)
    [problem] = readiness.problems(versions.content_of(survey))
    assert problem.sentence == (
        "Further question “More?”: it follows a question that comes later or is no longer asked."
    )


def test_only_questions_with_options_that_come_before_can_be_followed():
    survey = SurveyFactory()
    first = further.add(survey, WHY)
    text = further.add(survey, Written(kind="long", prompts={"en": Prompt(prompt="Else?")}))
    last = further.add(survey, WHY)
    assert writing.earlier(None, survey) == [first, last]
    assert writing.earlier(last, survey) == writing.earlier(text, survey) == [first]
    assert writing.earlier(first, survey) == []
