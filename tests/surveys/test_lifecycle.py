import pytest

from surveys import lifecycle
from surveys.lifecycle import FrozenError, NotReadyError
from surveys.models import Survey
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db


def test_a_new_installation_has_three_open_surveys_and_two_drafts():
    found = Survey.objects.order_by("slug").values_list(
        "slug", "kind", "status", "scale_min", "scale_max", "has_public_link"
    )
    assert list(found) == [
        ("ces", "ces", "open", 1, 7, False),
        ("csat", "csat", "open", 1, 5, False),
        ("enps", "enps", "draft", 0, 10, False),
        ("esat", "esat", "draft", 1, 5, False),
        ("nps", "nps", "open", 0, 10, False),
    ]


def test_opening_again_keeps_the_first_time():
    survey = SurveyFactory(status="draft", opened_at=None)
    lifecycle.open_survey(survey)
    first = survey.opened_at
    lifecycle.close_survey(survey)
    lifecycle.open_survey(survey)
    survey.refresh_from_db()
    assert (survey.status, survey.opened_at) == ("open", first)


def test_public_link_goes_on_and_off():
    survey = SurveyFactory()
    lifecycle.publish(survey)
    assert Survey.objects.get(pk=survey.pk).has_public_link
    lifecycle.withdraw(survey)
    assert not Survey.objects.get(pk=survey.pk).has_public_link


def test_opening_writes_down_the_thresholds_that_count():
    survey = SurveyFactory(status="draft", opened_at=None, kind="ces")
    lifecycle.open_survey(survey)
    survey.refresh_from_db()
    assert (survey.middle_from, survey.good_from) == (4, 5)
    assert survey.current_version.content["scale"]["good_from"] == 5


def test_survey_with_a_fault_is_not_opened():
    survey = SurveyFactory(status="draft", opened_at=None, question="", look="thumbs")
    with pytest.raises(NotReadyError) as refused:
        lifecycle.open_survey(survey, accepts_gaps=True)
    assert [problem.sentence for problem in refused.value.problems] == [
        "There is no question yet in English.",
        "Scores cannot look like this on 5 points.",
    ]
    assert not refused.value.may_be_accepted
    survey.refresh_from_db()
    assert (survey.status, survey.opened_at) == ("draft", None)


def test_missing_translations_must_be_accepted():
    survey = SurveyFactory(status="draft", opened_at=None)
    survey.translations.create(language="de")
    with pytest.raises(NotReadyError) as refused:
        lifecycle.open_survey(survey)
    assert refused.value.may_be_accepted
    lifecycle.open_survey(survey, accepts_gaps=True)
    assert survey.status == "open"


def test_asking_anew_looks_for_faults_too():
    survey = SurveyFactory()
    survey.translations.create(language="de")
    with pytest.raises(NotReadyError):
        lifecycle.ask_anew(survey)
    assert "de" in lifecycle.ask_anew(survey, accepts_gaps=True).content["wordings"]


def test_what_is_counted_by_is_frozen_from_the_first_opening_on():
    survey = SurveyFactory(status="draft", opened_at=None)
    lifecycle.refuse_if_frozen(survey)
    lifecycle.open_survey(survey)
    lifecycle.close_survey(survey)
    with pytest.raises(FrozenError):
        lifecycle.refuse_if_frozen(survey)
