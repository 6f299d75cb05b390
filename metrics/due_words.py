"""Clocks of service targets in words: what is due, when, and how long is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise as Text
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject.documents import sheets
from kpiproject.lib.periods import local_day, zone_info
from metrics import presentation, target_words
from metrics.kpi import BUSINESS
from metrics.models import ServiceTarget
from metrics.queries.clocks import Open, State

STATE_NAMES: Final[Mapping[State, Text]] = {
    State.OVERDUE: gettext_lazy("overdue"),
    State.SOON: gettext_lazy("due soon"),
    State.PAUSED: gettext_lazy("paused"),
    State.RUNNING: gettext_lazy("in time"),
}
_LEFT: Final[Mapping[State, Text]] = {
    State.OVERDUE: gettext_lazy("overdue by %(time)s"),
    State.SOON: gettext_lazy("due soon: %(time)s left"),
    State.RUNNING: gettext_lazy("in time: %(time)s left"),
}
_KPIS: Final[Mapping[str, str]] = {
    "first_response": "first_response_within_target",
    "resolution": "resolution_within_target",
}
_TONES: Final[Mapping[State, str]] = {State.OVERDUE: "badge-bad", State.SOON: "badge-warn"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A clock as a row of the page. `note` says in which time is counted; empty where that is the clock's on the wall,
    as is `due` of a clock that stands still. `link` leads to the rows of the KPI that counts it as missed already."""

    found: Open
    what: str
    promise: str
    due: str
    left: str
    tone: str
    note: str
    link: str


def line(found: Open, now: datetime, zone: str) -> Line:
    """`zone` is that of the organisation, in whose days KPIs count."""
    return Line(
        found=found,
        what=capfirst(metric_name(found.metric)),
        promise=target_words.promise(found.promise),
        due=_due(found),
        left=_left(found),
        tone=_TONES.get(found.state, ""),
        note=_note(found, now),
        link=_link(found, zone),
    )


def metric_name(metric: str) -> str:
    return str(ServiceTarget.Metric(metric).label)


def told(counts: Mapping[str, int]) -> str:
    """“First response: 3, resolution: 2”, without what there is none of."""
    parts = [
        _("%(what)s: %(count)s") % {"what": metric_name(metric), "count": presentation.number(count)}
        for metric, count in counts.items()
        if count
    ]
    return capfirst(", ".join(parts)) or _("none")


def header() -> list[str]:
    return [
        *(_("Source"), _("Ticket"), _("Subject"), _("What is due"), _("State"), _("Target"), _("Promise"), _("Due")),
        *(_("Time zone"), _("Left, in seconds"), _("Measured in"), _("Status")),
        *(capfirst(presentation.dimension(name)) for name in ("channel", "priority", "team", "agent")),
    ]


def cells(found: Open) -> sheets.Row:
    """The columns of the header. What is left is below zero since it was due."""
    ticket = found.ticket
    return [
        *(ticket.source, ticket.external_id, ticket.subject, metric_name(found.metric), str(STATE_NAMES[found.state])),
        *(found.target.name, target_words.promise(found.promise)),
        found.due_at and found.due_at.astimezone(zone_info(found.zone)),
        *(found.zone, found.left_seconds, found.promise.get_clock_display(), ticket.status),
        *(ticket.channel, ticket.priority, str(ticket.team or ""), str(ticket.agent or "")),
    ]


def _due(found: Open) -> str:
    if found.due_at is None:
        return ""
    local = found.due_at.astimezone(zone_info(found.zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def _left(found: Open) -> str:
    """The state, and how long it is until then or has been since."""
    if found.left_seconds is None:
        return str(STATE_NAMES[State.PAUSED])
    time = presentation.duration(abs(found.left_seconds), found.promise.clock)
    return str(_LEFT[found.state]) % {"time": time}


def _note(found: Open, now: datetime) -> str:
    if found.due_at is None:
        return _("in the status “%(status)s”") % {"status": found.ticket.status} if found.ticket.status else ""
    if found.promise.clock != BUSINESS:
        return ""
    on_the_wall = presentation.duration(abs((found.due_at - now).total_seconds()))
    return _("of business time; %(time)s by the clock") % {"time": on_the_wall}


def _link(found: Open, zone: str) -> str:
    """What was due on the same day in the same channel; empty where no KPI counts it."""
    if found.due_at is None or found.state is not State.OVERDUE or found.metric not in _KPIS:
        return ""
    day = local_day(found.due_at, zone)
    asked = {"from": day, "to": day + timedelta(days=1), "where": f"channel={found.ticket.channel}"}
    return f"{reverse('metrics:kpi_rows', args=[_KPIS[found.metric]])}?{urlencode(asked)}"


def remaining(count: int) -> str:
    """What else runs, where nothing asks for a look."""
    words = ngettext("%(count)s clock runs and has time left.", "%(count)s clocks run and have time left.", count)
    return words % {"count": presentation.number(count)}
