"""The figures of a report, asked for once and frozen: as numbers and in the words in which they are told.

A content is plain JSON and holds everything that a mail or a page about it says, so that both can be made again years
later, when the definitions, the names and the tickets have changed.
"""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import guardrail_words, report_ends
from goals import lines as goal_lines
from goals import queries as goal_queries
from goals.models import Goal, Report, ReportItem
from goals.report_weeks import week_text
from kpiproject.lib.periods import Grain, Period, zone_info
from kpiproject.models import Organisation
from kpiproject.queries import agent_names, organisation
from metrics import basis, cards, pictures, presentation, queries
from metrics import lines as figure_lines
from metrics.kpi import Kpi, Stock, Total
from metrics.lines import Line
from metrics.queries import BadQuestion, Figures, Freshness, Point, Question, find

logger = logging.getLogger(__name__)

Content = dict[str, Any]

WEEKS_IN_A_CHART: Final = 13
MOST_CHARTS: Final = 4
AGENT: Final = report_ends.AGENT
_WEEK: Final = timedelta(days=7)


def freeze(report: Report, week: Period) -> Content:
    """Everything that the report says about a week, as it is now."""
    house = organisation()
    fresh = _freshness(house)
    items = list(report.items.all())
    now = timezone.now()
    return {
        "name": report.name,
        "time_zone": week.zone,
        "week": _days(week),
        "before": _days(week.previous()),
        "as_of": now.isoformat(timespec="seconds"),
        "as_of_text": date_format(now.astimezone(zone_info(week.zone)), "DATETIME_FORMAT"),
        "is_computing": any(_waits(item.kpi, week, fresh) for item in items),
        "skipped": [],
        "items": [_item(item, week, house, fresh) for item in items],
        "has_goals": report.includes_goals,
        "goals": list(_goals(week)) if report.includes_goals else [],
        **(report_ends.told(report, week, now) if report.includes_goals else {}),
    }


def is_computing(report: Report, week: Period) -> bool:
    """Whether a figure of the report is not yet what it will be in a moment."""
    fresh = _freshness(organisation())
    codes = report.items.values_list("kpi", flat=True)
    return any(_waits(code, week, fresh) for code in codes)


def for_outsiders(content: Content) -> Content:
    """The same without what tells about single agents, which is nobody's business outside of the house."""
    names = [name for name in ("items", "goals", "milestones", "closed") if name in content]
    return content | {name: [found for found in content[name] if not found["is_personal"]] for name in names}


def _freshness(house: Organisation) -> Freshness:
    return queries.freshness(house.time_zone, all_change=not basis.is_current())


def _waits(code: str, week: Period, fresh: Freshness) -> bool:
    """The week before counts, too: the change rests on it."""
    kpi = find(code)
    return kpi is not None and fresh.is_computing(kpi, Period(week.previous().start, week.end, week.zone))


def _days(week: Period) -> dict[str, str]:
    return {"start": week.start.isoformat(), "end": week.end.isoformat(), "text": week_text(week)}


# --- One figure
def _item(item: ReportItem, week: Period, house: Organisation, fresh: Freshness) -> Content:
    """What cannot be computed says why; it never leaves a gap, and takes nothing else with it."""
    about = {
        "item": item.pk,
        "kpi": item.kpi,
        "name": name(item),
        "dimension": item.dimension,
        "member": item.member,
        "scope": scope(item),
        "is_personal": item.dimension == AGENT,
        "problem": "",
    }
    try:
        return about | _figure(item, week, house, fresh)
    except BadQuestion as error:
        return about | {"problem": _("Could not be computed: %(reason)s") % {"reason": error}}
    except DatabaseError:
        raise  # the whole report is tried again
    except Exception:
        logger.exception("A figure of report %s could not be computed: %s.", item.report_id, item.kpi)
        reason = _("an unexpected error; the log of the worker says more.")
        return about | {"problem": _("Could not be computed: %(reason)s") % {"reason": reason}}


def name(item: ReportItem) -> str:
    """What the KPI is called; of one that is no longer in the catalogue, its code."""
    kpi = find(item.kpi)
    return str(kpi.name) if kpi else item.kpi


def scope(item: ReportItem) -> str:
    if not item.dimension:
        return ""
    names = agent_names([item.member]) if item.dimension == AGENT else {}
    return f"{presentation.dimension(item.dimension)}: {presentation.member(item.member, names)}"


