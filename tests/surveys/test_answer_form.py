import pytest
from django.http import QueryDict

from surveys.answer_form import AnswerForm, open_questions
from surveys.answers import Said
from surveys.content import Content, Further, Prompt, Wording
from surveys.scales import BAD, GOOD, Scale

PROMPT = {"en": Prompt(prompt="?", options={"a": "A", "b": "B"})}
QUESTIONS = (
    Further(id=1, kind="choice", standings=(BAD,), options=("a", "b"), is_required=True, prompts=PROMPT),
    Further(id=2, kind="short", after=1, after_options=("b",), prompts=PROMPT),
    Further(id=3, kind="multiple", standings=(GOOD,), options=("a", "b"), prompts=PROMPT),
    Further(id=4, kind="scale", low=1, high=3, prompts=PROMPT),
    Further(id=5, kind="long", prompts=PROMPT),
)
CONTENT = Content(
    scale=Scale(kind="csat", low=1, high=5),
    look="numbers",
    language="en",
    wordings={"en": Wording(question="?")},
    questions=QUESTIONS,
)


def form(sent: str, **stored) -> AnswerForm:
    return AnswerForm(QueryDict(sent), content=CONTENT, language="en", **stored)


@pytest.mark.parametrize(
    ("sent", "replies"),
    [
        ("score=1&q1=a", {1: Said(choices=("a",))}),
        ("score=1&q1=b&q2=why", {1: Said(choices=("b",)), 2: Said(text="why")}),
        ("score=1&q1=a&q2=why", {1: Said(choices=("a",))}),  # the second is only asked after b
        ("score=5&q1=a", {}),  # only the unhappy are asked the first
        ("score=5&q3=a&q3=b", {3: Said(choices=("a", "b"))}),
        ("score=3&q3=a&q4=2", {4: Said(number=2)}),
        ("score=3&q5= word %0D%0A word ", {5: Said(text="word \n word")}),
        ("score=3&asked=4&asked=5", {4: Said(), 5: Said()}),  # shown and left empty
        ("score=3", {}),
        ("score=3&q99=x", {}),
    ],
)
def test_replies_that_apply_are_taken_and_the_others_are_passed_over(sent, replies):
    asked = form(sent)
    assert (asked.is_valid(), dict(asked.errors)) == (True, {})
    assert asked.given().replies == replies


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ("score=1&asked=1", {"q1": "Please answer this question."}),
        ("score=1&q1=", {"q1": "Please answer this question."}),
        ("score=1&q1=z", {"q1": "Please choose one of the answers that are offered."}),
        ("score=5&q3=a&q3=z", {"q3": "Please choose one of the answers that are offered."}),
        ("score=3&q4=9", {"q4": "Please choose one of the answers that are offered."}),
        (f"score=3&q4={'9' * 5000}", {"q4": "Please choose one of the answers that are offered."}),
        ("score=5&q1=z", {}),  # it does not apply, so it cannot be wrong
        ("score=1", {}),  # the page did not have it; the next one asks
    ],
)
def test_what_is_wrong_about_replies(sent, wrong):
    asked = form(sent)
    assert {name: errors[0] for name, errors in asked.errors.items()} == wrong
    assert asked.lacks_only_replies == bool(wrong)


def test_reply_that_is_too_long_is_shown_whole_and_not_kept():
    asked = form(f"score=1&q1=b&q2={'x' * 301}")
    assert not asked.is_valid()
    assert asked.said(QUESTIONS[1]) == Said(text="x" * 301)
    assert asked.given().replies == {1: Said(choices=("b",))}


def test_page_of_further_questions_needs_no_score_and_says_nothing_about_the_comment():
    asked = form("q2=why", score=1, replies={1: Said(choices=("b",))})
    assert asked.is_valid()
    given = asked.given()
    assert (given.score, given.comment, given.replies) == (1, None, {2: Said(text="why")})


def test_score_alone_says_nothing_about_the_comment():
    asked = form("score=4&form_key=short")
    assert asked.is_valid()
    assert (asked.given().comment, asked.given().form_key) == (None, "")


@pytest.mark.parametrize("score", ["", "0", "6", "x", "4.0"])
def test_wrong_score_is_the_only_complaint(score):
    asked = form(f"score={score}&q1=z")
    assert (asked.is_valid(), list(asked.errors), asked.lacks_only_replies) == (False, ["score"], False)


@pytest.mark.parametrize(
    ("score", "replies", "ids"),
    [
        (1, {}, [1, 4, 5]),
        (1, {1: Said(choices=("b",))}, [2, 4, 5]),
        (1, {1: Said(choices=("a",)), 5: Said(text="x")}, [4]),
        (5, {}, [3, 4, 5]),
        (3, {4: Said(number=1), 5: Said(text="x")}, []),
    ],
)
def test_questions_that_are_still_open(score, replies, ids):
    assert [question.id for question in open_questions(CONTENT, score, replies)] == ids
