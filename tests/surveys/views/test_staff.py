import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.models import Mail
from surveys import answers, history, invitations
from surveys.answers import Given
from surveys.history import Past
from surveys.invitations import Invitee
from surveys.models import Survey
from tests.factories import InvitationFactory, ManagerFactory, StaffFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGES_OF_STAFF = ["/surveys/", "/surveys/mine/", "/surveys/mine/preview/"]
PAGES_OF_MANAGERS = ["/surveys/mine/invitations/", "/surveys/mine/invite/"]
ACTIONS_OF_MANAGERS = ["/surveys/mine/invite/", "/surveys/mine/test-mail/", "/surveys/mine/status/"]


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def load(survey: Survey, scores: list[int | None], **fields) -> None:
    now = timezone.now()
    history.load(
        survey,
        [
            Past(email=f"p{n}@example.org", cause=f"{survey.slug}{n}", sent_at=now, score=score, **fields)
            for n, score in enumerate(scores)
        ],
    )


# --- Who may see what ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", PAGES_OF_STAFF + PAGES_OF_MANAGERS)
def test_strangers_are_asked_to_log_in(client, survey, path):
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("path", PAGES_OF_STAFF)
def test_staff_may_look(staff, survey, path):
    assert staff.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES_OF_MANAGERS)
def test_staff_may_not_see_addresses(staff, survey, path):
    assert staff.get(path).status_code == 403


@pytest.mark.parametrize("path", ACTIONS_OF_MANAGERS)
def test_staff_may_not_act(staff, survey, path):
    data = {"addresses": "a@example.org", "send": "1", "action": "close"}
    assert staff.post(path, data).status_code == 403
    survey.refresh_from_db()
    assert (survey.status, Mail.objects.count()) == ("open", 0)


@pytest.mark.parametrize("path", PAGES_OF_STAFF + PAGES_OF_MANAGERS)
def test_managers_may_see_everything(manager, survey, path):
    assert manager.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES_OF_STAFF)
def test_somebody_without_a_role_sees_nothing(client, survey, path):
    client.force_login(UserFactory())
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/surveys/nothing/", "/surveys/nothing/invite/", "/surveys/nothing/invitations/"])
def test_unknown_survey_is_404(manager, path):
    assert manager.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/surveys/mine/test-mail/", "/surveys/mine/status/"])
def test_actions_are_posts_only(manager, survey, path):
    assert manager.get(path).status_code == 405


# --- The list -----------------------------------------------------------------------------------------------------
def test_list_tells_sent_answered_and_rate(staff, survey):
    Survey.objects.exclude(pk=survey.pk).delete()
    load(survey, [5, 4, None])
    page = staff.get("/surveys/").content.decode()
    assert cells(page) == {
        "Score": "100.0\xa0% of 2",
        "Answers": "2",
        "Sent": "3",
        "Response rate": "66.7\xa0% of 3",
    }
    assert f'<time datetime="{timezone.now():%Y-%m-%d}">' in page


def cells(page: str) -> dict[str, str]:
    """Of the only row, by the name of the column."""
    [row] = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return dict(re.findall(r'<td class="numeric" data-label="([^"]+)">(.*?)</td>', row))


def test_list_tells_kind_purpose_and_status(staff, survey):
    Survey.objects.exclude(pk=survey.pk).delete()
    page = staff.get("/surveys/").content.decode()
    assert '<td data-label="Kind">Customer satisfaction (CSAT)</td>' in page
    assert '<td data-label="About">after a contact with service</td>' in page
    assert '<span class="badge badge-good">open</span>' in page


def test_list_of_surveys_nobody_was_asked_shows_no_rate(staff):
    page = staff.get("/surveys/").content.decode()
    assert page.count('data-label="Score">–</td>') == 5
    assert page.count('data-label="Response rate">–</td>') == 5
    assert page.count("none yet") == 3  # of two surveys among employees not even that is told


@time_machine.travel("2026-03-02 12:00Z", tick=False)
def test_list_shows_answers_of_employees_from_the_next_day_on(staff):
    Survey.objects.all().delete()
    load(SurveyFactory(kind="esat"), [5, 5, 5, 1, 1])
    assert cells(staff.get("/surveys/").content.decode()) | {"Sent": "", "Response rate": ""} == {
        "Score": "–",
        "Answers": "–",
        "Sent": "",
        "Response rate": "",
    }
    with time_machine.travel("2026-03-03 12:00Z", tick=False):
        shown = cells(staff.get("/surveys/").content.decode())
    assert (shown["Score"], shown["Answers"]) == ("60.0\xa0% of 5", "5")


def queries_of(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_list_needs_as_many_queries_for_three_surveys_as_for_one(staff):
    Survey.objects.all().delete()
    load(SurveyFactory(), [5])
    few = queries_of(staff, "/surveys/")
    for _number in range(2):
        load(SurveyFactory(), [5, 4, None])
    assert queries_of(staff, "/surveys/") == few


def test_list_is_paginated(staff):
    SurveyFactory.create_batch(25)
    first, second = (staff.get(f"/surveys/?page={number}").content.decode() for number in (1, 2))
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (25, 5)


# --- The preview --------------------------------------------------------------------------------------------------
def test_preview_shows_drafts_and_cannot_record(staff):
    SurveyFactory(slug="mine", status="draft")
    page = staff.get("/surveys/mine/preview/?r=3").content.decode()
    assert "<button" not in page
    assert re.findall(r'value="(\d)"[^>]* checked', page) == ["3"]
    assert staff.post("/surveys/mine/preview/", {"score": "3"}).status_code == 405


# --- Invitations --------------------------------------------------------------------------------------------------
def test_invitations_are_listed_with_the_state_of_their_mail(manager, survey):
    invitations.invite(
        survey, [Invitee(email="a@example.org", context={"team": "Billing"}), Invitee(email="b@example.org")]
    )
    Mail.objects.filter(recipient="b@example.org").update(state="failed", error="550 unknown")
    page = manager.get("/surveys/mine/invitations/").content.decode()
    assert re.findall(r'<span class="badge[^"]*">([^<]+)</span>', page) == ["failed", "waiting"]
    assert "550 unknown" in page
    assert "Billing" in page


def test_invitations_need_as_many_queries_for_three_as_for_one(manager, survey):
    answers.record(InvitationFactory(survey=survey), Given(score=4))
    few = queries_of(manager, "/surveys/mine/invitations/")
    for invitation in InvitationFactory.create_batch(2, survey=survey):
        answers.record(invitation, Given(score=4))
    assert queries_of(manager, "/surveys/mine/invitations/") == few


def test_who_answered_an_employee_survey_is_not_shown(manager):
    survey = SurveyFactory(slug="mine", kind="enps")
    answers.record(InvitationFactory(survey=survey, created_at=timezone.now() - timedelta(days=1)), Given(score=10))
    page = manager.get("/surveys/mine/invitations/").content.decode()
    assert "not shown" in page
    assert re.findall(r"<td class=\"nowrap\">10", page) == []
