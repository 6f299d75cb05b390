import pytest

from surveys import courses
from surveys.content import Further


def asked(number: int, **fields) -> Further:
    return Further(id=number, kind="choice", options=("a", "b"), **fields)


ANSWERED, PASSED, LEFT = "good", "middle", "bad"
THREE = (asked(1), asked(2), asked(3))
# Only who chose "a" first is asked the second.
BRANCH = (asked(1), asked(2, after=1, after_options=("a",)), asked(3), asked(4))

COURSES = [
    # Two people came to the first of them; one answered nothing, one stopped after the first.
    (THREE, {}, {1: LEFT}),
    (THREE, {1: ["a"]}, {1: ANSWERED, 2: LEFT}),
    (THREE, {1: ["a"], 2: ["a"], 3: ["b"]}, {1: ANSWERED, 2: ANSWERED, 3: ANSWERED}),
    (THREE, {3: ["b"]}, {1: PASSED, 2: PASSED, 3: ANSWERED}),
    # V020: what branching skips has no impression, and nobody can leave there.
    (BRANCH, {1: ["b"], 3: ["a"]}, {1: ANSWERED, 3: ANSWERED, 4: LEFT}),
    (BRANCH, {1: ["b"]}, {1: ANSWERED, 3: LEFT}),
    (BRANCH, {1: ["a"]}, {1: ANSWERED, 2: LEFT}),
    ((), {}, {}),
]


@pytest.mark.parametrize(("questions", "chosen", "course"), COURSES)
def test_course(questions, chosen, course):
    assert courses.of(questions, 1, chosen=chosen, answered=chosen.keys()) == course


def test_question_of_another_score_group_is_not_seen():
    questions = (asked(1, standings=(-1,)), asked(2))
    assert courses.of(questions, 1, chosen={}, answered=[]) == {2: LEFT}
    assert courses.of(questions, -1, chosen={}, answered=[2]) == {1: PASSED, 2: ANSWERED}


def test_drop_off_of_two_people_on_five_displays():
    """V019. Five opened the page: three said nothing, one left at the second question, one answered both."""
    questions = (asked(1), asked(2))
    people = [{}, {}, {}, {1: ["a"]}, {1: ["a"], 2: ["b"]}]
    found = [courses.of(questions, 1, chosen=one, answered=one.keys()) for one in people]
    impressions = {number: sum(number in one for one in found) for number in (1, 2)}
    left = {number: sum(one.get(number) == LEFT for one in found) for number in (1, 2)}
    assert (impressions, left) == ({1: 5, 2: 2}, {1: 3, 2: 1})
