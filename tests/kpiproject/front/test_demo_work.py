"""The hours of the demonstration company are like those of a real one."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from kpiproject.front.demo import company, work
from kpiproject.models import Agent
from metrics.models import AgentTime
from metrics.queries import Question, figures
from tests.metrics.figures import compute_only, organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_agents_are_as_busy_as_people_can_be_for_long() -> None:
    organisation(time_zone=company.ZONE)
    for one in company.AGENTS[:3]:
        Agent.objects.create(source=company.SOURCE, external_id=one.name, name=one.name)
    with time_machine.travel(NOW, tick=False):
        work.furnish(NOW.date(), NOW)
        count = AgentTime.objects.count()
        work.furnish(NOW.date(), NOW)
        assert AgentTime.objects.count() == count
        compute_only("agent_utilisation")
        found = figures(Question(code="agent_utilisation", start=date(2026, 4, 6), end=date(2026, 6, 1)))
    [point] = found.points
    assert 60 < point.value < 75  # their tickets come on top
