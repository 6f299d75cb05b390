from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.factories import GoalFactory, ManagerFactory, StaffFactory
from tests.measure_factories import BenchmarkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 3, 18, 12, tzinfo=UTC), tick=False):
        yield


def codes(answer):
    return [finding.code for finding in answer.context.get("balance", [])]


def test_the_board_says_what_the_goals_leave_out_and_what_to_do(client):
    GoalFactory(kpi="first_response_time")
    client.force_login(ManagerFactory())
    answer = client.get("/goals/")
    assert codes(answer) == ["speed", "effort"]
    page = answer.content.decode()
    assert "Balance: 2 things that the goals together leave out" in page
    assert "Whoever is measured by speed alone closes tickets early." in page
    assert "/admin/goals/goal/add/" in page


def test_only_goals_that_run_count(client):
    GoalFactory(kpi="csat", state="draft")
    GoalFactory(kpi="csat", status="achieved")
    GoalFactory(kpi="csat", state="cancelled")
    GoalFactory(kpi="ces")
    client.force_login(ManagerFactory())
    assert codes(client.get("/goals/")) == []
    GoalFactory(kpi="first_response_time")
    assert codes(client.get("/goals/")) == []


def test_a_benchmark_of_a_running_goal_that_is_too_old(client):
    BenchmarkFactory(kpi="ces", as_of=date(2025, 3, 17))
    BenchmarkFactory(kpi="nps", as_of=date(2020, 1, 1))
    GoalFactory(kpi="ces")
    client.force_login(StaffFactory())
    answer = client.get("/goals/")
    assert codes(answer) == ["benchmark"]
    assert "/admin/" not in str(answer.context["balance"])
    BenchmarkFactory(kpi="ces", as_of=date(2025, 3, 18))
    assert codes(client.get("/goals/")) == []


def test_a_filter_looks_at_single_goals_not_at_their_balance(client):
    goal = GoalFactory(kpi="first_response_time", status="on_track")
    client.force_login(ManagerFactory())
    assert codes(client.get(f"/goals/?owner={goal.owner_id}")) == []
    assert client.get(f"/goals/?owner={goal.owner_id}").context["page"].paginator.count == 1
    assert client.get("/goals/?status=at_risk").context["page"].paginator.count == 0
