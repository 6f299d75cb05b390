import pytest

from surveys import invitations
from surveys.invitations import Invitee
from surveys.models import QuietTime
from tests.factories import ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def test_quiet_time_is_changed_and_counts_at_once(manager):
    given = {"person_days": "3", "kind_days": "0", "company_most": "2", "company_days": "14"}
    assert manager.post("/quiet-time/", given).status_code == 302
    assert QuietTime.objects.values_list("person_days", "kind_days", "company_most", "company_days").get() == (
        3,
        0,
        2,
        14,
    )


@pytest.mark.parametrize("change", [{"person_days": "-1"}, {"kind_days": "731"}, {"company_days": "x"}])
def test_what_cannot_be_is_422(manager, change):
    given = {"person_days": "3", "kind_days": "0", "company_most": "2", "company_days": "14"} | change
    assert manager.post("/quiet-time/", given).status_code == 422


def test_people_not_asked_by_reason(manager):
    survey = SurveyFactory(slug="mine")
    people = [Invitee(email="<b>bold</b>"), Invitee(email="a@example.org"), Invitee(email="A@example.org")]
    invitations.invite(survey, people)
    page = manager.get("/surveys/mine/skipped/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "A@example.org" in page
    only = manager.get("/surveys/mine/skipped/?reason=duplicate").content.decode()
    assert "A@example.org" in only
    assert "bold" not in only
    assert manager.get("/surveys/mine/skipped/?reason=nonsense&page=x").status_code == 200


def test_staff_may_not(client):
    client.force_login(StaffFactory())
    SurveyFactory(slug="mine")
    assert client.get("/quiet-time/").status_code == 403
    assert client.get("/surveys/mine/skipped/").status_code == 403
