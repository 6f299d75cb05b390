"""Search in the manual as people use it: in every look, by keyboard, and without scripts."""

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from kpiproject.documents import tree
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import check, log_in
from tests.factories import StaffFactory
from tests.manual.documents import section
from tests.manual.searched import KPIS, searchable

LONG = "Aconditionthathasnospacesinitandmustnotwidenthepage" * 2


@pytest.fixture(autouse=True)
def _published(db) -> None:
    cache.clear()
    words = [tree.paragraph(f"{n} We help everybody. " * 30) for n in range(12)]
    headings = [tree.heading(1, f"Time {n} {LONG}", f"promise-time-{n}") for n in range(25)]
    rows = [[[tree.strong("Response time")], [tree.link("Resolution time", "#kpi-resolution-time")]]]
    searchable(section("promise", *words, tree.paragraph("Old words."), title="Our promise"), KPIS)
    searchable(
        section("promise", *words, tree.paragraph("The needle."), *headings, title="Our promise"),
        KPIS,
        section("glossary", tree.table("", ["Word", "Meaning"], rows), number="3"),
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=time",
        "?q=words&edition=all",
        "?q=response+tme",
        "?q=needle+xyz+time",
        "?q=time&edition=99",
        f"?q={LONG}",
    ],
)
def test_pages(live_server, page: Page, client: Client, complaints: list[str], query: str) -> None:
    log_in(page, client, live_server.url, StaffFactory())
    check(page, f"{live_server.url}/manual/search/{query}", complaints)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_word_is_found_and_its_place_shown_by_keyboard_without_scripts(
    live_server, browser: Browser, page: Page, client: Client, width: int
) -> None:
    log_in(page, client, live_server.url, StaffFactory())
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state(), viewport={"width": width, "height": 700}
    )
    quiet = context.new_page()
    quiet.goto(f"{live_server.url}/manual/")
    quiet.get_by_role("searchbox", name="Search the manual").focus()
    quiet.keyboard.type("needle")
    quiet.keyboard.press("Enter")
    expect(quiet.get_by_role("status")).to_contain_text("1 place in Edition 2.")
    quiet.locator(".search-hit h2 a").focus()
    quiet.keyboard.press("Enter")
    expect(quiet.get_by_text("The needle.")).to_be_in_viewport()
    assert quiet.url.startswith(f"{live_server.url}/manual/#promise.")
    context.close()


def test_the_card_of_a_kpi_is_found_by_the_name_others_use(live_server, page: Page, client: Client) -> None:
    log_in(page, client, live_server.url, StaffFactory())
    page.goto(f"{live_server.url}/manual/search/?q=response+time")
    first = page.locator(".search-hit").first
    expect(first).to_contain_text("Resolution time KPI")
    expect(first).to_contain_text("also called Response time")
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Resolution time")).to_be_in_viewport()
    assert (sideways(page), axe_violations(page)) == (0, [])
