"""Goals and reviews as people see them: readable on phones and in the dark, drawn under the strict policy."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from goals.models import Goal, Review, StatusChange, TargetChange
from kpiproject.models import User
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import check, log_in
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory, ReviewFactory, StaffFactory

LONG = "Nine of ten customers of the department for international-shipment-complaints are satisfied with how we helped"


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    manager = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, manager)
    return manager


@pytest.fixture
def scripts(settings) -> None:
    """The real bundle, where the pages look for it."""
    call_command("build_static", verbosity=0)
    settings.STATICFILES_DIRS = [settings.VAR / "generated-static"]


@pytest.fixture
def goal(manager: User) -> Goal:
    """One with everything, and one on every shelf."""
    for status in ("at_risk", "on_track", "gathering", "missed"):
        GoalFactory(status=status, owner=manager)
    GoalFactory(state="draft")
    found = measured(
        statement=LONG, status="off_track", reason="forecast", probability=0.2, progress=-0.3, owner=manager
    )
    TargetChange.objects.create(goal=found, before=95, after=90, reason="A strike.", by=manager)
    StatusChange.objects.create(goal=found, before="on_track", after="off_track", value=77.0)
    return found


@pytest.fixture
def review(goal: Goal, manager: User) -> Review:
    today = timezone.now().date()
    ReviewFactory(title="Last month", on=today - timedelta(days=30), state="held", minutes="# Done\n\n* One\n* Two")
    ReviewFactory(title="Forgotten", on=today - timedelta(days=3))
    people = [StaffFactory(name="Jon Aalto"), StaffFactory(name="Ines Weber")]
    return ReviewFactory(title="Spring", on=today, owner=manager, participants=people, agenda="1. Phone\n2. Chat")


def measured(**other: Any) -> Goal:
    """A goal in the middle of its time: twelve weeks measured, twelve ahead."""
    monday = timezone.now().date() - timedelta(days=timezone.now().weekday())
    course = [piece(monday, n) | {"value": 76 + n % 4, "low": 70, "high": 85, "n": 40} for n in range(-12, 0)]
    fan = [piece(monday, n) | {"low": 70 - n, "middle": 78, "high": 86 + n / 2} for n in range(12)]
    given = {
        "start": monday - timedelta(weeks=8), "due": monday + timedelta(weeks=12), "course": course,
        "outlook": {"fan": fan, "expected": 84.0}, "objective": ObjectiveFactory(name="Customers stay with us"),
        "value": 77.0, "value_n": 40, "value_low": 70.0, "value_high": 85.0, "value_start": monday - timedelta(weeks=1),
        "evaluated_at": timezone.now(), "dimension": "channel", "member": "a channel with a name that is rather long",
    }  # fmt: skip
    return GoalFactory(**given | other)


def piece(monday: date, number: int) -> dict[str, Any]:
    start = monday + timedelta(weeks=number)
    return {"start": start.isoformat(), "end": (start + timedelta(weeks=1)).isoformat()}


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize("path", ["/goals/", "/goals/{goal}/", "/reviews/", "/reviews/{review}/"])
def test_pages_of_goals(live_server, page: Page, complaints: list[str], goal: Goal, review: Review, path: str) -> None:
    url = live_server.url + path.format(goal=goal.pk, review=review.pk)
    check(page, url, complaints)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(url)
    assert (complaints, sideways(page)) == ([], 0)


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize("path", ["/goals/", "/reviews/"])
def test_before_the_first_goal(live_server, page: Page, complaints: list[str], path: str) -> None:
    check(page, live_server.url + path, complaints)


@pytest.mark.usefixtures("scripts")
def test_the_way_is_drawn_and_its_numbers_open(live_server, page: Page, complaints: list[str], goal: Goal) -> None:
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    way = page.get_by_role("region", name="The way")
    expect(way.locator(".chart-drawn svg")).to_have_count(1)
    expect(page.locator(".chart > svg")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_text("All numbers of this picture").click()
    expect(page.get_by_role("table")).to_have_count(2)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert sideways(page) == 0
    assert complaints == []
    assert axe_violations(page) == []


def test_a_manager_filters_opens_a_goal_and_comes_back(live_server, page: Page, goal: Goal) -> None:
    page.goto(f"{live_server.url}/goals/")
    page.get_by_role("link", name="1 Off track").click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name=LONG).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    page.get_by_role("navigation", name="Main").first.get_by_role("link", name="Goals").click()
    page.get_by_label("Owner", exact=True).select_option("Mara Lindqvist")
    page.get_by_label("Status", exact=True).select_option("on_track")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("article")).to_have_count(1)


def test_minutes_are_written_and_the_review_is_held(
    live_server, page: Page, complaints: list[str], review: Review
) -> None:
    page.goto(f"{live_server.url}/reviews/{review.pk}/")
    page.locator("#id_minutes").fill("## Decided\n\n* More people on Mondays")
    page.get_by_role("button", name="Keep them, the review is held").click()
    expect(page.get_by_text("The review is held.")).to_be_visible()
    expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    expect(page.get_by_text("More people on Mondays").first).to_be_visible()
    assert complaints == []
    review.refresh_from_db()
    assert review.state == "held"


def test_two_people_write_minutes_at_once(live_server, page: Page, review: Review) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{live_server.url}/reviews/{review.pk}/")
    other.locator("#id_minutes").fill("Hers")
    other.get_by_role("button", name="Keep them for now").click()
    page.locator("#id_minutes").fill("His")
    page.get_by_role("button", name="Keep them for now").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text was not kept yet")
    expect(page.locator("#id_minutes")).to_have_value("His")
    assert sideways(page) == 0
    assert axe_violations(page) == []


@pytest.mark.parametrize("path", ["", "add/", "{}/change/"])
def test_reviews_in_the_administration(
    live_server, page: Page, complaints: list[str], review: Review, path: str
) -> None:
    check(page, f"{live_server.url}/admin/goals/review/{path.format(review.pk)}", complaints)


def test_the_checks_of_a_goal_follow_what_is_written(
    live_server, page: Page, complaints: list[str], manager: User
) -> None:
    page.goto(f"{live_server.url}/admin/goals/goal/add/")
    checks = page.get_by_role("group", name="Is it a good goal?")
    expect(checks.get_by_role("heading", name="Specific:")).to_have_count(0)
    page.get_by_label("KPI:", exact=True).select_option("csat")
    expect(checks.get_by_text("There is no baseline yet")).to_be_visible()
    page.get_by_label("Statement:").fill("Improve it")
    expect(checks.get_by_text("“Improve” alone leaves open when it is done.")).to_be_visible()
    page.get_by_label("Statement:").fill("Nine of ten are satisfied")
    expect(checks.get_by_text("“Improve” alone leaves open when it is done.")).to_have_count(0)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert sideways(page) == 0
    assert complaints == []
    assert axe_violations(page) == []
    assert not Goal.objects.exists()
