"""What answers add up to. Sums of any parts can be added; figures are made of them at the very end."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Answers, how many of them are good, middling and bad by the thresholds in force when they were given, how many
    have words, and of those on the survey's own scale number, sum and sum of squares of their scores."""

    n: int = 0
    good: int = 0
    middle: int = 0
    bad: int = 0
    commented: int = 0
    scored: int = 0
    total: int = 0
    square: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(**{name: getattr(self, name) + getattr(other, name) for name in NAMES})

    @property
    def judged(self) -> int:
        """Answers that a score is made of: those on a scale with thresholds."""
        return self.good + self.middle + self.bad


NAMES = tuple(field.name for field in fields(Sums))
NOTHING = Sums()
