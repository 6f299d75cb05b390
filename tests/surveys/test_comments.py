from datetime import date, timedelta

import pytest

from kpiproject.lib.periods import Period
from surveys import comments
from surveys.anonymity import Block
from surveys.comments import Wanted
from surveys.models import Answer
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, days, further, give

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), "UTC")


def pages(survey, wanted: Wanted | None = None) -> list[list[str]]:
    found, after = [], ""
    while True:
        page = comments.page(survey, MARCH, wanted or Wanted(), after=after)
        found.append([answer.comment for answer in page.answers])
        after = page.after
        if not after:
            return found


def test_every_comment_is_on_one_page_also_of_the_same_instant():
    survey = SurveyFactory()
    for number in range(23):
        give(survey, [5], comment=str(number), at=NOON + timedelta(microseconds=number // 3))
    found = pages(survey)
    assert [len(page) for page in found] == [10, 10, 3]
    assert [text for page in found for text in page] == [str(number) for number in reversed(range(23))]


def test_answer_that_came_meanwhile_moves_no_page():
    survey = SurveyFactory()
    give(survey, [5] * 12, comment="old")
    first = comments.page(survey, MARCH, Wanted())
    give(survey, [5], comment="new", at=NOON + days(1))
    second = comments.page(survey, MARCH, Wanted(), after=first.after)
    assert [answer.comment for answer in second.answers] == ["old", "old"]


@pytest.mark.parametrize("after", ["x", "1-x", "9" * 400 + "-1", "-", "1"])
def test_place_that_nobody_has_written_is_the_beginning(after):
    survey = SurveyFactory()
    give(survey, [5], comment="here")
    assert [answer.comment for answer in comments.page(survey, MARCH, Wanted(), after=after).answers] == ["here"]


def test_page_costs_one_query(django_assert_num_queries):
    survey = SurveyFactory()
    give(survey, [5] * 30, comment="word")
    with django_assert_num_queries(1):
        comments.page(survey, MARCH, Wanted(words="wor", exactly={"standing": 1}))


def test_comments_of_employees_are_shuffled_the_same_way_every_time():
    survey = SurveyFactory(kind="esat")
    for number in range(40):
        give(survey, [5], comment=str(number), at=NOON + timedelta(minutes=number))
    blocks = [Block(date(2026, 3, 2), date(2026, 3, 2), 40)]
    once = [answer.comment for answer in comments.of_employees(survey, blocks, "UTC")]
    again = [answer.comment for answer in comments.of_employees(survey, blocks, "UTC")]
    in_order = [str(number) for number in range(40)]
    assert (once == again, sorted(once, key=int)) == (True, in_order)
    assert once not in (in_order, in_order[::-1])


def test_comments_of_employees_are_those_of_released_days():
    survey = SurveyFactory(kind="esat")
    for number, text in enumerate(("before", "first", "last", "after")):
        give(survey, [5], comment=text, at=NOON + days(number - 1))
    blocks = [Block(date(2026, 3, 2), date(2026, 3, 3), 5)]
    assert {answer.comment for answer in comments.of_employees(survey, blocks, "UTC")} == {"first", "last"}
    assert comments.of_employees(survey, [], "UTC") == []


def test_texts_are_the_newest_and_of_their_question():
    survey = SurveyFactory()
    one, other = further(survey, "long"), further(survey, "long")
    for number in range(4):
        [answer] = give(survey, [5], at=NOON + days(number))
        answer.replies.create(question=one, text=f"text {number}")
        answer.replies.create(question=other, text="not this")
    assert comments.texts(one.pk, MARCH, 3) == ["text 3", "text 2", "text 1"]


def test_mark_is_of_comments_of_customers_only():
    customers, own = SurveyFactory(), SurveyFactory(kind="esat")
    [with_words] = give(customers, [5], comment="Thanks")
    [without] = give(customers, [5])
    [employee] = give(own, [5], comment="Thanks")
    assert [comments.mark(customers, one.pk, "praise") for one in (with_words, without, employee)] == [
        True,
        False,
        False,
    ]
    assert comments.mark(own, employee.pk, "praise") is False
    assert list(Answer.objects.exclude(mark="").values_list("pk", flat=True)) == [with_words.pk]
