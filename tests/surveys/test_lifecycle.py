import pytest

from surveys import lifecycle
from surveys.lifecycle import FrozenError
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


def test_kind_gives_scale_and_labels():
    survey = Survey(kind="nps", low_label="Never")
    lifecycle.apply_kind(survey)
    assert (survey.scale_min, survey.scale_max, survey.low_label, survey.high_label) == (
        0,
        10,
        "Never",
        "Extremely likely",
    )


def test_scale_of_a_survey_that_was_open_is_frozen():
    survey = SurveyFactory(kind="csat", status="closed")
    survey.kind = "nps"
    with pytest.raises(FrozenError) as raised:
        lifecycle.apply_kind(survey)
    assert str(raised.value) == "The survey was open already, so its kind and scale stay as they are."


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
