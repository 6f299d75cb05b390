from dataclasses import replace

import pytest

from surveys import readiness
from surveys.content import Content, Further, Prompt, Wording
from surveys.readiness import Part
from surveys.scales import Scale

WORDS = Wording(question="How was it?", low_label="Bad", high_label="Good")
CONTENT = Content(scale=Scale(kind="csat", low=1, high=5), look="smileys", language="en", wordings={"en": WORDS})
CHOICE = Further(
    id=1,
    kind="choice",
    options=("a", "b"),
    prompts={"en": Prompt(prompt="Why?", options={"a": "Slow", "b": "Rude"})},
)
TEXT = Further(id=2, kind="short", prompts={"en": Prompt(prompt="What was it?")})
NO_NPS = "Only 9 and 10 are promoters and 7 and 8 passives; other thresholds make no NPS."
NO_FIT = "The thresholds do not fit the scale: it needs a bad and a good score."
WHY, WHAT = "Further question “Why?”: ", "Further question “What was it?”: "


def sentences(content: Content, **more: str) -> list[str]:
    return [problem.sentence for problem in readiness.problems(content, **more)]


def with_scale(**fields) -> Content:
    look = fields.pop("look", "numbers")
    return replace(CONTENT, scale=Scale(**{"kind": "csat", "low": 1, "high": 5, **fields}), look=look)


def asking(*questions: Further) -> Content:
    return replace(CONTENT, questions=questions)


def test_nothing_is_wrong_with_a_whole_survey():
    assert sentences(asking(CHOICE, replace(TEXT, after=1, after_options=("b",)))) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (replace(CONTENT, wordings={"en": Wording(question=" ")}), "There is no question yet in English."),
        (with_scale(high=6), "A survey of this kind cannot be asked on 6 points."),
        (with_scale(kind="nps", low=1, high=11), NO_NPS),
        (with_scale(kind="nps", low=0, high=10, middle_from=6, good_from=8), NO_NPS),
        (with_scale(middle_from=1, good_from=3), NO_FIT),
        (with_scale(middle_from=4, good_from=3), NO_FIT),
        (with_scale(high=2, look="stars"), "Scores cannot look like this on 2 points."),
        (asking(replace(CHOICE, options=("a",))), WHY + "it needs at least two options to choose from."),
        (asking(replace(TEXT, prompts={"en": Prompt(prompt="")})), "Further question “No. 1”: it has no words yet."),
        (asking(replace(TEXT, kind="scale", low=1, high=1)), WHAT + "its scale must have 2 to 11 points."),
        (
            asking(replace(TEXT, after=1, after_options=("a",)), CHOICE),
            WHAT + "it follows a question that comes later or is no longer asked.",
        ),
        (
            asking(replace(TEXT, after=99, after_options=("a",))),
            WHAT + "it follows a question that comes later or is no longer asked.",
        ),
        (
            asking(CHOICE, replace(TEXT, after=1, after_options=("gone",))),
            WHAT + "it follows an option that does not exist any more.",
        ),
        (
            asking(CHOICE, replace(TEXT, after=1)),
            WHAT + "it follows an option that does not exist any more.",
        ),
    ],
)
def test_what_blocks_the_opening(content, sentence):
    [problem] = readiness.problems(content)
    assert (problem.sentence, problem.is_blocking) == (sentence, True)


def test_link_beneath_the_thanks_needs_an_address():
    content = replace(CONTENT, wordings={"en": replace(WORDS, thanks_link="Tell others")})
    assert sentences(content) == ["The link beneath the thanks has words but no address."]
    assert sentences(content, thanks_url="https://example.com/") == []


def test_missing_texts_are_told_by_language_and_field_and_may_be_accepted():
    german = Wording(question="Wie war es?", low_label=" ")
    content = replace(
        CONTENT, wordings={"en": replace(WORDS, thanks="Thanks"), "de": german, "ar": Wording(question="")}
    )
    found = readiness.problems(content)
    german_lacks = "label of the lowest score, label of the highest score, words of thanks"
    assert [(problem.language, problem.sentence, problem.part, problem.is_blocking) for problem in found] == [
        (
            "de",
            f"Missing in Deutsch: {german_lacks}. People would read it in English.",
            Part.WORDS,
            False,
        ),
        (
            "ar",
            f"Missing in العربية: question, {german_lacks}. People would read it in English.",
            Part.WORDS,
            False,
        ),
    ]


def test_missing_words_and_options_of_a_further_question_are_told():
    half = replace(CHOICE, prompts={**CHOICE.prompts, "de": Prompt(prompt="", options={"a": "Langsam"})})
    content = replace(asking(half), wordings={"en": WORDS, "de": replace(WORDS, question="Wie war es?")})
    [problem] = readiness.problems(content)
    assert (problem.sentence, problem.part, problem.question) == (
        "Missing in Deutsch, further questions: “Why?”, “Rude”. People would read it in English.",
        Part.QUESTIONS,
        1,
    )


def test_what_blocks_comes_first():
    content = replace(CONTENT, look="thumbs", wordings={"en": WORDS, "de": Wording(question="Wie?")})
    assert [problem.is_blocking for problem in readiness.problems(content)] == [True, False]


# By hand: is there a bad and a good score, and the middle between them?
@pytest.mark.parametrize(
    ("high", "lower", "middle", "good", "fits"),
    [
        (5, False, 3, 4, True),
        (5, False, 4, 4, True),
        (2, False, 2, 2, True),
        (5, False, 1, 4, False),
        (5, False, 4, 3, False),
        (5, False, 4, 6, False),
        (5, True, 3, 2, True),
        (5, True, 1, 1, True),
        (5, True, 5, 2, False),
        (5, True, 2, 3, False),
        (5, True, 3, 0, False),
    ],
)
def test_thresholds_that_fit(high, lower, middle, good, fits):
    scale = Scale(kind="ces", low=1, high=high, lower_is_better=lower)
    assert readiness.steps_fit(scale, middle, good) is fits
