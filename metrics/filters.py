"""Keeping members: which ones of a dimension are offered, and which the reader keeps already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from metrics import presentation, queries
from metrics.forms import QuestionForm

MOST_OFFERED: Final = 200
_ANEW: Final = ("page", "offer", "all")


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    is_kept: bool


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The members of one dimension; `hidden` is the rest of the question. Beyond MOST_OFFERED none is offered."""

    dimension: str
    name: str
    choices: list[Choice]
    hidden: list[tuple[str, str]]
    more: int


def offered(form: QuestionForm, names: Callable[[str, Sequence[str]], Mapping[str, str]]) -> Offered | None:
    """None unless the reader asks for the members of a dimension. Those that are kept are always offered."""
    dimension = form.cleaned_data["offer"]
    if not dimension:
        return None
    kept = set((form.cleaned_data.get("where") or {}).get(dimension, []))
    members = sorted(kept | set(queries.members(form.kpi, dimension)), key=lambda member: (member not in kept, member))
    shown = members[:MOST_OFFERED]
    called = names(dimension, shown)
    return Offered(
        dimension=dimension,
        name=presentation.dimension(dimension),
        choices=[
            Choice(
                value=f"{dimension}={member}",
                label=presentation.member(member, called),
                is_kept=member in kept,
            )
            for member in shown
        ],
        hidden=_hidden(form, dimension),
        more=len(members) - len(shown),
    )


def _hidden(form: QuestionForm, dimension: str) -> list[tuple[str, str]]:
    found = []
    for name, values in form.asked.lists():
        if name not in _ANEW:
            found += [(name, text) for text in values if name != "where" or text.partition("=")[0] != dimension]
    return found
