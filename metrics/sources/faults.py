"""What can be wrong with a file as a whole, with one cell, and what is worth a remark."""

from collections.abc import Mapping, Sequence
from typing import Any


class FileFault(ValueError):  # noqa: N818 (it is a fault of the file, not of ours)
    """The file as a whole cannot be used. Its text is one sentence for the person who chose it."""


class Unsettled(FileFault):
    """Something that whoever imports the file can still decide."""


class UnknownOrder(Unsettled):
    """Dates that can be read in two ways, and nothing in the file that proves which is meant."""

    def __init__(self, message: str, example: str) -> None:
        super().__init__(message)
        self.example = example


class MissingColumn(Unsettled):
    """Required columns that the header does not have."""

    def __init__(self, message: str, columns: Sequence[str]) -> None:
        super().__init__(message)
        self.columns = tuple(columns)


class UnknownScale(Unsettled):
    """Scores of which nothing says how many points there were, or what was asked."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class BadValue(ValueError):  # noqa: N818 (the same)
    """One cell cannot be understood; its row is rejected with this reason and sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Notes:
    """Remarks about a file, counted by their code, each with the first example."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.examples: dict[str, str] = {}

    def add(self, code: str, example: str, count: int = 1) -> None:
        self.counts[code] = self.counts.get(code, 0) + count
        self.examples.setdefault(code, example[:200])

    def copy(self) -> "Notes":
        other = Notes()
        other.replace(self)
        return other

    def replace(self, other: "Notes") -> None:
        """Forget what was noted since the copy was made."""
        self.counts, self.examples = dict(other.counts), dict(other.examples)

    def as_list(self) -> list[Mapping[str, Any]]:
        """What the contract calls warnings."""
        return [
            {"code": code, "count": count, "example": self.examples[code]}
            for code, count in sorted(self.counts.items())
        ]


def short(text: str, longest: int = 60) -> str:
    """A text as it may stand in a sentence."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
