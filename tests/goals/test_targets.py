import pytest
from django.core.exceptions import ValidationError

from goals import targets
from goals.models import Goal
from metrics.catalogue import CATALOGUE


def _refused(code, baseline, target):
    """The sentence; empty where the target is taken."""
    goal = Goal(kpi=code, grain="week", baseline=baseline)
    try:
        targets.check(goal, CATALOGUE[code], target)
    except ValidationError as error:
        return error.messages[0]
    return ""


@pytest.mark.parametrize(
    ("code", "baseline", "target"),
    [
        ("csat", 80, 80.1),
        ("csat", None, 80),
        ("backlog", 80, 79),
        ("ticket_volume", 80, 81),
        ("ticket_volume", 80, 79),
        ("nps", -10, 5),
    ],
)
def test_a_target_on_the_right_side_is_taken(code, baseline, target):
    assert _refused(code, baseline, target) == ""


@pytest.mark.parametrize(
    ("code", "baseline", "target", "beginning"),
    [
        ("csat", 80, 80, "80.0\u00a0% is what was measured before"),
        ("csat", 80.02, 80, "80.0\u00a0% is what was measured before"),  # nobody could see the difference
        ("csat", 80, 75, "Higher is better here, but 75.0\u00a0% lies below the baseline of 80.0\u00a0%"),
        ("backlog", 80, 85, "Lower is better here, but 85 lies above the baseline of 80"),
        ("ticket_volume", 80, 80, "80 per week is what was measured before"),
        ("resolution_time", 7200, 7260, "Lower is better here, but 2\u00a0h\u00a01\u00a0min lies above"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(code, baseline, target, beginning):
    assert _refused(code, baseline, target).startswith(beginning)


@pytest.mark.django_db  # figures in money ask for the currency
@pytest.mark.parametrize("code", list(CATALOGUE))
def test_of_no_kpi_both_sides_are_refused(code):
    """There is always a way to go, and never a target without one."""
    sentences = [_refused(code, 50, target) for target in (20, 50, 80)]
    assert sentences[1] != ""
    assert "" in (sentences[0], sentences[2])
