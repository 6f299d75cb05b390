from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import analysis
from metrics.queries import CATALOGUE
from tests.factories import StaffFactory, TicketFactory, UserFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def fill(days=40):
    for ago in range(1, days):
        created = NOW - timedelta(days=ago)
        TicketFactory(created_at=created, first_agent_reply_at=created + timedelta(minutes=ago), channel="email")
    compute()


def test_every_kpi_has_the_page_with_and_without_data(staff):
    for filled in (False, True):
        if filled:
            fill(10)
        for code in CATALOGUE:
            assert (code, staff.get(f"/kpis/{code}/analysis/").status_code) == (code, 200)


def test_volume_has_hours_weekdays_and_a_mix_but_too_few_months(staff):
    fill()
    context = staff.get("/kpis/ticket_volume/analysis/").context
    hour = dict(context["heat"].rows)["12–13"]
    assert {cell.text for cell in hour} == {"1.0"}
    assert {line.index for line in context["weekdays"].lines} == {100.0}
    assert context["weekdays"].sentence == ""
    assert context["months"].sentence == (
        "There are 0 whole months; at least 24 are needed to tell seasons from chance."
    )
    assert all(line.index is None for line in context["months"].lines)
    assert [(dimension, mix.members) for dimension, _name, _title, mix in context["mixes"]] == [
        ("channel", ["email"]),
        ("category", ["(not given)"]),
    ]


def test_few_days_are_no_weekly_rhythm(staff):
    fill(10)
    context = staff.get("/kpis/first_response_time/analysis/").context
    assert context["weekdays"].sentence == "There are 9 days; at least 28 are needed to tell weekdays apart."
    assert context["weekdays_chart"] is None


def test_hours_that_rest_on_few_have_no_colour(staff):
    fill(20)
    cells = [
        cell for _label, row in staff.get("/kpis/first_response_time/analysis/").context["heat"].rows for cell in row
    ]
    assert {cell.level for cell in cells if cell.is_small} == {0}
    assert any(cell.is_small for cell in cells)


def test_the_lowest_figure_has_a_colour(staff):
    for number in range(6):
        for hour, minutes in ((10, 5), (11, 60)):
            created = NOW.replace(hour=hour, minute=number)
            TicketFactory(created_at=created, first_agent_reply_at=created + timedelta(minutes=minutes))
    compute()
    rows = staff.get("/kpis/first_response_time/analysis/").context["heat"].rows
    assert {
        cell.text: cell.level for _label, row in rows for cell in row if not cell.is_small and cell.text != "–"
    } == {
        "5\u00a0min": 1,
        "1\u00a0h": 9,
    }


def test_nonsense_is_refused(staff):
    assert staff.get("/kpis/csat/analysis/?from=x").status_code == 422
    assert staff.get("/kpis/csta/analysis/").status_code == 404


def test_more_tickets_cost_no_more_queries(staff):
    counts = []
    for days in (2, 4):
        fill(days)
        with CaptureQueriesContext(connection) as queries:
            staff.get("/kpis/ticket_volume/analysis/?from=2026-03-01&to=2026-03-20")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_lacks_the_permission_sees_nothing(client):
    client.force_login(UserFactory())
    assert client.get("/kpis/csat/analysis/").status_code == 403


def test_there_is_no_average_of_what_may_be_below_nothing():
    assert analysis.has_patterns(CATALOGUE["nps"])
    assert not analysis.has_patterns(CATALOGUE["backlog"])
    assert [analysis.has_ages(CATALOGUE[code]) for code in ("backlog", "ticket_volume")] == [True, False]
