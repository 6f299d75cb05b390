from datetime import date

import pytest

from goals import lines
from goals.lines import line
from goals.models import Goal
from goals.reasons import REASONS
from metrics.catalogue import CATALOGUE
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
SPACE = "\u00a0"


def _goal(**values):
    judged = {
        "status": "on_track",
        "reason": "forecast",
        "probability": 0.71,
        "value": 84.0,
        "value_low": 80.0,
        "value_high": 88.0,
        "value_n": 320,
        "value_start": date(2026, 3, 2),
        "value_end": date(2026, 3, 9),
        "progress": 0.4,
        "outlook": {"fan": [{"low": 70, "high": 99}, {"low": 79, "high": 93}]},
    }
    return GoalFactory(**(judged | values))


def test_a_goal_is_shown_in_words():
    found = line(_goal(dimension="channel", member="chat"))
    assert (found.kpi, found.kpi_name, found.scope) == (
        CATALOGUE["csat"],
        "Customer satisfaction (CSAT)",
        "channel: chat",
    )
    assert (found.baseline, found.target, found.value) == (f"80.0{SPACE}%", f"90.0{SPACE}%", f"84.0{SPACE}%")
    assert found.baseline_note == f"400 answers; 76.0{SPACE}% to 84.0{SPACE}%; 29 Sep – 28 Dec 2025"
    assert found.value_note == f"320 answers; 80.0{SPACE}% to 88.0{SPACE}%; week of 2 Mar 2026"
    assert (found.progress, found.share) == (f"40{SPACE}%", 0.4)
    assert (found.status, found.status_name, found.tone) == ("on_track", "on track", "good")
    assert found.probability == "about 7 in 10"
    assert found.reason == (
        f"The chance to reach 90.0{SPACE}% by 30 Jun 2026 is about 7 in 10; "
        f"it was 84.0{SPACE}% in the week of 2 Mar 2026. Likely then (8 in 10): 79.0{SPACE}% to 93.0{SPACE}%."
    )


@pytest.mark.parametrize(
    ("code", "grain", "value", "words"),
    [
        ("csat", "week", None, "no data"),
        ("nps", "week", -3.25, "−3.2"),
        ("backlog", "week", 88.375, "88"),
        ("ticket_volume", "week", 1234, "1,234 per week"),
        ("solved_volume", "month", 11.5, "12 per month"),
        ("resolution_time", "week", 9000, f"2{SPACE}h{SPACE}30{SPACE}min"),
        ("smiles", "week", 9000, "9,000"),
        ("smiles", "week", 0.25, "0.2"),
    ],
)
def test_a_value_has_the_unit_of_its_kpi(code, grain, value, words):
    assert lines.amount(Goal(kpi=code, grain=grain), value) == words


def test_business_time_has_no_days():
    assert lines.amount(Goal(kpi="resolution_time", clock="business"), 5 * 86400) == f"120{SPACE}h"
    assert lines.amount(Goal(kpi="resolution_time", clock="calendar"), 5 * 86400) == f"5{SPACE}d"


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "less than 1 in 10"),
        (0.049, "less than 1 in 10"),
        (0.05, "about 1 in 10"),
        (0.71, "about 7 in 10"),
        (0.95, "about 9 in 10"),
        (0.951, "more than 9 in 10"),
    ],
)
def test_a_chance_is_told_in_tenths(probability, words):
    assert lines.chance(probability) == words


def test_progress_beyond_either_end_is_said_and_not_drawn():
    assert (line(_goal(progress=-0.2)).progress, line(_goal(progress=-0.2)).share) == (
        "further away than at the start",
        0.0,
    )
    assert (line(_goal(progress=1.3)).progress, line(_goal(progress=1.3)).share) == (
        "the target is reached and passed",
        1.0,
    )
    assert (line(_goal(progress=None)).progress, line(_goal(progress=None)).share) == (None, None)


def test_a_baseline_of_numbers_says_of_how_many_periods_it_is_the_mean():
    goal = _goal(kpi="backlog", baseline_low=None, baseline_high=None, outlook={"baseline_periods": 13})
    assert line(goal).baseline_note == "mean of 13 weeks; 29 Sep – 28 Dec 2025"
    goal = _goal(kpi="backlog", baseline=None, outlook={"baseline_periods": 1}, grain="month", member="x")
    assert line(goal).baseline_note == ""


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_is_not_judged_says_so(state):
    found = line(_goal(state=state))
    assert (
        found.reason
        == {
            "draft": "A draft: it is judged once it is active.",
            "cancelled": "It was cancelled and is not judged any more.",
        }[state]
    )


@pytest.mark.parametrize("code", [*REASONS, "gathering", "no_data", "overdue", "a code of another version"])
@pytest.mark.parametrize("grain", ["week", "month"])
def test_every_reason_is_a_sentence_whatever_is_missing(code, grain):
    bare = Goal(kpi="csat", grain=grain, state="active", reason=code, target=90, start="", due="")
    bare.start, bare.due = date(2026, 1, 1), date(2026, 6, 30)
    sentence = lines.reason(bare)
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_what_got_worse_is_never_on_track_without_a_word():
    why = "The last week was worse than the start, but the weeks before it speak for the goal."
    assert line(_goal(progress=-0.2)).reason.endswith(why)
    assert why not in line(_goal(progress=-0.2, status="at_risk")).reason


def test_a_time_is_likely_up_to_a_bound_and_never_from_nothing():
    goal = _goal(kpi="resolution_time", target=9000.0, value=9000.0, outlook={"fan": [{"low": 0, "high": 28560}]})
    assert line(goal).reason.endswith(f" Likely then (8 in 10): up to 7{SPACE}h{SPACE}56{SPACE}min.")
    goal.reason, goal.status = "unclear", "gathering"
    assert line(goal).status_name == "varies too much"
    assert line(goal).reason == (
        "The figure varies too much to tell: in 8 of 10 cases it will lie up to "
        f"7{SPACE}h{SPACE}56{SPACE}min on 30 Jun 2026."
    )


def test_what_was_judged_by_another_target_is_not_shown_as_if_it_were_of_this_one():
    goal = _goal(status="off_track", progress=0.4, probability=0.1)
    assert (line(goal).status_name, line(goal).tone, line(goal).share) == ("off track", "bad", 0.4)
    goal.outlook |= {"is_anew": True}
    found = line(goal)
    assert (found.status_name, found.tone, found.share, found.progress, found.probability) == (
        ("being judged anew", "", None, None, None)
    )
    assert found.reason == (
        "The target was moved, or the baseline measured again: it is being judged anew, within minutes."
    )
    goal.state = "closed"
    assert line(goal).status_name == "off track"


def test_what_is_counted_is_told_in_whole_numbers_and_a_target_as_it_was_set():
    goal = _goal(kpi="backlog", target=40.5)
    assert (lines.amount(goal, 149.96), lines.amount(goal, 40.5)) == ("150", "40.5")
    assert lines.interval(goal, 69.4, 149.96) == "69 to 150"
