"""A: neither luck nor a miracle: how far the target lies beyond what the figure does anyway."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from goals import achievable, lines
from goals.achievable import Reach
from goals.kinds import Kind
from goals.smart.facts import Check, Facts, blocked, change, passed, warned
from metrics import presentation
from metrics.kpi import Better

_SHOWN: Final = 99.0


def distance(facts: Facts) -> Iterator[Check]:
    """Of a level that is kept only that it is kept."""
    end = facts.end
    if end is None or facts.kind is Kind.MAINTAIN or len(facts.recent) < achievable.LEAST:
        return
    goal, better = facts.goal, _towards(facts)
    found = achievable.reach(facts.recent, end, better, ever=facts.values)
    words = {
        "target": lines.amount(goal, end),
        "mean": lines.amount(goal, sum(facts.recent) / len(facts.recent)),
        "best": lines.amount(goal, achievable.best(facts.values, better)),
        "z": presentation.number(min(max(achievable.distance(facts.recent, end, better), 0.0), _SHOWN), 1),
    }
    if found is Reach.ALREADY_MET:
        text = _("On average %(target)s is met already: %(mean)s. Choose a target beyond that.")
        yield blocked("distance", text % words, "target")
    if found is Reach.INSIDE:
        text = _(
            "%(target)s lies within what the figure does anyway (mean %(mean)s): luck alone will do it. Choose a "
            "target further away, or say what is to be proved by this one."
        )
        yield warned("distance", text % words)
    if found is Reach.BEYOND:
        yield warned("distance", _beyond(facts, end, better) % words)
    text = _("A stretch: %(z)s standard deviations beyond the mean of %(mean)s; the best ever was %(best)s.")
    yield passed("distance", text % words)


def _beyond(facts: Facts, end: float, better: Better) -> str:
    if achievable.is_record(facts.values, end, better):
        return _(
            "%(target)s is better than anything so far (best: %(best)s, mean %(mean)s). As you work now it will not "
            "happen: name what is going to change."
        )
    return _(
        "%(target)s lies %(z)s standard deviations beyond the mean of %(mean)s. As you work now it will not happen: "
        "name what is going to change."
    )


def slope(facts: Facts) -> Iterator[Check]:
    """From the mean of now to the target in the periods that are left, against the fastest change there ever was."""
    end = facts.end
    if end is None or facts.kpi is None or facts.kind is Kind.MAINTAIN or facts.ahead < 1:
        return
    better = _towards(facts)
    best = achievable.best_slope(facts.values, better)
    if best is None:
        return
    recent = facts.values[-achievable.LEAST :]
    needed = achievable.needed_slope(sum(recent) / len(recent), end, ahead=facts.ahead)
    sign = -1 if better is Better.LOWER else 1
    if sign * needed <= max(sign * best, 0.0):
        yield passed("slope", _("It has changed as fast as that before."))
    amounts = {"needed": abs(needed), "best": abs(best)}
    words = {name: change(facts.goal, facts.kpi, amount) for name, amount in amounts.items()}
    if sign * best <= 0:
        text = _(
            "It would have to change by %(needed)s in each period until it is due, and over six periods it has never "
            "got better. Name what is going to change."
        )
        yield warned("slope", text % words)
    text = _(
        "It would have to change by %(needed)s in each period until it is due; over six periods it has changed by "
        "%(best)s each at the fastest. Choose a later day, a nearer target, or name what is going to change."
    )
    yield warned("slope", text % words)


def _towards(facts: Facts) -> Better:
    """The direction of the way, which of a range is that to its nearer end."""
    if facts.target_high is not None and facts.end == facts.target_high:
        return Better.LOWER
    return facts.better
