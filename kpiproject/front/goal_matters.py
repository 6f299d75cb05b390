"""Goals as a matter that waits for a manager: in danger, left alone, over, or still a draft that cannot begin."""

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Final

from django.core.cache import cache
from django.forms import model_to_dict
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

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
_KEPT_SECONDS: Final = 60 * 60
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
    that it is kept for an hour, and found out of one more draft each time."""
    rows = Goal.objects.filter(state=Goal.State.DRAFT)
    oldest = list(rows.select_related("objective", "owner", "reviewer").order_by("created_at", "id")[: MOST_NAMED + 1])
    if not oldest:
        return
    count = len(oldest) if len(oldest) <= MOST_NAMED else rows.count()
    named = tuple(
        Detail(text=goal.statement, url=reverse("admin:goals_goal_change", args=[goal.pk]), note=note)
        for goal, note in _with_obstacles(oldest[:MOST_NAMED])
    )
    text = ngettext("%d goal is still a draft", "%d goals are still drafts", count)
    url = f"{reverse('admin:goals_goal_changelist')}?state__exact={Goal.State.DRAFT.value}"
    yield Matter(text=text % count, url=url, tone="", details=named)


def _with_obstacles(drafts: list[Goal]) -> list[tuple[Goal, str]]:
    keys = {goal.pk: _key(goal) for goal in drafts}
    known: dict[str, str] = cache.get_many(keys.values())
    new = next((goal for goal in drafts if keys[goal.pk] not in known), None)
    if new is not None:
        known[keys[new.pk]] = _obstacles(new)
        cache.set(keys[new.pk], known[keys[new.pk]], _KEPT_SECONDS)
    return [(goal, known.get(keys[goal.pk], "")) for goal in drafts]


def _key(goal: Goal) -> str:
    """Another one as soon as anything else is written down about it."""
    written = json.dumps([model_to_dict(goal), goal.created_at], default=str, sort_keys=True)
    digest = blake2b(written.encode(), digest_size=16).hexdigest()
    return f"draft:{goal.pk}:{digest}:{get_language()}"


def _obstacles(goal: Goal) -> str:
    blocks = activating.obstacles(goal)
    if not blocks:
        return _("Nothing keeps it from being made active.")
    if len(blocks) == 1:
        return blocks[0]
    return _("%(count)d checks block it. The first: %(first)s") % {"count": len(blocks), "first": blocks[0]}
