"""What a review has to look at, put together from what was measured, said and promised since the one before.

It is put together anew whenever somebody looks, until the review is held; what it was then is kept with the minutes
(goals.kept_agenda).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import actions, cards, check_ins, guardrail_words, lines, queries, staleness, variation
from goals.models import Goal, Rebase, Review
from kpiproject.lib.periods import Period
from kpiproject.lib.spc import Limits, Signal
from kpiproject.models import User
from metrics import benchmarks, comparing
from metrics.kpi import Better
from metrics.queries import find
from surveys import complaints
from surveys.complaints import Complaint
from surveys.queries import customers_comments

MOST_ACTIONS: Final = 20
MOST_COMMENTS: Final = 5
SEES_DRAFTS: Final = "goals.change_goal"
_USUALLY: Final = timedelta(days=28)
_LONGEST: Final = timedelta(days=92)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A goal as it stands. `bar` is the width of its progress out of 100; it `has_page` until it is deleted."""

    goal_id: int
    is_draft: bool
    statement: str
    status_name: str
    tone: str
    time: str
    owner: str
    way: str
    bar: float | None
    value_note: str
    reason: str
    has_page: bool = True


@dataclass(frozen=True, kw_only=True)
class SignalLine:
    """A period whose value tells of a real change. `tone` says whether it is one for the better."""

    goal_id: int
    kpi_name: str
    words: str
    tone: str
    has_page: bool = True


