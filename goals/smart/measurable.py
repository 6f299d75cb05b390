"""M: a figure that is measured, often enough to say something, and a target on its scale that can be told apart."""

from collections.abc import Iterator
from datetime import timedelta
from math import sqrt
from statistics import median
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import achievable, baseline_words, detectable, lines, targets
from goals.course import LEAST_ROWS
from goals.kinds import Kind
from goals.models import Goal
from goals.smart.facts import Check, Facts, blocked, change, passed, warned
from metrics import presentation
from metrics.kpi import Mean, Ratio, Stock, Total, Unit

_DEAD: Final = 2
"""Without data in so many complete periods a feed is not live."""
_OLDEST: Final = timedelta(days=183)
_Z: Final = 1.96


def feed(facts: Facts) -> Iterator[Check]:
    goal = facts.goal
    if facts.kpi is None or facts.scope_fault:
        return
    if facts.is_computing:
        yield blocked(
            "feed",
            _("The figures of this KPI are just being computed. Save the goal as a draft, or try again in a minute."),
        )
    if goal.baseline is None and facts.start is not None:
        wait = _("Save the goal as a draft; make it active when there is.")
        yield blocked("feed", f"{baseline_words.no_baseline(goal)} {wait}")
    have = len(facts.values)
    words = {"have": have, "need": achievable.LEAST, "kpi": facts.kpi.name}
    if have < achievable.LEAST:
        yield blocked("feed", _periods_needed(goal, have) % words)
    if facts.missing >= _DEAD:
        text = _(
            "Nothing has come in for the last %(missing)s complete periods. Look after the source of the data first; a "
            "goal cannot be judged without it."
        )
        yield blocked("feed", text % {"missing": facts.missing})
    yield passed("feed", _measured(goal, have) % words)


def _periods_needed(goal: Goal, have: int) -> str:
    if goal.grain == Goal.Grain.MONTH:
        return ngettext(
            "“%(kpi)s” has enough data in %(have)s complete month; %(need)s are needed before a goal is set by it.",
            "“%(kpi)s” has enough data in %(have)s complete months; %(need)s are needed before a goal is set by it.",
            have,
        )
    return ngettext(
        "“%(kpi)s” has enough data in %(have)s complete week; %(need)s are needed before a goal is set by it.",
        "“%(kpi)s” has enough data in %(have)s complete weeks; %(need)s are needed before a goal is set by it.",
        have,
    )


def _measured(goal: Goal, have: int) -> str:
    if goal.grain == Goal.Grain.MONTH:
        return ngettext("Measured in %(have)s complete month.", "Measured in %(have)s complete months.", have)
    return ngettext("Measured in %(have)s complete week.", "Measured in %(have)s complete weeks.", have)


def volume(facts: Facts) -> Iterator[Check]:
    """Numbers of events and levels rest on nothing but themselves."""
    if facts.kpi is None or not facts.counts or issubclass(facts.kpi.shape, Total | Stock):
        return
    usual = median(facts.counts)
    words = {"n": presentation.counted(round(usual), facts.kpi), "least": LEAST_ROWS}
    if usual >= LEAST_ROWS:
        yield passed("volume", _("Usually %(n)s in each period.") % words)
    if facts.goal.grain == Goal.Grain.WEEK:
        text = _("Usually only %(n)s in a week, and weeks with fewer than %(least)s say nothing. Judge it by month.")
        yield warned("volume", text % words)
    yield warned(
        "volume", _("Usually only %(n)s in a month, and months with fewer than %(least)s say nothing.") % words
    )


def target(facts: Facts) -> Iterator[Check]:
    if facts.kpi is None:
        return
    if facts.target is None:
        yield blocked("target", facts.target_fault or _("Say what is to be reached."), "target")
        return
    if text := targets.fault(facts.goal, facts.kpi, facts.target, facts.target_high):
        is_upper = facts.target_high is not None and facts.target_high <= facts.target
        yield blocked("target", text, "target_high" if is_upper else "target")
    words = {"target": lines.target(facts.goal), "baseline": lines.amount(facts.goal, facts.goal.baseline)}
    if facts.kind is Kind.MAINTAIN:
        text = _(
            "The baseline of %(baseline)s already meets %(target)s, so the goal is to keep a level, not to reach one. "
            "If that is not what you want, choose a target beyond the baseline."
        )
        yield warned("target", text % words)
    if facts.goal.baseline is None:
        return
    yield passed("target", _("From %(baseline)s to %(target)s.") % words)


def detectable_change(facts: Facts) -> Iterator[Check]:
    """Whether a period can tell the target from the baseline; of a level that is kept nothing has to change."""
    goal, kpi, end = facts.goal, facts.kpi, facts.end
    least = _least_change(facts)
    if kpi is None or least is None or end is None or goal.baseline is None or facts.kind is Kind.MAINTAIN:
        return
    words = {
        "n": presentation.counted(round(median(facts.counts)), kpi),
        "least": change(goal, kpi, least),
        "change": change(goal, kpi, abs(end - goal.baseline)),
    }
    if abs(end - goal.baseline) >= least:
        yield passed("detectable", _("With %(n)s in a period a change of %(change)s can be seen.") % words)
    text = _(
        "You will not be able to tell: with %(n)s in a period only a change of %(least)s can be told from "
        "chance, and this is one of %(change)s."
    )
    is_week = goal.grain == Goal.Grain.WEEK
    way_out = _("Judge it by month, or look at the course only.") if is_week else _("Look at the course only.")
    yield warned("detectable", f"{text % words} {way_out}")


def _least_change(facts: Facts) -> float | None:
    """In the unit of the KPI, between two periods; None where it cannot be known."""
    goal, kpi = facts.goal, facts.kpi
    usual = median(facts.counts) if facts.counts else 0
    if kpi is None or goal.baseline is None or usual < 1:
        return None
    if kpi.unit is Unit.PERCENT and issubclass(kpi.shape, Ratio):
        return 100 * detectable.share(goal.baseline / 100, usual)
    if not issubclass(kpi.shape, Mean) or goal.baseline_low is None or goal.baseline_high is None:
        return None
    # The interval of a mean is 1.96 standard errors to either side.
    deviation = (goal.baseline_high - goal.baseline_low) / 2 / _Z * sqrt(goal.baseline_n)
    return detectable.mean(deviation, usual)


def baseline_age(facts: Facts) -> Iterator[Check]:
    goal = facts.goal
    if facts.start is None or goal.baseline is None or goal.baseline_end is None:
        return
    words = {"day": date_format(goal.baseline_end - timedelta(days=1), "DATE_FORMAT")}
    if facts.start - goal.baseline_end > _OLDEST:
        text = _("The baseline ends on %(day)s, more than six months before the start. Measure newer figures first.")
        yield warned("baseline_age", text % words)
    yield passed("baseline_age", _("The baseline is measured up to %(day)s.") % words)
