"""Closing a goal: what came of it, told so that nobody can fool themselves.

Achieved is only what met the target without breaking a guardrail; beside it stand whether the interval leaves a doubt,
and whether the process gave such values before anybody had set the goal (its XmR limits of the time before the start).
A goal without a KPI is achieved when all of its milestones are done in time: nothing of that is chance.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import course, judgement, status
from goals.changes import NotPossibleError
from goals.models import CheckIn, CloseOut, Goal, StatusChange
from goals.scales import scale
from kpiproject.lib import spc
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics.queries import BadQuestion, find

Outcome, Certainty, State, Status = CloseOut.Outcome, CloseOut.Certainty, Goal.State, Goal.Status

UNJUDGEABLE: Final = frozenset(
    {"overdue", "kpi_retired", "no_calendar", "no_dimension", "definition_changed", "failed", "no_milestones"}
)
"""Reasons for which a goal that is over will not be judged any more, however long one waits."""
_FIGURES: Final = ("target", "value", "value_low", "value_high", "value_n", "value_start", "value_end")
WORDS: Final = ("worked", "did_not_work", "next_time")
"""The three parts of a retrospective."""


@dataclass(frozen=True, kw_only=True)
class Normal:
    """What the figure varied between before the goal began, over `n` periods."""

    low: float
    high: float
    n: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """What closing the goal now would say. `certainty` is empty where there is nothing to be certain of."""

    outcome: str
    certainty: str
    is_early: bool
    is_guardrail_breached: bool | None
    normal: Normal | None
    is_within_normal: bool | None


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The retrospective, in a person's words."""

    worked: str = ""
    did_not_work: str = ""
    next_time: str = ""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a person ends a goal. `reason` is needed before its time is over; cancelled is what is not judged."""

    is_cancelled: bool = False
    reason: str = ""
    learned: Learned = Learned()


# --- What came of it ----------------------------------------------------------------------------------------------
def guardrail_breached(goal: Goal) -> bool | None:
    """Whether the figure that must not suffer has suffered at the end; None where there is none, or nothing was
    measured of it."""
    return goal.guardrail_breached if goal.guardrail else None


def is_final(goal: Goal, today: date) -> bool:
    """Whether the goal is over and its last figures are judged, or never will be."""
    return goal.status in judgement.ENDS or (today > goal.due and goal.reason in UNJUDGEABLE)


def result(goal: Goal, today: date, *, is_guardrail_breached: bool | None) -> Result:
    """From the stored judgement of the last period; before the goal is over, from that of the last complete one."""
    early = not is_final(goal, today)
    found = _measured(goal, is_early=early)
    normal = normal_before(goal, today)
    is_within = None
    if found is not None and normal is not None and goal.value is not None:
        is_within = _limits(normal).holds(goal.value)
    return Result(
        outcome=_outcome(found, is_guardrail_breached=is_guardrail_breached),
        certainty=certainty(found) if found and goal.has_kpi else "",
        is_early=early,
        is_guardrail_breached=is_guardrail_breached,
        normal=normal,
        is_within_normal=is_within,
    )


def certainty(found: status.Result) -> str:
    """A target within the interval could lie on either side of the true figure."""
    if found.is_close:
        return Certainty.CLOSE
    return Certainty.MET if found.is_achieved else Certainty.MISSED


def normal_before(goal: Goal, today: date) -> Normal | None:
    """The limits of an individuals chart over the periods before the start; None where they are too few."""
    kpi = find(goal.kpi)
    if kpi is None:
        return None
    scope = judgement.scope_of(goal, kpi)
    period = course.window(scope, before=min(goal.start, today), today=today, most=judgement.MOST[scope.grain])
    try:
        values = [piece.value for piece in course.pieces(scope, period)]
    except BadQuestion:
        return None
    limits = spc.limits(values)
    if limits is None:
        return None
    limits = limits.within(*scale(kpi))
    return Normal(low=limits.low, high=limits.high, n=len(values))


def _limits(normal: Normal) -> spc.Limits:
    return spc.Limits(centre=(normal.low + normal.high) / 2, low=normal.low, high=normal.high)


def _measured(goal: Goal, *, is_early: bool) -> status.Result | None:
    """None where there is no figure to judge by: after the end, one that was judged; before it, any."""
    if goal.value is None or not (is_early or goal.status in judgement.ENDS):
        return None
    if not goal.has_kpi:
        return status.Result(is_achieved=goal.status == Status.ACHIEVED, is_close=False)
    whole = goal.outlook.get("whole")
    if whole and not is_early:  # what was to be kept all the time is judged by all of it
        return status.final(whole["value"], goal.aim, low=whole["low"], high=whole["high"])
    return status.final(goal.value, goal.aim, low=goal.value_low, high=goal.value_high)


def _outcome(found: status.Result | None, *, is_guardrail_breached: bool | None) -> str:
    if found is None:
        return Outcome.UNKNOWN
    if not found.is_achieved:
        return Outcome.MISSED
    return Outcome.HOLLOW if is_guardrail_breached else Outcome.ACHIEVED


# --- Who saw it coming --------------------------------------------------------------------------------------------
def calibration(said: Iterable[CheckIn], *, is_met: bool) -> dict[str, dict[str, int]]:
    """How often person and machine were right, wrong or undecided in the check-ins, now that the end is known.

    “On track” was right if the target was met in the end, “off track” if it was not; “at risk” leaves both open.
    """
    found = list(said)
    return {
        "person": _counted([one.confidence for one in found], is_met=is_met),
        "machine": _counted([one.status for one in found], is_met=is_met),
    }


def _counted(views: Iterable[str], *, is_met: bool) -> dict[str, int]:
    right, wrong = (Status.ON_TRACK, Status.OFF_TRACK) if is_met else (Status.OFF_TRACK, Status.ON_TRACK)
    counts = {"right": 0, "wrong": 0, "undecided": 0}
    for view in views:
        counts["right" if view == right else "wrong" if view == wrong else "undecided"] += 1
    return counts


# --- Closing ------------------------------------------------------------------------------------------------------
@transaction.atomic
def close(goal_id: int, ending: Ending, *, by: User | None, now: datetime | None = None) -> CloseOut:
    """End an active goal for good. Of two who do it at once one is told: NotPossibleError says what is in the way."""
    now = now or timezone.now()
    goal = Goal.objects.select_for_update().get(pk=goal_id)
    _check_open(goal)
    today = local_day(now, organisation().time_zone)
    found = result(goal, today, is_guardrail_breached=guardrail_breached(goal))
    if ending.is_cancelled and not found.is_early:
        raise NotPossibleError(_("Its time is over and it is judged, so it can be closed but not cancelled."))
    if found.is_early and not ending.reason:
        why = _("To end it earlier, give the reason on its page.")
        raise NotPossibleError(f"{why_early(goal, today)} {why}")
    outcome = Outcome.CANCELLED if ending.is_cancelled else Outcome(found.outcome)
    CloseOut.objects.filter(goal=goal).delete()  # it was cancelled once, and taken up again
    made = CloseOut.objects.create(
        goal=goal,
        by=by,
        at=now,
        outcome=outcome,
        certainty="" if ending.is_cancelled else found.certainty,
        is_early=found.is_early,
        reason=ending.reason if found.is_early else "",
        is_guardrail_breached=found.is_guardrail_breached,
        calibration=_calibration(goal, outcome),
        **_normal(found),
        **_words(ending.learned),
        **{name: getattr(goal, name) for name in _FIGURES},
    )
    _end(goal, outcome, found, now)
    return made


def why_early(goal: Goal, today: date) -> str:
    """What is still to come before the goal is judged for good."""
    if goal.reason == "maturing" and (settled := goal.outlook.get("settled")):
        day = date_format(date.fromisoformat(settled), "DATE_FORMAT")
        return _("Its last figures are not final before %(day)s.") % {"day": day}
    if today > goal.due:
        return _("Its time is over, and its last figures are just being judged.")
    return _("It is not judged for good before it is due on %(due)s.") % {"due": date_format(goal.due, "DATE_FORMAT")}


def _check_open(goal: Goal) -> None:
    if goal.state == State.ACTIVE:
        return
    ended = CloseOut.objects.select_related("by").filter(goal=goal).first()
    if ended is not None and ended.by is not None:
        words = {"person": ended.by, "at": date_format(timezone.localtime(ended.at), "DATETIME_FORMAT")}
        raise NotPossibleError(_("%(person)s has closed this goal already, on %(at)s.") % words)
    message = _("Only active goals can be closed; this one is “%(state)s”.")
    raise NotPossibleError(message % {"state": goal.get_state_display()})


def _calibration(goal: Goal, outcome: str) -> Mapping[str, object]:
    """Nothing is right or wrong about a goal whose end nobody has seen."""
    if outcome in (Outcome.UNKNOWN, Outcome.CANCELLED):
        return {}
    is_met = outcome in (Outcome.ACHIEVED, Outcome.HOLLOW)
    return calibration(goal.check_ins.all(), is_met=is_met)


def _normal(found: Result) -> dict[str, object]:
    normal = found.normal
    return {
        "is_within_normal": found.is_within_normal,
        "normal_low": normal.low if normal else None,
        "normal_high": normal.high if normal else None,
        "normal_n": normal.n if normal else 0,
    }


def _words(learned: Learned) -> dict[str, str]:
    return {name: getattr(learned, name) for name in WORDS}


def _end(goal: Goal, outcome: str, found: Result, now: datetime) -> None:
    """The goal's own status says how it ended: a hollow win is not achieved."""
    before = goal.status
    goal.state = State.CANCELLED if outcome == Outcome.CANCELLED else State.CLOSED
    goal.candidate, goal.probability = "", None
    if outcome in (Outcome.ACHIEVED, Outcome.HOLLOW, Outcome.MISSED):
        is_met = outcome != Outcome.MISSED
        goal.status = str(Status.ACHIEVED if outcome == Outcome.ACHIEVED else Status.MISSED)
        if goal.has_kpi:
            close = "_close" if found.certainty == Certainty.CLOSE else ""
            goal.reason = f"{'achieved' if is_met else 'missed'}{close}"
        elif found.is_early:
            goal.reason = "closed_early"
    if goal.status != before:
        StatusChange.objects.create(
            goal=goal,
            before=before,
            after=goal.status,
            reason=goal.reason,
            period_end=goal.value_end,
            value=goal.value,
            at=now,
        )
    goal.save(update_fields=["state", "status", "reason", "candidate", "probability"])


def close_as_judged(goal_id: int, *, by: User | None) -> CloseOut:
    """Close one that is over, without a word about it: those can follow."""
    return close(goal_id, Ending(), by=by)


@transaction.atomic
def write_retrospective(goal_id: int, learned: Learned, *, seen: str) -> CloseOut:
    """Keep what was learned. NotPossibleError if somebody else has written since, so that no words get lost."""
    found = CloseOut.objects.select_for_update().get(goal_id=goal_id)
    if version(found) != seen:
        raise NotPossibleError(
            _("Somebody else has written meanwhile. Their words are shown; join yours and keep both.")
        )
    for name, text in _words(learned).items():
        setattr(found, name, text)
    found.save(update_fields=WORDS)
    return found


def version(found: CloseOut) -> str:
    """Differs when the retrospective does: what somebody saw before they wrote."""
    words = "\n".join(getattr(found, name) for name in WORDS)
    return hashlib.sha256(words.encode()).hexdigest()[:16]
