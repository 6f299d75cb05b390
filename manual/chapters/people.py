"""The rules by which people are thanked and looked after, and what the team has reached. Never a score of anybody."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import lines, recognition, support
from goals.recognition import MILESTONES_FOR, Milestone
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual.chapters.context import Built, Context, Figure, is_personal, rule, value
from metrics.queries import LEAST_ANSWERS


def build(context: Context) -> Built:
    found = milestones(context)
    figures = {f"recognition:{name}": rule(label, words) for name, label, words in _rules()}
    return Built(blocks=[*_recognition(), *_reached(found)], figures=figures | _figures(found))


def milestones(context: Context) -> list[Milestone]:
    """What the team has reached of late: targets that were met beyond chance, at nobody's expense."""
    goals = [goal for goal in recognition.achieved(context.today) if not is_personal(goal.dimension)]
    breached = {goal.pk for goal in goals if goal.guardrail_breached}
    return recognition.milestones(goals, breached=breached)


def _rules() -> Iterator[tuple[str, str, str]]:
    """What Plumbline does by itself: key, what it is about, what it does."""
    yield (
        "support",
        _("After hard contacts"),
        _(
            "Managers are told privately when %(count)s customers or more were unhappy with somebody within "
            "%(hours)s hours, so that somebody asks how they are."
        )
        % {"count": support.HARD_CONTACTS, "hours": round(support.WITHIN.total_seconds() / 3600)},
    )
    yield (
        "gap",
        _("Long without thanks"),
        _("Managers are reminded once a week of whoever has got no thanks for %(days)s days.")
        % {"days": support.GAP.days},
    )
    yield (
        "praise",
        _("Praise of customers"),
        _(
            "A manager reads it first and takes out who wrote it. Whoever it is about sees it before anybody else, and "
            "decides whether the others may read it."
        ),
    )
    yield (
        "single",
        _("Figures of single people"),
        _(
            "What customers think of one person is shown to nobody under %(least)s answers. Figures of single people "
            "never stand in this manual, go to nobody outside, and are never a ranking."
        )
        % {"least": LEAST_ANSWERS},
    )


def _recognition() -> Iterator[Block]:
    yield tree.heading(1, _("Recognition and support: the rules"), "recognition")
    yield tree.facts(*((label, words) for _name, label, words in _rules()))


def _reached(found: list[Milestone]) -> Iterator[Block]:
    yield tree.heading(1, _("What we have reached together"), "milestones")
    days = MILESTONES_FOR.days
    if not found:
        none = ngettext(
            "No goal was reached beyond chance in the last %(days)s day.",
            "No goal was reached beyond chance in the last %(days)s days.",
            days,
        )
        yield tree.paragraph(none % {"days": days})
        return
    yield tree.paragraph(
        _(
            "Goals that were reached in the last %(days)s days, by more than chance would have done, and with their "
            "guardrail kept:"
        )
        % {"days": days}
    )
    yield tree.bullets(tree.inlines(tree.strong(one.goal.statement), f": {words(one)}") for one in found)


def words(found: Milestone) -> str:
    """“91.0 % on 30 Jun 2026; it began at 80.0 %, and the target was 90.0 %”."""
    goal = found.goal
    said = {"day": date_format(found.on, "DATE_FORMAT"), "target": lines.target(goal)}
    if not goal.kpi or goal.value is None:
        return _("reached on %(day)s") % said
    said |= {"value": lines.amount(goal, goal.value), "baseline": lines.amount(goal, goal.baseline)}
    if goal.baseline is None:
        return _("%(value)s on %(day)s; the target was %(target)s") % said
    return _("%(value)s on %(day)s; it began at %(baseline)s, and the target was %(target)s") % said


def _figures(found: list[Milestone]) -> dict[str, Figure]:
    return {
        f"milestone:{one.goal.pk}": value(_("Reached together: “%(goal)s”") % {"goal": one.goal.statement}, words(one))
        for one in found
    }
