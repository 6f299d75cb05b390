"""What a rule would have done lately."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from goals.alarms import words
from goals.alarms.trial import Trial, trial
from tests.alarm_factories import AlertRuleFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
VALUES = [90, 80, 90, 90, 80, 80, None, 90, 91, 92]


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("fields", "alarms"),
    [({}, 2), ({"breaches": 2, "of": 2}, 1), ({"fire_level": 70}, 0), ({"fire_level": 95}, 1), ({"clears": 4}, 1)],
)
def test_as_often_as_the_machine_says(fields: dict[str, Any], alarms: int) -> None:
    weeks("csat", VALUES)
    rule = AlertRuleFactory.build(owner=None, **fields)
    assert trial(rule, NOW) == Trial(alarms=alarms, periods=9)


def test_in_words() -> None:
    weeks("csat", VALUES)
    rule = AlertRuleFactory.build(owner=None, breaches=2, of=2)
    assert words.tried(rule, NOW) == (
        "With the figures of the last 9 weeks that were measured it would have been 1 alarm."
    )


@pytest.mark.parametrize("fields", [{"kind": "goal"}, {"kpi": "gone"}, {"kpi": "nps"}])
def test_where_nothing_can_be_told(fields: dict[str, Any]) -> None:
    rule = AlertRuleFactory.build(owner=None, **fields)
    assert (trial(rule, NOW), words.tried(rule, NOW)) == (None, "")
