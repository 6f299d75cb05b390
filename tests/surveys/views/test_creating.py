import re

import pytest

from surveys.blueprints import BLUEPRINTS
from surveys.models import Survey
from tests.factories import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db
CODES = [*BLUEPRINTS, "blank"]


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.mark.parametrize("path", ["/surveys/new/", "/surveys/new/csat/", "/surveys/new/blank/"])
def test_only_who_may_add_surveys_gets_in(client, path):
    client.force_login(StaffFactory())
    assert client.get(path).status_code == 403
    assert client.post(path, {"name": "New", "language": "en", "kind": "csat"}).status_code in (403, 405)
    assert not Survey.objects.filter(name="New").exists()


def test_every_blueprint_is_offered_with_its_question(manager):
    page = manager.get("/surveys/new/").content.decode()
    assert re.findall(r'<h2><a href="/surveys/new/(\w+)/">', page) == CODES
    assert "How likely are you to recommend My organisation to a friend or colleague?" in page


def test_blueprints_are_shown_in_the_language_of_their_reader(client):
    client.force_login(ManagerFactory(language="de"))
    page = client.get("/surveys/new/nps_groups/").content.decode()
    assert "Was hat Sie am meisten enttäuscht?" in page


def test_preview_tells_scale_further_questions_and_whom_they_are_asked(manager):
    page = manager.get("/surveys/new/nps_groups/").content.decode()
    assert len(re.findall(r"data-score", page)) == 11
    assert "What disappointed you most?" in page
    assert re.findall(r'badge-rule">only: ([^<]*)<', page) == [
        "promoters",
        "passives",
        "detractors",
        "“Something else”",
        "detractors",
    ]


def test_draft_is_made_in_the_chosen_languages(manager):
    sent = {"name": "Our first", "language": "de", "others": ["en", "ar", "de"]}
    response = manager.post("/surveys/new/exit/", sent)
    assert (response.status_code, response["Location"]) == (302, "/surveys/our-first/edit/")
    survey = Survey.objects.get(slug="our-first")
    assert (survey.status, survey.language, survey.owner.pk) == ("draft", "de", int(manager.session["_auth_user_id"]))
    assert sorted(survey.translations.values_list("language", flat=True)) == ["ar", "en"]
    assert survey.questions.count() == 5


def test_blank_survey_of_a_kind(manager):
    manager.post("/surveys/new/blank/", {"name": "Own", "kind": "ces", "language": "en"})
    survey = Survey.objects.get(slug="own")
    assert (survey.kind, survey.scale_max, survey.question, survey.high_label) == ("ces", 7, "", "Very easy")


@pytest.mark.parametrize("sent", [{"name": "", "language": "en"}, {"name": "Kept", "language": "xx"}])
def test_half_filled_form_keeps_its_fields(manager, sent):
    before = Survey.objects.count()
    response = manager.post("/surveys/new/csat/", sent)
    assert (response.status_code, Survey.objects.count()) == (422, before)
    assert f'value="{sent["name"]}"' in response.content.decode() or not sent["name"]


def test_name_of_one_of_our_pages_makes_no_address(manager):
    manager.post("/surveys/new/csat/", {"name": "New", "language": "en"})
    assert Survey.objects.get(name="New").slug == "new-2"


def test_unknown_blueprint_is_404(manager):
    assert manager.get("/surveys/new/nothing/").status_code == 404
