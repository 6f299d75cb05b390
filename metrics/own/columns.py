"""What a KPI of one's own can be made of: the columns of every frame, and what each of them holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Text
from metrics.sources.columns import ACTOR_TYPES, AUTHOR_TYPES, EVENT_KINDS


class Holds(StrEnum):
    INSTANT = "instant"
    NUMBER = "number"
    TRUTH = "truth"
    WORD = "word"


@dataclass(frozen=True, kw_only=True)
class Column:
    """`counts` marks instants under which rows can be counted: on their day. `among` are the only words there can be;
    without any, whatever was imported."""

    name: str
    holds: Holds
    label: Text
    counts: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """One frame. `rows` is what its rows are called; `kinds` are the kinds of facts that fill it."""

    frame: str
    label: Text
    about: Text
    columns: Mapping[str, Column]

    def of(self, *holds: Holds) -> list[Column]:
        return [column for column in self.columns.values() if column.holds in holds]

    @property
    def days(self) -> list[Column]:
        return [column for column in self.columns.values() if column.counts]


def _table(frame: str, label: Text, about: Text, columns: list[Column]) -> Table:
    return Table(frame=frame, label=label, about=about, columns={column.name: column for column in columns})


def _day(name: str, label: Text) -> Column:
    return Column(name=name, holds=Holds.INSTANT, label=label, counts=True)


def _instant(name: str, label: Text) -> Column:
    return Column(name=name, holds=Holds.INSTANT, label=label)


def _number(name: str, label: Text) -> Column:
    return Column(name=name, holds=Holds.NUMBER, label=label)


def _truth(name: str, label: Text) -> Column:
    return Column(name=name, holds=Holds.TRUTH, label=label)


def _words(**labels: Text) -> list[Column]:
    return [Column(name=name, holds=Holds.WORD, label=label) for name, label in labels.items()]


def _one_of(name: str, label: Text, among: tuple[str, ...]) -> Column:
    return Column(name=name, holds=Holds.WORD, label=label, among=among)


_OF_CUSTOMER: Final = {"segment": _("segment"), "tier": _("customer tier"), "country": _("country")}
_SOURCE: Final = _("source")
_OF_TICKET: Final = {
    "channel": _("channel"),
    "category": _("category"),
    "type": _("type"),
    "priority": _("priority"),
    "team": _("team"),
    "agent": _("agent (external id)"),
    "tier": _("customer tier"),
}
_TIMES_OF_TICKET: Final = (
    _instant("created_at", _("creation of the ticket")),
    _instant("first_agent_reply_at", _("first reply by a person")),
    _instant("first_solved_at", _("first solve of the ticket")),
    _instant("solved_at", _("last solve of the ticket")),
    _instant("closed_at", _("closing of the ticket")),
)
_SURVEYED: Final = {
    "channel": _("channel"),
    "category": _("category"),
    "team": _("team"),
    "survey": _("survey (short name)"),
}

TABLES: Final[Mapping[str, Table]] = {
    "tickets": _table(
        "tickets",
        _("Tickets"),
        _("A row per ticket. Spam, deleted, merged and test tickets never count."),
        [
            _day("created_at", _("creation")),
            _day("first_agent_reply_at", _("first reply by a person")),
            _day("first_done_at", _("first solve (or closing)")),
            _day("done_at", _("last solve (or closing)")),
            _instant("solved_at", _("last solve")),
            _instant("closed_at", _("closing")),
            _day("first_response_due_at", _("first reply due under our service targets")),
            _day("target_at", _("solution due under our service targets")),
            _number("reopens", _("times reopened")),
            _number("agent_replies", _("replies by agents")),
            _number("reassignments", _("hand-overs")),
            _truth("fcr", _("solved at first contact, as its source says")),
            _truth("sla_met", _("target met, as its source says")),
            _truth("is_outbound", _("started by us")),
            *_words(**_OF_TICKET, source=_SOURCE),
        ],
    ),
    "messages": _table(
        "messages",
        _("Messages"),
        _("A row per message in a ticket. Those of spam, deleted, merged and test tickets never count."),
        [
            _day("at", _("message")),
            *_TIMES_OF_TICKET,
            _number("characters", _("length of the text in characters")),
            _truth("public", _("seen by the customer")),
            _truth("is_auto_reply", _("automatic reply")),
            _one_of("author_type", _("kind of author"), AUTHOR_TYPES),
            *_words(author=_("author"), **_OF_TICKET, source=_SOURCE),
        ],
    ),
    "ticket_events": _table(
        "ticket_events",
        _("Ticket events"),
        _(
            "A row per event of a ticket: a change of status or team, an escalation, a note … Those of spam, deleted, "
            "merged and test tickets never count."
        ),
        [
            _day("at", _("event")),
            *_TIMES_OF_TICKET,
            _one_of("kind", _("kind of event"), EVENT_KINDS),
            _one_of("actor_type", _("kind of actor"), ACTOR_TYPES),
            *_words(
                from_value=_("value before"),
                to_value=_("value after"),
                actor=_("actor"),
                **_OF_TICKET,
                source=_SOURCE,
            ),
        ],
    ),
    "answers": _table(
        "answers",
        _("Answers of customers"),
        _("A row per answer to a survey of customers, and per rating that came with a ticket."),
        [
            _day("answered_at", _("answer")),
            _number("score", _("score")),
            _number("scale_max", _("highest score of the scale")),
            _truth("is_good", _("in the good group of its scale")),
            _truth("is_bad", _("in the unhappy group of its scale")),
            *_words(kind=_("kind of survey (csat, nps, ces)"), **_SURVEYED, source=_SOURCE),
        ],
    ),
    "invitations": _table(
        "invitations",
        _("Invitations to surveys"),
        _("A row per invitation that was sent."),
        [
            _day("sent_at", _("sending")),
            _truth("is_answered", _("answered")),
            _truth("is_bounced", _("could not be delivered")),
            *_words(kind=_("kind of survey (csat, nps, ces)"), **_SURVEYED),
        ],
    ),
    "follow_ups": _table(
        "follow_ups",
        _("Follow-ups of unhappy customers"),
        _("A row per follow-up, on the day on which one working day was over."),
        [
            _day("one_day_at", _("end of the first working day")),
            _instant("contacted_at", _("first contact")),
            _truth("is_reachable", _("has an address to write to")),
            *_words(**_SURVEYED),
        ],
    ),
    "customers": _table(
        "customers",
        _("Customers"),
        _("A row per customer."),
        [
            _day("signed_up_at", _("signing up")),
            _day("left_at", _("leaving")),
            *_words(**_OF_CUSTOMER, language=_("language"), reason=_("reason for leaving"), source=_SOURCE),
        ],
    ),
    "subscriptions": _table(
        "subscriptions",
        _("Subscriptions"),
        _("A row per subscription. Amounts without an exchange rate never count."),
        [
            _day("started_at", _("start")),
            _day("ended_at", _("end")),
            _day("cancel_requested_at", _("request to cancel")),
            _day("renewal_due_at", _("renewal due")),
            _day("renewed_at", _("renewal")),
            _day("trial_ends_at", _("end of the trial")),
            _number("mrr", _("monthly revenue")),
            _truth("is_premium", _("premium")),
            *_words(plan=_("plan"), **_OF_CUSTOMER, source=_SOURCE),
        ],
    ),
    "orders": _table(
        "orders",
        _("Orders"),
        _("A row per order. Amounts without an exchange rate never count."),
        [
            _day("placed_at", _("placing")),
            _day("cancelled_at", _("cancellation")),
            _number("amount", _("amount")),
            *_words(status=_("status"), **_OF_CUSTOMER, source=_SOURCE),
        ],
    ),
    "records": _table(
        "records",
        _("Service records"),
        _("A row per return, bug report, appointment …: the kind says what."),
        [
            _day("started_at", _("start")),
            _day("acknowledged_at", _("acknowledgement")),
            _day("due_at", _("due time")),
            _day("finished_at", _("end")),
            _number("amount", _("amount")),
            _number("score", _("score")),
            *_words(
                kind=_("kind"),
                group=_("group"),
                outcome=_("outcome"),
                channel=_("channel"),
                segment=_("segment"),
                tier=_("customer tier"),
                source=_SOURCE,
            ),
        ],
    ),
    "work": _table(
        "work",
        _("Agent times"),
        _("A row per stretch of time of an agent: available, handling, break …"),
        [
            _day("starts_at", _("start")),
            _day("ends_at", _("end")),
            *_words(kind=_("kind"), team=_("team"), agent=_("agent (external id)"), source=_SOURCE),
        ],
    ),
    "costs": _table(
        "costs",
        _("Costs"),
        _("A row per cost, on the day it begins. Amounts without an exchange rate never count."),
        [
            _day("from_at", _("first day")),
            _day("to_at", _("last day")),
            _number("amount", _("amount")),
            *_words(cost=_("kind of cost"), team=_("team"), channel=_("channel"), source=_SOURCE),
        ],
    ),
}
"""The frames out of which somebody can make a KPI. Spells and recoveries are parts of what is here already."""
