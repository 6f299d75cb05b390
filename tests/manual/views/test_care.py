"""Pages about a section beside its text: care, still right, note; and the banners of readers."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from kpiproject.models import Organisation, User
from manual.models import Edition, Feedback, Section, SectionReview
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.documents import edition, section
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db
JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)
CARE = "/manual/sections/mine/care/"
RIGHT = "/manual/sections/mine/still-right/"
NOTE = "/manual/sections/mine/note/"


@pytest.fixture(autouse=True)
def _june():
    cache.clear()
    Section.objects.all().delete()
    with time_machine.travel(JUNE, tick=False):
        SectionFactory(slug="mine", title="Mine", text="Words.", created_at=JUNE - timedelta(days=200))
        edition(section("mine", title="Mine"))
        yield


@pytest.fixture
def owner() -> User:
    person = StaffFactory(name="Ola")
    Section.objects.update(owner=person)
    return person


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(("days", "tone"), [(200, "bad"), (175, "warn"), (10, "")])
def test_readers_see_amber_before_and_red_after(days: int, tone: str) -> None:
    Section.objects.update(created_at=JUNE - timedelta(days=days))
    client = as_(StaffFactory())
    for address, banner in (("/manual/", "To be read again Mine"), ("/manual/mine/", "The review of this section")):
        page = client.get(address)
        assert (banner in words(page)) is bool(tone)
        assert ("notice-error" in page.content.decode(), "notice-warning" in page.content.decode()) == (
            tone == "bad",
            tone == "warn",
        )
        assert "still-right" not in page.content.decode()


def test_editors_see_the_banner_in_the_draft() -> None:
    assert "To be read again Mine overdue since 13 May 2026" in words(as_(ManagerFactory()).get("/manual/draft/"))


def test_an_old_edition_has_no_banner() -> None:
    edition(section("mine", title="Mine"))
    assert "To be read again" not in words(as_(StaffFactory()).get("/manual/editions/1/"))


def test_the_owner_says_with_one_click_that_it_is_still_right(owner: User) -> None:
    page = as_(owner).get("/manual/mine/")
    assert f'action="{RIGHT}"' in page.content.decode()
    said = words(as_(owner).post(RIGHT, {"version": "1"}, follow=True))
    assert "Thank you. “Mine” is noted as still right." in said
    assert "Last reviewed by Ola on 1 Jun 2026." in said
    assert "To be read again" not in words(as_(owner).get("/manual/"))
    assert SectionReview.objects.get().by == owner


def test_the_page_that_the_browser_holds_is_shown_anew_after_a_review(owner: User) -> None:
    client = as_(owner)
    known = client.get("/manual/")["ETag"]
    assert client.get("/manual/", headers={"if-none-match": known}).status_code == 304
    client.post(RIGHT, {"version": "1"})
    assert client.get("/manual/", headers={"if-none-match": known}).status_code == 200


def test_a_get_records_nothing(owner: User) -> None:
    assert as_(owner).get(RIGHT).status_code == 405
    assert SectionReview.objects.count() == 0


def test_a_version_that_was_not_read_is_told(owner: User) -> None:
    said = words(as_(owner).post(RIGHT, {"version": "7"}, follow=True))
    assert "“Mine” has changed since you opened it. Please read it again." in said
    said = words(as_(owner).post(RIGHT, {"version": "x"}, follow=True))
    assert "Please open the section first, so that it is clear what you have read." in said
    assert SectionReview.objects.count() == 0


def test_other_staff_may_neither_see_nor_say_it(owner: User) -> None:
    client = as_(StaffFactory())
    assert [client.get(CARE).status_code, client.post(RIGHT, {"version": "1"}).status_code] == [403, 403]
    assert client.get(NOTE).status_code == 403


def test_managers_say_who_looks_after_it_and_owners_cannot_pass_it_on(owner: User) -> None:
    manager, other = ManagerFactory(), StaffFactory(name="Uma")
    page = as_(manager).get(CARE)
    assert faults(page) == []
    as_(manager).post(CARE, {"owner": str(other.pk), "review_months": "3"})
    found = Section.objects.get()
    assert (found.owner, found.review_months) == (other, 3)
    assert as_(other).post(CARE, {"owner": "", "review_months": ""}).status_code == 403
    as_(manager).post(CARE, {"owner": "", "review_months": ""})
    found = Section.objects.get()
    assert (found.owner, found.review_months) == (None, None)


@pytest.mark.parametrize("months", ["0", "61", "-1", "x"])
def test_months_that_make_no_sense_are_refused(months: str) -> None:
    response = as_(ManagerFactory()).post(CARE, {"owner": "", "review_months": months})
    assert (response.status_code, Section.objects.get().review_months) == (422, 6)


def test_the_generated_block_cannot_be_written_and_the_note_beneath_it_can() -> None:
    Section.objects.update(chapter="service_levels")
    manager = as_(ManagerFactory())
    page = manager.get(NOTE)
    assert "What Plumbline generates cannot be edited" in words(page)
    assert page.content.decode().count("<textarea") == 1
    assert faults(page) == []
    manager.post(NOTE, {"note": "Mind the *holidays*. <script>x</script>", "version": "1"})
    assert Section.objects.get().note == "Mind the *holidays*. <script>x</script>"
    draft = manager.get("/manual/draft/").content.decode()
    assert "Mind the <em>holidays</em>." in draft
    assert "<script>x" not in draft
    assert draft.index("How the clock runs") < draft.index("Mind the")


def test_two_who_write_a_note_at_once_lose_nothing() -> None:
    Section.objects.update(note="Theirs.", version=2)
    response = as_(ManagerFactory()).post(NOTE, {"note": "Mine.", "version": "1"})
    said = response.content.decode()
    assert response.status_code == 409
    assert ("Mine." in said, "Theirs." in said, 'name="version" value="2"' in said) == (True, True, True)
    assert as_(ManagerFactory()).post(NOTE, {"note": "x" * 100_001, "version": "2"}).status_code == 422


def test_home_names_what_is_due_to_managers_and_to_owners(owner: User) -> None:
    sentence = "1 section of the manual is to be read again"
    assert sentence in words(as_(ManagerFactory()).get("/?empty=no"))
    assert sentence not in words(as_(StaffFactory()).get("/"))


# --- The note, as the text ----------------------------------------------------------------------------------------
def test_a_note_shows_how_it_looks_with_today_s_figures_and_saves_nothing() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Harbour Desk"})
    cache.clear()
    manager = as_(ManagerFactory())
    given = {"note": "We are {{ organisation:name }}.", "version": "1", "preview": "yes"}
    shown = words(manager.post(NOTE, given))
    assert "How it will look We are Harbour Desk." in shown
    part = manager.post(NOTE, given, headers={"hx-request": "true"}).content.decode()
    assert part.startswith('<div class="doc-section" id="preview-text"><p>We are Harbour Desk.</p></div>')
    assert Section.objects.get().note == ""


def test_a_note_with_an_unknown_field_is_not_saved_and_stays_in_the_form() -> None:
    manager = as_(ManagerFactory())
    response = manager.post(NOTE, {"note": "First\n\n{{ kpi:nonsense.value }}", "version": "1"})
    assert response.status_code == 422
    assert "Line 3: there is no field “kpi:nonsense.value”." in words(response)
    assert "{{ kpi:nonsense.value }}" in response.content.decode()
    assert Section.objects.get().note == ""


def test_a_note_with_a_link_to_nowhere_is_saved_and_the_link_is_told() -> None:
    response = as_(ManagerFactory()).post(NOTE, {"note": "See [there](#nowhere).", "version": "1"}, follow=True)
    assert "Line 1: the link “there” leads nowhere: the manual has no place “#nowhere”." in words(response)
    assert Section.objects.get().note == "See [there](#nowhere)."


def test_a_note_of_five_megabytes_is_given_back_with_a_word_about_it() -> None:
    said = urlencode({"note": "x" * 5_000_000, "version": "1"})
    response = as_(ManagerFactory()).post(NOTE, said, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert "The text has 5000000 characters, and a section can have at most 100000." in words(response)
    assert response.content.decode().count("x" * 5_000_000) == 1
    assert 'maxlength="100000"' not in as_(ManagerFactory()).get(NOTE).content.decode()


def test_whoever_reviews_a_section_reads_its_figures_and_not_their_names(owner: User) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Harbour Desk"})
    cache.clear()
    Section.objects.update(text="We are {{ organisation:name }}.", note="Truly {{ organisation:name }}.")
    said = words(as_(owner).get(CARE))
    assert ("We are Harbour Desk." in said, "Truly Harbour Desk." in said) == (True, True)


def test_whoever_reviews_a_section_is_told_how_many_readers_found_it_clear(owner: User) -> None:
    assert "found it clear" not in words(as_(owner).get(CARE))
    for is_clear, why in ((True, ""), (True, ""), (False, "Which Sunday?")):
        said_of = {"edition": Edition.objects.get(), "slug": "mine", "title": "Mine"}
        Feedback.objects.create(person=StaffFactory(), is_clear=is_clear, why=why, **said_of)
    said = words(as_(owner).get(CARE))
    assert "2 readers found it clear, 1 did not. 1 of these is not settled" in said


# --- The banner where it is written -------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "tone"), [(200, "error"), (175, "warning"), (10, "")])
def test_whoever_edits_sees_the_banner_and_stays_there_after_one_click(days: int, tone: str) -> None:
    Section.objects.update(created_at=JUNE - timedelta(days=days))
    manager = as_(ManagerFactory())
    page = manager.get("/manual/sections/mine/")
    assert ("The review of this section" in words(page)) is bool(tone)
    assert (f"notice-{tone} manual-notice" in page.content.decode()) is bool(tone)
    response = manager.post(RIGHT, {"version": "1", "back": "edit"}, follow=True)
    assert response.redirect_chain == [("/manual/sections/mine/", 302)]
    assert "Thank you. “Mine” is noted as still right." in words(response)
    assert "The review of this section" not in words(manager.get("/manual/sections/mine/"))


def test_an_owner_who_may_not_edit_is_led_to_the_page_of_the_review(owner: User) -> None:
    response = as_(owner).post(RIGHT, {"version": "1", "back": "edit"})
    assert response["Location"] == CARE
