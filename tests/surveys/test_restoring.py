import pytest

from surveys import further, lifecycle, restoring, starting, versions, writing
from surveys.blueprints import BLUEPRINTS
from surveys.content import Prompt
from surveys.further import Written
from surveys.starting import Start

pytestmark = pytest.mark.django_db


def test_survey_says_again_exactly_what_a_version_said():
    survey = starting.from_blueprint(BLUEPRINTS["nps_groups"], Start(name="R", slug="r", languages=["en", "de", "ar"]))
    first = lifecycle.open_survey(survey)
    further.add(survey, Written(kind="short", prompts={"en": Prompt(prompt="New?")}))
    further.take_back(survey.questions.order_by("position")[0])
    further.move(survey.questions.order_by("position")[3], by=-1)
    writing.drop_language(survey, "ar")
    writing.make_main(survey, "de")
    survey.refresh_from_db()
    assert len(versions.pending(survey)) > 3
    restoring.restore(survey, first)
    survey.refresh_from_db()
    assert versions.content_of(survey) == versions.read(first)
    assert versions.pending(survey) == []
    assert not survey.questions.filter(prompts__en__prompt="New?").exists()


def test_question_that_later_versions_asked_is_taken_back_and_kept():
    survey = starting.from_blueprint(BLUEPRINTS["csat"], Start(name="R", slug="r", languages=["en"]))
    first = lifecycle.open_survey(survey)
    added = further.add(survey, Written(kind="short", prompts={"en": Prompt(prompt="New?")}))
    lifecycle.ask_anew(survey)
    restoring.restore(survey, first)
    added.refresh_from_db()
    assert added.is_retired
    survey.refresh_from_db()
    assert lifecycle.ask_anew(survey).number == 3
