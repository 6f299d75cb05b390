import pytest

from surveys import lifecycle, versions, writing
from surveys.lifecycle import FrozenError
from surveys.models import Survey
from surveys.writing import ChangedMeanwhileError, NotPossibleError, fingerprint
from tests.factories import ManagerFactory, QuestionFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Survey:
    return SurveyFactory(status="draft", opened_at=None, thanks="Thanks")


def save_words(survey: Survey, language: str, **texts: str) -> None:
    said = writing.words(survey, language)
    writing.save_words(survey, language, {**said, **texts}, seen=fingerprint(said))
    survey.refresh_from_db()


def save_scale(survey: Survey, **wanted) -> None:
    current = writing.scale(survey)
    writing.save_scale(survey, {**current, **wanted}, seen=fingerprint(current))
    survey.refresh_from_db()


def save_thresholds(survey: Survey, middle: int, good: int) -> None:
    current = writing.thresholds(survey)
    writing.save_thresholds(survey, {"middle_from": middle, "good_from": good}, seen=fingerprint(current))
    survey.refresh_from_db()


# --- Words --------------------------------------------------------------------------------------------------------
def test_words_are_written_in_their_language(draft):
    save_words(draft, "en", question="How?")
    save_words(draft, "de", question="Wie?")
    content = versions.content_of(draft)
    assert (content.wordings["en"].question, content.wordings["de"].question) == ("How?", "Wie?")
    assert content.wording("de").thanks == "Thanks"


def test_text_that_somebody_else_has_saved_is_not_overwritten_unseen(draft):
    seen = fingerprint(writing.words(draft, "en"))
    save_words(draft, "en", question="Theirs?")
    mine = {**writing.words(draft, "en"), "question": "Mine?"}
    with pytest.raises(ChangedMeanwhileError) as conflict:
        writing.save_words(draft, "en", mine, seen=seen)
    assert conflict.value.theirs["question"] == "Theirs?"
    draft.refresh_from_db()
    assert draft.question == "Theirs?"
    writing.save_words(draft, "en", mine, seen=fingerprint(conflict.value.theirs))
    draft.refresh_from_db()
    assert draft.question == "Mine?"


def test_saving_the_same_a_second_time_is_no_conflict(draft):
    seen = fingerprint(writing.words(draft, "en"))
    save_words(draft, "en", question="How?")
    writing.save_words(draft, "en", writing.words(draft, "en"), seen=seen)


def test_two_people_write_two_languages_at_once(draft):
    seen = fingerprint(writing.words(draft, "de"))
    save_words(draft, "en", question="How?")
    writing.save_words(draft, "de", {**writing.words(draft, "de"), "question": "Wie?"}, seen=seen)
    assert draft.translations.get().question == "Wie?"


# --- Languages ----------------------------------------------------------------------------------------------------
def test_language_is_added_once(draft):
    for language in ("de", "de", "en"):
        writing.add_language(draft, language)
    assert [one.language for one in draft.translations.all()] == ["de"]


def test_language_that_is_taken_away_goes_from_the_questions_too(draft):
    save_words(draft, "de", question="Wie?")
    question = QuestionFactory(survey=draft, prompts={"en": {"prompt": "Why?"}, "de": {"prompt": "Warum?"}})
    writing.drop_language(draft, "de")
    question.refresh_from_db()
    assert (draft.translations.count(), question.prompts) == (0, {"en": {"prompt": "Why?"}})


def test_main_language_cannot_be_taken_away(draft):
    with pytest.raises(NotPossibleError):
        writing.drop_language(draft, "en")


def test_another_language_becomes_the_main_one_and_no_text_is_lost(draft):
    save_words(draft, "de", question="Wie?")
    before = versions.content_of(draft).wordings
    writing.make_main(draft, "de")
    draft.refresh_from_db()
    content = versions.content_of(draft)
    assert (draft.language, draft.question, content.wordings) == ("de", "Wie?", before)


@pytest.mark.parametrize("language", ["de", "fr"])
def test_language_without_a_question_cannot_be_the_main_one(draft, language):
    draft.translations.create(language="de")
    with pytest.raises(NotPossibleError) as refused:
        writing.make_main(draft, language)
    assert str(refused.value) == "The main language needs a question; write it first."


