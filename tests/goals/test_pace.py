from datetime import date, timedelta

import pytest

from goals import pace
from goals.pace import Pace
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


def gathered(values, **fields):
    course = [
        {"start": (START + timedelta(days=7 * number)).isoformat(), "value": value}
        for number, value in enumerate(values)
    ]
    usual = {"kpi": "solved_volume", "target": 100.0, "baseline": 80.0, "start": date(2026, 1, 12)}
    return GoalFactory(**(usual | fields), course=course)


def test_what_has_come_together_since_the_start():
    goal = gathered([70.0, 90.0, 105.0, 95.0])
    assert pace.pace(goal) == Pace(total=290, wanted=300, since=date(2026, 1, 12))
    assert pace.told(goal) == "290 have come together since 12 Jan 2026; at the target it would be 300."


@pytest.mark.parametrize(
    "fields",
    [
        {"kpi": "csat"},  # percentages do not add up
        {"baseline": 120.0},  # what is kept is not gathered
        {"target_high": 120.0},
        {"start": date(2026, 3, 2)},
    ],
)
def test_of_other_goals_nothing_comes_together(fields):
    assert pace.told(gathered([70.0, 90.0], **fields)) == ""
