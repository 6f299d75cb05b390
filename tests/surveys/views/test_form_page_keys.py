"""The key that names a form: only a post says it, and no address does."""

import pytest
import time_machine

from surveys import versions
from surveys.models import Answer
from tests.factories import SurveyFactory
from tests.surveys.views.test_form_page import key_of, question

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["csat", "esat"])
def test_address_with_a_key_shows_nothing_of_the_answer_and_overwrites_nothing(client, kind):
    survey = SurveyFactory(slug="open", kind=kind, has_public_link=True)
    question(survey, "short", "What else?")
    versions.ensure(survey)
    key = key_of(client.get("/p/open/"))
    client.post("/p/open/", {"score": "2", "comment": "My name is Ada", "form_key": key})
    for path in ("/p/open/", "/p/open/thanks/"):
        response = client.get(path, {"form": key, "form_key": key, "lang": "en"})
        page = response.content.decode()
        assert (response.status_code, "Ada" in page, " checked" in page, key in page) == (200, False, False, False)
    again = client.get("/p/open/", {"form": key})
    client.post("/p/open/", {"score": "4", "comment": "Ben", "form_key": key_of(again)})
    assert list(Answer.objects.order_by("score").values_list("comment", flat=True)) == ["My name is Ada", "Ben"]


def test_nobody_can_choose_the_form_of_somebody_else(client):
    SurveyFactory(slug="shop", has_public_link=True)
    assert key_of(client.get("/p/shop/", {"form": "A" * 22})) != "A" * 22
    page = client.post("/p/shop/", {"score": "x", "comment": "typed", "form_key": "A" * 22})
    assert (page.status_code, key_of(page)) == (422, "A" * 22)  # what was sent stays the form that it was
    assert 'action="/p/shop/?send=1"' in page.content.decode()


def test_survey_of_employees_that_locks_at_once_takes_answers_in_the_afternoon(client):
    """The hour of an answer is not kept, so its day must not count as its age."""
    SurveyFactory(slug="team", kind="esat", has_public_link=True, lock_after_days=0)
    with time_machine.travel("2026-03-02T14:00Z", tick=False):
        data = {"score": "1", "comment": "typed", "form_key": key_of(client.get("/p/team/"))}
        assert client.post("/p/team/", data)["Location"] == "/p/team/thanks/"
        assert client.post("/p/team/", data | {"score": "2"}).status_code == 303
    assert list(Answer.objects.values_list("score", "comment")) == [(2, "typed")]
    with time_machine.travel("2026-03-03T14:00Z", tick=False):
        assert client.post("/p/team/", data).status_code == 410
    assert Answer.objects.get().score == 2
