from surveys.sums import NOTHING
from tests.surveys.counted import sums


def test_sums_add_up_name_by_name():
    one, other = sums(4, 2, 1, 1, 3, 4, 13, 51), sums(1, 0, 0, 1, 0, 1, 1, 1)
    assert one + other == other + one == sums(5, 2, 1, 2, 3, 5, 14, 52)
    assert one + NOTHING == one


def test_only_answers_with_a_standing_are_judged():
    assert sums(9, 2, 1, 1).judged == 4
