"""The reading list of a person: read, what is different, confirm, ask."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import User
from manual import acknowledgements, checks
from manual.checks import Written
from manual.models import Acknowledgement, CheckQuestion, ReadingQuestion
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.kpiproject.security import faults
from tests.manual.readers import FIRST, audience, published, question
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db
KEY = "k" * 22


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(FIRST, tick=False):
        yield


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


@pytest.fixture
def staff(client: Client, jon: User) -> Client:
    client.force_login(jon)
    return client


def test_the_list_says_what_is_to_be_read_until_when(staff: Client, jon: User) -> None:
    assert "The manual has not been published yet." in words(staff.get("/manual/reading/"))
    published("promise", "tone")
    assert "Nobody has asked you to read and confirm anything." in words(staff.get("/manual/reading/"))
    audience(jon)
    response = staff.get("/manual/reading/")
    said = words(response)
    assert "2 sections to read 1 Promise Since edition 1; you have not confirmed it yet. by 16 Mar 2026" in said
    assert faults(response) == []
    acknowledgements.confirm(jon, ["promise", "tone"], number=1, now=FIRST)
    said = words(staff.get("/manual/reading/"))
    assert "You have read everything" in said
    assert "1 Promise edition 1, on 2 Mar 2026" in said


def test_the_manual_leads_to_the_list(staff: Client) -> None:
    published("promise")
    assert 'href="/manual/reading/"' in staff.get("/manual/").content.decode()


def test_one_section_after_another_is_read_and_confirmed(staff: Client, jon: User) -> None:
    published("promise", "tone")
    audience(jon)
    page = staff.get("/manual/reading/sections/promise/")
    assert "What promise says." in words(page)
    assert 'name="number" value="1"' in page.content.decode()
    # A browser takes what stands behind # along to wherever it is sent on.
    assert 'action="/manual/reading/sections/promise/"' in page.content.decode()
    response = staff.post("/manual/reading/sections/promise/", {"number": "1"})
    assert (response.status_code, response["Location"]) == (303, "/manual/reading/sections/tone/")
    response = staff.post("/manual/reading/sections/tone/", {"number": "1"}, follow=True)
    assert "Kept. You have read everything that you are asked to read." in words(response)
    again = staff.post("/manual/reading/sections/tone/", {"number": "1"})
    assert (again.status_code, Acknowledgement.objects.count()) == (303, 2)
    done = words(staff.get("/manual/reading/sections/tone/"))
    assert "You have confirmed this section in edition 1 on 2 Mar 2026." in done


def test_what_is_different_stands_before_the_section(staff: Client, jon: User) -> None:
    audience(jon)
    published("promise", "tone", promise="We answer in a day.", tone="Friendly.")
    acknowledgements.confirm(jon, ["promise", "tone"], number=1, now=FIRST)
    published("promise", "tone", promise="We answer in an hour.", tone="Friendly!", editorial=("tone",))
    said = words(staff.get("/manual/reading/sections/promise/"))
    before, _found, after = said.partition("What is different since edition 1, which you have confirmed")
    assert "We answer" not in before
    assert "Added: We answer in an hour." in after
    assert "Removed: We answer in a day." in after
    assert after.index("Added:") < after.index("The whole section") < after.rindex("We answer in an hour.")
    assert "Friendly" not in said


def test_several_are_confirmed_together_but_not_one_with_a_check(staff: Client, jon: User) -> None:
    published("promise", "tone", "kpis")
    audience(jon)
    checks.write("kpis", [Written(text="Why?", choices=["so", "not so"], right=1)])
    page = staff.get("/manual/reading/").content.decode()
    assert ('value="tone"' in page, 'value="kpis"' in page) == (True, False)
    response = staff.post("/manual/reading/confirm/", {"number": "1"}, follow=True)
    assert "Tick the sections that you have read, then confirm." in words(response)
    given = {"number": "1", "section": ["promise", "kpis", "nonsense"]}
    assert "1 section is confirmed." in words(staff.post("/manual/reading/confirm/", given, follow=True))
    assert list(Acknowledgement.objects.values_list("slug", flat=True)) == ["promise"]


def test_a_wrong_answer_leads_back_to_the_place_and_a_right_one_confirms(staff: Client, jon: User) -> None:
    published("promise")
    audience(jon)
    checks.write("promise", [Written(text="When do we <i>answer</i>?", choices=["today", "later"], right=1)])
    name = f"check_{CheckQuestion.objects.get().pk}"
    response = staff.post("/manual/reading/sections/promise/", {"number": "1"})
    assert (response.status_code, "Choose one of the answers." in words(response)) == (422, True)
    response = staff.post("/manual/reading/sections/promise/", {"number": "1", name: "2"})
    assert response.status_code == 422
    assert "Please read this again When do we &lt;i&gt;answer&lt;/i&gt;? Where it is explained" in words(response)
    assert "<i>answer" not in response.content.decode()
    assert 'href="#text"' in response.content.decode()
    assert Acknowledgement.objects.count() == 0
    staff.post("/manual/reading/sections/promise/", {"number": "1", name: "1"})
    assert Acknowledgement.objects.get().has_passed


def test_an_edition_that_came_meanwhile_is_said_and_nothing_is_kept(staff: Client, jon: User) -> None:
    audience(jon)
    published("promise")
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    published("promise", promise="Another.")
    response = staff.post("/manual/reading/sections/promise/", {"number": "1"}, follow=True)
    assert "“Promise” has changed with edition 2 since you opened it." in words(response)
    assert Acknowledgement.objects.count() == 1


def test_a_removed_section_is_explained_and_what_was_asked_is_still_there(staff: Client, jon: User) -> None:
    audience(jon)
    published("promise", "tone")
    question(jon, "tone", "Why friendly?")
    published("promise")
    for response in (
        staff.get("/manual/reading/sections/tone/"),
        staff.post("/manual/reading/sections/tone/", {"number": "1"}),
    ):
        assert response.status_code == 410
        assert "“Tone” is no longer part of the manual; edition 1 was the last with it." in words(response)
        assert "You asked: Why friendly?" in words(response)
    assert staff.get("/manual/reading/sections/nonsense/").status_code == 404
    asked = staff.post("/manual/reading/sections/tone/ask/", {"number": "1", "text": "And now?", "form_key": KEY})
    assert (asked.status_code, ReadingQuestion.objects.count()) == (303, 2)


def test_a_question_is_asked_once_and_shown_with_its_answer(staff: Client, jon: User, client: Client) -> None:
    published("promise")
    audience(jon)
    given = {"number": "1", "text": "Also on\r\nSundays?", "form_key": KEY}
    for _twice in range(2):
        response = staff.post("/manual/reading/sections/promise/ask/", given)
    asked = ReadingQuestion.objects.get()
    assert (response["Location"], asked.text) == (f"/manual/questions/{asked.pk}/#content", "Also on\nSundays?")
    assert "Waits for an answer" in words(staff.get("/manual/reading/"))
    manager = Client()
    manager.force_login(ManagerFactory(name="Mara"))
    assert manager.post(f"/manual/questions/{asked.pk}/", {"answer": ""}).status_code == 422
    response = manager.post(f"/manual/questions/{asked.pk}/", {"answer": "No."}, follow=True)
    assert "Your answer is kept, and on its way to whoever asked." in words(response)
    late = manager.post(f"/manual/questions/{asked.pk}/", {"answer": "Yes."})
    assert late.status_code == 409
    assert "Mara has answered already." in words(late)
    assert "What you wrote is not lost Yes." in words(late)
    said = words(staff.get("/manual/reading/sections/promise/"))
    assert "You asked: Also on Sundays? Mara answered: No." in said


@pytest.mark.parametrize("text", ["", " ", "x" * 2001])
def test_a_question_without_words_or_with_too_many_is_refused(staff: Client, jon: User, text: str) -> None:
    published("promise")
    audience(jon)
    given = {"number": "1", "text": text, "form_key": KEY}
    assert staff.post("/manual/reading/sections/promise/ask/", given).status_code == 422
    assert ReadingQuestion.objects.count() == 0


def test_an_edition_that_never_was_cannot_be_asked_about(staff: Client) -> None:
    published("promise")
    given = {"number": "7", "text": "Why?", "form_key": KEY}
    assert staff.post("/manual/reading/sections/promise/ask/", given).status_code == 404


def test_somebody_else_s_question_is_not_shown(staff: Client) -> None:
    published("promise")
    asked = question(StaffFactory(), "promise", "A secret?")
    assert staff.get(f"/manual/questions/{asked.pk}/").status_code == 403
    assert staff.post(f"/manual/questions/{asked.pk}/", {"answer": "No."}).status_code == 403
    assert "A secret?" not in words(staff.get("/manual/questions/"))


def test_whoever_has_no_role_reads_and_confirms_nothing(client: Client) -> None:
    person = UserFactory()
    published("promise")
    audience(person)
    client.force_login(person)
    assert client.get("/manual/reading/").status_code == 403
    assert client.post("/manual/reading/sections/promise/", {"number": "1"}).status_code == 403
    assert client.post("/manual/reading/confirm/", {"number": "1", "section": "promise"}).status_code == 403
    assert Acknowledgement.objects.count() == 0


def test_one_section_more_costs_no_query_more(staff: Client, jon: User) -> None:
    published("promise")
    audience(jon)
    staff.get("/manual/reading/")
    counts = []
    for slugs in (["promise"], ["promise", "tone", "kpis"]):
        published(*slugs)
        with CaptureQueriesContext(connection) as queries:
            staff.get("/manual/reading/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
