from typing import Any

import pytest

from goals import variation
from goals.models import Rebase
from kpiproject.lib.spc import Assurance, Limits
from tests.goals.courses import SHIFTED, goal, week

pytestmark = pytest.mark.django_db
STABLE = [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87]


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        (80.0, "higher", ("Consistently passes", "good")),
        (87.0, "higher", ("Hit and miss", "warn")),
        (95.0, "higher", ("Consistently fails", "bad")),
        (80.0, "lower", ("Consistently fails", "bad")),
        (95.0, "lower", ("Consistently passes", "good")),
    ],
)
def test_assurance_of_a_stable_process(target, direction, expected):
    found = variation.variation(goal(STABLE, target=target, direction=direction), [])
    assert (found.name, found.tone) == expected


def test_a_stable_process_has_no_real_change():
    found = variation.variation(goal(STABLE), [])
    # 86.6 ± 2.66 · 2.25
    assert found.sentence == (
        "No real change: all of it lies where chance alone would put it, 80.6 % to 92.6 %.".replace(" %", "\u00a0%")
    )
    assert {row.told for row in found.rows} == {""}
    assert (found.suggested, found.suggestion, found.note) == (None, "", "")


def test_the_last_week_beyond_its_limits_is_a_real_change():
    found = variation.variation(goal([*STABLE, 99]), [])
    assert found.sentence.startswith("A real change: 99.0\u00a0% (week of 6 Apr 2026) is beyond the normal range.")
    assert found.rows[-1].told == "beyond the normal range"
    assert found.chart is not None


def test_the_last_real_change_is_named():
    found = variation.variation(goal([*STABLE, 99, 87]), [])
    assert found.sentence.startswith("No real change since the week of 6 Apr 2026: 87.0\u00a0% lies where")


@pytest.mark.parametrize("weeks", [0, 1, 5])
def test_without_six_weeks_nothing_is_said_about_change_nor_assurance(weeks):
    found = variation.variation(goal(STABLE[:weeks]), [])
    assert found.sentence.startswith("To tell chance from change, 6 complete periods are needed;")
    assert (found.chart, found.name, found.assurance, found.note) == (None, "", "", "")
    assert len(found.rows) == weeks


def test_few_weeks_have_provisional_limits():
    found = variation.variation(goal(STABLE[:8]), [])
    assert found.note == "The limits are provisional, because they rest on fewer than 13 complete periods."


def test_a_run_suggests_a_new_beginning_and_a_person_makes_it():
    shifted = goal([80, 82, 81, 80, 82, 81, 80, 82, 91, 92, 90, 93, 91, 92, 93, 92])
    found = variation.variation(shifted, [])
    assert found.suggested == week(8)
    assert found.suggestion.startswith("8 or more periods in a row lie on the same side of the mean, from the week of")
    rebase = Rebase.objects.create(goal=shifted, since=week(8), reason="A new tool")
    after = variation.judged(shifted, [rebase])
    assert after.suggested is None
    assert {limits.centre for limits in after.limits[:8]} == {81.0}
    assert {limits.centre for limits in after.limits[8:]} == {91.75}
    assert not any(after.signals)


def test_a_segment_of_few_weeks_has_no_limits():
    found = variation.judged(goal(SHIFTED), [Rebase(since=week(13))])
    assert [limits is None for limits in found.limits] == [False] * 13 + [True] * 3
    shown = variation.variation(goal(SHIFTED), [Rebase(since=week(13))])
    assert shown.sentence == "To tell chance from change, 6 complete periods are needed; there are 3."
    assert shown.chart is None


def test_an_earlier_segment_of_few_weeks_is_drawn_without_limits():
    shown = variation.variation(goal(SHIFTED), [Rebase(since=week(4))])
    assert shown.chart is not None
    spec: Any = shown.chart["spec"]
    means = spec["layer"][0]["data"]["values"]
    assert [row["value"] is None for row in means] == [True] * 4 + [False] * 12


def test_percentages_of_very_different_numbers_have_limits_of_their_own():
    found = variation.judged(goal([80.0] * 12, ns=[100, 400] * 6), [])
    # 3 · sqrt(80 · 20 / 100) = 12 and 3 · sqrt(80 · 20 / 400) = 6
    assert [(limits.low, limits.high) for limits in found.limits[:2]] == [(68.0, 92.0), (74.0, 86.0)]
    shown = variation.variation(goal([80.0] * 12, ns=[100, 400] * 6), [])
    assert shown.note.endswith(
        "They are wider where fewer rows make the figure: the numbers differ by more than a quarter."
    )


def test_whether_the_last_week_is_outside_of_normal_variation():
    assert variation.is_unusual(variation.judged(goal([*STABLE, 99]), []))
    assert not variation.is_unusual(variation.judged(goal(STABLE), []))
    assert not variation.is_unusual(variation.judged(goal([]), []))


def test_assurance_needs_limits():
    found = goal(STABLE, target=80.0)
    assert variation.assurance(found, None) is None
    assert variation.assurance(found, Limits(centre=85, low=81, high=89)) is Assurance.PASS


def test_a_kpi_that_is_gone_still_has_its_chart():
    found = variation.variation(goal(STABLE, kpi="gone"), [])
    assert found.chart is not None
    assert found.sentence.endswith("80.6 to 92.6.")
