import pytest
from django.core.exceptions import ValidationError

from goals import targets
from goals.models import Goal
from metrics.catalogue import CATALOGUE
from metrics.kpi import Unit


def _refused(code, baseline, target, high=None, *, keeps=False):
    """The sentence; empty where the target is taken."""
    goal = Goal(kpi=code, grain="week", baseline=baseline)
    try:
        targets.check(goal, CATALOGUE[code], target, high, keeps=keeps)
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
    factor = 0.01 if CATALOGUE[code].unit is Unit.CORRELATION else 1
    sentences = [_refused(code, 50 * factor, target * factor) for target in (20, 50, 80)]
    assert sentences[1] != ""
    assert "" in (sentences[0], sentences[2])


@pytest.mark.parametrize(
    ("code", "baseline", "target", "high", "beginning"),
    [
        (
            "csat",
            80,
            120,
            None,
            "120.0\u00a0% lies outside the scale of “Customer satisfaction (CSAT)”, which goes from 0.0",
        ),
        ("nps", 20, -101, None, "−101.0 lies outside the scale of “Net Promoter Score (NPS)”, which goes from −100.0"),
        ("backlog", 80, -1, None, "−1 lies outside the scale of “Backlog”, which begins at 0."),
        ("agent_utilisation", 60, 75, 110, "110.0\u00a0% lies outside the scale"),
        ("agent_utilisation", 60, 85, 75, "The upper end of the range must lie above the target, its lower end."),
        ("agent_utilisation", 60, 75, 75, "The upper end of the range must lie above the target, its lower end."),
    ],
)
def test_what_can_be_no_target_is_said(code, baseline, target, high, beginning):
    assert _refused(code, baseline, target, high).startswith(beginning)


@pytest.mark.parametrize(
    ("baseline", "keeps", "sentence"),
    [
        (60, False, ""),
        (90, False, ""),
        (80, True, ""),
        (75, True, ""),
        (
            80,
            False,
            (
                "80.0\u00a0% was measured before () and lies within 75.0\u00a0% to 85.0\u00a0%: "
                "there is nothing to reach."
            ),
        ),
        (
            60,
            True,
            (
                "This goal keeps what was there before (60.0\u00a0%, ). "
                "To reach 75.0\u00a0% to 85.0\u00a0%, set a new one."
            ),
        ),
    ],
)
def test_a_range_is_reached_from_outside_and_kept_from_within(baseline, keeps, sentence):
    assert _refused("agent_utilisation", baseline, 75, 85, keeps=keeps) == sentence


def test_a_level_that_is_kept_stays_one():
    assert _refused("csat", 92, 90, keeps=True) == ""
    assert _refused("csat", 92, 95, keeps=True).startswith("This goal keeps what was there before (92.0\u00a0%")
    assert _refused("backlog", 80, 85, keeps=True) == ""
    assert _refused("backlog", 80, 75, keeps=True).startswith("This goal keeps what was there before (80")
    assert _refused("ticket_volume", 80, 85, keeps=True) == ""
