import pytest

from surveys import answers
from surveys.models import Survey
from tests.factories import ContactFactory, InvitationFactory, ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def form_data(**fields) -> dict[str, str]:
    return {
        "name": "New", "slug": "new", "kind": "nps", "question": "How likely?", "low_label": "", "high_label": "",
        "comment_label": "", "thanks": "", "language": "en", "expires_after_days": "28", "lock_after_days": "7",
        "owner": "", **fields,
    }  # fmt: skip


def test_new_survey_is_a_draft_with_the_scale_of_its_kind(manager):
    response = manager.post("/admin/surveys/survey/add/", form_data())
    assert response.status_code == 302
    survey = Survey.objects.get(slug="new")
    assert (survey.status, survey.scale_min, survey.scale_max, survey.high_label) == (
        "draft",
        0,
        10,
        "Extremely likely",
    )


def test_survey_that_was_open_keeps_kind_and_address(manager):
    survey = SurveyFactory(slug="mine", kind="csat")
    path = f"/admin/surveys/survey/{survey.pk}/change/"
    response = manager.post(path, form_data(name="Renamed", slug="other", kind="nps"))
    assert response.status_code == 302
    survey.refresh_from_db()
    assert (survey.name, survey.slug, survey.kind, survey.scale_max) == ("Renamed", "mine", "csat", 5)


def test_draft_may_change_its_kind(manager):
    survey = SurveyFactory(status="draft", opened_at=None)
    manager.post(f"/admin/surveys/survey/{survey.pk}/change/", form_data(kind="ces"))
    survey.refresh_from_db()
    assert (survey.kind, survey.scale_min, survey.scale_max) == ("ces", 1, 7)


def test_what_people_said_can_be_read_and_not_touched(manager):
    answer = answers.record(InvitationFactory(), 4, "<b>fine</b>")
    page = manager.get(f"/admin/surveys/answer/{answer.pk}/change/")
    assert "&lt;b&gt;fine&lt;/b&gt;" in page.content.decode()
    assert manager.post(f"/admin/surveys/answer/{answer.pk}/change/", {"score": "1"}).status_code == 403
    assert manager.post(f"/admin/surveys/answer/{answer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert manager.get("/admin/surveys/answer/add/").status_code == 403


def test_answers_of_employees_are_not_listed(manager):
    answer = answers.record(InvitationFactory(survey__kind="esat"), 1)
    assert manager.get(f"/admin/surveys/answer/{answer.pk}/change/").status_code == 302
    assert "0 answers" in manager.get("/admin/surveys/answer/").content.decode()


def test_contact_and_opened_survey_cannot_be_deleted(manager):
    contact, survey = ContactFactory(), SurveyFactory()
    for path in (f"/admin/surveys/contact/{contact.pk}/", f"/admin/surveys/survey/{survey.pk}/"):
        assert manager.post(f"{path}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["survey", "contact", "suppression", "answer"])
def test_lists_open_for_managers_only(manager, client, model):
    assert manager.get(f"/admin/surveys/{model}/").status_code == 200
    client.force_login(StaffFactory())
    assert client.get(f"/admin/surveys/{model}/").status_code == 403
