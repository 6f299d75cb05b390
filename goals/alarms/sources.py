"""How rules stand that are not judged by complete periods: the last answers, goals, imports, single bad answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from goals.alarms import budget
from goals.alarms.judging import Reading
from goals.alarms.lifecycle import Verdict
from goals.alarms.series import Series
from goals.models import AlertRule, Goal
from kpiproject.lib.periods import Grain
from metrics import frames, queries
from metrics.kpi import Better, Kpi
from metrics.models import ImportRun
from metrics.queries import Question
from surveys import scales
from surveys.models import Answer

Readings = dict[int, list[Reading]]
LOOKS_BACK_DAYS: Final = 91
"""The last 40 answers are looked for within a quarter: older ones say nothing about now."""
ANSWERS_WITHIN: Final = timedelta(hours=24)
FEEDS: Final[Mapping[str, str]] = {
    ImportRun.Kind.CUSTOMERS: "customers",
    ImportRun.Kind.SUBSCRIPTIONS: "subscriptions",
    ImportRun.Kind.ORDERS: "orders",
    ImportRun.Kind.TICKETS: "tickets",
    ImportRun.Kind.TICKET_EVENTS: "tickets",
    ImportRun.Kind.MESSAGES: "tickets",
    ImportRun.Kind.AGENT_TIME: "work",
    ImportRun.Kind.COSTS: "costs",
    ImportRun.Kind.SERVICE_RECORDS: "records",
    ImportRun.Kind.SURVEY_RESPONSES: "answers",
}
"""The facts that an import brings, as `feed` names them."""


def feed(kpi: Kpi) -> str:
    """The facts on which a KPI rests first of all."""
    return frames.marked_frame(kpi.frame)


# --- Budgets ------------------------------------------------------------------------------------------------------
def budgets(rules: Sequence[AlertRule], series: Series, _now: datetime) -> Readings:
    """The last answers are read once for all floors of the same figure."""
    found: Readings = {}
    by_scope: dict[tuple[str, str, str], list[AlertRule]] = defaultdict(list)
    for rule in rules:
        by_scope[rule.kpi, rule.dimension, rule.member].append(rule)
    for (code, dimension, member), group in by_scope.items():
        kpi = queries.find_kpi(code)
        rows = _last_rows(kpi, {dimension: [member]} if dimension else {}, series.today)
        for rule in group:
            found[rule.pk] = [_budget(rule, kpi, rows)]
    return found


def _budget(rule: AlertRule, kpi: Kpi, rows: Sequence[tuple[datetime, float]]) -> Reading:
    floor = rule.fire_level or 0.0
    is_lower = kpi.better is Better.LOWER
    allowed = (floor if is_lower else 100 - floor) / 100
    is_bad = [bool(value) is is_lower for _at, value in rows]
    burn = budget.burn(is_bad, allowed)
    if burn is None:
        return Reading(verdict=Verdict.INCONCLUSIVE, n=len(rows))
    verdict = Verdict.BREACH if burn.is_burning else Verdict.BETWEEN
    if burn.short_bad < budget.LEAST_BAD:
        verdict = Verdict.CLEAR
    facts = {"bad": burn.bad, "short_bad": burn.short_bad, "short_n": burn.short_n, "rate": burn.rate}
    share = 100 * (burn.bad if is_lower else burn.n - burn.bad) / burn.n
    return Reading(verdict=verdict, key=rows[-1][0].isoformat(), value=share, n=burn.n, facts=facts)


def _last_rows(kpi: Kpi, where: dict[str, list[str]], today: date) -> list[tuple[datetime, float]]:
    """The last 40 rows with what they say. The days that have them are looked up first, so that few facts are read."""
    tomorrow = today + timedelta(days=1)
    first = today - timedelta(days=LOOKS_BACK_DAYS)
    days = queries.told(Question(code=kpi.code, start=first, end=tomorrow, grain=Grain.DAY, where=where)).points
    total, start = 0, None
    for point in reversed(days):
        if point.n:
            total, start = total + point.n, point.start
        if total >= budget.LONG:
            break
    if start is None:
        return []
    asked = Question(code=kpi.code, start=_day(start), end=tomorrow, where=where)
    rows = queries.rows(asked, first=max(0, total - budget.LONG), limit=budget.LONG).rows
    return [(row.at, row.value) for row in rows if row.value is not None]


def _day(given: date | datetime) -> date:
    return given.date() if isinstance(given, datetime) else given


# --- Goals --------------------------------------------------------------------------------------------------------
def goals(rules: Sequence[AlertRule], _series: Series, _now: datetime) -> Readings:
    """By the goal's own status, which changes only when two periods in a row speak for it."""
    return {rule.pk: [_goal(rule, rule.goal)] for rule in rules}


