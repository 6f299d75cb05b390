"""The pages of accounts, people, mailbox and administration as people see them."""

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from kpiproject import mail, people
from kpiproject.models import BusinessCalendar, User
from kpiproject.roles import STAFF
from metrics import adoption
from tests.browser.conftest import axe_violations, sideways
from tests.factories import PASSWORD, ManagerFactory, StaffFactory, UserFactory

Scheme = Literal["light", "dark"]
LOOKS: list[tuple[int, tuple[Scheme, Scheme]]] = [(320, ("light", "dark")), (1280, ("dark", "light"))]
# Django's own pages glide from one colour to another; half way there is too little contrast.
ARRIVED = "for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish()"


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    """A manager who is logged in in the browser."""
    manager = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, manager)
    return manager


def log_in(page: Page, client: Client, url: str, user: User) -> None:
    client.force_login(user)
    name = "plumbline_session"
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def check(page: Page, url: str, complaints: list[str]) -> None:
    """Nothing to complain about, in every look. The page is loaded once for each width, in a scheme of its own, and
    then shown in the other one, as when evening comes."""
    for width, schemes in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("about:blank")  # from "/page/#part" to itself, the browser would not load anything
        page.emulate_media(color_scheme=schemes[0])
        complaints.clear()  # axe measures with inline styles, which the policy refuses
        page.goto(url)
        assert complaints == [], (url, width)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(ARRIVED)
            assert sideways(page) == 0, (url, width, scheme)
            assert axe_violations(page) == [], (url, width, scheme)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/sent/"])
def test_pages_for_everybody(live_server, page: Page, complaints: list[str], path: str) -> None:
    UserFactory()
    check(page, live_server.url + path, complaints)


def test_first_visit(live_server, page: Page, complaints: list[str]) -> None:
    check(page, f"{live_server.url}/setup/first/", complaints)


def test_invitation(live_server, page: Page, complaints: list[str]) -> None:
    person = people.invite_person("new@example.org", role=STAFF, by=None)
    check(page, f"{live_server.url}/accounts/invitation/{people.invitation_token(person)}/", complaints)


@pytest.mark.parametrize("path", ["/people/", "/people/invite/", "/accounts/settings/", "/accounts/password/"])
def test_pages_for_managers(live_server, page: Page, complaints: list[str], manager: User, path: str) -> None:
    people.invite_person("new@example.org", role=STAFF, by=manager)
    StaffFactory(is_active=False)
    check(page, live_server.url + path, complaints)


def test_page_of_a_person(live_server, page: Page, complaints: list[str], manager: User) -> None:
    person = people.invite_person("new@example.org", role=STAFF, by=manager)
    check(page, f"{live_server.url}/people/{person.pk}/", complaints)


@pytest.mark.parametrize("path", ["", "kpis/", "choose/?type=ecommerce", "packs/", "stakeholders/"])
def test_pages_on_which_kpis_are_chosen(
    live_server, page: Page, complaints: list[str], manager: User, path: str
) -> None:
    adoption.adopt(["csat"], owners={"csat": manager})
    check(page, f"{live_server.url}/setup/{path}", complaints)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "kpiproject/mail/",
        "kpiproject/organisation/1/change/",
        "kpiproject/agent/add/",
        "metrics/exchangerate/",
        "metrics/servicetarget/add/",
        "metrics/servicetarget/presets/",
        "metrics/customkpi/add/?table=tickets",
    ],
)
def test_administration(live_server, page: Page, complaints: list[str], manager: User, path: str) -> None:
    people.invite_person("new@example.org", role=STAFF, by=manager)
    check(page, f"{live_server.url}/admin/{path}", complaints)


def test_calendar_in_the_administration(live_server, page: Page, complaints: list[str], manager: User) -> None:
    calendar = BusinessCalendar.objects.create(name="Office", week={"mon": [["09:00", "17:00"]]})
    calendar.holidays.create(date=date(2026, 5, 1), name="Labour Day")
    check(page, f"{live_server.url}/admin/kpiproject/businesscalendar/{calendar.pk}/change/", complaints)

    page.get_by_text("Holidays (1)").click()
    page.get_by_role("button", name="Add another Holiday").click()
    page.get_by_role("textbox", name="Name").last.fill("Whit Monday")
    page.locator("[name=holidays-2-date]").fill("2026-05-25")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert list(calendar.holidays.values_list("name", flat=True)) == ["Labour Day", "Whit Monday"]


def test_errors_of_a_form_are_reached_from_their_summary(live_server, page: Page, manager: User) -> None:
    UserFactory(email="known@example.org")
    page.goto(f"{live_server.url}/people/invite/")
    page.get_by_label("E-mail address").fill("known@example.org")
    page.get_by_role("button", name="Send the invitation").click()

    expect(page.get_by_role("alert")).to_contain_text("known@example.org is already in the list of people.")
    assert axe_violations(page) == []
    page.get_by_role("alert").get_by_role("link", name="E-mail address").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_login_with_the_keyboard_only(live_server, page: Page) -> None:
    user = StaffFactory()
    page.goto(f"{live_server.url}/accounts/settings/")
    # The browser gives the field the focus with its first frame, which may come after the page has loaded.
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="My settings")).to_be_visible()


def test_menu_on_a_phone_works_without_a_script(live_server, browser, client: Client) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/people/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="My settings").click()
    expect(page.get_by_role("heading", name="My settings")).to_be_visible()
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    context.close()


def test_mail_is_shown_as_sent_and_its_link_opens_a_tab(
    live_server, page: Page, complaints: list[str], manager: User, settings
) -> None:
    settings.ROOT_URLCONF = "tests.kpiproject.demo_urls"
    settings.EMAIL_BACKEND = "kpiproject.mailbox.FileBackend"
    settings.BASE_URL = live_server.url
    people.invite_person("new@example.org", "Nora", role=STAFF, by=manager)
    mail.deliver(mail.due_ids(1)[0])
    name = next(Path(settings.EMAIL_FILE_PATH).glob("*.eml")).stem
    check(page, f"{live_server.url}/mailbox/", complaints)
    check(page, f"{live_server.url}/mailbox/{name}/", complaints)

    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link", name="Choose name and password").click()

    expect(popup.value.get_by_role("heading", name="Welcome")).to_be_visible()
    popup.value.get_by_label("Your name").fill("Nora")
    popup.value.get_by_label("Password").fill("quite-a-long-one")
    popup.value.get_by_role("button", name="Start").click()
    expect(popup.value.get_by_text("Welcome, Nora.")).to_be_visible()


def test_menu_closes_on_escape_and_on_a_click_elsewhere(live_server, page: Page, manager: User) -> None:
    page.goto(f"{live_server.url}/people/")
    link = page.get_by_role("link", name="My settings")

    page.get_by_text("Mara Lindqvist").first.click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()

    page.get_by_text("Mara Lindqvist").first.click()
    expect(link).to_be_visible()
    page.get_by_role("heading", name="People").click()
    expect(link).to_be_hidden()
