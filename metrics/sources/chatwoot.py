"""Chatwoot: conversations and reporting events of the API (JSON), and the export of satisfaction ratings (CSV).

A conversation has two numbers: the one that people see (display id, the `id` of the API) and that of the database,
by which reporting events name it. They are never the same thing, even where they are equal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics.sources import helpdesks
from metrics.sources.columns import SURVEY_RESPONSES
from metrics.sources.faults import BadValue, MissingColumn
from metrics.sources.reader import Layout
from metrics.sources.reported import BUSINESS, CALENDAR, SECOND, Duration
from metrics.sources.responses import SurveyResponses
from metrics.sources.rows import Fault, Options, Row
from metrics.sources.scoring import Span
from metrics.sources.table import Line, Table

_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("display_id", "id"),
    "customer": ("meta.sender.id",),
    "customer_email": ("meta.sender.email",),
    "subject": ("additional_attributes.mail_subject",),
    "channel": ("meta.channel",),
    "team": ("meta.team.name",),
    "agent": ("meta.assignee.email",),
    "tags": ("labels",),
    "first_agent_reply_at": ("first_reply_created_at",),
}
_CHANNELS: Final = {
    "channel::webwidget": "chat",
    "channel::email": "email",
    "channel::api": "api",
    "channel::whatsapp": "whatsapp",
    "channel::sms": "sms",
    "channel::twiliosms": "sms",
    "channel::facebookpage": "facebook",
    "channel::instagram": "instagram",
    "channel::twitterprofile": "twitter",
    "channel::telegram": "telegram",
    "channel::line": "line",
    "channel::tiktok": "tiktok",
    "channel::voice": "phone",
}
# How the screen of an agent looked at the moment, and texts that are no facts about the conversation.
_IGNORED: Final = (
    "messages",
    "last_non_activity_message",
    "can_reply",
    "muted",
    "unread_count",
    "timestamp",
    "agent_last_seen_at",
    "assignee_last_seen_at",
    "contact_last_seen_at",
    "meta.sender.thumbnail",
    "meta.assignee.thumbnail",
)
_TELLING: Final = frozenset(
    {"meta.channel", "meta.sender.id", "canreply", "firstreplycreatedat", "waitingsince", "contactlastseenat", "uuid"}
)
_EVENTS: Final = frozenset({"name", "value", "eventstarttime", "eventendtime"})
_RATINGS: Final = frozenset({"rating", "feedbackcomment", "linktotheconversation", "recordeddate"})
_BREACHES: Final = frozenset({"conversationid", "slapolicy", "breachedevents"})
_ASSIGNEE: Final = ("meta.assignee", "meta.assignee.email", "meta.assignee.name")
_BOT: Final = "agentbot"


def recognises_tickets(names: frozenset[str]) -> bool:
    return names >= {"id", "inboxid", "status", "createdat"} and len(names & _TELLING) >= 2


def recognises_events(names: frozenset[str]) -> bool:
    return names >= _EVENTS


def recognises_ratings(names: frozenset[str]) -> bool:
    return names >= _RATINGS


def recognises_breaches(names: frozenset[str]) -> bool:
    return names >= _BREACHES


class Tickets(helpdesks.Tickets):
    """Conversations. When they were resolved only their reporting events tell."""

    layout = Layout(
        format="chatwoot",
        kind="tickets",
        makes="tickets",
        columns=helpdesks.COLUMNS_WITH_PHRASES,
        aliases=_ALIASES,
        words={"channel": _CHANNELS},
        ignored=_IGNORED,
    )

    def derive(self, row: Row) -> Mapping[str, Any]:
        if not any(map(self.has, _ASSIGNEE)):
            return {}
        is_bot = self.text(row, "meta.assignee_type").casefold() == _BOT
        return {"agent": "" if is_bot else row.values.get("agent") or self.text(row, "meta.assignee.name")}


_REPLY: Final = {"kind": "reply", "actor_type": "agent"}
_RESOLVED: Final = {"kind": "status", "to_value": "resolved"}
_HANDED_OVER: Final = {"kind": "handoff", "actor_type": "bot"}
_MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "first_response": _REPLY,
    "reply_time": _REPLY,
    "conversation_opened": {"kind": "status", "to_value": "open"},
    "conversation_resolved": _RESOLVED,
    "conversation_bot_resolved": {**_RESOLVED, "actor_type": "bot"},
    "conversation_bot_handoff": _HANDED_OVER,
}
_MEASURES: Final = {
    "first_response": "first_response_time",
    "reply_time": "reply_time",
    "conversation_resolved": "resolution_time",
}
_CLOCKS: Final = (("value", CALENDAR), ("value_in_business_hours", BUSINESS))


class TicketEvents(helpdesks.TicketEvents):
    layout = Layout(
        format="chatwoot",
        kind="ticket_events",
        makes="events",
        columns=helpdesks.EVENT_COLUMNS,
        aliases={
            "ticket": ("conversation_display_id", "display_id", "conversation_uuid", "uuid"),
            "at": ("event_end_time",),
            "kind": ("name",),
            "actor": ("user_email", "user_name", "user_id"),
            "external_id": ("id",),
        },
    )
    from_events = ("first_solved_at", "solved_at", "reopens", "handed_to_human_at", "bot_involved", "reported")

    def __init__(self, table: Table, options: Options) -> None:
        try:
            super().__init__(table, options)
        except MissingColumn as fault:
            if "ticket" not in fault.columns:
                raise
            message = _(
                "%(name)s names conversations only by their number in Chatwoot’s database, which is not the number "
                "that people see and that the export of conversations has. Add that one as the column display_id."
            )
            raise MissingColumn(message % {"name": table.name}, fault.columns) from fault

    def event(self, row: Row) -> Mapping[str, Any]:
        return _MEANINGS.get(row.values["kind"].casefold(), {})

    def complete(self, row: Row) -> Row:
        row = super().complete(row)
        measure = _MEASURES.get(self.text(row, "name").casefold(), "")
        if measure and (durations := dict(self._durations_of(row, measure))):
            row.values["extra"] = {**row.values.get("extra", {}), "reported": durations}
        return row

    def _durations_of(self, row: Row, measure: str) -> Iterator[tuple[str, int]]:
        for name, clock in _CLOCKS:
            duration = Duration(measure, clock, SECOND)
            try:
                if text := self.text(row, name):
                    yield duration.name, duration.read(text)
            except BadValue:
                self.notes.add("bad_duration", f"{name}: {text}")


_CONVERSATION: Final = re.compile(r"/conversations/(\d+)")
_KIND: Final = "csat"
_SCALE: Final = Span(1, 5)
_LONGEST_ID: Final = 200


class Ratings(SurveyResponses):
    """The answers to Chatwoot's own survey, which asks after every resolution: a conversation may have several."""

    layout = Layout(
        format="chatwoot",
        kind="survey_responses",
        makes="responses",
        columns=SURVEY_RESPONSES,
        aliases={
            "external_id": ("link to the conversation",),
            "score": ("rating",),
            "answered_at": ("recorded date",),
            "comment": ("feedback comment",),
            "customer_email": ("contact email address",),
            "agent": ("agent name",),
        },
    )

    def __init__(self, table: Table, options: Options) -> None:
        scoring = options.scoring
        known = replace(scoring, kind=scoring.kind or _KIND, scales={_KIND: _SCALE, **scoring.scales})
        super().__init__(table, replace(options, scoring=known))

    def _key(self, line: Line) -> str:
        link, at = (self.used[name] for name in ("external_id", "answered_at"))
        if max(link, at) >= len(line.cells) or "external_id" in self.options.mapping:
            return super()._key(line)
        said = line.cells[link].strip()
        found = _CONVERSATION.search(said)
        return f"{found[1] if found else said} {line.cells[at].strip()}"[:_LONGEST_ID]

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Row):
            found = _CONVERSATION.search(row.values["external_id"])
            if found and "ticket" not in self.options.mapping:
                row.values["ticket"] = found[1]
            row.values.setdefault("ticket", "")
            row.values["external_id"] = self._key(line)
        return row
