"""Buttons of the manual that are pressed after somebody was logged out."""

import pytest
from django.test import Client

from manual.models import Feedback
from tests.factories import SectionFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import published
from tests.manual.views.test_editing import posted
from tests.manual.views.test_picturing import given
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db
GIVE = "/manual/feedback/give/promise/"


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/manual/promise/", "/manual/promise/"),
        ("http://testserver/manual/feedback/?page=2", "/manual/feedback/%3Fpage%3D2"),
        ("http://testserver" + GIVE, "/manual/"),
        ("https://elsewhere.example/manual/promise/", "/manual/"),
        ("", "/manual/"),
    ],
)
def test_the_way_back_leads_to_the_page_with_the_button(client: Client, came_from: str, back: str) -> None:
    response = client.post(GIVE, {"clear": "yes"}, headers={"referer": came_from})
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={back}")


def test_nothing_was_done_and_that_is_said(client: Client) -> None:
    published("promise")
    login = client.post(GIVE, {"clear": "yes", "number": "1"}, follow=True)
    assert "You were logged out, so nothing was done. Log in, then press the button again." in words(login)
    assert Feedback.objects.count() == 0
    client.force_login(StaffFactory())
    assert client.post(GIVE, {"clear": "yes", "number": "1"})["Location"] == "/manual/promise/"
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("path", ["", "preview/", "pictures/", "note/"])
def test_a_text_is_given_back_to_whoever_was_logged_out_while_writing_it(client: Client, path: str) -> None:
    section = SectionFactory(slug="mine", text="First words.")
    typed = given(text="Hours of <work>.") if path == "pictures/" else posted(text="Hours of <work>.")
    sent = {**typed, "note": "Hours of <work>."}
    response = client.post(f"/manual/sections/mine/{path}", sent)
    assert (response.status_code, faults(response)) == (401, [])
    assert "Hours of &lt;work&gt;.</textarea>" in response.content.decode()
    back = "/manual/sections/mine/note/" if path == "note/" else "/manual/sections/mine/"
    assert f'href="/accounts/login/?next={back}"' in response.content.decode()
    section.refresh_from_db()
    assert section.text == "First words."


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (GIVE, {"clear": "no", "why": "What does <urgent> mean?"}),
        ("/manual/reading/sections/promise/ask/", {"text": "What does <urgent> mean?", "number": "1"}),
        ("/manual/approval/ask/", {"words": " ", "section-promise": "What does <urgent> mean?"}),
    ],
)
def test_sentences_sent_with_a_button_are_given_back(client: Client, path: str, sent: dict[str, str]) -> None:
    published("promise")
    response = client.post(path, sent, headers={"referer": "http://testserver/manual/promise/"})
    assert (response.status_code, faults(response)) == (401, [])
    assert "What does &lt;urgent&gt; mean?</textarea>" in response.content.decode()
    assert 'href="/accounts/login/?next=/manual/promise/"' in response.content.decode()
    assert Feedback.objects.count() == 0


def test_only_what_our_own_form_sent_is_given_back(client: Client) -> None:
    forged = Client(enforce_csrf_checks=True).post("/manual/sections/mine/", posted(text="Send money."))
    assert (forged.status_code, b"Send money." in forged.content) == (403, False)
    empty = client.post("/manual/sections/mine/", {})
    assert (empty.status_code, empty["Location"]) == (302, "/accounts/login/?next=/manual/sections/mine/")
    large = client.post("/manual/sections/mine/", posted(text="word " * 400_000))
    assert large.status_code == 302
    assert client.get("/manual/sections/mine/")["Location"] == "/accounts/login/?next=/manual/sections/mine/"


def test_the_live_preview_tells_whoever_was_logged_out(client: Client) -> None:
    part = client.post("/manual/sections/mine/preview/", posted(), headers={"HX-Request": "true"})
    assert words(part) == "You were logged out. Your text is still here: press “Save” to see what you can do with it."
