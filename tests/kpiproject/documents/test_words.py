from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kpiproject.documents import markdown, tree, words
from kpiproject.documents.tree import paragraph
from tests.kpiproject.documents.trees import HOSTILE, document, documents, everything, picture

EVERYTHING = r"""# The manual

How we serve

- Edition: 3

- Figures as of: 22 November 2026

## 1 The part

### How we measure

We ask **everyone** and count `n`.

1. First look at n

2. See [the targets](<#targets>)

> Fewer than 30 answers are not compared.

- Formula: satisfied ÷ answered

- Source: Own surveys

Satisfied customers by week

#### Targets

Targets by channel

| Channel | Target | n |
| --- | ---: | ---: |
| Chat | 85.5 % | 1,204 |
| Mail | – | 0 |

> What is measured gets done.

***

```
csat = satisfied / answered
```

\<script\>alert(1)\</script\> #import "x" $x^2$ \\ \<label\> @ref \*b\* \_i\_ \`c\` \[l\](javascript:alert(1)) \& "q"

***

Edition 3 · printed copies are uncontrolled
"""


def test_lines() -> None:
    assert words.lines(everything()["sections"][0]["blocks"]) == [
        "How we measure",
        "We ask everyone and count n.",
        "First look at n",
        "See the targets",
        "Fewer than 30 answers are not compared.",
        "Formula: satisfied ÷ answered",
        "Source: Own surveys",
        "Satisfied customers by week",
        "Targets",
        "Targets by channel",
        "Channel | Target | n",
        "Chat | 85.5 % | 1,204",
        "Mail | – | 0",
        "What is measured gets done.",
        "csat = satisfied / answered",
        HOSTILE,
    ]


def test_to_markdown() -> None:
    assert words.to_markdown(everything()) == EVERYTHING


@pytest.mark.parametrize(
    "text",
    [
        "# a",
        "1. a",
        "2) a",
        "- a",
        "+ a",
        "=== a",
        ":- a",
        "    a",
        "| a | b |",
        "&amp; &#65;",
        "a\\",
        "![a](b)",
        "~~~",
    ],
)
def test_to_markdown_says_the_same_when_read_again(text: str) -> None:
    [_title, _part, found] = markdown.parse(words.to_markdown(document(paragraph(text))))
    assert found == paragraph(" ".join(text.split()))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_any_document_says_the_same_when_read_again(found: Any) -> None:
    again = markdown.parse(words.to_markdown(found))
    told = [found["title"], found["subtitle"], *(f"{name}: {value}" for name, value in found["facts"])]
    told += ["1 The part", *words.lines(found["sections"][0]["blocks"]), found["foot"]]
    assert _signs(words.lines(again)) == _signs([tree.clean(line) for line in told])


def _signs(lines: list[str]) -> str:
    """Bars between cells are not words; a table without a column is its caption."""
    return "".join("".join(lines).replace("|", "").split())


def test_a_picture_is_its_words_and_comes_back_from_markdown() -> None:
    shown = picture(alt="A [red] thing & *more*")
    assert words.lines([shown]) == ["A [red] thing & *more*"]
    text = words.to_markdown(document(shown))
    (again,) = markdown.parse(text.splitlines()[-1])
    assert again == {"is": "picture", "name": "abc", "alt": "A [red] thing & *more*"}
