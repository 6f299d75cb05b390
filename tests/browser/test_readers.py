"""Reading lists, confirmations, questions and feedback as people see them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kpiproject.models import User
from manual import acknowledgements, checks
from manual.checks import Written
from manual.models import Acknowledgement, Audience, Feedback, ReadingQuestion
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.manual.readers import audience, published, question, unclear

LONG = "Aconditionthathasnospacesinitandmustnotwidenthepage" * 2


@pytest.fixture
def jon(live_server) -> User:
    """Has confirmed one edition; in the next one three sections have changed, one is gone, and one is new."""
    cache.clear()
    jon = StaffFactory(name="Jon", email="jon@example.org")
    SectionFactory(slug="tone", title="Tone")
    audience(jon, StaffFactory(name="Ada"), name="Everybody", on=timezone.now().date())
    audience(StaffFactory(name="Ida"), name=f"Few {LONG}", slugs=["tone", "gone"], on=timezone.now().date())
    published("promise", "tone", "kpis", "gone", tone=f"We are friendly. {LONG}")
    slugs = ["promise", "tone", "kpis", "gone"]
    acknowledgements.confirm(jon, slugs, number=1, now=timezone.now())
    published("promise", "tone", "kpis", "new", promise="Another.", tone=f"We are kind. {LONG}", kpis="Other figures.")
    written = Written(text=f"Who? {LONG}", choices=["we", f"they {LONG}"], right=1)
    checks.write("tone", [written, Written(text="When?", choices=["now", "later"], right=2)])
    question(jon, "kpis", f"Which figures?\n{LONG}")
    unclear(jon, "tone", f"What is kind? {LONG}")
    return jon


STAFF = [
    "/manual/reading/",
    "/manual/reading/sections/tone/",
    "/manual/reading/sections/new/",
    "/manual/reading/sections/gone/",
    "/manual/questions/",
    "/manual/questions/{question}/",
    "/manual/feedback/",
    "/manual/tone/",
]
MANAGERS = [
    "/manual/readers/",
    "/manual/readers/?state=overdue",
    "/manual/audiences/",
    "/manual/audiences/{audience}/",
    "/manual/checks/tone/",
    "/manual/questions/",
    "/manual/questions/{question}/",
    "/manual/feedback/",
    "/manual/sections/tone/",
]


def addresses(paths: list[str]) -> list[str]:
    found = {"question": ReadingQuestion.objects.get().pk, "audience": Audience.objects.get(has_all=False).pk}
    return [path.format(**found) for path in paths]


def test_pages_of_readers(live_server, page: Page, complaints: list[str], jon: User, client: Client) -> None:
    log_in(page, client, live_server.url, jon)
    for path in addresses(STAFF):
        complaints.clear()
        if "gone" in path:  # the browser says in its console what 410 is
            page.goto(live_server.url + path)
            expect(page.get_by_text("is no longer part of the manual")).to_be_visible()
        else:
            check(page, live_server.url + path, complaints)


def test_pages_of_managers(live_server, page: Page, complaints: list[str], jon: User, client: Client) -> None:
    log_in(page, client, live_server.url, ManagerFactory(name="Mara"))
    for path in addresses(MANAGERS):
        check(page, live_server.url + path, complaints)


def test_a_section_is_read_misunderstood_and_confirmed_with_the_keyboard(
    live_server, page: Page, jon: User, client: Client
) -> None:
    log_in(page, client, live_server.url, jon)
    page.goto(f"{live_server.url}/manual/reading/")
    page.get_by_role("link", name="2 Tone").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is different since edition 1")).to_be_visible()
    page.get_by_label("they").check()
    page.get_by_label("later").check()
    page.get_by_role("button", name="Read and understood").press("Enter")
    expect(page.get_by_role("heading", name="Please read this again")).to_be_visible()
    assert Acknowledgement.objects.filter(edition__number=2).count() == 0
    page.get_by_label("we", exact=True).check()
    page.get_by_role("button", name="Read and understood").press("Enter")
    expect(page.get_by_text("Kept. 2 sections are left.")).to_be_visible()
    assert list(Acknowledgement.objects.filter(edition__number=2).values_list("slug", "has_passed")) == [("tone", True)]


def test_somebody_says_without_javascript_that_a_section_is_not_clear(
    live_server, browser: Browser, jon: User, client: Client
) -> None:
    quiet = browser.new_context(java_script_enabled=False).new_page()
    log_in(quiet, client, live_server.url, jon)
    quiet.goto(f"{live_server.url}/manual/promise/")
    quiet.get_by_text("No, something is not clear").click()
    quiet.get_by_label("What is not clear?").fill("Another what?")
    quiet.get_by_role("button", name="Say that it is not clear").click()
    expect(quiet.get_by_text("Thank you. Whoever looks after this section gets to know.")).to_be_visible()
    assert Feedback.objects.get(slug="promise").why == "Another what?"
    quiet.context.close()
