"""What happens to whoever writes a section that another person removes or restores."""

import pytest
from django.test import Client

from kpiproject.models import User
from manual import sections
from manual.models import Section
from tests.kpiproject.security import faults
from tests.manual.views.test_editing import posted, text_of
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
    assert manager.get("/manual/sections/mine/").status_code == 404


def test_restoring_brings_the_note_back_too(manager: Client, person: User, mine: Section) -> None:
    mine = sections.save_note(mine, note="The old note.", version=1, by=person)
    mine = sections.save_note(mine, note="A new note.", version=2, by=person)
    assert "Note beneath: The old note." in words(manager.get("/manual/sections/mine/"))
    manager.post("/manual/sections/mine/restore/", {"version": "2"})
    mine.refresh_from_db()
    assert (mine.text, mine.note, mine.version) == ("First words.", "The old note.", 4)
    assert mine.versions.get(version=4).note == "The old note."
