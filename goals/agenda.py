"""What a review has to look at, put together from what was measured, said and promised since the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from goals import actions, guardrail_words, lines, staleness
from goals.actions import ActionLine
from goals.models import Goal, Review
from goals.scales import scale
from kpiproject.lib import spc
from kpiproject.lib.periods import Period
from kpiproject.models import User
from metrics import benchmarks, comparing, presentation
from metrics.benchmarks import Overdue
from metrics.kpi import Better
from metrics.queries import find
from surveys import complaints, queries
from surveys.complaints import Complaint

MOST_ACTIONS: Final = 20
MOST_COMMENTS: Final = 5
_USUALLY: Final = timedelta(days=28)
_LONGEST: Final = timedelta(days=92)


@dataclass(frozen=True, kw_only=True)
class SignalLine:
    """A period whose value tells of a real change. `tone` says whether it is one for the better."""

    goal: Goal
    kpi_name: str
    words: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """`since` is the day of the review before, or four weeks ago. What this person may not see is empty."""

    since: date
    signals: list[SignalLine] = field(default_factory=list)
    guardrails: list[str] = field(default_factory=list)
    actions: list[ActionLine] = field(default_factory=list)
    more_actions: int = 0
    benchmarks: list[Overdue] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    praise: list[Complaint] = field(default_factory=list)
    stale: list[tuple[Goal, str]] = field(default_factory=list)


def build(review: Review, goals: Sequence[Goal], *, reader: User, today: date, zone: str) -> Agenda:
    """Costs the same number of queries however much there is."""
    since = begins(review, today)
    waiting = list(actions.open_actions()[: MOST_ACTIONS + 1]) if reader.has_perm("goals.view_action") else []
    has_comments = reader.has_perm("surveys.view_survey")
    period = Period(since, max(today, since) + timedelta(days=1), zone)
    return Agenda(
        since=since,
        signals=[found for goal in goals for found in signals(goal, since)],
        guardrails=breached_guardrails(goals),
        actions=[actions.line(action, today) for action in waiting[:MOST_ACTIONS]],
        more_actions=max(0, len(waiting) - MOST_ACTIONS),
        benchmarks=benchmarks.overdue({goal.kpi for goal in goals}, today) if _may_compare(reader) else [],
        complaints=_said(period, is_good=False) if has_comments else [],
        praise=_said(period, is_good=True) if has_comments else [],
        stale=[(goal, words) for goal in goals if (words := staleness.words(goal, today))],
    )


def begins(review: Review, today: date) -> date:
    """The day of the last review that was held before this one; never more than a quarter ago."""
    held = Review.objects.filter(state=Review.State.HELD, on__lt=review.on).exclude(pk=review.pk)
    last: date | None = held.order_by("-on").values_list("on", flat=True).first()
    end = min(today, review.on)
    return max(last, end - _LONGEST) if last is not None and last < end else end - _USUALLY


def breached_guardrails(goals: Sequence[Goal]) -> list[str]:
    """One sentence for each figure that was not to suffer, and does."""
    found = [guardrail_words.guardrail(goal) for goal in goals if goal.guardrail_breached]
    return [guardrail.text for guardrail in found if guardrail is not None]


# --- Signals ------------------------------------------------------------------------------------------------------
def signals(goal: Goal, since: date) -> Iterator[SignalLine]:
    """What the goal's course tells of a real change in the last of the periods that ended since a day and tell of one,
    by the rules of the page of analysis: its values are those of the last judgement, asked of the same figures. A
    change that lasts tells of itself in every period, and once is enough."""
    values = [piece["value"] for piece in goal.course]
    limits = spc.limits(values)
    kpi = find(goal.kpi)
    if limits is None or kpi is None:
        return
    told = spc.signals(values, limits)
    shown = limits.within(*scale(kpi))
    recent = [
        (piece, here)
        for piece, here in zip(goal.course, told, strict=True)
        if here and date.fromisoformat(piece["end"]) > since
    ]
    for piece, here in recent[-1:]:
        yield SignalLine(
            goal=goal,
            kpi_name=str(kpi.name),
            words=_words(goal, piece["start"], piece["value"], here, shown),
            tone=_tone(goal, piece["value"], limits.centre),
        )


def _words(goal: Goal, start: str, value: float, here: frozenset[spc.Signal], limits: spc.Limits) -> str:
    words = {
        "period": lines.piece(goal, date.fromisoformat(start)),
        "value": lines.amount(goal, value),
        "signals": ", ".join(str(comparing.SIGNAL_WORDS[one]) for one in spc.Signal if one in here),
        "bounds": lines.bounds(goal, limits.low, limits.high),
    }
    return _("%(period)s: %(value)s is %(signals)s. The normal range is %(bounds)s.") % words


def _tone(goal: Goal, value: float, centre: float) -> str:
    is_better = value < centre if Better(goal.direction) is Better.LOWER else value > centre
    return "good" if is_better else "bad"


# --- What others have said ----------------------------------------------------------------------------------------
def _may_compare(reader: User) -> bool:
    return reader.has_perm("metrics.view_benchmark")


def _said(period: Period, *, is_good: bool) -> list[Complaint]:
    """Without who said it: what matters here is what happens to customers."""
    found = queries.customers_comments(period.start_at, period.end_at, is_good=is_good, limit=MOST_COMMENTS)
    return [complaints.complaint(answer, has_customer=False) for answer in found]


def period_words(since: date, today: date) -> str:
    return presentation.days(since, today)
