"""What a survey asks, kept for ever: laws of versions."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import content, lifecycle, starting, versions, writing
from surveys.blueprints import BLUEPRINTS
from surveys.content import TEXTS, Content, Further, Prompt, Wording
from surveys.languages import LANGUAGES
from surveys.models import Survey, Version
from surveys.scales import Scale
from surveys.starting import Start
from tests.factories import AnswerFactory, ManagerFactory, QuestionFactory, SurveyFactory

pytestmark = pytest.mark.django_db
WORDS = st.text("ab “ü\u0627", max_size=4)
calm = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def contents(draw) -> Content:
    codes = draw(st.lists(st.sampled_from(list(LANGUAGES)), min_size=1, max_size=3, unique=True))
    keys = tuple(draw(st.lists(st.text("abc", min_size=1, max_size=3), max_size=3, unique=True)))
    prompt = st.builds(Prompt, prompt=WORDS, low_label=WORDS, options=st.fixed_dictionaries(dict.fromkeys(keys, WORDS)))
    question = st.builds(
        Further,
        id=st.integers(1, 9),
        kind=st.sampled_from(["choice", "scale", "long"]),
        is_required=st.booleans(),
        standings=st.lists(st.sampled_from([1, 0, -1]), unique=True).map(tuple),
        after=st.none() | st.integers(1, 9),
        after_options=st.just(keys),
        options=st.just(keys),
        prompts=st.fixed_dictionaries(dict.fromkeys(codes, prompt)),
    )
    return Content(
        scale=Scale(kind="csat", low=1, high=draw(st.sampled_from([2, 5, 7])), good_from=draw(st.none() | st.just(2))),
        look="numbers",
        language=codes[0],
        wordings=draw(st.fixed_dictionaries(dict.fromkeys(codes, st.builds(Wording, **dict.fromkeys(TEXTS, WORDS))))),
        questions=tuple(draw(st.lists(question, max_size=3))),
    )


@calm
@given(contents())
def test_content_is_the_same_after_a_way_through_json(one):
    assert content.from_json(json.loads(json.dumps(one.as_json()))) == one


@calm
@given(contents(), contents())
def test_digests_are_the_same_exactly_if_contents_are(one, other):
    assert (one.digest == other.digest) == (one == other)


def whole(**fields) -> Survey:
    survey = starting.from_blueprint(BLUEPRINTS["recovery"], Start(name="R", slug="r", languages=["en", "de"]))
    Survey.objects.filter(pk=survey.pk).update(**fields)
    return Survey.objects.get(pk=survey.pk)


def rewrite(survey: Survey, **texts: str) -> None:
    said = writing.words(survey, survey.language)
    writing.save_words(survey, survey.language, {**said, **texts}, seen=writing.fingerprint(said))
    survey.refresh_from_db()


def test_ensuring_twice_is_one_version():
    survey = whole()
    first = versions.ensure(survey)
    assert versions.ensure(survey) == versions.ensure(Survey.objects.get(pk=survey.pk)) == first
    assert Version.objects.filter(survey=survey).count() == 1


def test_a_version_says_for_ever_what_it_said():
    survey = whole()
    first = lifecycle.open_survey(survey)
    before = first.content
    rewrite(survey, question="Another?")
    survey.questions.all().update(is_retired=True)
    second = lifecycle.ask_anew(survey, by=ManagerFactory())
    first.refresh_from_db()
    assert (first.content, first.number, second.number) == (before, 1, 2)
    assert versions.read(second).wordings["en"].question == "Another?"
    assert versions.read(first).questions != () == versions.read(second).questions


def test_answers_keep_the_version_they_were_given_to():
    survey = whole()
    answer = AnswerFactory(survey=survey, version=lifecycle.open_survey(survey))
    rewrite(survey, question="Another?")
    lifecycle.ask_anew(survey)
    answer.refresh_from_db()
    assert answer.version.number == 1


def test_what_is_just_being_written_is_not_asked():
    survey = whole()
    lifecycle.open_survey(survey)
    rewrite(survey, question="Another?")
    assert versions.read(versions.asked_now(survey)).wordings["en"].question != "Another?"
    assert [(change.what, change.after) for change in versions.pending(survey)] == [("question", "Another?")]


def test_question_is_told_as_it_is_asked():
    survey = whole()
    rewrite(survey, question="Of a draft?")
    assert versions.question(survey) == "Of a draft?"
    lifecycle.open_survey(survey)
    rewrite(survey, question="Not asked yet?")
    assert versions.question(survey) == "Of a draft?"


def test_going_back_to_the_words_before_is_nothing_to_ask():
    survey = whole()
    lifecycle.open_survey(survey)
    question = survey.question
    rewrite(survey, question="Another?")
    rewrite(survey, question=question)
    assert versions.pending(survey) == []


def test_a_draft_has_nothing_that_waits():
    assert versions.pending(whole()) == []


def test_version_after_a_lost_one_has_the_next_number():
    survey = SurveyFactory()
    first = versions.ensure(survey)
    Survey.objects.filter(pk=survey.pk).update(current_version=None)
    found = Survey.objects.get(pk=survey.pk)
    found.question = "Else?"
    found.save()
    assert (first.number, versions.ensure(found).number) == (1, 2)


def test_question_was_asked_once_a_version_has_it():
    question = QuestionFactory(survey__opened_at=None)
    assert not versions.was_asked(question)
    versions.ensure(question.survey)
    assert versions.was_asked(question)


def test_reading_what_a_survey_asks_costs_two_queries_however_much_it_asks(django_assert_num_queries):
    few, many = SurveyFactory(), whole()
    for survey in (few, many):
        with django_assert_num_queries(2):
            versions.content_of(survey)
