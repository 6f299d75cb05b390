"""A draft filled in for many; what a single draft is, test_compose.py shows."""

import pytest

from kpiproject.lib.tokens import new_token
from kpiproject.mail_draft import Draft, Stencil, one_line

KEY, NAME = new_token(), new_token()


def draft(**fields) -> Draft:
    return {
        "kind": "test",
        "sender": '"A" <a@example.org>',
        "recipient": "nobody@example.org",
        "reply_to": "",
        "subject": "Hello",
        "text": f"Hello {NAME}, see https://x.example/{KEY}/",
        "html": f'<p>Hello {NAME}, <a href="https://x.example/{KEY}/">see</a> {KEY}</p>',
        "headers": {"List-Unsubscribe": f"<https://x.example/{KEY}/>", "Precedence": "bulk"},
        "files": [],
        **fields,
    }


def stencil(**fields) -> Stencil:
    return Stencil(draft(**fields), keys={"token": KEY}, words={"name": NAME})


def test_stencil_is_filled_for_one_address_after_another():
    cut = stencil()
    first = cut.fill("ada@example.org", {"token": "abc-_1", "name": 'A & <B> "C"'})
    second = cut.fill("bob@example.org", {"token": "xyz", "name": "Bob"})
    assert first == draft(
        recipient="ada@example.org",
        text='Hello A & <B> "C", see https://x.example/abc-_1/',
        html='<p>Hello A &amp; &lt;B&gt; "C", <a href="https://x.example/abc-_1/">see</a> abc-_1</p>',
        headers={"List-Unsubscribe": "<https://x.example/abc-_1/>", "Precedence": "bulk"},
    )
    assert (second["recipient"], second["text"]) == ("bob@example.org", "Hello Bob, see https://x.example/xyz/")


def test_words_that_look_like_a_stand_in_stay_words():
    filled = stencil().fill("ada@example.org", {"token": "abc", "name": f"{KEY} {NAME}"})
    assert filled["text"] == f"Hello {KEY} {NAME}, see https://x.example/abc/"


@pytest.mark.parametrize("key", ["", "a b", 'a"onclick', "a\r\nBcc: b@example.org", "é"])
def test_key_that_could_break_out_is_refused(key: str):
    with pytest.raises(ValueError, match="cannot be a key"):
        stencil().fill("ada@example.org", {"token": key, "name": ""})


@pytest.mark.parametrize("address", ["", "ada", "ada@example.org\nBcc: b@example.org"])
def test_address_that_is_none_is_refused(address: str):
    with pytest.raises(ValueError, match=r"is not an e-mail address\."):
        stencil().fill(address, {"token": "abc", "name": ""})


@pytest.mark.parametrize(
    "fields", [{"html": f'<p title="{NAME}">Hello</p>'}, {"subject": f"Hello {NAME}"}, {"headers": {"X-Name": NAME}}]
)
def test_words_stand_in_texts_only(fields: dict[str, object]):
    with pytest.raises(ValueError, match=r"^Words of a stencil can only stand in the text\.$"):
        stencil(**fields)


def test_one_line_has_no_breaks_and_no_control_characters():
    assert one_line(" a\r\nb\x00c\u2028 d\t") == "a b c d"
