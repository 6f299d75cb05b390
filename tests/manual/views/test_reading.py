import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.documents import tree
from manual import acknowledgements, editions, printing, rendering
from manual.models import Edition
from manual.tasks import print_edition
from tests.factories import EditionFactory, ManagerFactory, StaffFactory, UserFactory
from tests.kpiproject.security import faults
from tests.manual.documents import edition, section
from tests.manual.readers import audience, published, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    cache.clear()
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(ManagerFactory())
    return client


def words(response) -> str:
    """What stands on the page, without tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").split())


def test_before_the_first_edition_managers_are_told_what_to_do(manager: Client) -> None:
    page = manager.get("/manual/").content.decode()
    assert "Four steps to your first edition" in page
    assert re.findall(r'class="button[^"]*" href="([^"]+)"', page) == ["/manual/draft/", "/manual/publish/"]


def test_before_the_first_edition_staff_get_a_kind_sentence(staff: Client) -> None:
    response = staff.get("/manual/")
    assert "The manual is still being written" in words(response)
    assert "/manual/draft/" not in response.content.decode()


def test_the_manual_is_the_latest_edition(staff: Client) -> None:
    edition(section("promise", tree.paragraph("Old words.")))
    edition(section("promise", tree.paragraph("New words.")), note="New words for our promise.")
    response = staff.get("/manual/")
    said = words(response)
    assert "Edition 2 · published 2 Mar 2026 · figures as of 2 Mar 2026, 10:00" in said
    assert "What has changed New words for our promise. See every change to the edition before" in said
    assert ("New words." in said, "Old words." in said) == (True, False)
    page = response.content.decode()
    assert 'href="/manual/editions/2/plumbline-manual-2.pdf"' in page
    assert page.count('href="#promise"') == 3  # contents beside and above the text, and the title itself
    assert page.count('href="/manual/promise/">Read section by section') == 2
    assert faults(response) == []


def test_staff_see_no_buttons_of_managers(staff: Client, manager: Client) -> None:
    edition(section("promise"))
    places = {"/manual/draft/", "/manual/shares/"}
    assert places & set(re.findall(r'href="([^"]+)"', staff.get("/manual/").content.decode())) == set()
    assert places & set(re.findall(r'href="([^"]+)"', manager.get("/manual/").content.decode())) == places


def test_markup_in_titles_and_notes_is_text(staff: Client) -> None:
    edition(section("a", title="<script>x</script>"), note="<b>bold</b>")
    page = staff.get("/manual/").content.decode()
    assert ("<script>x" in page, "<b>bold" in page) == (False, False)
    assert "&lt;script&gt;x" in page


def test_a_browser_that_has_the_page_gets_no_second_copy(staff: Client) -> None:
    edition(section("promise", tree.paragraph("We help.")))
    first = staff.get("/manual/")
    again = staff.get("/manual/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first["Vary"]


def test_the_page_is_sent_again_when_anything_on_it_is_different(staff: Client, manager: Client) -> None:
    edition(section("promise", tree.paragraph("We help.")))
    known = {"If-None-Match": staff.get("/manual/")["ETag"]}
    assert manager.get("/manual/", headers=known).status_code == 200
    assert staff.get("/manual/editions/1/", headers=known).status_code == 304  # the same page at another address
    edition(section("promise", tree.paragraph("We help more.")))
    assert staff.get("/manual/", headers=known).status_code == 200
    assert staff.get("/manual/editions/1/", headers=known).status_code == 200  # it is an old one now


def test_a_new_session_gets_a_page_with_a_form_that_works(staff: Client) -> None:
    edition(section("promise"))
    first = staff.get("/manual/")
    staff.cookies.pop("plumbline_csrf")
    assert staff.get("/manual/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_message_is_not_hidden_by_what_the_browser_has(manager: Client) -> None:
    edition(section("promise"))
    known = {"If-None-Match": manager.get("/manual/")["ETag"]}
    manager.post("/manual/sections/our-promise/restore/", {"version": "99"})
    told = manager.get("/manual/", headers=known)
    assert (told.status_code, "There is no such version." in words(told)) == (200, True)
    assert manager.get("/manual/", headers=known).status_code == 304


def test_reading_needs_the_permission() -> None:
    client = Client()
    client.force_login(UserFactory())
    EditionFactory()
    paths = ["", "our-promise/", "editions/", "editions/1/", "editions/1/changes/"]
    assert [client.get(f"/manual/{path}").status_code for path in paths] == [403] * 5


# --- One section --------------------------------------------------------------------------------------------------
def test_a_section_has_its_neighbours(staff: Client) -> None:
    parts = [section(name, tree.paragraph(f"Of {name}."), number=str(n)) for n, name in enumerate(["a", "b", "c"], 1)]
    edition(*parts)
    links = {
        path: re.findall(r'rel="(prev|next)" href="([^"]+)"', staff.get(f"/manual/{path}/").content.decode())
        for path in "abc"
    }
    assert links == {
        "a": [("next", "/manual/b/")],
        "b": [("prev", "/manual/a/"), ("next", "/manual/c/")],
        "c": [("prev", "/manual/b/")],
    }
    assert "Of b." in words(staff.get("/manual/b/"))
    assert "Of a." not in words(staff.get("/manual/b/"))


def test_a_section_that_is_not_in_the_edition(staff: Client) -> None:
    assert staff.get("/manual/a/").status_code == 404
    edition(section("a"))
    assert staff.get("/manual/b/").status_code == 404


# --- Editions -----------------------------------------------------------------------------------------------------
def test_an_old_edition_says_so(staff: Client) -> None:
    edition(section("promise", tree.paragraph("Old words.")))
    edition(section("promise", tree.paragraph("New words.")))
    old = words(staff.get("/manual/editions/1/"))
    assert "This is the old edition 1. Edition 2 is in force now. Read the manual in force" in old
    assert "Old words." in old
    assert "Read section by section" not in old
    assert "in force now" not in words(staff.get("/manual/editions/2/"))
    assert staff.get("/manual/editions/3/").status_code == 404


def test_the_list_costs_the_same_for_one_and_three(staff: Client) -> None:
    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert staff.get("/manual/editions/").status_code == 200
        assert not any("content" in query["sql"].split("FROM")[0] for query in queries if "edition" in query["sql"])
        return len(queries)

    EditionFactory(published_by=ManagerFactory())
    count()  # the first request creates the organisation
    one = count()
    EditionFactory(published_by=ManagerFactory())
    EditionFactory(published_by=ManagerFactory(), note="Three.")
    assert count() == one
    assert words(staff.get("/manual/editions/")).count("in force") == 1


def test_the_list_is_in_pages(staff: Client) -> None:
    for _number in range(26):
        EditionFactory()
    assert "Page 1 of 2" in words(staff.get("/manual/editions/"))
    assert 'href="/manual/editions/1/"' in staff.get("/manual/editions/?page=2").content.decode()


def test_reading_costs_the_same_for_small_and_large_editions(staff: Client) -> None:
    counts = []
    for size in (1, 30):
        edition(*[section(f"s{n}", tree.paragraph("Words.")) for n in range(size)])
        staff.get("/manual/")
        with CaptureQueriesContext(connection) as queries:
            staff.get("/manual/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    # session, person, two of permissions, organisation, editions in force and coming, due sections, follow-ups
    assert counts[0] <= 10


# --- What waits to be confirmed -----------------------------------------------------------------------------------
def test_the_manual_says_what_waits_for_the_reader_until_it_is_confirmed(client: Client) -> None:
    cache.clear()
    person = StaffFactory()
    client.force_login(person)
    with time_machine.travel("2026-03-02T12:00Z", tick=False):
        published("our-promise", "goals")
        audience(person, name="All")
        told = "2 sections wait for you to confirm them, the first by 16 Mar 2026. My reading list"
        assert told in words(client.get("/manual/"))
        alone = client.get("/manual/our-promise/")
        assert "This section waits for you to confirm it by 16 Mar 2026. Read and confirm" in words(alone)
        assert 'href="/manual/reading/sections/our-promise/"' in alone.content.decode()
        acknowledgements.confirm(person, ["our-promise"], number=1, now=timezone.now())
        told = "1 section waits for you to confirm it by 16 Mar 2026. My reading list"
        assert told in words(client.get("/manual/"))
        done = words(client.get("/manual/our-promise/"))
        assert "You have confirmed this section with edition 1 on 2 Mar 2026." in done
        question(person, "goals")
        assert "for you to confirm" not in words(client.get("/manual/"))
        assert "You have asked something about this section; confirm it when" in words(client.get("/manual/goals/"))


def test_nobody_is_told_to_confirm_an_old_edition(client: Client) -> None:
    cache.clear()
    person = StaffFactory()
    client.force_login(person)
    published("our-promise")
    published("our-promise", our_promise="New.")
    audience(person)
    assert "1 section waits" in words(client.get("/manual/editions/2/"))
    assert "waits" not in words(client.get("/manual/editions/1/"))


# --- Buttons, kept with the page ----------------------------------------------------------------------------------
def test_a_kept_page_shows_each_reader_their_own_buttons(staff: Client, manager: Client) -> None:
    edition(section("promise"))
    for _time in range(2):
        assert [reader.get("/manual/").content.decode().count("/manual/shares/") for reader in (staff, manager)] == [
            0,
            1,
        ]


def test_every_card_of_a_kpi_leads_to_its_figures_of_today_for_people_of_the_house(staff: Client) -> None:
    card = [tree.heading(2, "CSAT", "kpi-csat"), tree.paragraph(tree.strong("84 %"))]
    other = [tree.heading(2, "Other", "kpi-other"), tree.paragraph("No card.")]
    said = {"kpi:csat.value": {"label": "CSAT", "words": "84 %", "kind": "value", "section": "kpis"}}
    edition(section("kpis", *card, *other), figures=said)
    link = '<a class="card-flip" href="/manual/editions/1/today/csat/">And today?</a>'
    for address in ("/manual/", "/manual/kpis/"):
        page = staff.get(address).content.decode()
        assert (page.count(link), page.count("card-flip")) == (1, 1)
    assert "card-flip" not in rendering.for_outsiders(Edition.objects.get(), ()).manual.body


# --- Changes ------------------------------------------------------------------------------------------------------
def figure(label: str, words: str, kind: str) -> dict[str, str]:
    return {"label": label, "words": words, "kind": kind}


def test_changes_name_lines_and_figures(staff: Client) -> None:
    edition(
        section("promise", tree.paragraph("Within 24 hours.")),
        figures={"t": figure("Target of CSAT", "85 %", "rule"), "v": figure("CSAT in May", "81 %", "value")},
    )
    edition(
        section("promise", tree.paragraph("Within 8 hours.")),
        section("new", tree.paragraph("More.")),
        figures={"t": figure("Target of CSAT", "88 %", "rule"), "v": figure("CSAT in May", "82 %", "value")},
    )
    response = staff.get("/manual/editions/2/changes/")
    said = words(response)
    assert "Compared with edition 1 of 2 Mar 2026." in said
    assert "What was decided What Before After Target of CSAT 85 % 88 %" in said
    assert "What was measured What Before After CSAT in May 81 % 82 %" in said
    assert "Removed: Within 24 hours. Added: Within 8 hours." in said
    assert "New new section Added: More." in said
    page = response.content.decode()
    assert ("<del>Within 24 hours.</del>" in page, "<ins>Within 8 hours.</ins>" in page) == (True, True)


def test_changes_of_the_first_edition(staff: Client) -> None:
    edition(section("promise"))
    assert "This is the first edition: everything in it is new." in words(staff.get("/manual/editions/1/changes/"))


def test_changes_where_nothing_can_be_told(staff: Client) -> None:
    edition(section("promise"))
    edition(section("promise"))
    said = words(staff.get("/manual/editions/2/changes/"))
    assert "No sentence and no figure is different; only the order, dates or drawings are." in said


# --- PDF ----------------------------------------------------------------------------------------------------------
def printed(found: Edition) -> Edition:
    found.pdf.save("manual.pdf", ContentFile(b"%PDF-1.7 words"), save=False)
    found.save(update_fields=["pdf"])
    return found


def test_the_pdf_is_shown_and_may_be_kept_for_ever(staff: Client) -> None:
    printed(EditionFactory())
    response = staff.get("/manual/editions/1/plumbline-manual-1.pdf")
    assert response.getvalue() == b"%PDF-1.7 words"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="plumbline-manual-1.pdf"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert faults(response) == []


def test_the_number_in_the_name_must_be_that_of_the_edition(staff: Client) -> None:
    printed(EditionFactory())
    EditionFactory()
    assert staff.get("/manual/editions/1/plumbline-manual-2.pdf").status_code == 404
    assert staff.get("/manual/editions/7/plumbline-manual-7.pdf").status_code == 404


def test_a_pdf_that_is_being_printed(staff: Client, monkeypatch, django_capture_on_commit_callbacks) -> None:
    woken: list[int] = []
    monkeypatch.setattr(print_edition, "delay", woken.append)
    found = EditionFactory()
    with django_capture_on_commit_callbacks(execute=True):
        response = staff.get("/manual/editions/1/plumbline-manual-1.pdf")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "The PDF is being printed It takes a few seconds. Try again in a moment." in words(response)
    assert woken == [found.pk]


def test_a_pdf_that_could_not_be_printed(staff: Client, manager: Client) -> None:
    EditionFactory(pdf_error="The PDF could not be made: no paper", pdf_attempts=printing.MOST_ATTEMPTS)
    path = "/manual/editions/1/plumbline-manual-1.pdf"
    for client, sees in ((staff, False), (manager, True)):
        response = client.get(path)
        assert response.status_code == 503
        assert "Retry-After" not in response
        assert ("The PDF could not be made: no paper" in words(response)) is sees
        assert ("/manual/editions/1/print/" in response.content.decode()) is sees


def test_a_pdf_whose_printer_was_killed_every_time_can_be_printed_again(staff: Client, manager: Client) -> None:
    over = timezone.now() - timedelta(seconds=1)
    EditionFactory(pdf_attempts=printing.MOST_ATTEMPTS, lease_until=over, lease_token="theirs")
    path = "/manual/editions/1/plumbline-manual-1.pdf"
    said = "It can be read on the page as before, and printed from your browser."
    assert said in words(staff.get(path))
    assert "/manual/editions/1/print/" in manager.get(path).content.decode()
    manager.post("/manual/editions/1/print/")
    assert editions.without_pdf(timezone.now()) == [Edition.objects.get().pk]


def test_a_manager_has_it_printed_again(manager: Client) -> None:
    found = EditionFactory(pdf_error="no paper", pdf_attempts=printing.MOST_ATTEMPTS)
    response = manager.post("/manual/editions/1/print/")
    found.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/manual/editions/1/plumbline-manual-1.pdf")
    assert (found.pdf_error, found.pdf_attempts) == ("", 0)


def test_a_pdf_whose_file_was_lost_is_printed_again(manager: Client) -> None:
    found = printed(EditionFactory())
    found.pdf.storage.delete(found.pdf.name)
    assert manager.get("/manual/editions/1/plumbline-manual-1.pdf").status_code == 503
    found.refresh_from_db()
    assert (found.pdf.name, editions.without_pdf(found.as_of)) == ("", [found.pk])


def test_the_words_of_an_edition_as_markdown(staff: Client) -> None:
    foot = f"Edition 1, 2 Mar 2026 · {EditionFactory().digest[:12]} · printed copies are uncontrolled"
    response = staff.get("/manual/editions/1/plumbline-manual-1.md")
    assert response.content.decode() == (
        "# Customer Service Manual\n\nMy organisation\n\n- Edition: 1\n\n## 1 Our promise\n\nWe help.\n"
        f"\n***\n\n{foot}\n"
    )
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="plumbline-manual-1.md"'
    assert staff.get("/manual/editions/1/plumbline-manual-2.md").status_code == 404
    assert staff.get("/manual/editions/7/plumbline-manual-7.md").status_code == 404


def test_managers_are_told_of_an_edition_that_was_changed(staff: Client, manager: Client) -> None:
    EditionFactory()
    EditionFactory(digest="0" * 64)
    said = "Edition 2 no longer says what was published: its digest does not match."
    page = words(manager.get("/manual/editions/"))
    assert (said in page, "Edition 1 no longer says" in page) == (True, False)
    assert said not in words(staff.get("/manual/editions/"))
