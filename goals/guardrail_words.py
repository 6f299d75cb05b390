"""A goal's guardrail in words, from what is stored about it alone."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import lines
from goals.models import Goal
from metrics import presentation
from metrics.kpi import Better, Kpi, Stock, Text, Total
from metrics.queries import find

GOODHART: Final[Text] = gettext_lazy(
    "Once money or praise hangs on a figure, people look after the figure and no longer after what it stands for "
    "(Goodhart’s law). Look at the guardrail and at what customers write, not at the figure alone."
)


@dataclass(frozen=True, kw_only=True)
class Guardrail:
    """`tone` is good, bad or empty; `text` is one sentence that also says where nothing is known."""

    name: str
    limit: str
    value: str
    note: str
    tone: str
    text: str
    kpi: Kpi | None


def guardrail(goal: Goal) -> Guardrail | None:
    """None for a goal without one."""
    if not goal.guardrail:
        return None
    kpi = find(goal.guardrail)
    name = str(kpi.name) if kpi else goal.guardrail
    tones = {True: "bad", False: "good", None: ""}
    return Guardrail(
        name=name,
        limit=limit(goal, kpi),
        value=amount(goal, goal.guardrail_value, kpi),
        note=_note(goal, kpi),
        tone=tones[goal.guardrail_breached],
        text=_sentence(goal, kpi, name),
        kpi=kpi,
    )


def is_hollow(goal: Goal) -> bool:
    """Whether the target is met, or on its way to be, at the expense of what was not to suffer."""
    if not goal.guardrail or not goal.guardrail_breached:
        return False
    is_met = goal.value is not None and goal.aim.is_met(goal.value)
    return is_met or goal.status in (Goal.Status.ON_TRACK, Goal.Status.ACHIEVED)


def standing(goal: Goal) -> str:
    """In two or three words how the guardrail stands; empty for a goal without one."""
    if not goal.guardrail:
        return ""
    if is_hollow(goal):
        return _("hollow win so far")
    return {
        True: _("guardrail breached"),
        False: _("guardrail holds"),
        None: _("guardrail not measured"),
    }[goal.guardrail_breached]


def amount(goal: Goal, value: float | None, kpi: Kpi | None) -> str:
    """A value of the guardrail's KPI with its unit; of one that is gone, the number."""
    if value is None:
        return _("no data")
    if kpi is None:
        return presentation.number(value, 0 if float(value).is_integer() else 1)
    text = presentation.value(value, kpi, goal.guardrail_clock or None)
    if kpi.shape is not Total:
        return text
    template = _("%(value)s per month") if goal.grain == Goal.Grain.MONTH else _("%(value)s per week")
    return template % {"value": text}


def limit(goal: Goal, kpi: Kpi | None) -> str:
    """“at least 85 %”, “at most 4 h”; without a limit nothing."""
    if goal.guardrail_limit is None:
        return ""
    words = {"limit": amount(goal, goal.guardrail_limit, kpi)}
    if kpi is None:
        return words["limit"]
    return (_("at most %(limit)s") if kpi.better is Better.LOWER else _("at least %(limit)s")) % words


def _sentence(goal: Goal, kpi: Kpi | None, name: str) -> str:
    words = {"name": name, "limit": limit(goal, kpi), "value": amount(goal, goal.guardrail_value, kpi)}
    if kpi is None:
        return _("The KPI of the guardrail, “%(name)s”, no longer exists: nothing guards this goal.") % words
    if goal.guardrail_breached is None:
        return _("Guardrail, %(name)s %(limit)s: not measured in the last 4 complete periods.") % words
    words["period"] = lines.piece(goal, goal.guardrail_start) if goal.guardrail_start else ""
    if goal.guardrail_breached:
        text = _("Guardrail breached: %(name)s is to be %(limit)s and was %(value)s (%(period)s).") % words
        return f"{text} {_close(goal, kpi)}".rstrip()
    return _("Guardrail holds: %(name)s is to be %(limit)s and was %(value)s (%(period)s).") % words


def _close(goal: Goal, kpi: Kpi) -> str:
    low, high, limit_ = goal.guardrail_low, goal.guardrail_high, goal.guardrail_limit
    if low is None or high is None or limit_ is None or not low <= limit_ <= high:
        return ""
    words = {"low": amount(goal, low, kpi), "high": amount(goal, high, kpi)}
    return _("It may be chance: the limit lies within the interval, %(low)s to %(high)s.") % words


def _note(goal: Goal, kpi: Kpi | None) -> str:
    if kpi is None or goal.guardrail_value is None or issubclass(kpi.shape, Total | Stock):
        return ""
    return presentation.counted(goal.guardrail_n, kpi)
