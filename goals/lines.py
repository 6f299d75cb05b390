"""A goal in words, from what is stored about it alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import caveats, forecast, milestone_words
from goals.models import Goal, Objective
from goals.reasons import ASSURED, REASONS
from kpiproject.lib.periods import Grain
from kpiproject.models import User
from metrics import presentation
from metrics.kpi import Kpi, Stock, Total, Unit
from metrics.queries import find, find_kpi

Status = Goal.Status
TONES: Final[Mapping[str, str]] = {
    Status.ON_TRACK: "good",
    Status.ACHIEVED: "good",
    Status.AT_RISK: "warn",
    Status.OFF_TRACK: "bad",
    Status.MISSED: "bad",
}


@dataclass(frozen=True, kw_only=True)
class GoalLine:
    """A goal as it is shown. `share` is the progress within 0 and 1, for bars; `progress` says beyond them words."""

    goal: Goal
    statement: str
    objective: Objective
    owner: User
    kpi: Kpi | None  # None: it is no longer in the catalogue, or the goal has milestones
    kpi_name: str
    scope: str  # such as "channel: chat"; empty for everything
    clock: str
    baseline: str
    baseline_note: str
    target: str
    value: str
    value_note: str
    progress: str | None
    share: float | None
    status: str
    status_name: str
    tone: str  # good, warn, bad or empty
    reason: str
    probability: str | None
    start: date
    due: date


def line(goal: Goal) -> GoalLine:
    """Without a query, if the goal came with its objective and its owner."""
    kpi = find(goal.kpi)
    is_anew = is_judged_anew(goal)
    is_judged = goal.status in (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK) and not is_anew
    share = None if is_anew else goal.progress
    return GoalLine(
        goal=goal,
        statement=goal.statement,
        objective=goal.objective,
        owner=goal.owner,
        kpi=kpi,
        kpi_name=kpi_name(goal),
        scope=scope(goal),
        clock=str(presentation.CLOCK_NAMES.get(goal.clock, "")),
        baseline=amount(goal, goal.baseline) if goal.has_kpi else "",
        baseline_note=baseline_note(goal),
        target=target(goal),
        value=amount(goal, goal.value) if goal.has_kpi else milestone_words.value(goal),
        value_note=value_note(goal),
        progress=None if share is None else progress(share),
        share=None if share is None else min(max(share, 0.0), 1.0),
        status=goal.status,
        status_name=_("being judged anew") if is_anew else status_name(goal.status, goal.reason),
        tone="" if is_anew else TONES.get(goal.status, ""),
        reason=reason(goal),
        probability=chance(goal.probability) if is_judged and goal.probability is not None else None,
        start=goal.start,
        due=goal.due,
    )


def kpi_name(goal: Goal) -> str:
    """Of a KPI that is gone, its code."""
    kpi = find(goal.kpi)
    if not goal.has_kpi:
        return milestone_words.name()
    return str(kpi.name) if kpi else goal.kpi


def status_name(status: str, why: str) -> str:
    """A status, by its reason: what varies too much has data enough. Empty before anything was judged."""
    if status == Status.GATHERING and why == "unclear":
        return _("varies too much")
    return str(Status(status).label) if status else ""


def is_judged_anew(goal: Goal) -> bool:
    """Whether the target was moved, or the baseline measured again, and the stored judgement is one of before."""
    return goal.state == Goal.State.ACTIVE and bool(goal.status) and bool(goal.outlook.get("is_anew"))


def scope(goal: Goal) -> str:
    if not goal.dimension:
        return ""
    name = presentation.member(goal.member, {goal.member: str(goal.outlook.get("member_name", goal.member))})
    return f"{presentation.dimension(goal.dimension)}: {name}"


def progress(share: float) -> str:
    """A number on the way only: a multiple of a short way, or a negative one, says nothing to a reader."""
    if share < 0:
        return _("further away than at the start")
    return _("the target is reached and passed") if share > 1 else _percent(share)


def amount(goal: Goal, value: float | None) -> str:
    """A value of the goal's KPI with its unit; of what is counted, per period. Of a KPI that is gone, the number.

    What is counted is told in whole numbers, also where it is a mean or expected.
    """
    kpi = find(goal.kpi)
    if value is None:
        return _("no data")
    if kpi is None:
        number = presentation.number(value, 0 if float(value).is_integer() else 1)
        return number if goal.has_kpi else milestone_words.amount(value)
    text = _value(goal, value, kpi)
    if kpi.shape is not Total:
        return text
    template = _("%(value)s per month") if goal.grain == Goal.Grain.MONTH else _("%(value)s per week")
    return template % {"value": text}


def target(goal: Goal) -> str:
    """What is to be reached or kept; of a range both ends."""
    if not goal.has_kpi:
        return milestone_words.target(goal)
    return amount(goal, goal.target) if goal.target_high is None else interval(goal, goal.target, goal.target_high)


def interval(goal: Goal, low: float | None, high: float | None) -> str:
    """“81.0 % to 88.2 %”; empty where there is no interval."""
    kpi = find(goal.kpi)
    if kpi is None or low is None or high is None:
        return ""
    low_text, high_text = (_value(goal, bound, kpi) for bound in (low, high))
    return _("%(low)s to %(high)s") % {"low": low_text, "high": high_text}


def _value(goal: Goal, value: float, kpi: Kpi) -> str:
    """A target of half a ticket stays one."""
    is_counted = kpi.unit is Unit.COUNT and value not in (goal.target, goal.target_high)
    return presentation.number(value) if is_counted else presentation.value(value, kpi, goal.clock or None)


def baseline_note(goal: Goal) -> str:
    """What the baseline rests on: rows, interval and days."""
    if goal.baseline is None:
        return ""
    bounds = interval(goal, goal.baseline_low, goal.baseline_high)
    found = [_rests_on(goal, goal.baseline_n), bounds, baseline_days(goal)]
    return "; ".join(part for part in found if part)


def baseline_days(goal: Goal) -> str:
    if goal.baseline_start is None or goal.baseline_end is None:
        return ""
    return presentation.days(goal.baseline_start, goal.baseline_end - timedelta(days=1))


def value_note(goal: Goal) -> str:
    """What the value of the last complete period rests on, and which period that is."""
    if goal.value is None or goal.value_start is None:
        return ""
    kpi = find(goal.kpi)
    has_rows = kpi is not None and kpi.shape not in (Total, Stock)
    counted = presentation.counted(goal.value_n, kpi) if kpi and has_rows else ""
    found = [counted, interval(goal, goal.value_low, goal.value_high), piece(goal, goal.value_start)]
    return "; ".join(part for part in found if part)


def piece(goal: Goal, start: date) -> str:
    """The name of one of the goal's periods: “week of 16 Nov 2026”, “November 2026”."""
    if goal.grain == Goal.Grain.MONTH:
        return presentation.period(start, Grain.MONTH)
    return _("week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}


def chance(probability: float) -> str:
    """In tenths, because more would promise too much."""
    if probability < 0.05:
        return _("less than 1 in 10")
    if probability > 0.95:
        return _("more than 9 in 10")
    return _("about %(tenths)s in 10") % {"tenths": min(max(round(10 * probability), 1), 9)}


def _rests_on(goal: Goal, n: int) -> str:
    kpi = find(goal.kpi)
    periods = goal.outlook.get("baseline_periods", 0)
    if kpi is None or kpi.shape not in (Total, Stock):
        return presentation.counted(n, kpi) if kpi else f"n = {presentation.number(n)}"
    if goal.grain == Goal.Grain.MONTH:
        return ngettext("mean of %(n)s month", "mean of %(n)s months", periods) % {"n": periods}
    return ngettext("mean of %(n)s week", "mean of %(n)s weeks", periods) % {"n": periods}


def _percent(share: float) -> str:
    return presentation.SPACE.join((presentation.number(100 * share), "%"))


# --- Reasons: a code in Goal.reason, a sentence in goals.reasons or a function here


def reason(goal: Goal) -> str:
    """Why the goal stands as it does, in one line."""
    if goal.state == Goal.State.DRAFT:
        return _("A draft: it is judged once it is active.")
    if goal.state == Goal.State.CANCELLED:
        return _("It was cancelled and is not judged any more.")
    if is_judged_anew(goal):
        return _("The target was moved, or the baseline measured again: it is being judged anew, within minutes.")
    sentence = _COUNTED[goal.reason](goal) if goal.reason in _COUNTED else _filled(goal)
    return " ".join(
        part
        for part in (
            sentence,
            _likely(goal),
            caveats.despite(goal),
            caveats.since(goal),
            caveats.zone(goal),
            _candidate(goal),
        )
        if part
    )


def _filled(goal: Goal) -> str:
    kpi = find(goal.kpi)
    settled = goal.outlook.get("settled")
    words = {
        "kpi": kpi.name if kpi else goal.kpi,
        "dimension": presentation.dimension(goal.dimension),
        "start": date_format(goal.start, "DATE_FORMAT"),
        "due": date_format(goal.due, "DATE_FORMAT"),
        "target": target(goal),
        "value": amount(goal, goal.value),
        "chance": chance(goal.probability or 0.0),
        "period": within(goal, goal.value_start) if goal.value_start else "",
        "interval": interval(goal, goal.value_low, goal.value_high),
        "settled": date_format(date.fromisoformat(settled), "DATE_FORMAT") if settled else "",
    }
    return str(REASONS.get(goal.reason, REASONS[""])) % words


def within(goal: Goal, start: date) -> str:
    """The name of a period inside a sentence."""
    if goal.grain == Goal.Grain.MONTH:
        return presentation.period(start, Grain.MONTH)
    return _("the week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}


def _likely(goal: Goal) -> str:
    """Where the forecast ends, which explains the chance."""
    fan = goal.outlook.get("fan")
    if goal.reason != "forecast" or not fan:
        return ""
    return _("Likely then (8 in 10): %(interval)s.") % {"interval": bounds(goal, fan[-1]["low"], fan[-1]["high"])}


def bounds(goal: Goal, low: float, high: float) -> str:
    """What lies ahead. A time or a number that is cut at 0 has no lower bound worth telling."""
    if not _is_open(goal, low):
        return interval(goal, low, high)
    kpi = find_kpi(goal.kpi)
    return _("up to %(high)s") % {"high": _value(goal, high, kpi)}


def _is_open(goal: Goal, low: float) -> bool:
    kpi = find(goal.kpi)
    return kpi is not None and kpi.unit in (Unit.SECONDS, Unit.COUNT) and low <= 0


def _unclear(goal: Goal) -> str:
    fan, words = goal.outlook.get("fan"), {"due": date_format(goal.due, "DATE_FORMAT")}
    if not fan:
        return _("The figure varies too much to tell.")
    low, high = fan[-1]["low"], fan[-1]["high"]
    words |= {"low": amount(goal, low), "high": amount(goal, high)}
    if _is_open(goal, low):
        return _("The figure varies too much to tell: in 8 of 10 cases it will lie up to %(high)s on %(due)s.") % words
    text = _(
        "The figure varies too much to tell: in 8 of 10 cases it will lie between %(low)s and %(high)s on %(due)s."
    )
    return text % words


def _candidate(goal: Goal) -> str:
    if not goal.candidate or goal.reason not in caveats.AHEAD:
        return ""
    words = {"status": Status(goal.candidate).label}
    if goal.grain == Goal.Grain.MONTH:
        return _("If the next month confirms it, the goal becomes “%(status)s”.") % words
    return _("If the next week confirms it, the goal becomes “%(status)s”.") % words


def _gathering(goal: Goal) -> str:
    have = goal.outlook.get("periods", 0)
    words = {"have": have, "need": forecast.LEAST}
    if goal.grain == Goal.Grain.MONTH:
        text = ngettext(
            "%(have)s complete month with enough data so far; a forecast needs %(need)s.",
            "%(have)s complete months with enough data so far; a forecast needs %(need)s.",
            have,
        )
    else:
        text = ngettext(
            "%(have)s complete week with enough data so far; a forecast needs %(need)s.",
            "%(have)s complete weeks with enough data so far; a forecast needs %(need)s.",
            have,
        )
    return text % words


def _no_data(goal: Goal) -> str:
    words = {"count": goal.outlook.get("looked_at", 0)}
    if goal.grain == Goal.Grain.MONTH:
        return _("Too little was measured in each of the last %(count)s complete months.") % words
    return _("Too little was measured in each of the last %(count)s complete weeks.") % words


def _overdue(goal: Goal) -> str:
    words = {"due": date_format(goal.due, "DATE_FORMAT")}
    if goal.grain == Goal.Grain.MONTH:
        return _("It was due on %(due)s, but none of its last 4 complete months has enough data.") % words
    return _("It was due on %(due)s, but none of its last 4 complete weeks has enough data.") % words


def _keeping(goal: Goal) -> str:
    """What of the budget is used up, and what the figure does by itself."""
    found, words = goal.outlook.get("budget"), {"target": target(goal), "due": date_format(goal.due, "DATE_FORMAT")}
    sentences = [ASSURED[goal.outlook.get("assurance", "")] % words]
    if found:
        words |= {"n": presentation.number(found["n"]), "bad": presentation.number(found["bad"])}
        words |= {name: presentation.number(round(found[name])) for name in ("allowed", "expected")}
        used = _("%(bad)s of %(n)s so far miss it; of about %(expected)s until %(due)s no more than %(allowed)s may.")
        sentences.append(used % words)
    return " ".join(str(sentence) for sentence in sentences)


def _whole_time(goal: Goal) -> str:
    found = goal.outlook.get("whole", {})
    bounds = interval(goal, found.get("low"), found.get("high"))
    words = {"value": amount(goal, found.get("value")), "target": target(goal), "interval": bounds}
    words |= {"days": presentation.days(goal.start, goal.due)}
    text = _("%(value)s over its whole time, %(days)s; %(target)s was to be kept.") % words
    if not goal.reason.endswith("_close"):
        return text
    return f"{text} {_('Too close to call: the target lies within the interval, %(interval)s.') % words}"


_COUNTED: Final[Mapping[str, Callable[[Goal], str]]] = {
    "gathering": _gathering,
    "no_data": _no_data,
    "overdue": _overdue,
    "keeping": _keeping,
    **dict.fromkeys(("kept", "kept_close", "lost", "lost_close"), _whole_time),
    "unclear": _unclear,
    "milestones": milestone_words.standing,
    "all_done": milestone_words.all_done,
    "not_all_done": milestone_words.not_all_done,
    "no_milestones": milestone_words.none_yet,
    "closed_early": milestone_words.closed_early,
}
