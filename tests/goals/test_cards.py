from datetime import date

import pytest

from goals import cards
from goals.lines import line
from tests.factories import GoalFactory

AWAY = "further away than at the start"
BEYOND = "the target is reached and passed"
pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("target", "direction", "value", "way", "bar"),
    [
        (90.0, "higher", 86.0, "From 80.0\u00a0% to 90.0\u00a0%, now 86.0\u00a0% · 60\u00a0% of the way", 60.0),
        (90.0, "higher", 80.0, "From 80.0\u00a0% to 90.0\u00a0%, now 80.0\u00a0% · 0\u00a0% of the way", 0.0),
        (90.0, "higher", 79.0, f"From 80.0\u00a0% to 90.0\u00a0%, now 79.0\u00a0% · {AWAY}", 0.0),
        (90.0, "higher", 92.0, f"From 80.0\u00a0% to 90.0\u00a0%, now 92.0\u00a0% · {BEYOND}", 100.0),
        (70.0, "lower", 74.0, "From 80.0\u00a0% to 70.0\u00a0%, now 74.0\u00a0% · 60\u00a0% of the way", 60.0),
        (70.0, "lower", 81.0, f"From 80.0\u00a0% to 70.0\u00a0%, now 81.0\u00a0% · {AWAY}", 0.0),
        # The baseline met the target, so that there is no way to be somewhere on.
        (75.0, "higher", 86.0, "From 80.0\u00a0% to 75.0\u00a0%, now 86.0\u00a0%", None),
        (85.0, "lower", 90.0, "From 80.0\u00a0% to 85.0\u00a0%, now 90.0\u00a0%", None),
    ],
)
def test_the_way_is_told_as_it_is_beyond_its_ends_too(target, direction, value, way, bar):
    progress = (value - 80.0) / (target - 80.0)
    goal = GoalFactory(target=target, direction=direction, value=value, progress=progress)
    card = cards.card(goal, TODAY)
    assert (card.way, card.bar) == (way, bar)


def test_nothing_that_was_not_measured_is_told():
    goal = GoalFactory(baseline=None, value=None)
    assert (cards.way(line(goal)), cards.card(goal, TODAY).bar) == (
        "To 90.0\u00a0%; no baseline could be measured",
        None,
    )
    goal.value = 86.0
    assert cards.way(line(goal)) == "To 90.0\u00a0%, now 86.0\u00a0%; no baseline could be measured"
    goal.baseline, goal.value = 80.0, None
    assert cards.way(line(goal)) == "From 80.0\u00a0% to 90.0\u00a0%"


def test_the_way_to_a_range_ends_within_it():
    goal = GoalFactory(baseline=61.0, target=66.0, target_high=76.0, value=70.0, progress=1.8)
    assert cards.way(line(goal)) == (
        "From 61.0\u00a0% to the range of 66.0\u00a0% to 76.0\u00a0%, now 70.0\u00a0% · within the range"
    )


def test_nobody_is_on_a_way_that_has_not_begun():
    goal = GoalFactory(baseline=80.0, target=90.0, value=79.0, progress=-0.1, status="scheduled")
    assert cards.way(line(goal)) == "From 80.0\u00a0% to 90.0\u00a0%, now 79.0\u00a0%"
    goal.status = "off_track"
    assert cards.way(line(goal)) == f"From 80.0\u00a0% to 90.0\u00a0%, now 79.0\u00a0% · {AWAY}"


@pytest.mark.parametrize(
    ("start", "due", "fields", "found"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), {}, "due 30 Jun 2026 · 14 weeks left"),
        (date(2026, 1, 1), date(2026, 3, 18), {}, "due 18 Mar 2026 · the last day"),
        (date(2026, 1, 1), date(2026, 3, 16), {}, "due 16 Mar 2026 · 2 days over"),
        (date(2026, 4, 1), date(2026, 6, 30), {}, "due 30 Jun 2026 · starts in 14 days"),
        (date(2026, 1, 1), date(2026, 3, 16), {"status": "missed"}, "due 16 Mar 2026"),
        (date(2026, 1, 1), date(2026, 6, 30), {"state": "draft"}, "due 30 Jun 2026"),
        (date(2026, 1, 1), date(2026, 6, 30), {"state": "closed"}, "due 30 Jun 2026"),
    ],
)
def test_the_time_that_is_left(start, due, fields, found):
    assert cards.time(GoalFactory(start=start, due=due, **fields), TODAY) == found


def test_the_address_of_the_kpi_keeps_to_the_scope():
    goal = GoalFactory(
        kpi="first_response_time", dimension="channel", member="chat & co", clock="business", grain="month"
    )
    assert cards.kpi_url(goal, line(goal)) == (
        "/kpis/first_response_time/?grain=month&where=channel%3Dchat+%26+co&clock=business"
    )
    goal = GoalFactory(kpi="no_longer_there")
    assert cards.kpi_url(goal, line(goal)) == ""
