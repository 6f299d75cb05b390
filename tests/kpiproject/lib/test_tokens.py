from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kpiproject.lib import tokens

NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)


def test_new_tokens_fit_into_an_address_and_differ():
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(tokens.is_token(token) for token in made)


@pytest.mark.parametrize("text", ["", "a" * 21, "a" * 23, "a" * 21 + "/", "a" * 21 + "é", "a" * 22 + "\n"])
def test_what_cannot_be_a_token(text):
    assert not tokens.is_token(text)


def test_a_signed_value_comes_back():
    assert tokens.unsign("share", tokens.sign("share", {"id": 7, "to": "é"})) == {"id": 7, "to": "é"}


@pytest.mark.parametrize(
    "change", [lambda t: t + "x", lambda t: "x" + t, lambda t: t[:-1], lambda _: "", lambda _: "a:b:c"]
)
def test_a_changed_text_is_refused(change):
    with pytest.raises(tokens.BadToken, match=r"^This link is not complete, or it was changed\.$"):
        tokens.unsign("share", change(tokens.sign("share", 7)))


def test_a_text_signed_for_something_else_is_refused():
    with pytest.raises(tokens.BadToken, match=r"^This link is not complete, or it was changed\.$"):
        tokens.unsign("confirm", tokens.sign("share", 7))


def test_an_old_text_is_refused():
    with time_machine.travel(NOW, tick=False) as clock:
        text = tokens.sign("share", 7)
        clock.shift(timedelta(days=7))
        assert tokens.unsign("share", text, timedelta(days=7)) == 7
        clock.shift(timedelta(seconds=1))
        with pytest.raises(tokens.BadToken, match=r"^This link is too old\.$"):
            tokens.unsign("share", text, timedelta(days=7))
        assert tokens.unsign("share", text) == 7
