from goals.judgement import SCALES
from metrics.kpi import Unit


def test_a_goal_of_any_unit_can_be_judged():
    assert set(SCALES) == set(Unit)
