"""The figures of a report are those of the KPI pages, of every KPI. The facts are made once."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoDbBlocker
from time_machine import travel

from goals import report_content
from kpiproject.lib.periods import Period
from metrics import queries
from metrics.queries import Question
from tests.factories import AnswerFactory, ReportFactory, ReportItemFactory, TicketFactory
from tests.metrics.figures import compute
from tests.worlds import world

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.fixture(scope="module", autouse=True)
def _on_monday(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with travel(datetime(2026, 6, 1, 8, tzinfo=UTC), tick=False), world(django_db_blocker):
        for day in ("2026-05-20", "2026-05-26", "2026-05-27"):
            solved = {"first_solved_at": f"{day}T12:00Z", "solved_at": f"{day}T12:00Z"}
            TicketFactory(created_at=f"{day}T10:00Z", first_agent_reply_at=f"{day}T10:30Z", agent_replies=1, **solved)
        AnswerFactory(answered_at="2026-05-26T10:00Z")
        compute()
        yield


@pytest.mark.parametrize("code", [code for code, kpi in queries.CATALOGUE.items() if not kpi.needs_dimension])
def test_figures_are_those_of_the_kpi_page(code: str) -> None:
    report = ReportFactory(includes_goals=False)
    ReportItemFactory(report=report, kpi=code)
    (item,) = json.loads(json.dumps(report_content.freeze(report, WEEK)))["items"]
    page = queries.figures(Question(code=code, start=WEEK.start, end=WEEK.end))
    before = queries.figures(Question(code=code, start=WEEK.previous().start, end=WEEK.start))
    (now,), (then,) = page.points, before.points
    assert (item["value"], item["n"], item["low"], item["high"], item["clock"], item["previous"]) == (
        now.value,
        now.n,
        now.low,
        now.high,
        page.clock,
        then.value,
    )
