"""What happens to whoever writes a section that another person removes or restores."""

import pytest
from django.test import Client

from kpiproject.models import User
from manual import sections
from manual.models import Picture, Section
from tests.factories import StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import published
from tests.manual.views.test_editing import posted, text_of
from tests.manual.views.test_picturing import given
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


def test_a_section_deleted_while_somebody_writes_it_gives_the_text_back(manager: Client, mine: Section) -> None:
    mine.delete()
    response = manager.post("/manual/sections/mine/", posted(text="Hours of <work>."))
    assert response.status_code == 410
    assert text_of(response) == "Hours of &lt;work&gt;."
    assert "Somebody has deleted the section while you were writing it. Your text is not lost" in words(response)
    assert faults(response) == []
    part = manager.post("/manual/sections/mine/preview/", posted(), headers={"hx-request": "true"})
    assert words(part).startswith("Somebody has deleted this section in the meantime. Your text is still here")
    missing = manager.get("/manual/sections/mine/")
    assert (missing.status_code, faults(missing)) == (404, [])


def test_a_section_that_is_not_there_any_more_says_so_and_leads_on(client: Client, manager: Client) -> None:
    published("mine")
    response = manager.get("/manual/sections/mine/")
    assert response.status_code == 404
    assert "“Mine” has been deleted Edition 1 was the last with it and keeps what it said." in words(response)
    for step in ("move", "show", "delete", "restore", "take-over", "still-right"):
        response = manager.post(f"/manual/sections/never-was/{step}/")
        assert (response.status_code, "There is no such section Somebody has deleted it" in words(response)) == (
            404,
            True,
        )
    for page in ("care", "note"):
        assert "There is no such section" in words(manager.get(f"/manual/sections/never-was/{page}/"))
    client.force_login(StaffFactory())
    assert client.get("/manual/sections/mine/").status_code == 403


def test_a_picture_for_a_section_deleted_meanwhile_gives_the_text_back(manager: Client, mine: Section) -> None:
    mine.delete()
    response = manager.post("/manual/sections/mine/pictures/", given(text="Hours of work."))
    assert (response.status_code, text_of(response)) == (410, "Hours of work.")
    assert "Somebody has deleted the section while you were writing it." in words(response)
    assert Picture.objects.count() == 0


def test_restoring_brings_the_note_back_too(manager: Client, person: User, mine: Section) -> None:
    mine = sections.save_note(mine, note="The old note.", version=1, by=person)
    mine = sections.save_note(mine, note="A new note.", version=2, by=person)
    assert "Note beneath: The old note." in words(manager.get("/manual/sections/mine/"))
    manager.post("/manual/sections/mine/restore/", {"version": "2"})
    mine.refresh_from_db()
    assert (mine.text, mine.note, mine.version) == ("First words.", "The old note.", 4)
    assert mine.versions.get(version=4).note == "The old note."
