"""Goals as a matter that waits for a manager: in danger, left alone, over, or still a draft that cannot begin."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import activating, guardrail_words, lines, needs, staleness
from goals.models import Goal
from goals.needs import Found, Need
from kpiproject.front.matters import MOST_NAMED, Detail, Matter, Moment, Tone

_TONES: Final[Mapping[Need, Tone]] = {
    Need.OFF_TRACK: "bad",
    Need.GUARDRAIL: "bad",
    Need.AT_RISK: "warn",
    Need.OWNER: "warn",
    Need.CHECK_IN: "",
    Need.CLOSING: "",
}
_ON_THE_BOARD: Final = (Need.OFF_TRACK, Need.AT_RISK)


def goals(moment: Moment) -> Iterator[Matter]:
    """In two queries."""
    for found in needs.found(moment.today, most=MOST_NAMED):
        named = tuple(
            Detail(text=goal.statement, url=reverse("goals:goal", args=[goal.pk]), note=_note(found.need, goal, moment))
            for goal in found.first
        )
        yield Matter(text=_text(found), url=_url(found.need), tone=_TONES[found.need], details=named)


def _url(need: Need) -> str:
    if need in _ON_THE_BOARD:
        return f"{reverse('goals:board')}?status={need}"
    return f"{reverse('admin:goals_goal_changelist')}?needs={need}"


def _text(found: Found) -> str:
    count = found.count
    return {
        Need.OFF_TRACK: ngettext("%d goal is off track", "%d goals are off track", count),
        Need.GUARDRAIL: ngettext(
            "%d goal has a guardrail that is breached", "%d goals have a guardrail that is breached", count
        ),
        Need.AT_RISK: ngettext("%d goal is at risk", "%d goals are at risk", count),
        Need.OWNER: ngettext("%d goal has an owner who has left", "%d goals have an owner who has left", count),
        Need.CHECK_IN: ngettext("%d goal waits for a check-in", "%d goals wait for a check-in", count),
        Need.CLOSING: ngettext("%d goal is over and can be closed", "%d goals are over and can be closed", count),
    }[found.need] % count


def _note(need: Need, goal: Goal, moment: Moment) -> str:
    if need is Need.GUARDRAIL:
        guardrail = guardrail_words.guardrail(goal)
        return guardrail.text if guardrail else ""
    if need is Need.OWNER:
        return str(goal.owner)
    if need is Need.CHECK_IN:
        return f"{goal.owner}: {staleness.words(goal, moment.today)}"
    return lines.line(goal).reason


def drafts(_moment: Moment) -> Iterator[Matter]:
    """The oldest ones come with what still keeps them from being made active. That is computed from their figures, so
    that it is told of so few only, and where there is time for it."""
    rows = Goal.objects.filter(state=Goal.State.DRAFT)
    oldest = list(rows.select_related("objective", "owner", "reviewer").order_by("created_at", "id")[: MOST_NAMED + 1])
    if not oldest:
        return
    count = len(oldest) if len(oldest) <= MOST_NAMED else rows.count()
    named = tuple(
        Detail(text=goal.statement, url=reverse("admin:goals_goal_change", args=[goal.pk]), note=_obstacles(goal))
        for goal in oldest[:MOST_NAMED]
    )
    text = ngettext("%d goal is still a draft", "%d goals are still drafts", count)
    url = f"{reverse('admin:goals_goal_changelist')}?state__exact={Goal.State.DRAFT.value}"
    yield Matter(text=text % count, url=url, tone="", details=named)


def _obstacles(goal: Goal) -> str:
    blocks = activating.obstacles(goal)
    if not blocks:
        return _("Nothing keeps it from being made active.")
    if len(blocks) == 1:
        return blocks[0]
    return _("%(count)d checks block it. The first: %(first)s") % {"count": len(blocks), "first": blocks[0]}
