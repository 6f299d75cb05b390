"""The board with two hundred goals, each with half a year of weeks behind it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals.models import Goal, Objective, Review
from kpiproject import people
from kpiproject.models import User
from tests.bench.report import Finding, median_seconds

GOALS = 200
WEEKS = 26
_PER_PAGE = "a page of 50, and what is over beneath it"


def findings() -> list[Finding]:
    user = User.objects.create_user("board@bench.example", "a long password", name="Mara")
    people.set_role(user, "Managers")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    Goal.objects.bulk_create(_goals(user))
    Review.objects.create(title="Review", on=timezone.now().date() + timedelta(days=3), owner=user)
    goal = Goal.objects.filter(state=Goal.State.ACTIVE).first()
    assert goal is not None
    found = [
        Finding("goals: queries of the board with 200 goals", _queries(client, "/goals/"), 12),
        Finding("goals: board with 200 goals", 1000 * _seconds(client, "/goals/"), 300, "ms", _PER_PAGE),
        Finding(
            "goals: board of one owner, second page",
            1000 * _seconds(client, f"/goals/?owner={user.pk}&page=2"),
            300,
            "ms",
        ),
        Finding("goals: page of one, drawn before", 1000 * _seconds(client, f"/goals/{goal.pk}/"), 100, "ms"),
    ]
    Review.objects.all().delete()
    Goal.objects.all().delete()
    return found


def _queries(client: Client, path: str) -> int:
    client.get(path)  # the first one writes down what the installation is called
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def _seconds(client: Client, path: str) -> float:
    return median_seconds(lambda: client.get(path))


def _goals(owner: User) -> Iterator[Goal]:
    objectives = [Objective.objects.create(name=f"Objective {number}") for number in range(5)]
    statuses = ("off_track", "at_risk", "on_track", "gathering", "achieved")
    monday = timezone.now().date() - timedelta(days=timezone.now().weekday())
    for number in range(GOALS):
        values: dict[str, Any] = {
            "statement": f"Goal {number}", "objective": objectives[number % 5], "owner": owner,
            "state": "draft" if number % 20 == 19 else "active", "status": statuses[number % 5], "reason": "forecast",
            "kpi": "csat", "direction": "higher", "target": 90.0, "baseline": 80.0, "baseline_n": 400,
            "start": monday - timedelta(weeks=10), "due": monday + timedelta(weeks=10 + number % 7), "probability": 0.4,
            "value": 84.0, "value_n": 50, "value_low": 75.0, "value_high": 90.0, "value_start": monday, "progress": 0.4,
            "course": [_piece(monday, week) for week in range(-WEEKS, 0)],
            "outlook": {"expected": 83.0, "fan": [_ahead(monday, week) for week in range(10)]},
        }  # fmt: skip
        yield Goal(**values)


def _piece(monday: date, week: int) -> dict[str, Any]:
    return _days(monday, week) | {"value": 80.0 + week % 5, "low": 70.0, "high": 90.0, "n": 50}


def _ahead(monday: date, week: int) -> dict[str, Any]:
    return _days(monday, week) | {"low": 70.0, "middle": 84.0, "high": 95.0}


def _days(monday: date, week: int) -> dict[str, Any]:
    start = monday + timedelta(weeks=week)
    return {"start": start.isoformat(), "end": (start + timedelta(weeks=1)).isoformat()}