def _goal(rule: AlertRule, goal: Goal | None) -> Reading:
    if goal is None or goal.state in (Goal.State.CLOSED, Goal.State.CANCELLED):
        return Reading(verdict=Verdict.INCONCLUSIVE, is_gone=True)
    bad = {str(Goal.Status.OFF_TRACK), str(Goal.Status.MISSED)}
    if rule.danger == AlertRule.Danger.AT_RISK:
        bad.add(str(Goal.Status.AT_RISK))
    good = {str(Goal.Status.ON_TRACK), str(Goal.Status.AT_RISK), str(Goal.Status.ACHIEVED)} - bad
    verdict = Verdict.INCONCLUSIVE
    if goal.state == Goal.State.ACTIVE and goal.status in bad | good:
        verdict = Verdict.BREACH if goal.status in bad else Verdict.CLEAR
    return Reading(
        verdict=verdict,
        key=str(goal.value_end or "now"),
        value=goal.value,
        low=goal.value_low,
        high=goal.value_high,
        n=goal.value_n,
        start=goal.value_start,
        end=goal.value_end,
        facts={"status": goal.status, "statement": goal.statement, "goal": goal.pk},
    )


# --- Imports ------------------------------------------------------------------------------------------------------
def imports(rules: Sequence[AlertRule], _series: Series, now: datetime) -> Readings:
    """By the last import of every kind from every source, dry runs left out."""
    ended = ImportRun.objects.filter(is_dry_run=False, state__in=[ImportRun.State.DONE, ImportRun.State.FAILED])
    last = ended.order_by().values("source", "kind").annotate(last=Max("pk")).values("last")
    runs = list(ImportRun.objects.filter(pk__in=last).order_by("pk"))
    done = ended.filter(state=ImportRun.State.DONE, finished_at__isnull=False).order_by()
    newest = dict(done.values_list("source").annotate(at=Max("finished_at")))
    return {rule.pk: [_import(rule, runs, newest, now)] for rule in rules}


def _import(rule: AlertRule, runs: Iterable[ImportRun], newest: Mapping[str, datetime], now: datetime) -> Reading:
    mine = [run for run in runs if rule.source in ("", run.source)]
    failed = [run for run in mine if run.state == ImportRun.State.FAILED]
    facts: dict[str, Any]
    if failed:
        feeds = sorted({FEEDS[run.kind] for run in failed if run.kind in FEEDS})
        facts = {
            "source": failed[-1].source,
            "kind": failed[-1].kind,
            "error": failed[-1].error[:300],
            "run": failed[-1].pk,
        }
        return Reading(verdict=Verdict.BREACH, value=float(len(failed)), n=len(failed), facts=facts, feeds=feeds)
    if not mine:
        return Reading(verdict=Verdict.INCONCLUSIVE)
    instants = [at for source, at in newest.items() if rule.source in ("", source)]
    if rule.hours is None or not instants:
        return Reading(verdict=Verdict.CLEAR)
    silent = (now - max(instants)) / timedelta(hours=1)
    feeds = sorted({FEEDS[run.kind] for run in mine if run.kind in FEEDS})
    facts = {"source": rule.source, "since": timezone.localtime(max(instants)).isoformat()}
    verdict = Verdict.BREACH if silent > rule.hours else Verdict.CLEAR
    return Reading(verdict=verdict, value=silent, facts=facts, feeds=feeds)


# --- Single bad answers -------------------------------------------------------------------------------------------
_COLUMNS: Final = ("kind", "channel", "category", "team", "survey__slug", "survey__name", "pk")
KINDS: Final = frozenset(kind.code for kind in scales.KINDS.values() if not kind.is_about_employees)
"""KPIs of which single answers are watched: those of customers. What employees answer is never looked at one by one."""


def answers(rules: Sequence[AlertRule], _series: Series, now: datetime) -> Readings:
    """Bad answers of the last 24 hours: as long as they keep coming it stays one alarm."""
    bad = Answer.objects.filter(
        standing=scales.BAD, answered_at__gt=now - ANSWERS_WITHIN, answered_at__lte=now, kind__in=KINDS
    )
    rows = list(bad.order_by("answered_at", "pk").values(*_COLUMNS)) if rules else []
    return {rule.pk: [_answers(rule, rows)] for rule in rules}


def _answers(rule: AlertRule, rows: Iterable[Mapping[str, Any]]) -> Reading:
    column = "survey__slug" if rule.dimension == "survey" else rule.dimension
    mine = [row for row in rows if row["kind"] == rule.kpi and (not column or row[column] == rule.member)]
    if not mine:
        return Reading(verdict=Verdict.CLEAR, value=0.0)
    facts = {"survey": mine[-1]["survey__name"], "answer": mine[-1]["pk"]}
    return Reading(verdict=Verdict.BREACH, value=float(len(mine)), n=len(mine), facts=facts)
