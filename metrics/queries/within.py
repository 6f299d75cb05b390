"""How many of the durations behind a figure were no longer than so much."""

from kpiproject.lib import intervals
from metrics.queries import computed, stored
from metrics.queries.exact import EXACT_UP_TO
from metrics.queries.questions import Point, Question, check
from metrics.spreads import Spread
from metrics.sums import Sum


def within(question: Question, seconds: int) -> Point:
    """The share of a duration's rows that took so many seconds at most, in percent with Wilson's interval, over the
    whole period; approximate where only a histogram is at hand. Raises BadQuestion."""
    asked = check(question).overall
    if asked.period is None:
        return Point(start=asked.now, end=None)
    gathered = stored.gather(asked) if asked.is_simple else computed.gather(asked)
    spread = _spread(gathered)
    if not spread.is_exact and len(spread) <= EXACT_UP_TO:
        spread = _spread(computed.gather(asked))
    n, part = len(spread), spread.up_to(seconds)
    low, high = intervals.wilson(part, n) or (None, None)
    return Point(
        start=asked.period.start,
        end=asked.period.end,
        value=100 * part / n if n else None,
        n=n,
        part=part,
        whole=n,
        low=low,
        high=high,
        approximate=not spread.is_exact,
    )


def _spread(gathered: stored.Gathered) -> Spread:
    found = gathered.sums.get((0, ""), Sum())
    return Spread(found.exact, found.stored)
