from goals import target_words
from goals.models import Goal, TargetChange


def test_a_moved_target_is_told_before_and_after():
    goal = Goal(kpi="csat", grain="week")
    assert target_words.both(goal, TargetChange(before=93, after=90)) == ("93.0\u00a0%", "90.0\u00a0%")
    change = TargetChange(before=70, before_high=80, after=75, after_high=80)
    assert target_words.both(goal, change) == ("70.0\u00a0% to 80.0\u00a0%", "75.0\u00a0% to 80.0\u00a0%")
