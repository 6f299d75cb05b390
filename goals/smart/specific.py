"""S: one figure, two people, words that say something, and no second goal for the same."""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from goals import lines
from goals.models import Goal
from goals.smart.facts import Check, Facts, blocked, passed, warned

_VAGUE: Final = re.compile(
    r"\b(improv\w*|better|increas\w*|decreas\w*|reduc\w*|rais\w*|lower\w*|enhanc\w*|optimi[sz]\w*|boost\w*|"
    r"more|less|fewer|faster|quicker|grow\w*)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\d|\b(half|third|quarter|all|every|none|no|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|"
    r"thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|percent)\b",
    re.IGNORECASE,
)


def figure(facts: Facts) -> Iterator[Check]:
    goal, kpi = facts.goal, facts.kpi
    if not goal.has_kpi:
        yield from _milestones(facts)
        return
    if kpi is None:
        text = _("The KPI “%(kpi)s” no longer exists. Choose another one.") % {"kpi": goal.kpi}
        yield blocked("figure", text, "kpi")
        return
    if facts.scope_fault:
        yield blocked("figure", facts.scope_fault, "only_for")
    words = {"kpi": kpi.name, "scope": lines.scope(goal) or _("everything"), "direction": direction(facts)}
    yield passed("figure", _("One figure: %(kpi)s, of %(scope)s; %(direction)s.") % words)


def _milestones(facts: Facts) -> Iterator[Check]:
    """Nobody is asked for a kind: what is written says it."""
    if not facts.milestones:
        text = _(
            "Choose a KPI: one figure must say whether the goal is reached. Or leave it empty and write milestones."
        )
        yield blocked("figure", text, "kpi")
    if facts.goal.dimension:
        text = _("“%(scope)s” belongs to a KPI. A goal with milestones is for everybody: choose “everything”.")
        yield blocked("figure", text % {"scope": lines.scope(facts.goal)}, "only_for")
    yield passed("figure", _("It is complete when all of its milestones are done."))


def direction(facts: Facts) -> str:
    if facts.target_high is not None:
        return _("to lie within a range")
    return str(Goal.Direction(facts.better.value).label)


def owner(facts: Facts) -> Iterator[Check]:
    if facts.owner is None:
        yield blocked("owner", _("Choose an owner: somebody must look after the goal."), "owner")
        return
    if not facts.owner.is_active:
        text = _("%(owner)s no longer has access. Give the goal to somebody who has.") % {"owner": facts.owner}
        yield blocked("owner", text, "owner")
    yield passed("owner", _("%(owner)s looks after it.") % {"owner": facts.owner})


def reviewer(facts: Facts) -> Iterator[Check]:
    if facts.reviewer is None:
        yield warned("reviewer", _("Nobody but the owner looks at it. Choose a reviewer who asks how it goes."))
        return
    words = {"reviewer": facts.reviewer}
    if facts.reviewer == facts.owner:
        yield warned("reviewer", _("Owner and reviewer are the same person. Choose a second pair of eyes."))
    if not facts.reviewer.is_active:
        yield warned("reviewer", _("%(reviewer)s no longer has access. Choose another reviewer.") % words)
    yield passed("reviewer", _("%(reviewer)s reviews it.") % words)


def statement(facts: Facts) -> Iterator[Check]:
    text = facts.goal.statement.strip()
    if not text:
        yield blocked("statement", _("Say in one sentence what is to be reached."), "statement")
    found = _VAGUE.search(text)
    if found and not _NUMBER.search(text):
        words = {"word": found[0]}
        yield warned("statement", _("“%(word)s” alone leaves open when it is done. Put the number into it.") % words)
    yield passed("statement", _("The statement says what is to be reached."))


def twin(facts: Facts) -> Iterator[Check]:
    if facts.kpi is None and facts.goal.has_kpi:
        return
    if facts.twins and not facts.goal.has_kpi:
        text = _("“%(other)s” is active already, in the same words. Change that one, or close it first.")
        yield blocked("twin", text % {"other": facts.twins[0]}, "statement")
    if facts.twins:
        text = _("“%(other)s” is active for the same figure. Change that one, or close it first.")
        yield blocked("twin", text % {"other": facts.twins[0]})
    same = _("No other active goal is about the same figure.")
    yield passed("twin", same if facts.goal.has_kpi else _("No other active goal has the same words."))
