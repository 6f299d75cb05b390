import pytest

from surveys import starting, versions
from surveys.blueprints import BLUEPRINTS
from surveys.models import Survey
from surveys.starting import Start
from tests.factories import ManagerFactory, SurveyFactory

pytestmark = pytest.mark.django_db


def test_blueprint_becomes_a_draft_with_words_rules_and_branching():
    owner = ManagerFactory()
    start = Start(name="Complaints", slug="complaints", languages=["de", "ar"], owner=owner)
    starting.from_blueprint(BLUEPRINTS["recovery"], start)
    survey = Survey.objects.get(slug="complaints")
    assert (survey.name, survey.status, survey.language, survey.owner, survey.current_version) == (
        "Complaints",
        "draft",
        "de",
        owner,
        None,
    )
    assert (survey.reminder_days, survey.expires_after_days, survey.respects_quiet_time) == ([3], 14, False)
    content = versions.content_of(survey)
    assert content.wording("ar").question == "ما مدى رضاك عن طريقة تعاملنا مع شكواك؟"
    solved, still_open = content.questions
    assert (solved.kind, solved.is_required, solved.options) == ("choice", True, ("yes", "partly", "no"))
    assert (still_open.after, still_open.after_options) == (solved.id, ("partly", "no"))
    assert still_open.prompt("de", "de").prompt == "Was ist noch offen?"


def test_blank_survey_has_its_scale_and_the_names_of_its_ends():
    survey = starting.blank("nps", Start(name="Own", slug="own", languages=["fr"]))
    assert (survey.kind, survey.scale_min, survey.scale_max, survey.look) == ("nps", 0, 10, "numbers")
    assert (survey.question, survey.low_label, survey.mail_subject) == ("", "Pas du tout probable", "")
    assert survey.questions.count() == 0


@pytest.mark.parametrize(
    ("name", "slug"), [("Über Uns!", "uber-uns"), ("متجر", "csat-reasons"), ("Taken", "taken-2"), ("x" * 90, "x" * 40)]
)
def test_short_name_is_made_from_the_name(name, slug):
    SurveyFactory(slug="taken")
    assert starting.free_slug(name, otherwise="csat_reasons") == slug
