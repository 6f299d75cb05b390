"""The manual as people see it: read by staff, written and shared by managers, opened by outsiders."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from kpiproject.documents import tree
from kpiproject.lib import charts
from kpiproject.models import User
from manual import edition_sections, followers, passphrases, shares
from manual.models import EditionSection, Feedback, Section, Share
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, SectionFactory, ServiceTargetFactory, ShareFactory, StaffFactory
from tests.kpiproject.documents.trees import red
from tests.manual.documents import edition, section
from tests.manual_factories import FollowerFactory

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


@pytest.mark.usefixtures("manager")
def test_figures_are_completed_with_the_keyboard_alone(live_server, page: Page, complaints: list[str]) -> None:
    SectionFactory(slug="mine", text="")
    page.goto(f"{live_server.url}/manual/sections/mine/")
    text, search = page.get_by_label("Text", exact=True), page.get_by_role("combobox", name="Put in a figure")
    text.focus()
    page.keyboard.type("CSAT is {{ kpi:csat")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert (sideways(page), axe_violations(page)) == (0, [])
    page.keyboard.press("Enter")
    expect(text).to_have_value("CSAT is {{ kpi:csat.value }}")
    expect(page.locator("#preview-text")).to_have_text("CSAT is no data yet")
    page.keyboard.type(" by ")
    search.focus()
    page.keyboard.type("organ name")
    expect(search).to_have_attribute("aria-expanded", "true")
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value("CSAT is {{ kpi:csat.value }} by {{ organisation:name }}")
    expect(text).to_be_focused()
    assert complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_picture_is_put_where_the_cursor_is(
    live_server, browser: Browser, client: Client, page: Page, scripts: bool
) -> None:
    SectionFactory(slug="mine", text="One\n\nTwo")
    log_in(page, client, live_server.url, ManagerFactory())
    context = browser.new_context(java_script_enabled=scripts, storage_state=page.context.storage_state())
    writing = context.new_page()
    writing.goto(f"{live_server.url}/manual/sections/mine/")
    writing.get_by_label("Text", exact=True).focus()
    writing.keyboard.press("Control+Home")
    writing.locator("#picture-adding summary").click()
    for content in (b"no picture", red()):  # the place is kept when a file is refused
        file = {"name": "a.png", "mimeType": "image/png", "buffer": content}
        writing.get_by_label("Picture", exact=True).set_input_files(file)
        writing.get_by_label("What is to be seen").fill("A red thing")
        writing.get_by_role("button", name="Put the picture into the text").click()
    expect(writing.get_by_text("The picture stands in your text. Nothing is saved yet.")).to_be_visible()
    expect(writing.get_by_role("img", name="A red thing")).to_be_visible()
    value = writing.get_by_label("Text", exact=True).input_value()
    assert (value.index("![A red thing]") < value.index("Two")) is scripts
    context.close()


def test_a_passphrase_opens_and_following_is_asked_without_scripts(live_server, browser: Browser, share: Share) -> None:
    Share.objects.update(passphrase=passphrases.hashed("correct horse"), follows_editions=True)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/share/{share.token}/")
    assert (sideways(page), context.cookies()) == (0, [])
    page.get_by_label("Passphrase").fill("correct horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Our KPIs")).to_be_attached()
    page.get_by_role("link", name="Follow").click()
    page.get_by_label("Your e-mail address").fill("a@example.org")
    page.get_by_role("button", name="Send me the mail").click()
    expect(page.get_by_role("heading", name="Please look into your mailbox")).to_be_visible()
    assert sideways(page) == 0
    context.close()


def leads_to(page: Page) -> set[str]:
    """Every address in a page: of links, forms, pictures, scripts and styles."""
    found = page.locator("[href], [src], [action]").evaluate_all(
        "all => all.map(each => each.href || each.src || each.action)"
    )
    return {each.partition("#")[0] for each in found if not each.startswith("data:")}


def test_nothing_on_a_shared_page_leads_into_the_site(live_server, browser: Browser, share: Share) -> None:
    """Every link, form and resource, of the page and of the pages to which it leads; then it is withdrawn."""
    Share.objects.update(follows_editions=True)
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    own, looks = f"{live_server.url}/share/{share.token}/", f"{live_server.url}/static/"
    waiting, seen = {own}, set[str]()
    while waiting - seen:
        address = min(waiting - seen)
        seen.add(address)
        response = context.request.get(address)
        assert (address, response.status in (200, 503)) == (address, True)
        if "plumbline-manual" not in address:
            page.goto(address)
            assert [each for each in leads_to(page) if not each.startswith((own, looks))] == []
            waiting |= {each for each in leads_to(page) if each.startswith(own)}
    assert [each for each in asked if not each.startswith((own, looks, "data:"))] == []
    files = {f"plumbline-manual.{kind}" for kind in ("pdf", "html", "md")}
    assert {each.removeprefix(own) for each in seen} == {"", "follow/", "clear/promise/", "clear/kpis/", *files}
    assert context.cookies() == []
    shares.revoke(share)
    assert {context.request.get(address).status for address in seen} == {410}
    context.close()


def test_a_reader_outside_says_what_is_not_clear_without_scripts(live_server, browser: Browser, share: Share) -> None:
    rows = edition_sections.lines(share.edition.content, share.edition.figures, before=None)
    EditionSection.objects.bulk_create(EditionSection(edition=share.edition, **row._asdict()) for row in rows)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/share/{share.token}/")
    assert sideways(page) == 0
    page.get_by_role("link", name=re.compile("^No ?, Our KPIs$")).click()
    assert sideways(page) == 0
    page.get_by_label("What is not clear?").fill("Which months?")
    page.get_by_role("button", name="Say that it is not clear").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Back to the manual").click()
    page.get_by_role("button", name=re.compile("^Yes ?, Our promise$")).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert sorted(Feedback.objects.values_list("slug", "is_clear", "share")) == [
        ("kpis", False, share.pk),
        ("promise", True, share.pk),
    ]
    context.close()


@pytest.mark.parametrize("which", ["passphrase", "follow", "confirm", "leave", "clear"])
def test_pages_around_a_link(live_server, page: Page, complaints: list[str], share: Share, which: str) -> None:
    follower = FollowerFactory(share=share)
    hashed = passphrases.hashed("correct horse") if which == "passphrase" else ""
    Share.objects.update(passphrase=hashed, follows_editions=True)
    paths = {
        "passphrase": f"/share/{share.token}/",
        "follow": f"/share/{share.token}/follow/",
        "clear": f"/share/{share.token}/clear/promise/",
        "confirm": f"/follow/confirm/{followers.confirm_token(follower)}/",
        "leave": f"/follow/leave/{followers.leave_token(follower)}/",
    }
    check(page, live_server.url + paths[which], complaints)
