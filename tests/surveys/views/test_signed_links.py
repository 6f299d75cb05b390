import pytest
from django.contrib.auth.models import Permission

from surveys import signed_links
from tests.factories import ManagerFactory, StaffFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db
PATH = "/surveys/mine/ways-in/links/"


def somebody_who_may(codename: str):
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(content_type__app_label="surveys", codename=codename))
    return person


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def test_staff_make_no_links_and_see_no_secret(client, survey):
    client.force_login(StaffFactory())
    assert client.get(PATH).status_code == 403
    assert client.post("/surveys/mine/ways-in/secret/").status_code == 403


def test_secret_is_shown_to_those_only_who_may_change_the_survey(client, survey):
    client.force_login(somebody_who_may("add_entrance"))
    assert survey.link_secret not in client.get(PATH).content.decode()
    assert client.post("/surveys/mine/ways-in/secret/").status_code == 403
    client.force_login(ManagerFactory())
    response = client.get(PATH)
    assert response.content.decode().count(survey.link_secret) == 3  # alone, and in both recipes
    assert response["Cache-Control"] == "no-store"


def test_link_is_made(manager, survey):
    page = manager.get(PATH, {"make": "1", "ticket": "T 1", "agent": "ada"}).content.decode()
    query = signed_links.query(survey, {"ticket": "T 1", "agent": "ada"}).replace("&", "&amp;")
    assert f'value="http://localhost:8000/a/mine/?{query}"' in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Say at least one thing that the link is about."),
        ({"channel": "x" * 101}, "“channel” can have at most 100 characters."),
    ],
)
def test_link_that_cannot_be_made_is_told(manager, survey, given, sentence):
    response = manager.get(PATH, {"make": "1"} | given)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'id="signed-url"' not in response.content.decode()


def test_form_for_employees_asks_for_team_and_category_only(manager):
    SurveyFactory(slug="staff", kind="esat")
    page = manager.get("/surveys/staff/ways-in/links/").content.decode()
    assert [name for name in signed_links.NAMES if f'name="{name}"' in page] == ["category", "team"]


def test_new_secret(manager, survey):
    old = survey.link_secret
    response = manager.post("/surveys/mine/ways-in/secret/")
    assert (response.status_code, response["Location"]) == (302, PATH)
    survey.refresh_from_db()
    assert survey.link_secret != old
    assert manager.get("/surveys/mine/ways-in/secret/").status_code == 405
