import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpiproject.models import Mail
from surveys import mailings
from surveys.models import Mailing
from tests.factories import ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db
FILE = "email,name,team\nada@example.org,Ada <i>,Blue\n=cmd|x!A1,,\nben@example.org,Ben,Red\nADA@example.org,,\n"


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


def upload(client, text: str = FILE, name: str = "people.csv"):
    return client.post("/surveys/mine/invite/file/", {"file": SimpleUploadedFile(name, text.encode())})


def test_file_is_shown_before_anything_is_sent(manager, survey):
    response = upload(manager)
    made = Mailing.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/surveys/mine/mailings/{made.token}/")
    page = manager.get(response["Location"]).content.decode()
    assert "2 people will be asked." in page
    assert "1 line will be skipped." in page
    assert "1 row cannot be read" in page
    assert "Ada &lt;i&gt;" in page
    assert "Send 2 mails</button>" in page
    assert len(page) < 40_000
    assert Mail.objects.count() == 0


def test_confirmed_is_sent_and_told(manager, survey):
    upload(manager)
    made = Mailing.objects.get()
    for _press in range(2):
        assert manager.post(f"/surveys/mine/mailings/{made.token}/send/").status_code == 302
    waiting = manager.get(f"/surveys/mine/mailings/{made.token}/").content.decode()
    assert "0 of 3 lines are done." in waiting
    mailings.work_off(made.pk)
    page = manager.get(f"/surveys/mine/mailings/{made.token}/").content.decode()
    assert "2 people were asked." in page
    assert re.search(r'is in the list twice</td><td class="numeric">1</td>', page)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["ada@example.org", "ben@example.org"]


def test_rows_that_are_not_asked_can_be_downloaded_and_are_no_formulas(manager, survey):
    upload(manager)
    response = manager.get(f"/surveys/mine/mailings/{Mailing.objects.get().token}/not-asked.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "line,row,reason"
    assert lines[1] == "3,'=cmd|x!A1,“=cmd|x!A1” is not an e-mail address."
    assert lines[2] == "5,ADA@example.org,is in the list twice"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This file is empty."),
        ("id,status\n1,2\n", "has no column with e-mail addresses"),
        ("email\n", "names nobody"),
    ],
)
def test_mixed_up_file_is_422_with_its_sentence(manager, survey, text, sentence):
    response = upload(manager, text)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Mailing.objects.count() == 0


def test_no_file_and_a_file_too_large_are_told(manager, survey, monkeypatch):
    assert "Please choose a file." in manager.post("/surveys/mine/invite/file/").content.decode()
    monkeypatch.setattr("surveys.sending_forms.MOST_BYTES", 10)
    assert "larger than 10 MB" in upload(manager).content.decode()


def test_survey_closed_meanwhile_sends_nothing(manager, survey):
    upload(manager)
    survey.status = "closed"
    survey.save()
    made = Mailing.objects.get()
    told = manager.post(f"/surveys/mine/mailings/{made.token}/send/", follow=True).content.decode()
    assert "is not open (it is: closed)" in told
    made.refresh_from_db()
    assert made.confirmed_at is None


def test_mailing_of_another_survey_is_not_found(manager, survey):
    upload(manager)
    SurveyFactory(slug="other")
    assert manager.get(f"/surveys/other/mailings/{Mailing.objects.get().token}/").status_code == 404


def test_staff_may_not(client, survey):
    client.force_login(StaffFactory())
    assert upload(client).status_code == 403
    made = mailings.create(survey, name="x", data=FILE.encode(), by=None)
    for path in ("", "not-asked.csv"):
        assert client.get(f"/surveys/mine/mailings/{made.token}/{path}").status_code == 403
    assert client.post(f"/surveys/mine/mailings/{made.token}/send/").status_code == 403
