"""The manual as people see it: read by staff, written and shared by managers, opened by outsiders."""

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from kpiproject.documents import tree
from kpiproject.lib import charts
from kpiproject.models import User
from manual.models import Section, Share
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, SectionFactory, ServiceTargetFactory, ShareFactory, StaffFactory
from tests.manual.documents import edition, section

LONG = "Aconditionthathasnospacesinitandmustnotwidenthepage" * 2


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    manager = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, manager)
    return manager


@pytest.fixture
def share(db) -> Share:
    """Two editions with everything that can stand in one."""
    cache.clear()
    spec = charts.bars([charts.Bar(label="chat", value=80.0, text="80 %")], title="CSAT", unit="%")
    chart: tree.Chart = {"is": "chart", "title": "CSAT by channel", "spec": spec}
    columns = ["Month", *(f"#Channel {n}" for n in range(9))]
    kpis = section(
        "kpis",
        tree.heading(1, "Satisfaction", "kpis-satisfaction"),
        tree.heading(2, f"CSAT {LONG}", "kpis-csat"),
        tree.facts(("Formula", LONG), ("Source", "own definition")),
        chart,
        tree.table("CSAT by channel, in numbers", columns, [["May", *["80.5 %"] * 9]]),
        tree.note("warn", tree.paragraph("Mind the small number of answers.")),
        number="2",
        title="Our KPIs",
    )
    words = [tree.paragraph("We answer every question. " * 30) for _n in range(6)]
    edition(section("promise", tree.paragraph("Old words."), title="Our promise"))
    figures = {"csat": {"label": "CSAT", "words": "85 %", "kind": "rule"}}
    latest = edition(section("promise", *words, title="Our promise"), kpis, note="More words.", figures=figures)
    return ShareFactory(edition=latest, name="The auditor", email="auditor@example.org")


READING = [
    "/manual/",
    "/manual/kpis/",
    "/manual/editions/",
    "/manual/editions/1/",
    "/manual/editions/2/changes/",
    "/manual/editions/2/today/",
    "/manual/editions/2/today/?all=1",
    "/manual/editions/compare/",
    "/manual/editions/2/plumbline-manual-2.pdf",
]


def forgive(complaints: list[str]) -> None:
    """The browser reports every answer that is no success, also one that is meant."""
    complaints[:] = [each for each in complaints if not each.startswith("Failed to load resource")]


@pytest.mark.usefixtures("share")
@pytest.mark.parametrize("path", READING)
def test_pages_for_staff(live_server, page: Page, client: Client, complaints: list[str], path: str) -> None:
    log_in(page, client, live_server.url, StaffFactory())
    if path.endswith(".pdf"):
        page.on("console", lambda _message: forgive(complaints))
    check(page, live_server.url + path, complaints)


@pytest.mark.usefixtures("share", "manager")
@pytest.mark.parametrize(
    "path",
    [
        "/manual/draft/",
        "/manual/draft/#outline",
        "/manual/sections/our-kpis/",
        "/manual/sections/mine/",
        "/manual/sections/our-kpis/care/",
        "/manual/sections/our-kpis/note/",
        "/manual/approval/",
        "/manual/publish/",
        "/manual/shares/?link={share}",
    ],
)
def test_pages_for_managers(live_server, page: Page, complaints: list[str], path: str) -> None:
    SectionFactory(slug="mine", text="## Words\n\n- one\n- two")
    check(page, live_server.url + path.format(share=Share.objects.get().pk), complaints)


def test_before_the_first_edition(live_server, page: Page, client: Client, complaints: list[str]) -> None:
    for person in (ManagerFactory(), StaffFactory()):
        log_in(page, client, live_server.url, person)
        check(page, f"{live_server.url}/manual/", complaints)


@pytest.mark.parametrize("state", ["open", "unknown", "expired", "revoked"])
def test_pages_for_outsiders(live_server, page: Page, complaints: list[str], share: Share, state: str) -> None:
    now = share.created_at
    Share.objects.filter(pk=share.pk).update(
        expires_at=now if state == "expired" else share.expires_at, revoked_at=now if state == "revoked" else None
    )
    page.on("console", lambda _message: forgive(complaints))
    token = "A" * 22 if state == "unknown" else share.token
    check(page, f"{live_server.url}/share/{token}/", complaints)
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 390])
def test_an_outsider_reads_on_a_phone_without_scripts(live_server, browser: Browser, share: Share, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/share/{share.token}/")
    contents = page.locator("details.manual-contents-narrow")
    expect(contents.get_by_role("link", name="Our KPIs")).to_be_hidden()
    contents.locator("summary").click()
    contents.get_by_role("link", name="Our KPIs").click()
    expect(page.get_by_role("heading", name="Our KPIs")).to_be_in_viewport()
    expect(page.locator(".doc-chart svg")).to_be_visible()
    context.close()


@pytest.mark.usefixtures("share", "manager")
def test_contents_are_reached_by_keyboard_and_follow_the_reader(live_server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(f"{live_server.url}/manual/")
    contents = page.locator("nav.manual-contents")
    expect(contents.locator("[aria-current]")).to_have_text("1 Our promise".replace(" ", "", 1))
    contents.get_by_role("link", name="Our KPIs").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 Our KPIs")).to_be_in_viewport()
    expect(contents.locator("[aria-current]")).to_have_text("2Our KPIs")
    expect(contents.get_by_role("link", name="Satisfaction", exact=True)).to_be_visible()
    assert page.url.endswith("/manual/#kpis")


@pytest.mark.usefixtures("manager")
def test_the_preview_follows_what_is_typed_and_saves_nothing(live_server, page: Page, complaints: list[str]) -> None:
    SectionFactory(slug="mine", text="First words.")
    page.goto(f"{live_server.url}/manual/sections/mine/")
    page.get_by_label("Text", exact=True).fill("Second **words**.")
    expect(page.locator("#preview-text strong")).to_have_text("words")
    assert Section.objects.get(slug="mine").text == "First words."
    assert complaints == []


@pytest.mark.usefixtures("manager")
def test_two_texts_are_both_shown(live_server, page: Page) -> None:
    mine = SectionFactory(slug="mine", title="Mine", text="First words.")
    page.goto(f"{live_server.url}/manual/sections/mine/")
    Section.objects.filter(pk=mine.pk).update(text="Their words.", version=2)
    page.get_by_label("Text", exact=True).fill("My words.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Two texts for “Mine”")).to_be_visible()
    expect(page.get_by_label("Text").first).to_have_value("My words.")
    expect(page.get_by_label("Text").last).to_have_value("Their words.")
    assert (sideways(page), axe_violations(page)) == (0, [])


@pytest.mark.usefixtures("share", "manager")
def test_from_the_draft_to_a_link_without_scripts(live_server, browser: Browser, page: Page) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    quiet = context.new_page()
    ServiceTargetFactory()  # without one, a key chapter would be empty
    quiet.goto(f"{live_server.url}/manual/approval/")
    quiet.get_by_role("button", name="Approve it myself").click()
    quiet.get_by_role("link", name="Publish …").click()
    quiet.get_by_label("What has changed").fill("Everything.")
    quiet.get_by_role("button", name="Publish this edition").click()
    expect(quiet.get_by_text("Edition 3 is published.")).to_be_visible()
    quiet.get_by_role("link", name="Share", exact=True).click()
    quiet.get_by_label("For whom").fill("The board")
    quiet.get_by_role("button", name="Make the link").click()
    address = quiet.get_by_label("Link", exact=True).input_value()
    assert address.endswith(f"/share/{Share.objects.latest('pk').token}/")
    context.close()
