import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.models import Mail
from surveys import answers, history, invitations
from surveys.history import Past
from surveys.invitations import Invitee
from surveys.models import Answer, Survey
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
    [row] = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert re.findall(r'<td class="numeric">(.*?)</td>', row) == ["3", "2", "66.7 %"]


def test_list_of_surveys_nobody_was_asked_shows_no_rate(staff):
    page = staff.get("/surveys/").content.decode()
    assert page.count('<span class="muted">–</span>') == 5
    assert page.count("none yet") == 5


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


# --- One survey ---------------------------------------------------------------------------------------------------
def test_page_shows_score_interval_and_distribution(staff, survey):
    load(survey, [5] * 3 + [1] * 2 + [None])
    page = staff.get("/surveys/mine/").content.decode()
    assert '<p class="stat-value">60.0 %</p>' in page
    assert "95 % interval 23.1 to 88.2" in page
    assert "5 answered of 6 delivered" in page
    assert re.findall(r'<th scope="row">(\d)</th><td class="numeric">(\d+)</td>', page) == [
        ("5", "3"),
        ("4", "0"),
        ("3", "0"),
        ("2", "0"),
        ("1", "2"),
    ]
    assert re.findall(r'<rect width="([\d.]+%)"', page) == ["100.0%", "0.0%", "0.0%", "0.0%", "66.7%"]


def test_page_of_a_survey_without_answers_says_so(staff, survey):
    page = staff.get("/surveys/mine/").content.decode()
    assert "no answers yet" in page
    assert "Nobody has written anything yet." in page


def test_comments_are_escaped_and_paginated(staff, survey):
    load(survey, [1] * 26, comment="<script>alert(1)</script>\nline")
    page = staff.get("/surveys/mine/").content.decode()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;<br>line") == 25
    assert "<script>alert" not in page
    assert staff.get("/surveys/mine/?page=2").content.decode().count('class="remark-text"') == 1


def test_page_needs_as_many_queries_for_three_comments_as_for_one(staff, survey):
    load(survey, [5], comment="one")
    few = queries_of(staff, "/surveys/mine/")
    answers.record_public(survey, 3, "two")
    answers.record_public(survey, 4, "three")
    assert queries_of(staff, "/surveys/mine/") == few


def test_few_answers_of_employees_are_not_shown(staff):
    survey = SurveyFactory(slug="mine", kind="esat")
    load(survey, [1, 1, 1, 1], comment="my boss")
    hidden = staff.get("/surveys/mine/").content.decode()
    assert "Shown from 5 answers on" in hidden
    assert "my boss" not in hidden
    answers.record_public(survey, 5)
    assert "my boss" in staff.get("/surveys/mine/").content.decode()


def test_comment_of_an_employee_stands_without_time_and_team(staff):
    survey = SurveyFactory(slug="mine", kind="esat")
    load(survey, [1, 2, 3, 4, 5], context={"team": "Night shift", "ticket": "T-77"})
    Answer.objects.update(comment="my boss")
    page = staff.get("/surveys/mine/").content.decode()
    assert page.count("my boss") == 5
    assert [word for word in ("<time", "Night shift", "T-77") if word in page] == []


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
    answers.record(InvitationFactory(survey=survey), 4)
    few = queries_of(manager, "/surveys/mine/invitations/")
    for invitation in InvitationFactory.create_batch(2, survey=survey):
        answers.record(invitation, 4)
    assert queries_of(manager, "/surveys/mine/invitations/") == few


def test_who_answered_an_employee_survey_is_not_shown(manager):
    survey = SurveyFactory(slug="mine", kind="enps")
    answers.record(InvitationFactory(survey=survey, created_at=timezone.now() - timedelta(days=1)), 10)
    page = manager.get("/surveys/mine/invitations/").content.decode()
    assert "not shown" in page
    assert re.findall(r"<td class=\"nowrap\">10", page) == []
