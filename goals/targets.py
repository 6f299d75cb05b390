"""Which target makes sense for a baseline."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from goals import lines
from goals.models import Goal
from metrics.kpi import Better, Kpi


def check(goal: Goal, kpi: Kpi, target: float) -> None:
    """Raises ValidationError with one sentence where the target is the baseline or lies on its wrong side."""
    if goal.baseline is None:
        return
    words = {
        "target": lines.amount(goal, target),
        "baseline": lines.amount(goal, goal.baseline),
        "days": lines.baseline_days(goal),
    }
    if target == goal.baseline or words["target"] == words["baseline"]:
        message = _(
            "%(target)s is what was measured before (%(days)s), so there is nothing to reach. Choose another target."
        )
        raise ValidationError(message % words)
    if kpi.better is Better.HIGHER and target < goal.baseline:
        message = _("Higher is better here, but %(target)s lies below the baseline of %(baseline)s (%(days)s).")
        raise ValidationError(message % words)
    if kpi.better is Better.LOWER and target > goal.baseline:
        message = _("Lower is better here, but %(target)s lies above the baseline of %(baseline)s (%(days)s).")
        raise ValidationError(message % words)
