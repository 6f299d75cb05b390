import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import StatusChange, TargetChange
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory, ReviewFactory, StaffFactory, UserFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
START = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory(name="Jon"))
    return client


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(name="Mara"))
    return client


def measured(*values, **other):
    """A goal with a week of each value."""
    course = [
        {
            "start": (START + timedelta(days=7 * n)).isoformat(),
            "end": (START + timedelta(days=7 * n + 7)).isoformat(),
            "value": value,
            "low": value - 5,
            "high": value + 5,
            "n": 40,
        }
        for n, value in enumerate(values)
    ]
    start, end = date.fromisoformat(course[-1]["start"]), date.fromisoformat(course[-1]["end"])
    last = {"value": values[-1], "value_n": 40, "value_low": values[-1] - 5, "value_high": values[-1] + 5}
    last |= {"value_start": start, "value_end": end, "progress": (values[-1] - 80) / 10}
    return GoalFactory(**{"course": course, "start": START} | last | other)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def headings(response, level):
    found = re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", response.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


# --- The board
def test_what_needs_attention_comes_first(staff):
    for status in ("on_track", "gathering", "off_track", "at_risk", "achieved"):
        measured(81.0, 83.0, statement=f"Goal {status}", status=status)
    page = staff.get("/goals/")
    assert headings(page, 2) == ["Needs attention", "On track", "Not judged yet", "Achieved or missed"]
    assert headings(page, 3) == ["Goal off_track", "Goal at_risk", "Goal on_track", "Goal gathering", "Goal achieved"]


def test_a_card_says_everything_in_words(staff):
    owner = ManagerFactory(name="Ines Weber")
    objective = ObjectiveFactory(name="Loyal customers")
    measured(
        81.0, 86.0, status="at_risk", reason="forecast", probability=0.42, outlook={"expected": 84.0},
        statement="Nine of ten", owner=owner, objective=objective, dimension="channel", member="chat",
    )  # fmt: skip
    page = text_of(staff.get("/goals/"))
    for words in (
        "at risk Loyal customers Nine of ten",
        "Customer satisfaction (CSAT) · channel: chat",
        "From 80.0\u00a0% to 90.0\u00a0%, now 86.0\u00a0% · 60\u00a0% of the way".replace("\u00a0", " "),
        "40 answers; 81.0 % to 91.0 %; week of 12 Jan 2026",
        "about 4 in 10",
        "Due 30 Jun 2026 · 14 weeks left Owner: Ines Weber",
    ):
        assert words in page.replace("\u00a0", " ")


def test_drafts_are_for_managers(client):
    GoalFactory(state="draft", statement="Not agreed yet", owner=ManagerFactory(name="Only Drafts"))
    GoalFactory(statement="Agreed", status="on_track")
    client.force_login(ManagerFactory())
    assert headings(client.get("/goals/"), 2) == ["On track", "Drafts"]
    assert headings(client.get("/goals/?status=draft"), 3) == ["Not agreed yet"]
    client.force_login(StaffFactory())
    page = client.get("/goals/")
    assert headings(page, 2) == ["On track"]
    assert "Only Drafts" not in page.content.decode()
    assert client.get("/goals/?status=draft").status_code == 422


def test_the_board_is_filtered_by_status_owner_and_objective(staff):
    mine, ours = ManagerFactory(name="Ines"), ObjectiveFactory()
    for statement, owner, objective, status in (
        ("A", mine, ours, "off_track"),
        ("B", mine, ObjectiveFactory(), "on_track"),
        ("C", ManagerFactory(), ours, "on_track"),
        ("D", mine, ours, "missed"),
    ):
        GoalFactory(statement=statement, owner=owner, objective=objective, status=status)
    for asked, found in (
        ("status=on_track", ["B", "C"]),
        (f"owner={mine.pk}", ["A", "B", "D"]),
        (f"objective={ours.pk}", ["A", "C", "D"]),
        (f"owner={mine.pk}&objective={ours.pk}&status=off_track", ["A"]),
        (f"owner={mine.pk}&status=at_risk", []),
        ("status=over", ["D"]),
    ):
        assert (asked, headings(staff.get(f"/goals/?{asked}"), 3)) == (asked, found)


