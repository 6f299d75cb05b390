"""How a goal ended, in words: from what closing it has stored, or from what closing it now would store."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals import lines, milestone_words
from goals.close_out import Result
from goals.models import CloseOut, Goal

Outcome, Certainty = CloseOut.Outcome, CloseOut.Certainty
TONES: Final[Mapping[str, str]] = {Outcome.ACHIEVED: "good", Outcome.HOLLOW: "warn", Outcome.MISSED: "bad"}
_CERTAIN: Final[Mapping[str, str | Promise]] = {
    Certainty.MET: gettext_lazy("Met clearly: %(value)s in %(period)s, and the target was %(target)s."),
    Certainty.CLOSE: gettext_lazy(
        "Too close to call: %(value)s in %(period)s, and the target of %(target)s lies within the interval, "
        "%(interval)s. Chance may have decided."
    ),
    Certainty.MISSED: gettext_lazy("Missed clearly: %(value)s in %(period)s, and the target was %(target)s."),
    "": gettext_lazy("There is no figure of the last period to judge it by."),
}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """`sentences` are what the figures say; `calibration` who saw it coming. Both hold whole sentences."""

    close_out: CloseOut
    name: str
    tone: str
    sentences: list[str]
    calibration: list[str]
    has_words: bool


def of_goal(goal: Goal) -> Ended | None:
    """How a goal that is closed or cancelled has ended; None for others, and for one closed without a record."""
    if goal.state not in (Goal.State.CLOSED, Goal.State.CANCELLED):
        return None
    found = CloseOut.objects.select_related("by", "next_goal").filter(goal=goal).first()
    return None if found is None else told(goal, found)


def told(goal: Goal, found: CloseOut) -> Ended:
    """What the record says; without a query."""
    return Ended(
        close_out=found,
        name=found.get_outcome_display(),
        tone=TONES.get(found.outcome, ""),
        sentences=list(_stored(goal, found)),
        calibration=list(_calibration(found.calibration)),
        has_words=bool(found.worked or found.did_not_work or found.next_time),
    )


def of_result(goal: Goal, found: Result) -> list[str]:
    """What closing the goal now would say."""
    sentences = [
        _certain(goal, found.certainty, goal.value_start),
        _guardrail(found.outcome, found.is_guardrail_breached),
    ]
    limits = (found.normal.low, found.normal.high, found.normal.n) if found.normal else None
    sentences.append(_normal(goal, found.is_within_normal, limits))
    return [sentence for sentence in sentences if sentence]


def _stored(goal: Goal, found: CloseOut) -> Iterator[str]:
    if found.outcome == Outcome.CANCELLED:
        yield _("It was cancelled, so it is not judged.")
        if not goal.has_kpi:
            yield milestone_words.ended(goal, is_cancelled=True)
        return
    yield _certain(goal, found.certainty, found.value_start)
    if guardrail := _guardrail(found.outcome, found.is_guardrail_breached):
        yield guardrail
    limits = None
    if found.normal_low is not None and found.normal_high is not None:
        limits = (found.normal_low, found.normal_high, found.normal_n)
    if normal := _normal(goal, found.is_within_normal, limits):
        yield normal


def _certain(goal: Goal, certainty: str, start: date | None) -> str:
    """The goal's figures are those of its end: nothing is judged after it."""
    if not goal.has_kpi:
        return milestone_words.ended(goal)
    words = {
        "value": lines.amount(goal, goal.value),
        "target": lines.amount(goal, goal.target),
        "period": lines.within(goal, start) if start else "",
        "interval": lines.interval(goal, goal.value_low, goal.value_high),
    }
    return str(_CERTAIN[certainty]) % words


def _guardrail(outcome: str, is_breached: bool | None) -> str:  # noqa: FBT001 - as it is stored
    if is_breached is None:
        return ""
    if not is_breached:
        return _("Its guardrail has held.")
    if outcome == Outcome.HOLLOW:
        return _("A hollow win: the target was met, but its guardrail was breached on the way. It does not count.")
    return _("Its guardrail was breached.")


def _normal(goal: Goal, is_within: bool | None, limits: tuple[float, float, int] | None) -> str:  # noqa: FBT001 - the same
    if limits is None or is_within is None:
        return ""
    low, high, n = limits
    words = {"bounds": lines.bounds(goal, low, high), "periods": _periods(goal, n)}
    if is_within:
        return (
            _(
                "Inside normal variation: in the %(periods)s before its start the figure lay at %(bounds)s "
                "by itself, so this may be chance and not our doing."
            )
            % words
        )
    return (
        _(
            "Outside normal variation: in the %(periods)s before its start the figure lay at %(bounds)s, "
            "so something has really changed."
        )
        % words
    )


def _periods(goal: Goal, n: int) -> str:
    if goal.grain == Goal.Grain.MONTH:
        return ngettext("%(n)s month", "%(n)s months", n) % {"n": n}
    return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}


def _calibration(counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Nothing is said where nobody has checked in."""
    total = sum(counts.get("person", {}).values())
    if not total:
        return
    names = {"person": _("The person"), "machine": _("Plumbline")}
    for who, name in names.items():
        found = counts[who]
        words = {"who": name, "total": total, **found}
        yield (
            ngettext(
                "%(who)s: of %(total)s check-in right in %(right)s, wrong in %(wrong)s, undecided in %(undecided)s.",
                "%(who)s: of %(total)s check-ins right in %(right)s, wrong in %(wrong)s, undecided in %(undecided)s.",
                total,
            )
            % words
        )