@dataclass(frozen=True, kw_only=True)
class GoalNote:
    """A sentence about a goal."""

    goal_id: int
    statement: str
    words: str
    has_page: bool = True


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An open action. `is_ownerless`: whoever was to do it could no longer log in."""

    action_id: int
    what: str
    owner: str
    due: date
    when: str
    note: str
    is_overdue: bool
    is_ownerless: bool
    has_page: bool = True


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """A benchmark that somebody has to look up again."""

    kpi_name: str
    source: str
    review_on: date


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """`since` is the day of the review before, or four weeks ago; `as_of` when it was kept, None while it is live."""

    since: date
    as_of: datetime | None = None
    topics: list[Topic] = field(default_factory=list)
    signals: list[SignalLine] = field(default_factory=list)
    guardrails: list[GoalNote] = field(default_factory=list)
    actions: list[Promise] = field(default_factory=list)
    more_actions: int = 0
    benchmarks: list[Outdated] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    praise: list[Complaint] = field(default_factory=list)
    stale: list[GoalNote] = field(default_factory=list)
    unread: list[GoalNote] = field(default_factory=list)

    @property
    def attention(self) -> int:
        """How many of the goals are not as they should be."""
        return sum(topic.tone in ("bad", "warn") for topic in self.topics)


# --- The whole ----------------------------------------------------------------------------------------------------
def build(review: Review, *, today: date, zone: str) -> Agenda:
    """For somebody who may see everything. Costs the same number of queries however much there is."""
    goals = queries.on_agenda(review, has_drafts=True)
    since = begins(review, today)
    waiting = list(actions.open_actions()[: MOST_ACTIONS + 1])
    period = Period(since, max(today, since) + timedelta(days=1), zone)
    return Agenda(
        since=since,
        topics=topics(goals, today),
        signals=list(_all_signals(goals, since)),
        guardrails=breached_guardrails(goals),
        actions=[_promise(actions.line(action, today)) for action in waiting[:MOST_ACTIONS]],
        more_actions=max(0, len(waiting) - MOST_ACTIONS),
        benchmarks=_benchmarks(goals, today),
        complaints=_said(period, is_good=False),
        praise=_said(period, is_good=True),
        stale=[_note(goal, words) for goal in goals if (words := staleness.words(goal, today))],
        unread=_unread(goals, period.start_at),
    )


def seen_by(reader: User, found: Agenda) -> Agenda:
    """What this person may see of it; the rest is empty."""
    if not reader.has_perm(SEES_DRAFTS):
        found = _without_drafts(found)
    if not reader.has_perm("goals.view_action"):
        found = replace(found, actions=[], more_actions=0)
    if not reader.has_perm("metrics.view_benchmark"):
        found = replace(found, benchmarks=[])
    if not reader.has_perm("surveys.view_survey"):
        found = replace(found, complaints=[], praise=[])
    return found


def _without_drafts(found: Agenda) -> Agenda:
    drafts = {topic.goal_id for topic in found.topics if topic.is_draft}
    return replace(
        found,
        topics=[one for one in found.topics if one.goal_id not in drafts],
        signals=[one for one in found.signals if one.goal_id not in drafts],
        guardrails=[one for one in found.guardrails if one.goal_id not in drafts],
        stale=[one for one in found.stale if one.goal_id not in drafts],
        unread=[one for one in found.unread if one.goal_id not in drafts],
    )


def begins(review: Review, today: date) -> date:
    """The day of the last review that was held before this one; never more than a quarter ago."""
    held = Review.objects.filter(state=Review.State.HELD, on__lt=review.on).exclude(pk=review.pk)
    last: date | None = held.order_by("-on").values_list("on", flat=True).first()
    end = min(today, review.on)
    return max(last, end - _LONGEST) if last is not None and last < end else end - _USUALLY


# --- Goals --------------------------------------------------------------------------------------------------------
def topics(goals: Sequence[Goal], today: date) -> list[Topic]:
    """From what is stored; no query if the goals came with their objective and their owner."""
    return [_topic(goal, today) for goal in goals]


def _topic(goal: Goal, today: date) -> Topic:
    card = cards.card(goal, today)
    is_judged = goal.state in (Goal.State.ACTIVE, Goal.State.CLOSED)
    name = card.line.status_name or _("not judged yet")
    return Topic(
        goal_id=goal.pk,
        is_draft=goal.state == Goal.State.DRAFT,
        statement=goal.statement,
        status_name=name if is_judged else goal.get_state_display(),
        tone=card.line.tone,
        time=card.time,
        owner=str(goal.owner),
        way=card.way,
        bar=card.bar,
        value_note=card.line.value_note,
        reason=card.line.reason,
    )


def _note(goal: Goal, words: str) -> GoalNote:
    return GoalNote(goal_id=goal.pk, statement=goal.statement, words=words)


def breached_guardrails(goals: Sequence[Goal]) -> list[GoalNote]:
    """One sentence for each figure that was not to suffer, and does."""
    found = [(goal, guardrail_words.guardrail(goal)) for goal in goals if goal.guardrail_breached]
    return [_note(goal, guardrail.text) for goal, guardrail in found if guardrail is not None]


def _unread(goals: Sequence[Goal], since: datetime) -> list[GoalNote]:
    """Whose check-ins were written for nobody so far."""
    counts = check_ins.unread(goals, since)
    return [
        _note(goal, ngettext("%(count)s check-in", "%(count)s check-ins", count) % {"count": count})
        for goal in goals
        if (count := counts.get(goal.pk, 0))
    ]


# --- Signals ------------------------------------------------------------------------------------------------------
def _all_signals(goals: Sequence[Goal], since: date) -> Iterator[SignalLine]:
    rebases: dict[int, list[Rebase]] = {}
    for rebase in Rebase.objects.filter(goal__in=[goal.pk for goal in goals]).order_by("since"):
        rebases.setdefault(rebase.goal_id, []).append(rebase)
    for goal in goals:
        yield from signals(goal, since, rebases.get(goal.pk, []))


def signals(goal: Goal, since: date, rebases: Sequence[Rebase]) -> Iterator[SignalLine]:
    """What the goal's course tells of a real change in the last of the periods that ended since a day and tell of one,
    by the same limits as on its page: they begin anew where a person has said so. A change that lasts tells of itself
    in every period, and once is enough."""
    kpi = find(goal.kpi)
    found = variation.judged(goal, rebases)
    ends = {date.fromisoformat(piece["start"]): date.fromisoformat(piece["end"]) for piece in goal.course}
    told = [number for number, here in enumerate(found.signals) if here and ends[found.starts[number]] > since]
    if kpi is None or not told:
        return
    last = told[-1]
    limits = variation.cut(goal, found.limits)[last]
    if limits is None:
        return
    yield SignalLine(
        goal_id=goal.pk,
        kpi_name=", ".join(part for part in (str(kpi.name), lines.scope(goal)) if part),
        words=_words(goal, found.starts[last], found.values[last], found.signals[last], limits),
        tone=_tone(goal, found.values[last], limits.centre),
    )


def _words(goal: Goal, start: date, value: float, here: frozenset[Signal], limits: Limits) -> str:
    words = {
        "period": lines.piece(goal, start),
        "value": lines.amount(goal, value),
        "signals": comparing.words(here),
        "bounds": lines.bounds(goal, limits.low, limits.high),
    }
    return _("%(period)s: %(value)s is %(signals)s. The normal range is %(bounds)s.") % words


def _tone(goal: Goal, value: float, centre: float) -> str:
    is_better = value < centre if Better(goal.direction) is Better.LOWER else value > centre
    return "good" if is_better else "bad"


# --- What others have said ----------------------------------------------------------------------------------------
def _promise(line: actions.ActionLine) -> Promise:
    action = line.action
    return Promise(
        action_id=action.pk,
        what=action.what,
        owner=str(action.owner),
        due=action.due,
        when=line.when,
        note=action.note,
        is_overdue=line.is_overdue,
        is_ownerless=line.is_ownerless,
    )


def _benchmarks(goals: Sequence[Goal], today: date) -> list[Outdated]:
    return [
        Outdated(kpi_name=one.kpi_name, source=one.benchmark.source, review_on=one.benchmark.review_on)
        for one in benchmarks.overdue({goal.kpi for goal in goals}, today)
    ]


def _said(period: Period, *, is_good: bool) -> list[Complaint]:
    """Without who said it: what matters here is what happens to customers."""
    found = customers_comments(period.start_at, period.end_at, is_good=is_good, limit=MOST_COMMENTS)
    return [complaints.complaint(answer, has_customer=False) for answer in found]
