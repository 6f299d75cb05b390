"""Who reads the manual, in the administration: to look at and to take away."""

import csv
import io

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import User
from manual import checks
from manual.checks import Written
from manual.models import Acknowledgement, CheckQuestion, Feedback
from tests.factories import ManagerFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import FIRST, audience, confirmed, published, question, reminder, unclear
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db
LISTS = ["acknowledgement", "audience", "feedback", "readingquestion", "readingreminder"]


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(FIRST, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory(name="Mara Lindqvist"))
    return client


def make(person: User) -> None:
    """One of each."""
    confirmed(person)
    question(person)
    unclear(person)
    reminder(person)


def taken(manager: Client, model: str, *pks: int) -> list[list[str]]:
    given = {"action": "as_file", "_selected_action": [str(pk) for pk in pks]}
    response = manager.post(f"/admin/manual/{model}/", given)
    return list(csv.reader(io.StringIO(response.getvalue().decode())))


@pytest.mark.parametrize("model", LISTS)
def test_every_list_is_read_only_and_asks_the_same_of_one_row_and_of_three(manager: Client, model: str) -> None:
    make(StaffFactory(name="Jon"))
    with CaptureQueriesContext(connection) as one:
        page = manager.get(f"/admin/manual/{model}/")
    assert (page.status_code, faults(page), "Add " in words(page)) == (200, [], False)
    for name in ("Pia", "Quin"):
        make(StaffFactory(name=name))
    with CaptureQueriesContext(connection) as three:
        manager.get(f"/admin/manual/{model}/")
    assert len(three) == len(one)


def test_the_list_of_confirmations_does_not_read_what_the_editions_say(manager: Client) -> None:
    make(StaffFactory(name="Jon"))
    with CaptureQueriesContext(connection) as asked:
        assert manager.get("/admin/manual/acknowledgement/").status_code == 200
    assert [query["sql"] for query in asked if '"manual_edition"."content"' in query["sql"]] == []


def test_a_confirmation_shows_the_answers_that_were_given_then(manager: Client) -> None:
    published("our-promise")
    checks.write("our-promise", [Written(text="How <fast>?", choices=["8 h", "24 h"], right=2)])
    row = confirmed(StaffFactory(name="Jon"), answers={CheckQuestion.objects.get().pk: 2})
    checks.write("our-promise", [])
    page = manager.get(f"/admin/manual/acknowledgement/{row.pk}/change/")
    assert "How &lt;fast&gt;? → 24 h" in words(page)
    assert row.edition_digest in words(page)


def test_the_file_is_safe_from_formulas_and_keeps_whoever_was_erased(manager: Client) -> None:
    evil = StaffFactory(name="=HYPERLINK(1)", email="evil@example.org")
    row = confirmed(evil)
    header, line = taken(manager, "acknowledgement", row.pk)
    assert dict(zip(header, line, strict=True)) == {
        "name": "'=HYPERLINK(1)",
        "email": "evil@example.org",
        "edition": "1",
        "edition_digest": row.edition_digest,
        "section": "our-promise",
        "title": row.title,
        "section_digest": row.section_digest,
        "check": "",
        "at": "2026-03-02T10:00:00+00:00",
        "answers": "",
    }
    evil.delete()
    assert taken(manager, "acknowledgement", row.pk)[1][:2] == ["somebody who was erased", ""]
    assert "somebody who was erased" in words(manager.get(f"/admin/manual/acknowledgement/{row.pk}/change/"))


def test_each_list_can_be_taken_away(manager: Client) -> None:
    jon = StaffFactory(name="Jon", email="jon@example.org")
    group = audience(jon, name="First line", slugs=["our-promise"])
    assert taken(manager, "audience", group.pk) == [
        ["name", "who", "sections", "days", "created_at"],
        ["First line", "Jon", "our-promise", "14", "2026-03-02T10:00:00+00:00"],
    ]
    asked = question(jon, text="Also on Sundays?")
    assert taken(manager, "readingquestion", asked.pk)[1] == [
        "Jon", "jon@example.org", "1", "our-promise", asked.title, "Also on Sundays?", "2026-03-02T10:00:00+00:00",
        "", "", "",
    ]  # fmt: skip
    said = unclear(jon, why="Which Sunday?")
    assert taken(manager, "feedback", said.pk)[1] == [
        "Jon", "1", "our-promise", said.title, "no", "Which Sunday?", "2026-03-02T10:00:00+00:00", "", "", "",
    ]  # fmt: skip
    told = reminder(jon)
    assert taken(manager, "readingreminder", told.pk)[1] == [
        "Jon", "jon@example.org", "1", "due", "Jon", "2026-03-02T10:00:00+00:00",
    ]  # fmt: skip


def test_a_reader_without_an_account_is_not_called_erased(manager: Client) -> None:
    said = unclear(None)
    Feedback.objects.update(is_outside=True)
    assert taken(manager, "feedback", said.pk)[1][0] == "a reader without an account"


def test_nothing_can_be_deleted_by_an_action(manager: Client) -> None:
    row = confirmed(StaffFactory(name="Jon"))
    manager.post("/admin/manual/acknowledgement/", {"action": "delete_selected", "_selected_action": [str(row.pk)]})
    assert Acknowledgement.objects.filter(pk=row.pk).exists()