# --- Scale --------------------------------------------------------------------------------------------------------
def test_another_scale_takes_the_thresholds_that_are_agreed_on(draft):
    save_thresholds(draft, 4, 5)
    save_scale(draft, scale_max=7)
    assert (draft.scale_max, draft.middle_from, draft.good_from, draft.scale.steps) == (7, None, None, (4, 6))


def test_another_look_keeps_thresholds(draft):
    save_thresholds(draft, 4, 5)
    save_scale(draft, look="stars")
    assert (draft.look, draft.scale.steps) == ("stars", (4, 5))


def test_scale_of_a_survey_that_was_open_is_frozen_and_its_look_is_not():
    survey = SurveyFactory(status="closed")
    for changed in ({"kind": "ces"}, {"scale_max": 7}, {"lower_is_better": True}, {"kind": "ces", "look": "stars"}):
        with pytest.raises(FrozenError) as refused:
            save_scale(survey, **changed)
    assert str(refused.value) == (
        "The survey was open already. Answers are counted by its kind, scale, thresholds and purpose, "
        "so these stay as they are. To ask otherwise, make a new survey."
    )
    save_scale(survey, look="smileys")
    assert (survey.kind, survey.scale_max, survey.look) == ("csat", 5, "smileys")


def test_survey_opened_while_somebody_edits_its_scale_stays_as_it_was_opened(draft):
    edited = Survey.objects.get(pk=draft.pk)
    lifecycle.open_survey(draft)
    with pytest.raises(FrozenError):
        save_scale(edited, scale_max=7)


# --- Thresholds ---------------------------------------------------------------------------------------------------
def test_own_thresholds_are_kept_and_the_agreed_ones_are_none(draft):
    save_thresholds(draft, 4, 5)
    assert (draft.middle_from, draft.good_from) == (4, 5)
    save_thresholds(draft, 3, 4)
    assert (draft.middle_from, draft.good_from) == (None, None)


def test_thresholds_are_frozen_once_the_survey_was_open(draft):
    lifecycle.open_survey(draft)
    save_thresholds(draft, 3, 4)  # the same
    with pytest.raises(FrozenError):
        save_thresholds(draft, 4, 5)


@pytest.mark.parametrize(("middle", "good"), [(1, 4), (5, 4), (3, 6)])
def test_thresholds_that_the_scale_cannot_have(draft, middle, good):
    with pytest.raises(NotPossibleError):
        save_thresholds(draft, middle, good)


def test_nps_has_only_its_own_thresholds():
    survey = SurveyFactory(kind="nps", status="draft", opened_at=None)
    with pytest.raises(NotPossibleError) as refused:
        save_thresholds(survey, 6, 8)
    assert str(refused.value) == "Only 9 and 10 are promoters and 7 and 8 passives; other thresholds make no NPS."


# --- Rules --------------------------------------------------------------------------------------------------------
def test_rules_hold_at_once_also_of_an_open_survey():
    survey, owner = SurveyFactory(), ManagerFactory()
    current = writing.rules(survey)
    wanted = {**current, "owner_id": owner.pk, "reminder_days": [3, 9], "expires_after_days": 20}
    writing.save_rules(survey, wanted, seen=fingerprint(current))
    survey.refresh_from_db()
    assert (survey.owner, survey.reminder_days, survey.expires_after_days) == (owner, [3, 9], 20)


@pytest.mark.parametrize("changed", [{"purpose": "product"}, {"slug": "else"}])
def test_purpose_and_address_are_frozen_once_the_survey_was_open(draft, changed):
    for survey, is_frozen in ((draft, False), (SurveyFactory(), True)):
        current = writing.rules(survey)
        try:
            writing.save_rules(survey, {**current, **changed}, seen=fingerprint(current))
        except FrozenError:
            assert is_frozen
        else:
            assert not is_frozen


def test_rules_that_somebody_else_has_saved_are_not_overwritten_unseen(draft):
    current = writing.rules(draft)
    writing.save_rules(draft, {**current, "name": "Theirs"}, seen=fingerprint(current))
    with pytest.raises(ChangedMeanwhileError):
        writing.save_rules(draft, {**current, "name": "Mine"}, seen=fingerprint(current))
