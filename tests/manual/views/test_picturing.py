"""Pictures put into a text that is being written, and shown to whoever may read."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manual import sections
from manual.models import Picture, Section
from tests.factories import ManagerFactory, SectionFactory, StaffFactory, UserFactory
from tests.kpiproject.security import faults
from tests.manual.test_pictures import drawn
from tests.manual.views.test_editing import text_of
from tests.manual.views.test_reading import words
from tests.manual_factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Section:
    return SectionFactory(slug="mine", title="Mine", text="First words.")


def given(content: bytes = b"", **changes: object) -> dict[str, object]:
    sent = SimpleUploadedFile("holiday.html", content or drawn(), content_type="text/html")
    return {"title": "Mine", "text": "One\r\n\r\nTwo", "version": "1", "picture": sent, "alt": "A red thing", **changes}


def test_it_goes_into_the_text_which_is_not_saved_by_this(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/pictures/", given(cursor="1"))
    found = Picture.objects.get()
    assert (response.status_code, faults(response)) == (200, [])
    assert text_of(response).replace("\r\n", "\n") == f"One\n\n![A red thing](image:{found.name})\n\nTwo\n"
    assert "The picture stands in your text. Nothing is saved yet." in words(response)
    assert (
        f'<img src="/manual/pictures/{found.name}" alt="A red thing" width="40" height="30"'
        in response.content.decode()
    )
    mine.refresh_from_db()
    assert mine.text == "First words."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": b"no picture at all"}, "This file is no picture. PNG, JPEG, WebP and GIF can be shown."),
        ({"alt": " "}, "This field is required."),
        ({"picture": ""}, "This field is required."),
        ({"cursor": "-1"}, "What you write"),
    ],
)
def test_what_is_refused_keeps_the_text(manager: Client, mine: Section, changes: dict[str, object], said: str) -> None:
    response = manager.post("/manual/sections/mine/pictures/", given(**changes))
    assert (response.status_code, said in words(response)) == (422, True)
    assert text_of(response).splitlines() == ["One", "", "Two"]
    assert Picture.objects.count() == 0


def test_a_text_of_five_megabytes_that_comes_with_a_picture_is_answered_kindly(mine: Section) -> None:
    client = Client(enforce_csrf_checks=True)
    address, long = "/manual/sections/mine/pictures/", "word " * 1_100_000
    assert Client().post(address, given(text=long)).status_code == 302  # to the login
    client.force_login(ManagerFactory())
    response = client.post(address, given(text=long))
    assert response.status_code == 413
    assert "Nothing was saved. Go back in your browser: your text is still there" in words(response)
    assert client.post(address, given()).status_code == 403  # forged
    assert Picture.objects.count() == 0


def test_pictures_are_shown_to_whoever_may_read_the_manual(client: Client) -> None:
    found = picture()
    address = f"/manual/pictures/{found.name}"
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403
    client.force_login(StaffFactory())
    response = client.get(address)
    assert (response.status_code, response.content, response["Content-Type"]) == (
        200,
        bytes(found.content),
        "image/png",
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/manual/pictures/{'0' * 16}").status_code == 404


def test_a_picture_without_words_or_of_nobody_is_not_saved(manager: Client, mine: Section) -> None:
    found = picture()
    for text in (f"![](image:{found.name})", "![A](image:0123456789abcdef)", "![A](https://example.org/a.png)"):
        response = manager.post("/manual/sections/mine/", {"title": "Mine", "text": text, "version": "1"})
        assert (response.status_code, re.search("Line 1: ", words(response)) is not None) == (422, True)
    assert sections.history(mine).count() == 0
