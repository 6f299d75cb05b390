import pytest
from hypothesis import given
from hypothesis import strategies as st

from manual import wanted
from manual.wanted import Term, read


def begun(*words: str) -> Term:
    """The last of these words may go on."""
    return Term(words, is_open=True)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  \t ", ()),
        ("resolu", (begun("resolu"),)),
        ("Resolution TIME", (Term(("resolution",)), begun("time"))),
        ("first_response", (begun("first", "response"),)),
        ("e-mail answers", (Term(("email",)), begun("answers"))),
        ("follow-up calls", (Term(("follow", "up")), begun("calls"))),
        ('"response time"', (Term(("response", "time")),)),
        ("„erste Antwort“ mail", (Term(("erste", "antwort")), begun("mail"))),
        ('"half a phrase', (Term(("half",)), begun("phrase"))),
        ("24 h", (Term(("24",)), Term(("h",)))),
        ("how do we answer", (begun("answer"),)),
        ("what we do", (Term(("what",)), Term(("we",)), begun("do"))),
        ('"how we" speak', (Term(("how", "we")), begun("speak"))),
        ("a NOT b* (OR:) -c ^d", (Term(("b",)), Term(("c",)), Term(("d",)))),
        ("twice twice", (Term(("twice",)), begun("twice"))),
    ],
)
def test_reading(text: str, terms: tuple[Term, ...]) -> None:
    assert read(text).terms == terms


def test_so_many_words_are_enough() -> None:
    assert read(" ".join(f"w{n}" for n in range(100))).words == [f"w{n}" for n in range(wanted.MOST_WORDS)]


def test_for_sqlite() -> None:
    said = read('"response time" aver')
    assert wanted.fts5(said) == (
        '"response time" AND "aver"* AND {name_words own_words} : ("response time" OR "aver"*)'
    )
    assert wanted.fts5_named(said) == 'name_words : ("response time" AND "aver"*)'


def test_for_postgresql() -> None:
    said = read('"response time" aver')
    assert wanted.tsquery(said) == "(response <-> time) & (aver:*) & ((response:AB <-> time:AB) | (aver:*AB))"
    assert wanted.tsquery_named(said) == "(response:A <-> time:A) & (aver:*A)"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_letters_and_digits_to_the_databases(text: str) -> None:
    assert all(word.isalnum() for word in read(text).words)


@pytest.mark.parametrize(
    ("word", "text", "is_alike"),
    [
        ("answer", "answer", True),
        ("answers", "answering", True),
        ("resol", "resolution", True),  # the last word may go on
        ("resolved", "resolution", False),
        ("time", "tim", False),
        ("time", "timetable", True),
        ("csat", "csa", False),
        ("a-tail", "another", False),  # only the last of them may go on
        ("a-tail", "tailor", True),
    ],
)
def test_forms_of_a_word_look_alike(word: str, text: str, is_alike: bool) -> None:
    assert wanted.is_sought(text, read(word).terms) is is_alike


def test_words_are_replaced_in_their_place() -> None:
    assert read('resoluton "first tme"').replaced({"resoluton": "resolution", "tme": "time"}) == (
        wanted.Wanted((Term(("resolution",)), Term(("first", "time"))))
    )
