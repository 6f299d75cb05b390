"""“Is this clear?” beneath a section, and the list of what is not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import User
from manual.models import Feedback
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import published, unclear
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


@pytest.fixture
def staff(client: Client, jon: User) -> Client:
    client.force_login(jon)
    return client


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(ManagerFactory(name="Mara"))
    return client


def test_it_is_said_beneath_a_section_without_javascript(staff: Client) -> None:
    published("promise")
    page = staff.get("/manual/promise/")
    assert 'action="/manual/feedback/give/promise/"' in page.content.decode()
    given = {"number": "1", "clear": "no", "why": "Which\r\nday?"}
    response = staff.post("/manual/feedback/give/promise/", given, follow=True)
    assert "Thank you. Whoever looks after this section gets to know." in words(response)
    assert list(Feedback.objects.values_list("is_clear", "why", "is_outside")) == [(False, "Which\nday?", False)]
    staff.post("/manual/feedback/give/promise/", {"number": "1", "clear": "yes"})
    assert list(Feedback.objects.values_list("is_clear", "why")) == [(True, "")]


@pytest.mark.parametrize(
    "given",
    [{}, {"clear": "perhaps", "number": "1"}, {"clear": "no"}, {"clear": "no", "number": "1", "why": "x" * 1001}],
)
def test_nonsense_is_refused(staff: Client, given: dict[str, str]) -> None:
    published("promise")
    response = staff.post("/manual/feedback/give/promise/", given, follow=True)
    assert "Say yes or no, and why in at most 1000 characters." in words(response)
    assert Feedback.objects.count() == 0


def test_a_section_that_never_was_cannot_be_unclear(staff: Client) -> None:
    published("promise")
    assert staff.post("/manual/feedback/give/nonsense/", {"number": "1", "clear": "no"}).status_code == 404


def test_managers_settle_it_with_a_word_back_once(manager: Client, jon: User) -> None:
    published("promise")
    said = unclear(jon, "promise", "Which <b>day</b>?")
    page = manager.get("/manual/feedback/")
    assert "Promise · Edition 1 · Jon" in words(page)
    assert "<b>day" not in page.content.decode()
    assert faults(page) == []
    path = f"/manual/feedback/{said.pk}/settle/"
    assert "1000 characters" in words(manager.post(path, {"reply": "x" * 1001}, follow=True))
    assert "Settled." in words(manager.post(path, {"reply": "Sunday."}, follow=True))
    response = manager.post(path, {"reply": "Monday."}, follow=True)
    assert "Somebody has settled it already." in words(response)
    assert "Settled by Mara" in words(response)
    assert "Sunday." in words(response)


def test_staff_see_their_own_and_that_of_their_sections_and_settle_only_theirs(staff: Client, jon: User) -> None:
    published("promise", "tone")
    mine = unclear(jon, "promise", "Mine.")
    others = unclear(StaffFactory(), "promise", "Theirs.")
    owned = unclear(StaffFactory(), "tone", "Owned.")
    SectionFactory(slug="tone", owner=jon)
    said = words(staff.get("/manual/feedback/"))
    assert ("Mine." in said, "Theirs." in said, "Owned." in said) == (True, False, True)
    statuses = [staff.post(f"/manual/feedback/{one.pk}/settle/").status_code for one in (mine, others, owned)]
    assert statuses == [403, 403, 303]


def test_it_is_counted_where_the_section_is_edited(manager: Client, jon: User) -> None:
    published("promise")
    SectionFactory(slug="promise")
    assert "found it clear" not in words(manager.get("/manual/sections/promise/"))
    unclear(jon, "promise")
    said = words(manager.get("/manual/sections/promise/"))
    assert "0 readers found it clear, 1 did not. 1 of these is not settled" in said


def test_more_feedback_costs_no_query_more(manager: Client) -> None:
    published("promise", "tone")
    manager.get("/manual/feedback/")
    counts = []
    for slug in ("promise", "tone"):
        unclear(StaffFactory(), slug)
        with CaptureQueriesContext(connection) as queries:
            manager.get("/manual/feedback/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
