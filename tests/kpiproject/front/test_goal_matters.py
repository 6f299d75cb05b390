"""Goals among what waits for a manager."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.front import goal_matters
from kpiproject.front.matters import Moment
from tests.factories import GoalFactory, ManagerFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
FRESH = {"status": "on_track", "checked_in_on": TODAY}


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def moment() -> Moment:
    return Moment(now=NOW, today=TODAY, yesterday_at=NOW - timedelta(days=1))


def test_each_need_is_told_with_the_list_that_shows_the_same(client: Client) -> None:
    gone = ManagerFactory(name="Gone", is_active=False)
    for fields in (
        {"status": "off_track"},
        {"status": "at_risk"},
        {"status": "missed"},
        {"guardrail": "nps", "guardrail_breached": True, "guardrail_limit": 30.0, "guardrail_value": 20.0},
        {"owner": gone},
        {"checked_in_on": TODAY - timedelta(days=40)},
    ):
        GoalFactory(**FRESH | fields)
    found = [(matter.text, matter.url, matter.tone) for matter in goal_matters.goals(moment())]
    assert found == [
        ("1 goal is off track", "/goals/?status=off_track", "bad"),
        ("1 goal has a guardrail that is breached", "/admin/goals/goal/?needs=guardrail", "bad"),
        ("1 goal is at risk", "/goals/?status=at_risk", "warn"),
        ("1 goal has an owner who has left", "/admin/goals/goal/?needs=owner", "warn"),
        ("1 goal waits for a check-in", "/admin/goals/goal/?needs=check_in", ""),
        ("1 goal is over and can be closed", "/admin/goals/goal/?needs=closing", ""),
    ]
    client.force_login(ManagerFactory())
    assert {client.get(url).status_code for _text, url, _tone in found} == {200}


def test_what_is_said_of_a_goal() -> None:
    gone = ManagerFactory(name="Gone", is_active=False)
    GoalFactory(statement="Left", **FRESH | {"owner": gone})
    GoalFactory(statement="Silent", owner__name="Jon", **FRESH | {"checked_in_on": TODAY - timedelta(days=40)})
    notes = [(one.text, one.note) for matter in goal_matters.goals(moment()) for one in matter.details]
    assert notes == [("Left", "Gone"), ("Silent", "Jon: no check-in for 40 days")]


def draft(**fields: Any) -> None:
    given = {"state": "draft", "start": TODAY, "due": date(2026, 12, 27), "baseline": None, "smart_note": "Yes."}
    GoalFactory(**given | {"reviewer": ManagerFactory(), "review_cadence": "monthly"} | fields)


def test_drafts_come_with_what_keeps_them_from_being_active() -> None:
    weeks("csat", [85] * 13)
    draft(statement="Ready")
    draft(statement="Blocked", target=85.0)
    [matter] = goal_matters.drafts(moment())
    assert (matter.text, matter.url) == ("2 goals are still drafts", "/admin/goals/goal/?state__exact=draft")
    ready, blocked = matter.details
    assert (ready.text, ready.note) == ("Ready", "Nothing keeps it from being made active.")
    assert blocked.note.startswith("85.0")


def test_no_draft_no_matter() -> None:
    GoalFactory()
    assert list(goal_matters.drafts(moment())) == []


def test_many_drafts_cost_no_more_than_a_few() -> None:
    counts = []
    for more in (4, 8):
        for _ in range(more):
            draft()
        with CaptureQueriesContext(connection) as queries:
            [matter] = goal_matters.drafts(moment())
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert (matter.text, len(matter.details)) == ("12 goals are still drafts", 3)
