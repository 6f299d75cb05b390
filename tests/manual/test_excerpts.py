from hypothesis import given
from hypothesis import strategies as st

from manual.excerpts import Piece, excerpt, html, marked
from manual.wanted import read


def shown(text: str, query: str) -> str:
    return "".join(f"[{piece.words}]" if piece.is_marked else piece.words for piece in excerpt(text, read(query).terms))


def test_words_are_marked_as_they_stand_there() -> None:
    assert shown("Antworten: Grüße, GRÜSSE und Gruß", "gruss") == "Antworten: [Grüße], [GRÜSSE] und [Gruß]"
    assert shown("By E-Mail, email or mail", "email") == "By [E-Mail], [email] or mail"
    assert shown("We answer; answering answers", "answers") == "We [answer]; [answering] [answers]"


def test_the_line_with_most_of_the_words_is_shown_with_what_follows() -> None:
    assert shown("We help.\nWe answer.\nWe answer every question.\nAlways.", "answer question") == (
        "We [answer] every [question]. · Always."
    )


def test_a_long_line_is_cut_between_words_around_the_first() -> None:
    text = f"{'before ' * 50}resolution {'after ' * 50}"
    assert shown(text, "resolution") == (f"… {'before ' * 8}[resolution] {'after ' * 28}".rstrip() + " …")


def test_without_a_word_of_it_the_beginning_is_shown() -> None:
    assert shown("We help.\nAlways.", "elsewhere") == "We help. · Always."
    assert excerpt("", read("anything").terms) == []


def test_markup_is_text() -> None:
    found = html(marked('<b>csat</b> "&"', read("csat").terms))
    assert found == "&lt;b&gt;<mark>csat</mark>&lt;/b&gt; &quot;&amp;&quot;"


@given(st.text(max_size=400), st.text(max_size=20))
def test_marking_changes_no_word(text: str, query: str) -> None:
    pieces = marked(text, read(query).terms)
    assert "".join(piece.words for piece in pieces) == text
    assert Piece("") not in pieces
