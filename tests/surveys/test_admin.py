import pytest

from surveys import answers
from surveys.answers import Given
from surveys.models import Survey
from tests.factories import ContactFactory, InvitationFactory, ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def test_surveys_are_made_on_their_own_page(manager):
    assert manager.post("/admin/surveys/survey/add/", {"name": "New"}).status_code == 403


def test_nothing_that_decides_something_can_be_changed_here(manager):
    survey = SurveyFactory(slug="mine", kind="csat")
    before = dict(Survey.objects.filter(pk=survey.pk).values().get())
    path = f"/admin/surveys/survey/{survey.pk}/change/"
    page = manager.get(path).content.decode()
    assert '<a href="/surveys/mine/edit/">' in page
    sent = {"name": "Renamed", "owner": "", "slug": "other", "kind": "nps", "question": "Else?", "good_from": "5"}
    assert manager.post(path, sent).status_code == 302
    after = dict(Survey.objects.filter(pk=survey.pk).values().get())
    assert {name: after[name] for name in after if after[name] != before[name]} == {"name": "Renamed"}


def test_what_people_said_can_be_read_and_not_touched(manager):
    answer = answers.record(InvitationFactory(), Given(score=4, comment="<b>fine</b>"))
    page = manager.get(f"/admin/surveys/answer/{answer.pk}/change/")
    assert "&lt;b&gt;fine&lt;/b&gt;" in page.content.decode()
    assert manager.post(f"/admin/surveys/answer/{answer.pk}/change/", {"score": "1"}).status_code == 403
    assert manager.post(f"/admin/surveys/answer/{answer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert manager.get("/admin/surveys/answer/add/").status_code == 403


def test_answers_of_employees_are_not_listed(manager):
    answer = answers.record(InvitationFactory(survey__kind="esat"), Given(score=1))
    assert manager.get(f"/admin/surveys/answer/{answer.pk}/change/").status_code == 302
    assert "There is nothing here yet." in manager.get("/admin/surveys/answer/").content.decode()


def test_contact_and_opened_survey_cannot_be_deleted(manager):
    contact, survey = ContactFactory(), SurveyFactory()
    for path in (f"/admin/surveys/contact/{contact.pk}/", f"/admin/surveys/survey/{survey.pk}/"):
        assert manager.post(f"{path}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["survey", "contact", "suppression", "answer"])
def test_lists_open_for_managers_only(manager, client, model):
    assert manager.get(f"/admin/surveys/{model}/").status_code == 200
    client.force_login(StaffFactory())
    assert client.get(f"/admin/surveys/{model}/").status_code == 403
