"""Alarms and rules in words, the same for mails, pages and webhooks."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.alarms import budget
from goals.alarms.readings import PROBLEMS
from goals.alarms.trial import trial
from goals.models import Alarm, AlertRule, Goal
from kpiproject.lib.periods import Grain
from metrics import presentation
from metrics.kpi import Kpi, Stock, Total
from metrics.models import ImportRun
from metrics.queries import find

Kind, Side = AlertRule.Kind, AlertRule.Side
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MONTH_DAYS: Final = 30
TONES: Final[Mapping[str, str]] = {
    AlertRule.State.FIRING: "bad",
    AlertRule.State.RECOVERING: "warn",
    AlertRule.State.ACKNOWLEDGED: "warn",
    AlertRule.State.PENDING: "warn",
    AlertRule.State.ERRORED: "warn",
    AlertRule.State.BROKEN: "bad",
}


# --- Values -------------------------------------------------------------------------------------------------------
def amount(about: Alarm | AlertRule, value: float | None) -> str:
    """A value with its unit; of what is counted, per period. Of bad answers and failed imports the number alone."""
    if value is None:
        return _("no data")
    measured = about.goal if isinstance(about, AlertRule) and about.goal is not None else about
    kpi = find(measured.kpi)
    if kpi is None or about.kind in (Kind.IMPORT, Kind.ANSWER):
        return presentation.number(value, 0 if float(value).is_integer() else 1)
    text = presentation.value(value, kpi, measured.clock or None)
    is_per_period = kpi.shape is Total and measured.grain in _PER
    return _PER[measured.grain]() % {"value": text} if is_per_period else text


_PER: Final[Mapping[str, Callable[[], str]]] = {
    Grain.DAY: lambda: _("%(value)s per day"),
    Grain.WEEK: lambda: _("%(value)s per week"),
    Grain.MONTH: lambda: _("%(value)s per month"),
}


def when(about: Alarm | AlertRule, start: date | None) -> str:
    """“in the week of 25 May 2026”, “in May 2026”, “on 25 May 2026”; empty where it is about no period."""
    if start is None:
        return ""
    if about.grain == Grain.WEEK:
        return _("in the week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}
    name = {"period": presentation.period(start, Grain(about.grain))}
    return (_("on %(period)s") if about.grain == Grain.DAY else _("in %(period)s")) % name


def rests_on(alarm: Alarm) -> str:
    """n and interval of the last value; empty where it is a number by itself."""
    kpi = find(alarm.kpi)
    if kpi is None or alarm.value is None or kpi.shape in (Total, Stock) or alarm.kind == Kind.ANSWER:
        return ""
    parts = [presentation.counted(alarm.n, kpi)] if alarm.n else []
    if alarm.low is not None and alarm.high is not None:
        bounds = {"low": amount(alarm, alarm.low), "high": amount(alarm, alarm.high)}
        parts.append(_("95 %% interval %(low)s to %(high)s") % bounds)
    return "; ".join(parts)


def limit(about: Alarm | AlertRule, level: float | None) -> str:
    """“below 85 %”, or “at most 5 %” where it is a floor for single answers."""
    if level is None:
        return ""
    words = {"limit": amount(about, level)}
    if about.kind == Kind.BUDGET:
        return (_("at most %(limit)s") if about.side == Side.ABOVE else _("at least %(limit)s")) % words
    return (_("above %(limit)s") if about.side == Side.ABOVE else _("below %(limit)s")) % words


def figure(about: Alarm | AlertRule) -> str:
    """“First response time, channel: chat”; empty where it is about no figure."""
    kpi = find(about.kpi)
    name = str(kpi.name) if kpi else about.kpi
    if not about.dimension:
        return name
    return f"{name}, {presentation.dimension(about.dimension)}: {presentation.member(about.member)}"


def lasted(start: datetime, end: datetime) -> str:
    """“3 days”, “5 hours”, “12 minutes”: how long an alarm has been there."""
    seconds = max(0, int((end - start).total_seconds()))
    if seconds >= 2 * _DAY:
        return ngettext("%d day", "%d days", seconds // _DAY) % (seconds // _DAY)
    if seconds >= 2 * _HOUR:
        return ngettext("%d hour", "%d hours", seconds // _HOUR) % (seconds // _HOUR)
    minutes = max(1, seconds // _MINUTE)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


# --- What happened ------------------------------------------------------------------------------------------------
def what(alarm: Alarm) -> str:
    """In one sentence what is wrong."""
    return _WHAT[alarm.kind](alarm)


def _when_bad(alarm: Alarm) -> dict[str, Any]:
    """The figure, and the last period in which it was past the limit."""
    start = alarm.facts.get("at_start")
    return {
        "figure": figure(alarm),
        "value": amount(alarm, alarm.facts.get("at_value")),
        "when": when(alarm, date.fromisoformat(start) if start else None),
    }


def _threshold(alarm: Alarm) -> str:
    words = {
        **_when_bad(alarm),
        "limit": limit(alarm, alarm.limit),
    }
    text = _("%(figure)s: %(value)s %(when)s; it is an alarm when it is %(limit)s.") % words
    if not _may_be_chance(alarm):
        return text
    return " ".join((text, _("That may be chance: the limit lies within the interval.")))


def _may_be_chance(alarm: Alarm) -> bool:
    """Whether the figure could as well be on the good side of its limit."""
    if alarm.low is None or alarm.high is None or alarm.limit is None or not alarm.is_open:
        return False
    return alarm.value == alarm.facts.get("at_value") and alarm.low <= alarm.limit <= alarm.high


def _signal(alarm: Alarm) -> str:
    facts = alarm.facts
    words = {
        **_when_bad(alarm),
        "low": amount(alarm, facts.get("low")),
        "high": amount(alarm, facts.get("high")),
        "centre": amount(alarm, facts.get("centre")),
    }
    sentence = {
        "beyond": _("%(figure)s: %(value)s %(when)s, outside of its normal range from %(low)s to %(high)s."),
        "shift": _("%(figure)s: %(value)s %(when)s, the 8th period in a row on the bad side of its mean, %(centre)s."),
        "trend": _("%(figure)s: %(value)s %(when)s, the 6th period in a row in the wrong direction."),
    }.get(facts.get("signal", ""), _("%(figure)s: %(value)s %(when)s."))
    return sentence % words


def _goal(alarm: Alarm) -> str:
    status = alarm.facts.get("status", "")
    words = {
        "goal": alarm.facts.get("statement", alarm.title),
        "status": Goal.Status(status).label if status in Goal.Status.values else status,
    }
    return _("The goal “%(goal)s” is %(status)s.") % words


def _budget(alarm: Alarm) -> str:
    facts = alarm.facts
    words = {
        "figure": figure(alarm),
        "bad": facts.get("bad", 0),
        "n": facts.get("at_n", 0),
        "short_bad": facts.get("short_bad", 0),
        "short_n": facts.get("short_n", 0),
        "limit": limit(alarm, alarm.limit),
    }
    text = _(
        "%(figure)s: of the last %(n)s, %(bad)s were bad, and %(short_bad)s of the last %(short_n)s. That is more "
        "than chance, if it is to be %(limit)s."
    )
    return " ".join(part for part in (text % words, _exhaustion(facts.get("rate"))) if part)


def _exhaustion(rate: float | None) -> str:
    """How soon a month's worth of bad ones is used up; nothing where it lasts as long as it should."""
    if not rate or rate <= 1:
        return ""
    days = max(1, round(budget.time_left(_MONTH_DAYS, rate)))
    text = ngettext(
        "At this rate, what may go wrong in %(month)d days is used up in about %(days)d day.",
        "At this rate, what may go wrong in %(month)d days is used up in about %(days)d days.",
        days,
    )
    return text % {"month": _MONTH_DAYS, "days": days}


