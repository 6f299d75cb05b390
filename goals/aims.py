"""What meets a goal: a figure of at least so much, of at most so much, or within a range."""

from dataclasses import dataclass

from metrics.kpi import Better


@dataclass(frozen=True, kw_only=True)
class Aim:
    """`low` and `high` belong to it; None is an open end. At least one of them is given."""

    low: float | None
    high: float | None

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None

    def is_met(self, value: float) -> bool:
        return self._past(value) is None

    def end(self, start: float | None) -> float | None:
        """Where the way from a figure leads: to the only end, or to the nearer one of a range; None where the figure
        is within the range already, or is not known."""
        if not self.is_range:
            return self.high if self.low is None else self.low
        return None if start is None else self._past(start)

    def needed(self, value: float) -> float:
        """From a figure to what meets the aim, with its sign; of a single end also the way back to it."""
        end = self.end(value)
        return 0.0 if end is None else end - value

    def touches(self, low: float | None, high: float | None) -> bool:
        """Whether an interval contains one of the ends, so that chance may have decided."""
        if low is None or high is None:
            return False
        return any(end is not None and low <= end <= high for end in (self.low, self.high))

    def _past(self, value: float) -> float | None:
        """The end beyond which a figure lies; None for one that is met."""
        if self.low is not None and value < self.low:
            return self.low
        return self.high if self.high is not None and value > self.high else None


def aim(direction: str, target: float, target_high: float | None = None) -> Aim:
    """Of a target: a range where it has an upper end, else at least or at most so much, by which is better."""
    if target_high is not None:
        return Aim(low=target, high=target_high)
    return Aim(low=None, high=target) if direction == Better.LOWER else Aim(low=target, high=None)
