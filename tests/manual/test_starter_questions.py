"""The questions about the training page that are offered to whoever writes its check."""

import pytest
from django.test import Client

from manual import checks, editions, starter_questions
from manual.checks import Written
from manual.models import CheckQuestion, Section
from manual.starter_questions import QUESTIONS
from tests.factories import ManagerFactory
from tests.manual.chapters.built import AS_OF, build

pytestmark = pytest.mark.django_db
SUGGESTED = "These are suggestions. Nobody is asked before you keep them."


def test_they_can_be_answered_and_each_leads_back_to_a_place_of_the_page() -> None:
    for each in QUESTIONS:
        checks.check(Written(text=each.text, choices=each.choices, right=each.right, place=each.place))
    assert len(QUESTIONS) <= checks.MOST_QUESTIONS
    places = {block["anchor"] for block in build("training").blocks if block["is"] == "heading"}
    assert {each.place for each in QUESTIONS} <= places


def test_they_belong_to_the_training_page_whatever_it_is_called() -> None:
    Section.objects.filter(chapter="training").update(slug="school")
    assert starter_questions.offered("school") == QUESTIONS
    assert starter_questions.offered("training") == ()


def test_they_are_offered_and_kept_only_when_somebody_keeps_them(client: Client) -> None:
    editions.publish(by=None, number=1, as_of=AS_OF)
    client.force_login(ManagerFactory())
    page = client.get("/manual/checks/training/").content.decode()
    assert SUGGESTED in page
    assert all(each.text in page for each in QUESTIONS)
    assert CheckQuestion.objects.count() == 0
    assert SUGGESTED not in client.get("/manual/checks/our-promise/").content.decode()
    checks.write("training", [Written(text="Ours?", choices=["Yes", "No"], right=1)])
    page = client.get("/manual/checks/training/").content.decode()
    assert "Ours?" in page
    assert SUGGESTED not in page
    assert QUESTIONS[0].text not in page
