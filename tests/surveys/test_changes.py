from dataclasses import replace

from surveys import changes
from surveys.changes import Change
from surveys.content import Content, Further, Prompt, Wording
from surveys.scales import BAD, Scale

CHOICE = Further(
    id=1, kind="choice", options=("a", "b"), prompts={"en": Prompt(prompt="Why?", options={"a": "Slow", "b": "Rude"})}
)
TEXT = Further(id=2, kind="short", prompts={"en": Prompt(prompt="What was it?")})
BEFORE = Content(
    scale=Scale(kind="csat", low=1, high=5),
    look="numbers",
    language="en",
    wordings={"en": Wording(question="How was it?", thanks="Thanks")},
    questions=(CHOICE, TEXT),
)


def test_the_same_has_no_changes():
    assert changes.between(BEFORE, replace(BEFORE)) == []


def test_words_are_told_by_language():
    after = replace(
        BEFORE, wordings={"en": Wording(question="How are we?", thanks=""), "de": Wording(question="Wie war es?")}
    )
    assert changes.between(BEFORE, after) == [
        Change(what="question", before="How was it?", after="How are we?", language="en"),
        Change(what="words of thanks", before="Thanks", language="en"),
        Change(what="language", after="added", language="de"),
        Change(what="question", after="Wie war es?", language="de"),
    ]


def test_language_that_is_gone_is_one_change():
    before = replace(BEFORE, wordings={**BEFORE.wordings, "de": Wording(question="Wie war es?")})
    assert changes.between(before, BEFORE) == [Change(what="language", after="no longer offered", language="de")]


def test_look_and_main_language_and_scale():
    after = replace(BEFORE, look="stars", scale=replace(BEFORE.scale, middle_from=4, good_from=5))
    assert changes.between(BEFORE, after) == [
        Change(
            what="scale",
            before="1 to 5; the middle from 3, good from 4",
            after="1 to 5; the middle from 4, good from 5",
        ),
        Change(what="scores look like", before="numbers", after="stars"),
    ]


def test_questions_added_taken_out_and_moved():
    new = replace(TEXT, id=3, prompts={"en": Prompt(prompt="Anything else?")})
    assert changes.between(BEFORE, replace(BEFORE, questions=(TEXT, CHOICE))) == [
        Change(what="further questions", after="asked in another order")
    ]
    assert changes.between(BEFORE, replace(BEFORE, questions=(CHOICE, new))) == [
        Change(what="further question no longer asked", before="What was it?"),
        Change(what="further question added", after="Anything else?"),
    ]


def test_one_question_tells_its_words_and_whom_it_is_asked():
    renamed = replace(CHOICE, prompts={"en": Prompt(prompt="Why?", options={"a": "Too slow", "b": "Rude"})})
    branched = replace(TEXT, is_required=True, standings=(BAD,), after=1, after_options=("b",))
    assert changes.between(BEFORE, replace(BEFORE, questions=(renamed, branched))) == [
        Change(
            what="further question “Why?”",
            before="Why? · Slow, Rude",
            after="Why? · Too slow, Rude",
            language="en",
        ),
        Change(
            what="further question “What was it?”",
            before="a line of text",
            after="a line of text, must be answered, only asked of: unhappy, only after “Rude” to “Why?”",
        ),
    ]
