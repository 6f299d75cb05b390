"""What a goal must not cost, who looks after it, and of what kind it is: on its page and on its card."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from tests.factories import GoalFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def page_of(client):
    client.force_login(StaffFactory())

    def text(goal=None):
        address = reverse("goals:goal", args=[goal.pk]) if goal else reverse("goals:board")
        answer = client.get(address)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return text


def breached(**fields):
    measured = {"guardrail_value": 9.0, "guardrail_n": 100, "guardrail_start": date(2026, 5, 25)}
    return GoalFactory(guardrail="reopen_rate", guardrail_limit=5.0, guardrail_breached=True, **measured, **fields)


def test_a_breached_guardrail_is_told_in_words(page_of):
    goal = breached()
    sentence = f"Guardrail breached: Reopen rate is to be at most 5.0{NBSP}% and was 9.0{NBSP}% (week of 25 May 2026)."
    assert sentence in page_of()
    page = page_of(goal)
    assert sentence in page
    assert "reaching the target would be a hollow win" in page


def test_one_that_holds_is_told_without_alarm(page_of):
    goal = GoalFactory(guardrail="reopen_rate", guardrail_limit=5.0, guardrail_value=4.0, guardrail_breached=False)
    page = page_of(goal)
    assert "guardrail holds" in page
    assert "hollow win" not in page
    assert "Guardrail holds: Reopen rate" in page_of()


def test_a_draft_is_not_guarded_yet(page_of, client):
    goal = GoalFactory(state="draft", guardrail="reopen_rate", guardrail_limit=5.0)
    client.force_login(goal.owner)
    assert "Guardrail, Reopen rate" not in page_of()


def test_money_and_warnings_are_not_kept_secret(page_of):
    page = page_of(GoalFactory(has_incentive=True, smart_note="<b>A second shift</b>"))
    assert "(Goodhart’s law)" in page
    assert "Set in spite of warnings:" in page
    assert "<b>A second shift</b>" in page  # unescaped by this test
    assert 'id="balance"' not in page_of(GoalFactory())


def test_what_a_manager_writes_is_escaped(client):
    client.force_login(StaffFactory())
    answer = client.get(reverse("goals:goal", args=[GoalFactory(smart_note="<b>x</b>").pk]))
    assert "<b>x</b>" not in answer.content.decode()


def test_people_who_have_left_are_shown_as_gone(page_of):
    gone = UserFactory(name="Olaf", is_active=False)
    goal = GoalFactory(owner=gone, reviewer=gone, review_cadence="monthly")
    assert "Owner: Olaf (no longer has access)" in page_of()
    page = page_of(goal)
    assert page.count("no longer has access") == 2
    assert "<dt>Reviews</dt><dd>Every month</dd>" in page


@pytest.mark.parametrize(
    ("fields", "kind", "direction", "target"),
    [
        ({}, "Reach a level", "higher is better", f"90.0{NBSP}%"),
        ({"baseline": 95.0}, "Keep a level", "higher is better", f"90.0{NBSP}%"),
        (
            {"kpi": "agent_utilisation", "target": 75.0, "target_high": 85.0, "baseline": 60.0},
            "Reach a level",
            "within a range",
            f"75.0{NBSP}% to 85.0{NBSP}%",
        ),
        ({"kpi": "solved_volume"}, "Reach a number in each period", "higher is better", "90 per week"),
    ],
)
def test_of_what_kind_it_is(page_of, fields, kind, direction, target):
    page = page_of(GoalFactory(**fields))
    assert f"<dt>Kind</dt><dd>{kind}</dd>" in page
    assert f"<dt>Direction</dt><dd>{direction}</dd>" in page
    assert f"<dt>Target</dt><dd>{target}</dd>" in page
