import pytest
from hypothesis import given
from hypothesis import strategies as st

from manual.plain_words import plain, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("First response time", "first response time"),
        ("first_response_time", "first response time"),
        ("Grüße, Straße & Résumé", "grusse strasse resume"),
        ("24/7 e-mail: 85.5 %", "24 7 email 85 5"),
        ("E‑Mail-Adresse, e-mails, the-mail", "email adresse emails the mail"),
        ("customer’s <b>", "customer s b"),
        ("ﬁnd m²", "find m2"),
        ("😀 … —", ""),
    ],
)
def test_words_are_small_letters_without_accents(text: str, found: str) -> None:
    assert plain(text) == found


@given(st.text(max_size=60))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_word_without_an_end_is_cut() -> None:
    assert words("a" * 5000) == ["a" * 100]