def _figure(item: ReportItem, week: Period, house: Organisation, fresh: Freshness) -> Content:
    """Exactly, and in one question: the last two points are the week and the one before."""
    weeks = WEEKS_IN_A_CHART if item.has_chart else 2
    where = {item.dimension: [item.member]} if item.dimension else {}
    question = Question(code=item.kpi, start=week.end - weeks * _WEEK, end=week.end, grain=Grain.WEEK, where=where)
    found = queries.told(question)
    pairs = zip(found.points[-2:], (week.previous(), week), strict=True)
    before, current = (fresh.known(point, found.kpi, period) for point, period in pairs)
    course = _course(item, found, house, fresh) if item.has_chart else {}
    return _told(found, current, before, week, fresh) | course


def _told(found: Figures, current: Point, before: Point, week: Period, fresh: Freshness) -> Content:
    kpi, clock = found.kpi, found.clock
    rests_on_rows = not issubclass(kpi.shape, Total | Stock)
    return {
        "unit": kpi.unit.value,
        "revision": kpi.revision,
        "clock": clock,
        "clock_name": str(presentation.CLOCK_NAMES.get(clock or "", "")),
        "value": current.value,
        "value_text": _value_text(current, kpi, clock),
        "n": current.n,
        "counted": presentation.counted(current.n, kpi) if rests_on_rows and current.n else "",
        "low": current.low,
        "high": current.high,
        "interval": presentation.interval(current, kpi, clock),
        "previous": before.value,
        "previous_text": presentation.figure(before, kpi, clock),
        "previous_n": before.n,
        "change": _change(found, current, before, week, fresh),
        "excluded": dict(current.excluded),
        "notes": list(cards.notes(current, kpi)),
    }


def _value_text(point: Point, kpi: Kpi, clock: str | None) -> str:
    """Where the only rows are too recent to count for good, the figure is on its way."""
    if point.value is None and point.excluded.get("too_recent"):
        return _("not final yet")
    return presentation.figure(point, kpi, clock)


def _change(found: Figures, current: Point, before: Point, week: Period, fresh: Freshness) -> dict[str, str] | None:
    change = cards.change(found, current, before, period=week, fresh=fresh)
    if change is None:
        return None
    return {"text": change.text, "words": change.words, "direction": change.direction, "tone": change.tone}


def _course(item: ReportItem, found: Figures, house: Organisation, fresh: Freshness) -> Content:
    lines = figure_lines.over_time(found, Grain.WEEK, week_start=house.week_start, fresh=fresh)
    label = f"{found.kpi.name}, {scope(item)}" if item.dimension else str(found.kpi.name)
    title = _("%(name)s, the last %(weeks)s weeks") % {"name": label, "weeks": len(lines)}
    has_values = any(line.point.value is not None for line in lines)
    return {
        "chart_title": title,
        "chart": pictures.over_time(found, lines, title, turns=queries.turns(found)) if has_values else None,
        "course": [_step(line) for line in lines],
    }


def _step(line: Line) -> Content:
    return {
        "start": line.start.isoformat(),
        "end": (line.last + timedelta(days=1)).isoformat(),
        "label": week_text(Period(line.start, line.last + timedelta(days=1), "UTC")),
        "value": line.point.value,
        "value_text": line.value,
        "interval": line.interval,
        "n": line.n,
        "is_complete": line.is_complete,
    }


# --- Goals
def _goals(week: Period) -> Iterator[Content]:
    for goal in goal_queries.most_urgent_first(goal_queries.active_goals()):
        line = goal_lines.line(goal)
        yield {
            "goal": goal.pk,
            "statement": line.statement,
            "kpi_name": line.kpi_name,
            "scope": line.scope,
            "is_personal": goal.dimension == AGENT,
            "baseline": line.baseline,
            "value": line.value,
            "value_note": line.value_note,
            "target": line.target,
            "due": _day(line.due),
            "status": line.status,
            "status_name": line.status_name,
            "tone": line.tone,
            "reason": line.reason,
            "ended_earlier": goal.due < week.start,
            "is_range": goal.target_high is not None,
        } | _guardrail(goal)


def _guardrail(goal: Goal) -> Content:
    """What was not to suffer for the goal, and whether it does."""
    found = guardrail_words.guardrail(goal)
    if found is None:
        return {}
    return {
        "guardrail": guardrail_words.standing(goal),
        "guardrail_tone": found.tone,
        "guardrail_text": found.text,
        "guardrail_short": _("%(name)s %(limit)s, now %(value)s")
        % {"name": found.name, "limit": found.limit, "value": found.value},
    }


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def with_skipped(content: Content, weeks: list[Period]) -> Content:
    """The content with the weeks that were never reported because nothing was running when they were due."""
    return content | {"skipped": [_days(week) for week in weeks]}