@pytest.mark.parametrize("asked", ["status=nonsense", "owner=99999", "owner=x", "objective=0", "objective=%00"])
def test_nonsense_is_refused_with_a_sentence(staff, asked):
    GoalFactory()
    page = staff.get(f"/goals/?{asked}")
    assert page.status_code == 422
    assert "There are no goals to choose by" in text_of(page)


@pytest.mark.parametrize("asked", ["page=0", "page=x", "page=999", "page=-1"])
def test_a_page_that_does_not_exist_is_another_one(staff, asked):
    GoalFactory()
    assert staff.get(f"/goals/?{asked}").status_code == 200


def test_many_goals_come_in_pages(staff):
    owner, objective = ManagerFactory(), ObjectiveFactory()
    for number in range(51):
        GoalFactory(statement=f"G{number}", owner=owner, objective=objective, status="on_track")
    GoalFactory(statement="Over", owner=owner, objective=objective, status="missed")
    assert len(headings(staff.get("/goals/"), 3)) == 51
    assert headings(staff.get("/goals/?page=2"), 3) == ["G50"]


def test_a_few_of_what_is_over_are_shown_and_the_way_to_all(staff):
    owner, objective = ManagerFactory(), ObjectiveFactory()
    for number in range(8):
        GoalFactory(owner=owner, objective=objective, status="missed", statement=f"G{number}")
    page = staff.get("/goals/")
    assert len(headings(page, 3)) == 6
    assert '<a href="?status=over">All 8<' in page.content.decode()
    assert "No goal is running" in text_of(page)


def test_without_goals_managers_are_led_to_the_first_and_staff_are_told_what_they_are(client):
    client.force_login(ManagerFactory())
    page = client.get("/goals/")
    assert headings(page, 2) == ["No goals yet"]
    assert "/admin/goals/goal/add/" in page.content.decode()
    client.force_login(StaffFactory())
    page = client.get("/goals/")
    assert headings(page, 2) == ["No goals yet"]
    assert "A goal names one figure" in text_of(page)
    assert "/admin/" not in page.content.decode()


def test_the_next_review_is_named(staff):
    GoalFactory()
    ReviewFactory(title="Overdue", on=date(2026, 3, 17))
    ReviewFactory(title="Later", on=date(2026, 5, 1))
    ReviewFactory(title="Spring", on=date(2026, 3, 20))
    ReviewFactory(title="Held", on=date(2026, 3, 19), state="held")
    assert "Next review: Spring , in 2 days, on Friday, 20 Mar 2026" in text_of(staff.get("/goals/"))


def test_one_and_three_goals_cost_the_same_and_never_more_than_twelve_queries(manager):
    organisation()
    ReviewFactory()
    counts = []
    for more in (1, 2):
        for _number in range(more):
            measured(81.0, 83.0, status="off_track")
            GoalFactory(state="draft")
            GoalFactory(status="missed")
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/goals/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- One goal
def test_the_page_of_a_goal_shows_what_was_agreed_its_way_and_its_history(staff):
    by = ManagerFactory(name="Ines Weber")
    found = measured(
        81.0,
        83.0,
        status="off_track",
        statement="Nine of ten",
        outlook={
            "fan": [{"start": "2026-01-19", "end": "2026-01-26", "low": 70.0, "middle": 81.0, "high": 92.0}],
        },
    )
    TargetChange.objects.create(goal=found, before=92.0, after=90.0, reason="A strike.", by=by, at=NOW)
    StatusChange.objects.create(goal=found, before="", after="on_track", value=85.0, at=NOW - timedelta(days=7))
    StatusChange.objects.create(goal=found, before="on_track", after="off_track", value=83.0, at=NOW)
    response = staff.get(f"/goals/{found.pk}/")
    page = text_of(response).replace("\u00a0", " ")
    assert headings(response, 1) == ["Nine of ten"]
    for words in (
        "400 answers; 76.0 % to 84.0 %; 29 Sep – 28 Dec 2025",
        "92.0 % became 90.0 % A strike.",
        "18 Mar 2026, 12:00 · Ines Weber",
        "off track before: on track at 83.0 %",
        "week of 19 Jan 2026: as things go, 8 of 10 cases: 70.0 % to 92.0 %. As many lie above 81.0 % as below.",
        "week of 12 Jan 2026 83.0 % 78.0 % to 88.0 % 40",
    ):
        assert words in page
    assert 'href="/kpis/csat/?grain=week"' in response.content.decode()
    assert response.content.decode().index("off track</span>") < response.content.decode().index("on track</span>")