def _no_data(alarm: Alarm) -> str:
    return _("%(figure)s: nothing was measured %(when)s.") % _when_bad(alarm)


def _import(alarm: Alarm) -> str:
    facts = alarm.facts
    if facts.get("kind"):
        kind = ImportRun.Kind(facts["kind"]).label if facts["kind"] in ImportRun.Kind.values else facts["kind"]
        words = {"kind": kind, "source": facts.get("source", ""), "error": facts.get("error", "")}
        return _("The import of %(kind)s from “%(source)s” failed: %(error)s") % words
    since = datetime.fromisoformat(facts["since"]) if facts.get("since") else alarm.opened_at
    words = {"source": facts.get("source") or _("any source"), "since": instant(since)}
    return _("Nothing was imported from %(source)s since %(since)s.") % words


def _answer(alarm: Alarm) -> str:
    count = alarm.facts.get("at_n", 0)
    text = ngettext(
        "%(count)d customer was unhappy within 24 hours; the last one answered “%(survey)s”.",
        "%(count)d customers were unhappy within 24 hours; the last one answered “%(survey)s”.",
        count,
    )
    return text % {"count": count, "survey": alarm.facts.get("survey", "")}


_WHAT: Final[Mapping[str, Callable[[Alarm], str]]] = {
    Kind.THRESHOLD: _threshold,
    Kind.SIGNAL: _signal,
    Kind.GOAL: _goal,
    Kind.BUDGET: _budget,
    Kind.NO_DATA: _no_data,
    Kind.IMPORT: _import,
    Kind.ANSWER: _answer,
}


def over(alarm: Alarm) -> str:
    """How an alarm ended, with how long it was there and how bad it got; empty as long as it is there."""
    if alarm.ended_at is None:
        return ""
    words = {"duration": lasted(alarm.opened_at, alarm.ended_at), "worst": amount(alarm, alarm.worst)}
    has_worst = alarm.worst is not None and alarm.kind not in (Kind.NO_DATA, Kind.IMPORT) and not _counts_steps(alarm)
    text = {
        Alarm.End.GONE: _("What was watched no longer exists; the alarm had been there for %(duration)s."),
        Alarm.End.CHANGED: _("Its rule was changed; the alarm had been there for %(duration)s."),
        Alarm.End.OFF: _("Its rule was switched off; the alarm had been there for %(duration)s."),
    }.get(Alarm.End(alarm.ended_because))
    if text is None:
        worst = _("It was there for %(duration)s; at worst it was %(worst)s.")
        text = worst if has_worst else _("It was there for %(duration)s.")
    return text % words


