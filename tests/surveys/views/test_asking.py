import re

import pytest

from kpiproject.models import Mail
from surveys.models import Invitation
from tests.factories import ManagerFactory, SuppressionFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(email="me@example.org"))
    return client


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


def preview(client, addresses: str):
    response = client.post("/surveys/mine/invite/", {"addresses": addresses})
    page = response.content.decode()
    key = re.search(r'name="key" value="([\w-]{22})"', page)
    return page, key[1] if key else ""


def test_preview_says_who_is_asked_and_who_is_not_and_writes_nothing(manager, survey):
    SuppressionFactory(email="gone@example.org")
    page, _key = preview(manager, "Ada <a@example.org>\nnonsense\ngone@example.org\na@example.org\n")
    cell = r"<td[^>]*>"
    rows = re.findall(
        rf'<tr><th scope="row">(.*?)</th>{cell}(.*?)</td>\s*{cell}<span><span[^>]*>(.*?)</span>(.*?)</span></td></tr>',
        page,
    )
    assert [tuple(cell.strip() for cell in row) for row in rows] == [
        ("a@example.org", "Ada", "will be asked", ""),
        ("nonsense", "–", "skipped", "not an e-mail address"),
        ("gone@example.org", "–", "skipped", "must not be written to (unsubscribed or undeliverable)"),
        ("a@example.org", "–", "skipped", "is in the list twice"),
    ]
    assert "Send 1 mail</button>" in page
    assert (Invitation.objects.count(), Mail.objects.count()) == (0, 0)


def test_sending_asks_those_of_the_preview_once(manager, survey):
    addresses = "a@example.org\nb@example.org\nnonsense"
    _page, key = preview(manager, addresses)
    for _press in range(2):
        response = manager.post("/surveys/mine/invite/", {"addresses": addresses, "key": key, "send": "1"})
        assert (response.status_code, response["Location"]) == (302, "/surveys/mine/invitations/")
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["a@example.org", "b@example.org"]
    told = manager.get("/surveys/mine/invitations/").content.decode()
    assert "2 people are being asked. 1 was skipped." in told


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ("", "Please enter at least one e-mail address."),
        ("x@example.org\n" * 1001, "These are 1001 addresses; at most 1000 can be asked at once here."),
    ],
)
def test_list_that_cannot_be_sent_is_422_with_its_sentence(manager, survey, addresses, sentence):
    response = manager.post("/surveys/mine/invite/", {"addresses": addresses, "send": "1"})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Mail.objects.count() == 0


def test_list_in_which_nobody_can_be_asked_has_no_button(manager, survey):
    page, _key = preview(manager, "nonsense")
    assert 'name="send"' not in page


def test_survey_closed_meanwhile_asks_nobody_and_says_so(manager):
    SurveyFactory(slug="mine", status="closed")
    response = manager.post("/surveys/mine/invite/", {"addresses": "a@example.org", "send": "1"}, follow=True)
    assert "is not open (it is: closed), so nobody can be asked." in response.content.decode()
    assert Mail.objects.count() == 0


def test_test_mail_goes_to_oneself(manager, survey):
    response = manager.post("/surveys/mine/test-mail/", follow=True)
    assert "A test mail to me@example.org is on its way." in response.content.decode()
    assert list(Mail.objects.values_list("recipient", "kind")) == [("me@example.org", "survey_test")]
    assert Invitation.objects.count() == 0


def test_test_of_the_reminder_is_said_in_its_own_words(manager, survey):
    survey.reminder_subject, survey.reminder_intro = "Still one question", "We asked you some days ago."
    survey.save()
    manager.post("/surveys/mine/test-mail/", {"reminder": "1"})
    mail = Mail.objects.get()
    assert (mail.kind, mail.subject) == ("survey_test", "[Test] Still one question")
    assert "We asked you some days ago." in mail.text
    assert "/surveys/mine/preview/?r=5" in mail.text


@pytest.mark.parametrize(
    ("action", "status", "has_public_link"),
    [("close", "closed", False), ("open", "open", False), ("publish", "open", True), ("withdraw", "open", False)],
)
def test_buttons_change_the_survey(manager, survey, action, status, has_public_link):
    assert manager.post("/surveys/mine/status/", {"action": action}).status_code == 302
    survey.refresh_from_db()
    assert (survey.status, survey.has_public_link) == (status, has_public_link)


def test_unknown_action_is_400_and_changes_nothing(manager, survey):
    assert manager.post("/surveys/mine/status/", {"action": "burn"}).status_code == 400
    survey.refresh_from_db()
    assert survey.status == "open"
