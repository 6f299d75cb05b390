"""Which target makes sense for a KPI and a baseline."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from goals import lines, scales
from goals.aims import Aim
from goals.models import Goal
from metrics import presentation
from metrics.kpi import Better, Kpi


def outside(goal: Goal, kpi: Kpi, value: float) -> str:
    """A sentence for a target that no figure of the KPI can have; otherwise empty."""
    return "" if scales.holds(kpi, value) else beyond(kpi, value, lines.amount(goal, value))


def beyond(kpi: Kpi, value: float, text: str) -> str:
    """A sentence for a value, written as `text`, that no figure of the KPI can have; otherwise empty."""
    if scales.holds(kpi, value):
        return ""
    low, high = (None if end is None else presentation.value(end, kpi) for end in scales.scale(kpi))
    words = {"value": text, "kpi": kpi.name, "low": low, "high": high}
    if high is None:
        return _("%(value)s lies outside the scale of “%(kpi)s”, which begins at %(low)s.") % words
    return _("%(value)s lies outside the scale of “%(kpi)s”, which goes from %(low)s to %(high)s.") % words


def fault(goal: Goal, kpi: Kpi, target: float, high: float | None = None) -> str:
    """A sentence for what can be no target: outside the scale, a range without a width, or the baseline itself."""
    ends = [target] if high is None else [target, high]
    found = [text for text in (outside(goal, kpi, end) for end in ends) if text]
    if high is not None and target >= high:
        found.append(_("The upper end of the range must lie above the target, its lower end."))
    words = _words(goal, target, None)
    if high is None and goal.baseline is not None and words["target"] == words["baseline"]:
        text = _(
            "%(target)s is what was measured before (%(days)s), so there is nothing to reach. Choose another target."
        )
        found.append(text % words)
    return found[0] if found else ""


def check(goal: Goal, kpi: Kpi, target: float, high: float | None = None, *, keeps: bool = False) -> None:
    """Raises ValidationError with one sentence for what can be no target, and where it would make another goal of it:
    what is to be reached must lie ahead of the baseline, what is to be kept (`keeps`) must have been met by it."""
    if text := fault(goal, kpi, target, high):
        raise ValidationError(text)
    if goal.baseline is None:
        return
    words = _words(goal, target, high)
    is_met = _aim(kpi, target, high).is_met(goal.baseline) if high is not None or _has_side(kpi) else keeps
    if is_met == keeps:
        return
    if keeps:
        message = _(
            "This goal keeps what was there before (%(baseline)s, %(days)s). To reach %(target)s, set a new one."
        )
    elif high is not None:
        message = _(
            "%(baseline)s was measured before (%(days)s) and lies within %(target)s: there is nothing to reach."
        )
    elif kpi.better is Better.HIGHER:
        message = _("Higher is better here, but %(target)s lies below the baseline of %(baseline)s (%(days)s).")
    else:
        message = _("Lower is better here, but %(target)s lies above the baseline of %(baseline)s (%(days)s).")
    raise ValidationError(message % words)


def _has_side(kpi: Kpi) -> bool:
    return kpi.better is not Better.NEITHER


def _aim(kpi: Kpi, target: float, high: float | None) -> Aim:
    if high is not None:
        return Aim(low=target, high=high)
    return Aim(low=None, high=target) if kpi.better is Better.LOWER else Aim(low=target, high=None)


def _words(goal: Goal, target: float, high: float | None) -> dict[str, str]:
    return {
        "target": lines.amount(goal, target) if high is None else lines.interval(goal, target, high),
        "baseline": lines.amount(goal, goal.baseline),
        "days": lines.baseline_days(goal),
    }
