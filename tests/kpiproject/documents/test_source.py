"""What stands where in a text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject.documents import source
from kpiproject.documents.source import Place

TEXT = """# Title

First line,
second with [a *link*](https://example.org) and `code`.

| Who | What |
|---|---|
| one | ![seen](image:ab) |

- item\\
  after a break

![alone](image:cd)
"""


def test_everything_is_found_with_its_line() -> None:
    assert source.places(TEXT) == [
        Place(line=1, kind="text", words="Title"),
        Place(line=3, kind="text", words="First line,"),
        Place(line=4, kind="text", words="second with "),
        Place(line=4, kind="link", words="a link", to="https://example.org"),
        Place(line=4, kind="text", words="a "),
        Place(line=4, kind="text", words="link"),
        Place(line=4, kind="text", words=" and "),
        Place(line=4, kind="text", words="."),
        Place(line=6, kind="text", words="Who"),
        Place(line=6, kind="text", words="What"),
        Place(line=8, kind="text", words="one"),
        Place(line=8, kind="picture", words="seen", to="image:ab"),
        Place(line=10, kind="text", words="item"),
        Place(line=11, kind="text", words="after a break"),
        Place(line=13, kind="picture", words="alone", to="image:cd"),
    ]


def test_nothing_is_found_in_code() -> None:
    assert source.places("`{{ a }}`\n\n    {{ b }}\n\n```\n{{ c }}\n```") == []


def test_what_nobody_has_written_by_hand_has_no_places() -> None:
    assert source.places("[" * 20_000) == []
    assert source.places("> " * 500 + "deep") == []


@settings(deadline=None)
@given(st.text(alphabet="ab {}[]()!*_`#|\n-", max_size=200))
def test_lines_are_those_of_the_text(text: str) -> None:
    last = text.count("\n") + 1
    assert all(1 <= place.line <= last for place in source.places(text))
