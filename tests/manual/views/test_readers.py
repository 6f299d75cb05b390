"""Who reads what and who has not: audiences, checks, the list of readers and its files."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import User
from kpiproject.roles import STAFF
from manual import acknowledgements, audiences, checks
from manual.checks import Written
from manual.models import Acknowledgement, Audience, AudienceDeadline, CheckQuestion
from tests.factories import ManagerFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import FIRST, audience, published, question
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(FIRST, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory(name="Mara Lindqvist", email="mara@example.org"))
    return client


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def given(**changes: object) -> dict[str, object]:
    return {"name": "Service", "has_all": "all", "days": "14", **changes}


# --- Audiences
def test_an_audience_is_made_and_asked_from_then_on(manager: Client, jon: User) -> None:
    published("promise")
    role = jon.groups.get(name=STAFF)
    assert faults(manager.get("/manual/audiences/")) == []
    response = manager.post("/manual/audiences/", given(name="  All  of us ", groups=[role.pk]), follow=True)
    assert "The audience is kept. Its time for reading begins today." in words(response)
    kept = Audience.objects.get()
    assert (kept.name, kept.has_all, kept.days, kept.created_by.name) == ("All of us", True, 14, "Mara Lindqvist")
    assert kept.readers.get().since == FIRST.date()
    assert "1 person with an account" in words(response)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Choose at least one role, team or person."),
        ({"name": ""}, "Name : This field is required."),
        ({"days": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"days": "366"}, "Ensure this value is less than or equal to 365."),
        ({"has_all": "chosen"}, "Choose at least one section, or every section."),
        ({"has_all": "chosen", "slugs": ["nonsense"]}, "nonsense is not one of the available choices."),
        ({"people": ["999"]}, "999 is not one of the available choices."),
    ],
)
def test_what_is_no_audience_is_said(manager: Client, jon: User, changes: dict[str, object], said: str) -> None:
    published("promise")
    people = {} if changes == {} else {"people": [jon.pk]}
    response = manager.post("/manual/audiences/", given(**{**people, **changes}))
    assert response.status_code == 422
    assert said in words(response)
    assert Audience.objects.count() == 0


def test_a_name_that_is_taken_is_said(manager: Client, jon: User) -> None:
    audience(jon, name="Service")
    other = audience(jon, name="Other")
    for path in ("/manual/audiences/", f"/manual/audiences/{other.pk}/"):
        response = manager.post(path, given(people=[jon.pk]))
        assert response.status_code == 422
        assert Audience.objects.count() == 2


def test_sections_and_people_are_changed(manager: Client, jon: User) -> None:
    published("promise", "tone")
    found = audience(StaffFactory())
    path = f"/manual/audiences/{found.pk}/"
    assert faults(manager.get(path)) == []
    response = manager.post(path, given(people=[jon.pk], has_all="chosen", slugs=["tone"], days="7"), follow=True)
    assert "The audience is changed." in words(response)
    found.refresh_from_db()
    assert (found.name, found.has_all, found.slugs, found.days) == ("Service", False, ["tone"], 7)
    assert audiences.members() == {found.pk: {jon.pk}}


def test_a_deadline_is_set_for_the_edition_in_force(manager: Client, jon: User) -> None:
    published("promise")
    found = audience(jon)
    path = f"/manual/audiences/{found.pk}/deadline/"
    manager.post(path, {"number": "1", "on": "2026-03-20"})
    assert AudienceDeadline.objects.get().on == date(2026, 3, 20)
    assert 'value="2026-03-20"' in manager.get(f"/manual/audiences/{found.pk}/").content.decode()
    for on in ("2026-03-01", "2027-03-04", "soon"):
        assert manager.post(path, {"number": "1", "on": on}).status_code == 422
    assert manager.post(path, {"number": "7", "on": "2026-03-20"}).status_code == 404
    manager.post(path, {"number": "1", "on": ""})
    assert AudienceDeadline.objects.count() == 0


def test_an_audience_is_deleted_and_confirmations_stay(manager: Client, jon: User) -> None:
    published("promise")
    found = audience(jon)
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    response = manager.post(f"/manual/audiences/{found.pk}/delete/", follow=True)
    assert "is gone. What was confirmed is kept." in words(response)
    assert (Audience.objects.count(), Acknowledgement.objects.count()) == (0, 1)


def test_a_removed_section_is_named_where_it_is_asked_for(manager: Client, jon: User) -> None:
    published("promise", "tone")
    found = audience(jon, slugs=["tone", "promise"])
    published("promise")
    sentence = "is to read “Tone”, which is no longer part of the manual; edition 1 was the last with it."
    assert sentence in words(manager.get("/manual/readers/"))
    page = manager.get(f"/manual/audiences/{found.pk}/")
    assert "“Tone” is no longer part of the manual; edition 1 was the last with it." in words(page)
    assert "tone (no longer part of the manual)" in words(page)
    assert "some are gone" in words(manager.get("/manual/audiences/"))
    kept = given(people=[jon.pk], has_all="chosen", slugs=["tone", "promise"])
    assert manager.post(f"/manual/audiences/{found.pk}/", kept).status_code == 303


# --- Checks
def asked(*questions: dict[str, str]) -> dict[str, str]:
    found = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
    for number, one in enumerate(questions):
        found |= {f"form-{number}-{name}": value for name, value in one.items()}
    return found


def test_a_check_is_written_and_taken_away(manager: Client) -> None:
    published("promise")
    assert faults(manager.get("/manual/checks/promise/")) == []
    one = {"text": "When?", "choices": "today\r\n\r\n later ", "right": "2"}
    response = manager.post("/manual/checks/promise/", asked(one), follow=True)
    assert "The check is kept." in words(response)
    kept = CheckQuestion.objects.get()
    assert (kept.text, kept.choices, kept.right, kept.position) == ("When?", ["today", "later"], 2, 1)
    assert "today\nlater</textarea>" in response.content.decode()
    manager.post("/manual/checks/promise/", asked())
    assert CheckQuestion.objects.count() == 0
    assert manager.get("/manual/checks/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "Write the question."),
        ({"right": ""}, "Say which choice is right."),
        ({"right": "3"}, "Choice number 3 does not exist."),
        ({"choices": "today"}, "A question has 2 to 5 choices, not 1."),
        ({"place": "nowhere"}, "Select a valid choice."),
    ],
)
def test_a_check_that_nobody_can_pass_is_refused(manager: Client, changes: dict[str, str], said: str) -> None:
    published("promise")
    one = {"text": "When?", "choices": "today\nlater", "right": "2", **changes}
    response = manager.post("/manual/checks/promise/", asked(one))
    assert response.status_code == 422
    assert said in words(response)
    assert CheckQuestion.objects.count() == 0


# --- Who has not
def test_readers_are_counted_listed_and_filtered(manager: Client, jon: User) -> None:
    published("promise", "tone")
    ada, ida = StaffFactory(name="Ada"), StaffFactory(name="Ida")
    audience(jon, ada, ida)
    audience(jon, slugs=["tone"], name="Few")
    acknowledgements.confirm(ada, ["promise", "tone"], number=1, now=FIRST)
    question(ida, "promise")
    acknowledgements.confirm(ida, ["tone"], number=1, now=FIRST)
    with time_machine.travel(FIRST + timedelta(days=15), tick=False):
        manager.force_login(User.objects.get(email="mara@example.org"))
        response = manager.get("/manual/readers/")
        said = words(response)
        assert "3 read the manual 1 have confirmed everything 2 have something to confirm" in said
        assert "2 have something to confirm 1 are late 1 wait for an answer" in said
        assert "Jon late 16 Mar 2026 Promise, Tone 0" in said
        assert "Ada confirmed – – 2" in said
        assert faults(response) == []
        late = words(manager.get("/manual/readers/?state=overdue"))
        assert ("Jon late" in late, "Ida waits" in late) == (True, False)
        few = Audience.objects.get(name="Few")
        only = words(manager.get(f"/manual/readers/?audience={few.pk}"))
        assert ("Jon late 16 Mar 2026 Tone 0" in only, "Ada" in only) == (True, False)
        assert "Nobody is like that" in words(manager.get(f"/manual/readers/?audience={few.pk}&state=done"))
    for query in ("state=nonsense", "audience=999", "audience=x"):
        assert manager.get(f"/manual/readers/?{query}").status_code == 422
        assert manager.get(f"/manual/readers/manual-readers.csv?{query}").status_code == 422


def lines(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_the_files_hold_who_has_not_and_the_evidence_and_no_formula(manager: Client, jon: User) -> None:
    edition = published("promise", "tone")
    evil = StaffFactory(name="=HYPERLINK(1)", email="evil@example.org")
    audience(jon, evil)
    acknowledgements.confirm(evil, ["tone"], number=1, now=FIRST)
    found = lines(manager.get("/manual/readers/manual-readers.csv"))
    assert found[1] == ["'=HYPERLINK(1)", "evil@example.org", "promise", "Promise", "1", "", "2026-03-16", "open"]
    assert found[2] == ["'=HYPERLINK(1)", "evil@example.org", "tone", "Tone", "", "1", "", "done"]
    assert len(found) == 5
    kept = Acknowledgement.objects.get()
    header, one = lines(manager.get("/manual/readers/manual-confirmations.csv"))
    assert dict(zip(header, one, strict=True)) == {
        "name": "'=HYPERLINK(1)",
        "email": "evil@example.org",
        "edition": "1",
        "edition_digest": edition.digest,
        "section": "tone",
        "title": "Tone",
        "section_digest": kept.section_digest,
        "check": "",
        "at": "2026-03-02T10:00:00+00:00",
        "answers": "",
    }
    evil.delete()
    assert lines(manager.get("/manual/readers/manual-confirmations.csv"))[1][:2] == ["somebody who was erased", ""]


def test_the_file_of_confirmations_has_the_answers_that_were_passed(manager: Client, jon: User) -> None:
    published("promise")
    audience(jon)
    checks.write(
        "promise",
        [
            Written(text="=1+1?", choices=["2", "3"], right=1),
            Written(text="Whom?", choices=["nobody", "everybody"], right=2),
        ],
    )
    answers = {question.pk: question.right for question in CheckQuestion.objects.all()}
    acknowledgements.confirm(jon, ["promise"], number=1, answers=answers, now=FIRST)
    header, one = lines(manager.get("/manual/readers/manual-confirmations.csv"))
    found = dict(zip(header, one, strict=True))
    assert (found["check"], found["answers"]) == ("passed", "'=1+1? → 2; Whom? → everybody")


def test_before_anything_is_there_the_page_says_what_to_do(manager: Client, jon: User) -> None:
    assert "Nobody is asked to read the manual yet" in words(manager.get("/manual/readers/"))
    audience(jon)
    assert "The manual has not been published yet" in words(manager.get("/manual/readers/"))


def test_more_readers_cost_no_query_more(manager: Client) -> None:
    published("promise", "tone")
    counts = []
    for _turn in range(2):
        audience(*(StaffFactory() for _n in range(2)))
        manager.get("/manual/readers/")
        with CaptureQueriesContext(connection) as queries:
            manager.get("/manual/readers/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["/manual/audiences/", "/manual/readers/", "/manual/readers/manual-confirmations.csv"])
def test_staff_do_not_see_who_has_read(client: Client, jon: User, path: str) -> None:
    client.force_login(jon)
    assert client.get(path).status_code == 403