def test_the_history_says_what_the_badge_said(staff):
    found = measured(81.0, 83.0, status="gathering", reason="unclear")
    given = {"goal": found, "value": 83.0}
    StatusChange.objects.create(after="gathering", reason="unclear", at=NOW - timedelta(days=7), **given)
    StatusChange.objects.create(before="gathering", after="on_track", reason="forecast", at=NOW, **given)
    page = text_of(staff.get(f"/goals/{found.pk}/"))
    assert "on track before: varies too much" in page
    assert "too little data" not in page


def test_the_address_of_the_kpi_opens(staff):
    found = measured(81.0, dimension="channel", member="chat", kpi="first_response_time", clock="calendar")
    url = re.search(r'href="(/kpis/[^"]+)"', staff.get(f"/goals/{found.pk}/").content.decode())[1]
    assert staff.get(url.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        {"kpi": "no_longer_there"},
        {"kpi": "no_longer_there", "reason": "kpi_retired", "status": "off_track"},
        {"kpi": "backlog", "direction": "lower"},
        {"kpi": "ticket_volume", "grain": "month"},
        {"baseline": None, "progress": None},
        {"reason": "a code nobody knows"},
    ],
)
def test_no_goal_is_without_a_page(staff, other):
    found = measured(81.0, 83.0, **other)
    assert staff.get(f"/goals/{found.pk}/").status_code == 200
    assert staff.get("/goals/").status_code == 200


def test_a_goal_of_which_nothing_was_measured_has_a_page_without_a_picture(staff):
    page = staff.get(f"/goals/{GoalFactory(baseline=None).pk}/")
    assert "<figure" not in page.content.decode()
    assert "no baseline could be measured" in text_of(page)


def test_drafts_have_no_page_for_staff(client):
    draft = GoalFactory(state="draft")
    client.force_login(StaffFactory())
    assert client.get(f"/goals/{draft.pk}/").status_code == 404
    client.force_login(ManagerFactory())
    page = client.get(f"/goals/{draft.pk}/").content.decode()
    assert f"/admin/goals/goal/{draft.pk}/change/" in page


def test_staff_are_not_sent_to_the_administration(staff):
    assert "/admin/" not in staff.get(f"/goals/{measured(81.0).pk}/").content.decode()


def test_a_goal_that_does_not_exist(staff):
    assert staff.get("/goals/99999/").status_code == 404


def test_whoever_may_not_see_goals(client):
    found = GoalFactory()
    client.force_login(UserFactory())
    assert [client.get(path).status_code for path in ("/goals/", f"/goals/{found.pk}/")] == [403, 403]


def test_what_people_wrote_is_escaped(staff):
    found = measured(81.0, statement="<script>alert(1)</script>", status="off_track")
    for path in ("/goals/", f"/goals/{found.pk}/"):
        assert "<script>alert" not in staff.get(path).content.decode()


def test_many_changes_of_the_target_and_status_cost_the_same(staff):
    organisation()
    found = measured(81.0, 83.0)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            TargetChange.objects.create(goal=found, before=92.0, after=90.0, reason="x", by=ManagerFactory())
            StatusChange.objects.create(goal=found, after="on_track", value=85.0)
        with CaptureQueriesContext(connection) as queries:
            staff.get(f"/goals/{found.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
