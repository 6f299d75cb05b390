"""Goals among what waits for a manager."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from kpiproject.front import goal_matters
from kpiproject.front.matters import Moment
from tests.factories import GoalFactory, ManagerFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
FRESH = {"status": "on_track", "checked_in_on": TODAY, "created_at": datetime(2025, 12, 1, tzinfo=UTC)}


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
    GoalFactory(
        **given | {"reviewer": ManagerFactory(), "review_cadence": "monthly", "check_in_cadence": "weekly"} | fields
    )


def test_drafts_come_with_what_keeps_them_from_being_active() -> None:
    weeks("csat", [85] * 13)
    draft(statement="Ready")
    draft(statement="Blocked", target=85.0)
    [first] = goal_matters.drafts(moment())
    assert [one.note for one in first.details] == ["Nothing keeps it from being made active.", ""]
    [matter] = goal_matters.drafts(moment())
    assert (matter.text, matter.url) == ("2 goals are still drafts", "/admin/goals/goal/?state__exact=draft")
    ready, blocked = matter.details
    assert (ready.text, ready.note) == ("Ready", "Nothing keeps it from being made active.")
    assert blocked.note.startswith("85.0")


def test_no_draft_no_matter() -> None:
    GoalFactory()
    assert list(goal_matters.drafts(moment())) == []


def test_one_more_draft_is_looked_at_each_time_and_none_once_all_are_known() -> None:
    for _ in range(5):
        draft()
    counts = []
    for _ in range(5):
        with CaptureQueriesContext(connection) as queries:
            [matter] = goal_matters.drafts(moment())
        counts.append(len(queries))
    assert (matter.text, len(matter.details)) == ("5 goals are still drafts", 3)
    assert all(one.note for one in matter.details)
    assert counts[3:] == [2, 2]  # the drafts and their number
    assert max(counts) <= 60


def test_a_draft_is_looked_at_anew_when_it_was_changed() -> None:
    draft(statement="Changing")
    [before] = goal_matters.drafts(moment())
    weeks("csat", [85] * 13)
    [same] = goal_matters.drafts(moment())
    Goal.objects.update(smart_note="Another reason.")
    [after] = goal_matters.drafts(moment())
    notes = [one.details[0].note for one in (before, same, after)]
    assert notes[0] == notes[1]
    assert notes[2] == "Nothing keeps it from being made active."
