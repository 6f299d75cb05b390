import pytest

from goals import baseline_words
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("grain", "have", "text"),
    [
        ("month", 1, "“Backlog” has data in 1 complete month before the start, and 3 are needed."),
        ("month", 2, "“Backlog” has data in 2 complete months before the start, and 3 are needed."),
        ("week", 1, "“Backlog” has data in 1 complete week before the start, and 3 are needed."),
        ("week", 0, "“Backlog” has data in 0 complete weeks before the start, and 3 are needed."),
    ],
)
def test_why_there_is_no_baseline(grain, have, text):
    goal = GoalFactory(kpi="backlog", baseline=None, grain=grain, outlook={"baseline_periods": have})
    assert baseline_words.no_baseline(goal) == f"There is no baseline yet: {text}"


def test_for_whom_there_is_none():
    goal = GoalFactory(kpi="backlog", baseline=None, dimension="channel", member="chat")
    assert baseline_words.no_baseline(goal).startswith(
        "There is no baseline yet: “Backlog, channel: chat” has data in 0"
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"grain": "week"}, "The baseline rests on 4 complete weeks with data; 13 would be better."),
        ({"grain": "month"}, "The baseline rests on 4 complete months with data; 13 would be better."),
        ({"baseline": None}, ""),
        ({"outlook": {"baseline_periods": 13, "baseline_wanted": 13}}, ""),
    ],
)
def test_a_short_baseline_is_said_to_be_short(fields, text):
    usual = {"outlook": {"baseline_periods": 4, "baseline_wanted": 13}}
    assert baseline_words.short_baseline(GoalFactory(**(usual | fields))) == text
