"""Whether a goal is specific, measurable, achievable, relevant and timely: computed from what was measured.

A check passes, warns or blocks; of a goal without a KPI those that measure do not apply, and say so. A draft is always
saved; a goal that a check blocks cannot be made active; warnings need a sentence that says why to go on. Every check is
a pure function of `Facts` (see goals.evidence); of what it finds, the first counts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.smart import attainable, measurable, relevant, specific, steps, timely
from goals.smart.facts import Check, Facts, Letter, Outcome
from metrics.kpi import Text

__all__ = ["CHECKS", "Check", "Facts", "Letter", "Outcome", "Sheet", "sheet"]

CHECKS: Final[Mapping[Letter, tuple[Callable[[Facts], Iterator[Check]], ...]]] = {
    Letter.SPECIFIC: (specific.figure, specific.statement, specific.owner, specific.reviewer, specific.twin),
    Letter.MEASURABLE: (
        steps.written,
        steps.nothing_measured,
        measurable.feed,
        measurable.volume,
        measurable.target,
        measurable.detectable_change,
        measurable.baseline_age,
    ),
    Letter.ACHIEVABLE: (attainable.distance, attainable.slope, steps.apart, steps.no_distance),
    Letter.RELEVANT: (
        relevant.objective,
        relevant.guardrail,
        relevant.incentive,
        relevant.load,
        relevant.channels,
        relevant.benchmark,
    ),
    Letter.TIMELY: (
        timely.dates,
        steps.days,
        steps.any_day,
        timely.period_end,
        timely.length,
        timely.rhythm,
        timely.review_cadence,
    ),
}
NAMES: Final[Mapping[Letter, Text]] = {
    Letter.SPECIFIC: _("Specific"),
    Letter.MEASURABLE: _("Measurable"),
    Letter.ACHIEVABLE: _("Achievable"),
    Letter.RELEVANT: _("Relevant"),
    Letter.TIMELY: _("Time-bound"),
}
OUTCOMES: Final[Mapping[Outcome, Text]] = {
    Outcome.NOT_APPLICABLE: _("does not apply"),
    Outcome.PASS: _("passes"),
    Outcome.WARN: _("warns"),
    Outcome.BLOCK: _("blocks"),
}
_ORDER: Final = tuple(Outcome)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The checks of one letter; `outcome` is the worst of them, None where nothing could be checked yet."""

    letter: Letter
    name: Text
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Outcome | None:
        return max((check.outcome for check in self.checks), key=_ORDER.index, default=None)

    @property
    def outcome_name(self) -> Text:
        return OUTCOMES[self.outcome] if self.outcome else _("not checked yet")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All checks of a goal, by letter."""

    groups: tuple[Group, ...]

    def _of(self, outcome: Outcome) -> list[Check]:
        return [check for group in self.groups for check in group.checks if check.outcome is outcome]

    @property
    def blocks(self) -> list[Check]:
        return self._of(Outcome.BLOCK)

    @property
    def warnings(self) -> list[Check]:
        return self._of(Outcome.WARN)


def sheet(facts: Facts) -> Sheet:
    """What cannot be checked yet, because something else is missing, is left out."""
    return Sheet(groups=tuple(_group(letter, facts) for letter in Letter))


def _group(letter: Letter, facts: Facts) -> Group:
    found = (next(check(facts), None) for check in CHECKS[letter])
    return Group(letter=letter, name=NAMES[letter], checks=tuple(check for check in found if check is not None))
