import json
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import User
from manual import sections, writing
from manual.models import Section
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


def posted(**changes: str) -> dict[str, str]:
    return {"title": "Mine", "text": "Second words.", "version": "1"} | changes


def text_of(response, name: str = "id_text") -> str:
    found = re.search(rf'<textarea[^>]*id="{name}"[^>]*>\n?(.*?)</textarea>', response.content.decode(), re.DOTALL)
    assert found is not None
    return found[1]


# --- Writing ------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_text_and_how_it_looks(manager: Client, mine: Section) -> None:
    response = manager.get("/manual/sections/mine/")
    assert text_of(response) == "First words."
    assert '<div class="doc-section" id="preview-text"><p>First words.</p></div>' in response.content.decode()
    assert faults(response) == []


def test_saving_makes_a_version_and_tells_when_readers_see_it(manager: Client, person: User, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/", posted(title="Ours"), follow=True)
    mine.refresh_from_db()
    assert (mine.title, mine.text, mine.version, mine.updated_by) == ("Ours", "Second words.", 2, person)
    assert response.redirect_chain == [("/manual/sections/mine/", 302)]
    assert "Saved. Readers see it from the next edition on." in words(response)


def test_a_text_that_is_too_long_is_not_lost(manager: Client, mine: Section) -> None:
    long = "x" * (sections.MOST_CHARACTERS + 1)
    response = manager.post("/manual/sections/mine/", posted(text=long))
    assert response.status_code == 422
    assert (
        "The text has 100001 characters, and a section can have at most 100000. "
        "Nothing is lost: please shorten it, or put a part of it into a section of its own."
    ) in words(response)
    assert text_of(response) == long


def test_a_title_is_needed(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/", posted(title=" "))
    assert (response.status_code, text_of(response)) == (422, "Second words.")


def test_two_managers_lose_nothing(manager: Client, mine: Section) -> None:
    sections.save(mine, title="Theirs", text="Their words.", version=1, by=ManagerFactory(name="Ben Okafor"))
    response = manager.post("/manual/sections/mine/", posted())
    assert response.status_code == 409
    assert words(response).count("Ben Okafor has changed “Theirs” since you opened it.") == 1
    assert (text_of(response), text_of(response, "their-text")) == ("Second words.", "Their words.")
    assert "Removed: Their words. Added: Second words." in words(response)
    mine.refresh_from_db()
    assert mine.text == "Their words."
    version = re.search(r'name="version" value="(\d+)"', response.content.decode())
    assert version is not None
    assert manager.post("/manual/sections/mine/", posted(version=version[1])).status_code == 302
    assert [each.text for each in sections.history(mine)] == ["Second words.", "Their words.", "First words."]


def test_saving_the_same_twice_is_one_version(manager: Client, mine: Section) -> None:
    for _press in range(2):
        assert manager.post("/manual/sections/mine/", posted()).status_code == 302
    assert sections.history(mine).count() == 2


def test_markup_and_bad_links_become_words(manager: Client, mine: Section) -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    manager.post("/manual/sections/mine/", posted(text=bad))
    for path in ("/manual/sections/mine/", "/manual/draft/"):
        assert faults(manager.get(path)) == []


# --- Preview ------------------------------------------------------------------------------------------------------
def test_preview_saves_nothing_and_keeps_what_was_typed(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/preview/", posted(text="## Title\n\nWords"))
    assert response.status_code == 200
    assert '<h3 id="preview-title">Title</h3><p>Words</p>' in response.content.decode()
    assert text_of(response) == "## Title\n\nWords"
    mine.refresh_from_db()
    assert (mine.text, mine.version) == ("First words.", 1)


def test_live_preview_is_the_preview_alone(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/preview/", posted(text="**New**"), headers={"HX-Request": "true"})
    expected = (
        '<div class="doc-section" id="preview-text"><p><strong>New</strong></p></div>'
        '<div id="writing-now" hx-swap-oob="true"></div>'
    )
    assert response.content.decode().strip() == expected


def test_live_preview_of_a_text_that_is_too_long_says_so(manager: Client, mine: Section) -> None:
    long = "x" * (sections.MOST_CHARACTERS * 2 + 1)
    response = manager.post("/manual/sections/mine/preview/", posted(text=long), headers={"HX-Request": "true"})
    assert response.status_code == 200  # htmx would not show anything else
    assert "The text has 200001 characters" in words(response)


# --- What is wrong with a text ------------------------------------------------------------------------------------
def test_broken_fields_are_not_saved_and_told_with_their_line(manager: Client, mine: Section) -> None:
    text = "One\n\n{{ kpi:csta.value }} and {{ open"
    response = manager.post("/manual/sections/mine/", posted(text=text))
    assert (response.status_code, text_of(response)) == (422, text)
    said = words(response)
    assert "Line 3: there is no field “kpi:csta.value”. Did you mean kpi:csat.value?" in said
    assert "Line 3: “{{” has no “}}” in the same line." in said
    mine.refresh_from_db()
    assert mine.text == "First words."


def test_a_link_to_nowhere_is_saved_and_told(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/mine/", posted(text="## Here\n\n[a](#here) [b](#gone)"), follow=True)
    said = words(response)
    assert "Saved. Readers see it from the next edition on." in said
    assert said.count("Line 3: the link “b” leads nowhere: the manual has no place “#gone”.") == 2  # message, preview
    assert "link “a”" not in said


def test_a_field_says_in_the_preview_what_it_will_say(manager: Client, mine: Section) -> None:
    text = posted(text="We are {{ organisation:name }}, not {{ nobody }}")
    response = manager.post("/manual/sections/mine/preview/", text, headers={"HX-Request": "true"})
    assert "<p>We are My organisation, not {{ nobody }}</p>" in response.content.decode()
    assert "Line 1: there is no field “nobody”." in words(response)


def test_every_field_is_listed_for_the_completion_and_for_reading(manager: Client, mine: Section) -> None:
    page = manager.get("/manual/sections/mine/").content.decode()
    listed = re.findall(r"<code>\{\{ ([a-z:._0-9-]+) \}\}</code></td>", page)
    (data,) = re.findall(r'<script id="field-list" type="application/json">(.*?)</script>', page)
    assert [field["name"] for field in json.loads(data)] == listed
    assert "kpi:csat.value" in listed


def test_script_in_markdown_is_shown_as_words_everywhere(manager: Client, mine: Section) -> None:
    bad = '<script>alert(1)</script> <img src=x onerror=alert(1)> {{ organisation:name }}<iframe src="//a.b"></iframe>'
    manager.post("/manual/sections/mine/", posted(text=bad))
    for path in ("/manual/sections/mine/", "/manual/draft/"):
        response = manager.get(path)
        assert faults(response) == []
        assert "<iframe" not in response.content.decode()


# --- A text that is far too long ----------------------------------------------------------------------------------
def test_a_paste_of_five_megabytes_is_refused_in_words_and_kept(manager: Client, mine: Section) -> None:
    long = "0123456789" * 500_000
    for path, status in (("", 422), ("preview/", 422)):
        body = urlencode(posted(text=long))
        response = manager.post(f"/manual/sections/mine/{path}", body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == status
        assert "The text has 5000000 characters, and a section can have at most 100000. Nothing is lost:" in words(
            response
        )
        assert text_of(response) == long
    mine.refresh_from_db()
    assert mine.text == "First words."


def test_browsers_do_not_cut_a_long_text_without_a_word(manager: Client, mine: Section) -> None:
    (field,) = re.findall(r'<textarea[^>]*id="id_text"[^>]*>', manager.get("/manual/sections/mine/").content.decode())
    assert "maxlength" not in field


def test_what_is_larger_still_is_not_read(manager: Client, mine: Section) -> None:
    response = manager.generic(
        "POST",
        "/manual/sections/mine/",
        b"text=x",
        content_type="application/x-www-form-urlencoded",
        CONTENT_LENGTH=50_000_000,
    )
    assert response.status_code == 413
    assert "Go back in your browser: your text is still there" in words(response)


def test_a_long_text_too_must_come_from_our_own_form(person: User, mine: Section) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    for text in ("short", "x" * 1_500_000):
        body = urlencode(posted(text=text))
        response = client.post("/manual/sections/mine/", body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 403
    mine.refresh_from_db()
    assert mine.text == "First words."


def test_strangers_make_us_read_nothing(client: Client, mine: Section) -> None:
    body = urlencode(posted(text="x" * 1_500_000))
    for login in (lambda: None, lambda: client.force_login(StaffFactory())):
        login()
        response = client.post("/manual/sections/mine/", body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (302, 403)


# --- Who is writing -----------------------------------------------------------------------------------------------
@pytest.fixture
def ben(mine: Section) -> User:
    """Is writing, and has typed a moment ago."""
    found = ManagerFactory(name="Ben Okafor")
    writing.sign(mine, found)
    return found


def test_looking_at_a_section_is_not_writing_it(manager: Client, mine: Section) -> None:
    manager.get("/manual/sections/mine/")
    assert writing.by_another(mine, None) is None
    manager.post("/manual/sections/mine/preview/", posted())
    assert str(writing.by_another(mine, None).by) == "Mara Lindqvist"
    manager.post("/manual/sections/mine/", posted())
    manager.post("/manual/sections/mine/preview/", posted())  # sent before, but the browser was slow
    assert writing.by_another(mine, None) is None


def test_whoever_else_writes_is_named(manager: Client, mine: Section, ben: User) -> None:
    assert "Ben Okafor has been writing this section since" in words(manager.get("/manual/sections/mine/"))
    live = manager.post("/manual/sections/mine/preview/", posted(), headers={"HX-Request": "true"})
    assert "Ben Okafor has been writing this section since" in words(live)


def test_saving_meanwhile_keeps_the_text_in_the_form_until_it_is_taken_over(
    manager: Client, mine: Section, ben: User
) -> None:
    response = manager.post("/manual/sections/mine/", posted())
    assert (response.status_code, text_of(response)) == (409, "Second words.")
    assert "Nothing was saved yet, because somebody else is writing this section" in words(response)
    assert "Take over and save" in words(response)
    mine.refresh_from_db()
    assert mine.text == "First words."
    assert manager.post("/manual/sections/mine/", posted(take_over="yes")).status_code == 302
    mine.refresh_from_db()
    assert mine.text == "Second words."


def test_two_editors_at_once_see_both_texts(client: Client, manager: Client, mine: Section, ben: User) -> None:
    manager.post("/manual/sections/mine/take-over/")
    assert "You are writing “Mine” now." in words(manager.get("/manual/sections/mine/"))
    manager.post("/manual/sections/mine/", posted(text="Mara's words."))
    other = Client()
    other.force_login(ben)
    response = other.post("/manual/sections/mine/", posted(text="Ben's words."))
    assert response.status_code == 409
    assert (text_of(response), text_of(response, "their-text")) == ("Ben&#x27;s words.", "Mara&#x27;s words.")


# --- What is generated --------------------------------------------------------------------------------------------
def test_the_generated_part_is_shown_and_cannot_be_edited(manager: Client) -> None:
    said = words(manager.get("/manual/sections/our-kpis/"))
    assert "What Plumbline writes beneath it Generated:" in said
    assert "It cannot be edited here, so that it cannot drift; change it where it comes from." in said
    assert "What Plumbline writes beneath it" not in words(manager.get("/manual/sections/our-promise/"))


# --- History ------------------------------------------------------------------------------------------------------
def test_restoring_makes_a_new_version(manager: Client, mine: Section) -> None:
    manager.post("/manual/sections/mine/", posted())
    response = manager.post("/manual/sections/mine/restore/", {"version": "1"}, follow=True)
    mine.refresh_from_db()
    assert (mine.text, mine.version) == ("First words.", 3)
    assert "The section says again what it said in version 1." in words(response)


@pytest.mark.parametrize("version", ["", "x", "9", "-1", "99999999999999999999"])
def test_restoring_what_does_not_exist(manager: Client, mine: Section, version: str) -> None:
    response = manager.post("/manual/sections/mine/restore/", {"version": version}, follow=True)
    assert "There is no such version." in words(response)
    assert sections.history(mine).count() == 1


def test_history_is_in_pages_and_costs_the_same_for_one_and_three(manager: Client, mine: Section) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get("/manual/sections/mine/")
        return len(queries)

    count()
    one = count()
    for n in (2, 3):
        mine = sections.save(mine, title="Mine", text=f"Words {n}.", version=n - 1, by=ManagerFactory())
    assert count() == one
    for n in range(4, 12):
        mine = sections.save(mine, title="Mine", text=f"Words {n}.", version=n - 1, by=None)
    assert "Page 1 of 2" in words(manager.get("/manual/sections/mine/"))


# --- The draft ----------------------------------------------------------------------------------------------------
def test_the_draft_has_a_way_to_every_section(manager: Client, mine: Section) -> None:
    SectionFactory(slug="other", title="Other", text="Other words.", is_shown=False)
    response = manager.get("/manual/draft/")
    page = response.content.decode()
    assert "First words." in page
    assert "Other words." not in page
    assert page.count('href="/manual/sections/mine/"') == 2
    assert page.count('href="/manual/sections/other/"') == 1
    assert "Nothing has been published yet." in words(response)


def test_the_draft_costs_the_same_for_one_and_three_sections(manager: Client, mine: Section) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/manual/draft/").status_code == 200
        return len(queries)

    count()
    one = count()
    SectionFactory(updated_by=ManagerFactory())
    SectionFactory(updated_by=ManagerFactory())
    assert count() == one


def test_adding_a_section(manager: Client, mine: Section) -> None:
    response = manager.post("/manual/sections/new/", {"title": "How we apologise"})
    assert (response.status_code, response["Location"]) == (302, "/manual/sections/how-we-apologise/")
    refused = manager.post("/manual/sections/new/", {"title": " "})
    assert (refused.status_code, Section.objects.count()) == (422, 2)
    assert '<details class="card outline" id="outline" open>' in refused.content.decode()


def test_order_and_what_is_left_out(manager: Client, mine: Section) -> None:
    SectionFactory(slug="other", position=20)
    response = manager.post("/manual/sections/other/move/", {"direction": "up"})
    assert (response.status_code, response["Location"]) == (302, "/manual/draft/#outline")
    assert list(Section.objects.values_list("slug", flat=True)) == ["other", "mine"]
    manager.post("/manual/sections/other/show/", {"shown": "no"})
    assert list(Section.objects.filter(is_shown=True).values_list("slug", flat=True)) == ["mine"]
    manager.post("/manual/sections/other/show/", {"shown": "yes"})
    assert Section.objects.filter(is_shown=True).count() == 2


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("move", "A section can be moved up or down."),
        ("show", "A section is part of the manual or left out."),
    ],
)
def test_nonsense_changes_nothing(manager: Client, mine: Section, path: str, said: str) -> None:
    nonsense = {"direction": "sideways", "shown": "perhaps"}
    assert said in words(manager.post(f"/manual/sections/mine/{path}/", nonsense, follow=True))


def test_only_own_sections_are_deleted(manager: Client, mine: Section) -> None:
    ours = SectionFactory(slug="our-promise", title="Our promise")
    assert "/manual/sections/mine/delete/" in manager.get("/manual/sections/mine/").content.decode()
    assert "/delete/" not in manager.get("/manual/sections/our-promise/").content.decode()
    assert "“Mine” has been deleted." in words(manager.post("/manual/sections/mine/delete/", follow=True))
    refused = words(manager.post("/manual/sections/our-promise/delete/", follow=True))
    assert "“Our promise” belongs to Plumbline's manual. Leave it out instead of deleting it." in refused
    assert list(Section.objects.all()) == [ours]


def test_staff_cannot_write(client: Client, mine: Section) -> None:
    client.force_login(StaffFactory())
    assert client.get("/manual/draft/").status_code == 403
    assert client.get("/manual/sections/mine/").status_code == 403
    for path in ("", "preview/", "restore/", "move/", "show/", "delete/", "take-over/", "pictures/"):
        assert client.post(f"/manual/sections/mine/{path}", posted()).status_code == 403
    assert client.post("/manual/sections/new/", {"title": "x"}).status_code == 403
    assert Section.objects.get().text == "First words."