def recovered(alarm: Alarm) -> str:
    """The same with how it stands now."""
    if alarm.kind == Kind.GOAL:
        return " ".join(part for part in (over(alarm), _goal_now(alarm)) if part)
    if alarm.value is None or alarm.kind in (Kind.NO_DATA, Kind.IMPORT, Kind.ANSWER):
        return over(alarm)
    return f"{over(alarm)} {_('Now it is %(value)s.') % {'value': amount(alarm, alarm.value)}}"


def _goal_now(alarm: Alarm) -> str:
    """As judged when the alarm ended; nothing where nobody noted it."""
    status = alarm.facts.get("status_now", "")
    if status not in Goal.Status.values:
        return ""
    words = {"status": Goal.Status(status).label, "value": amount(alarm, alarm.value)}
    if alarm.value is None or _counts_steps(alarm):
        return _("Now the goal is %(status)s.") % words
    return _("Now the goal is %(status)s, at %(value)s.") % words


def _counts_steps(alarm: Alarm) -> bool:
    """Of milestones the number that was reached says nothing about how bad it got."""
    return alarm.kind == Kind.GOAL and not alarm.kpi


# --- Rules --------------------------------------------------------------------------------------------------------
def problem(rule: AlertRule) -> str:
    """Why a rule cannot be checked, in one sentence; empty if it can."""
    if rule.problem.startswith("said:"):
        return rule.problem.removeprefix("said:")
    words = {"kpi": _kpi_name(rule), "dimension": presentation.dimension(rule.dimension) if rule.dimension else ""}
    return str(PROBLEMS[rule.problem]) % words if rule.problem in PROBLEMS else rule.problem


def _kpi_name(rule: AlertRule) -> str:
    kpi: Kpi | None = find(rule.kpi)
    return str(kpi.name) if kpi else rule.kpi


def condition(rule: AlertRule) -> str:
    """What a rule watches, in one line."""
    if rule.kind == Kind.GOAL:
        about = rule.goal.statement if rule.goal else _("a goal that was deleted")
        return _("“%(goal)s” is %(danger)s") % {"goal": about, "danger": rule.get_danger_display()}
    if rule.kind == Kind.IMPORT:
        about = rule.source or _("any source")
        if rule.hours:
            return _("an import from %(source)s failed, or none came for %(hours)s h") % {
                "source": about,
                "hours": rule.hours,
            }
        return _("an import from %(source)s failed") % {"source": about}
    words = {"figure": figure(rule), "limit": limit(rule, rule.fire_level)}
    texts: dict[str, str] = {
        Kind.THRESHOLD: _("%(figure)s is %(limit)s"),
        Kind.SIGNAL: _("%(figure)s leaves its normal range"),
        Kind.BUDGET: _("%(figure)s: too many bad ones among the last 40, to be %(limit)s"),
        Kind.NO_DATA: _("%(figure)s is not measured any more"),
        Kind.ANSWER: _("%(figure)s: a single bad answer"),
    }
    return texts[rule.kind] % words


def tried(rule: AlertRule, now: datetime) -> str:
    """What the rule would have done with the figures there are; empty where that cannot be told."""
    found = trial(rule, now)
    if found is None:
        return ""
    text = ngettext(
        "With the figures of the last %(periods)s %(grain)s that were measured it would have been %(count)s alarm.",
        "With the figures of the last %(periods)s %(grain)s that were measured it would have been %(count)s alarms.",
        found.alarms,
    )
    grain = {
        Grain.DAY: ngettext("day", "days", found.periods),
        Grain.WEEK: ngettext("week", "weeks", found.periods),
        Grain.MONTH: ngettext("month", "months", found.periods),
    }[Grain(rule.grain)]
    return text % {"periods": found.periods, "grain": grain, "count": found.alarms}


# --- Where to look ------------------------------------------------------------------------------------------------
def path(alarm: Alarm) -> str:
    """The page on which the figure, the goal, the import or the answer can be looked at; empty where it is gone."""
    facts: dict[str, Any] = alarm.facts
    if alarm.kind == Kind.GOAL:
        return reverse("goals:goal", args=[alarm.goal_id]) if alarm.goal_id else ""
    if alarm.kind == Kind.IMPORT:
        return reverse("metrics:import", args=[facts["run"]]) if facts.get("run") else reverse("metrics:data")
    if find(alarm.kpi) is None:
        return ""
    asked = {}
    if alarm.period_start and alarm.period_end:
        asked = {"from": alarm.period_start.isoformat(), "to": alarm.period_end.isoformat()}
    if alarm.dimension:
        asked["where"] = f"{alarm.dimension}={alarm.member}"
    base = reverse("metrics:kpi", args=[alarm.kpi])
    return f"{base}?{urlencode(asked)}" if asked else base


def url(alarm: Alarm) -> str:
    found = path(alarm)
    return settings.BASE_URL + found if found else ""


def instant(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
