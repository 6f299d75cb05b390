"""Answers to surveys that somebody else sent. What they name must be known or becomes known; surveys keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from kpiproject.models import Agent, Team
from metrics import dirty, frames
from metrics.ingest.references import Names
from metrics.ingest.session import Outcome, Session
from metrics.models import Ticket
from metrics.sources.faults import short
from metrics.sources.responses import BETWEEN_COMMENTS, together
from metrics.sources.rows import Row
from surveys import contacts, imported, queries, scales
from surveys.imported import Response
from surveys.models import Answer, AnswerChange, Contact, Invitation, Survey

_AS_IT_IS: Final = ("comment", "language", "channel", "category", "customer", "extra")
_OF_TICKETS: Final[Mapping[str, str]] = {
    "channel": "channel",
    "category": "category",
    "team": "team__name",
    "agent": "agent__external_id",
    "customer": "customer__external_id",
}
_CREATED: Final = (Contact, Invitation, Answer, AnswerChange)
_EMPLOYEES: Final = frozenset(kind.code for kind in scales.KINDS.values() if kind.is_about_employees)


class Members(NamedTuple):
    """What agents and teams that rows name are called here, and what is known of their tickets."""

    agents: Mapping[str, str]
    teams: Mapping[str, str]
    tickets: Mapping[str, Mapping[str, str]]


def write(rows: list[Row], session: Session) -> Outcome:
    """One batch of the kind `survey_responses`. Runs inside a transaction."""
    outcome = Outcome()
    tickets = _tickets(rows, session.source)
    fit = [row for row in rows if not _refused(row, tickets, session, outcome)]
    members = _members(fit, tickets, session)
    responses = [_response(row, members, session) for row in fit]
    if session.is_mended:
        stored = imported.find(session.source, responses)
        responses = [_added(one, stored[one.external_id]) if one.external_id in stored else one for one in responses]
    taken = imported.take_in(session.source, responses)
    _journal(taken, session)
    if taken.left:
        dirty.mark_instants(dirty.ANSWERS, frames.satisfaction_instants(frames.ids_of(sorted(taken.left))))
    for row in fit:
        name = row.values["external_id"]
        if name in taken.created:
            outcome.created += row.lines
        elif name in taken.updated:
            outcome.updated += row.lines
        else:
            outcome.unchanged += row.lines
    outcome.written["survey_responses"] = len(taken.created | taken.updated)
    return outcome


def _journal(taken: imported.Taken, session: Session) -> None:
    for table in _CREATED:
        session.journal.created(table, [row.pk for row in taken.rows if isinstance(row, table)])
    session.journal.updated(Answer, taken.answers_before)
    session.journal.updated(Invitation, taken.invitations_before)


def _refused(row: Row, tickets: Mapping[str, Any], session: Session, outcome: Outcome) -> bool:
    values = row.values
    _clean_address(values, session)
    ticket = values.get("ticket")
    if ticket and ticket not in tickets and values["survey_kind"] not in _EMPLOYEES:
        message = _(
            "There is no ticket %(ticket)s in the source %(source)s; import the tickets first, or leave the column out."
        )
        said = {"ticket": short(ticket), "source": session.source}
        outcome.faults += row.faults("ticket", "unknown_ticket", message % said)
        return True
    is_kept = values.get("customer_email") and values["survey_kind"] not in _EMPLOYEES
    if values["score"] is None and not is_kept:
        message = _("The score is empty: nobody answered here, and nobody can be named who was asked.")
        outcome.faults += row.faults("score", "no_score", message)
        return True
    return False


def _clean_address(values: dict[str, Any], session: Session) -> None:
    """An answer is not lost with the address of whoever gave it."""
    email = contacts.normalise(values.get("customer_email") or "")
    if email and not contacts.is_address(email):
        is_employees = values["survey_kind"] in _EMPLOYEES
        session.notes.add("bad_address", "" if is_employees else email)
        email = ""
    if "customer_email" in values:
        values["customer_email"] = email
    if values.get("invited_at") and values["score"] is not None and not email:
        session.notes.add("invited_without_address", values["external_id"])
    at: datetime | None = values.get("answered_at")
    if at and at > session.started:
        session.notes.add("answer_in_the_future", values["external_id"])


def _tickets(rows: Sequence[Row], source: str) -> dict[str, dict[str, str]]:
    names = {ticket for row in rows if (ticket := row.values.get("ticket"))}
    if not names:
        return {}
    found = Ticket.objects.filter(source=source, external_id__in=names).values("external_id", *_OF_TICKETS.values())
    return {one["external_id"]: {name: one[path] or "" for name, path in _OF_TICKETS.items()} for one in found}


def _members(rows: Sequence[Row], tickets: Mapping[str, Mapping[str, str]], session: Session) -> Members:
    """Those who are not known yet are created; of employees nobody is."""
    of_customers = [row.values for row in rows if row.values["survey_kind"] not in _EMPLOYEES]
    references = session.references
    references.customers({Names(one.get("customer", ""), one.get("customer_email", "")) for one in of_customers})
    agents = references.agents({one.get("agent", "") for one in of_customers})
    teams = references.teams({row.values.get("team", "") for row in rows})
    ids = dict(Agent.objects.filter(pk__in=set(agents.values())).values_list("pk", "external_id"))
    names = dict(Team.objects.filter(pk__in=set(teams.values())).values_list("pk", "name"))
    return Members(
        {said: ids.get(pk, said) for said, pk in agents.items()},
        {said: names.get(pk, said) for said, pk in teams.items()},
        tickets,
    )


def _response(row: Row, members: Members, session: Session) -> Response:
    values = row.values
    return Response(
        external_id=values["external_id"],
        survey=_survey(values, session),
        score=values["score"],
        answered_at=values["answered_at"],
        invited_at=values.get("invited_at"),
        email=values.get("customer_email", ""),
        said=_said(values, members, session.source),
    )


def _added(one: Response, stored: Answer) -> Response:
    """A row of an answer of which other rows are in already: its comment and further columns are added to theirs."""
    said = dict(one.said)
    comments = [stored.comment] if stored.comment else []
    if (comment := said.get("comment")) and comment not in stored.comment.split(BETWEEN_COMMENTS):
        comments.append(comment)
    said["comment"] = BETWEEN_COMMENTS.join(comments)
    said["extra"] = together(stored.extra, said.get("extra", {}))
    answered_at = min(one.answered_at, stored.answered_at) if one.answered_at else None
    return replace(one, said=said, answered_at=answered_at)


def _said(values: Mapping[str, Any], members: Members, source: str) -> dict[str, Any]:
    """What the file says of an answer; what it leaves out, as its ticket says."""
    said = {name: values[name] for name in _AS_IT_IS if name in values}
    if "agent" in values:
        said["agent"] = members.agents.get(values["agent"], "")
    if "team" in values:
        said["team"] = members.teams.get(values["team"], "")
    if "ticket" in values:
        said |= {"ticket": values["ticket"], "ticket_source": source if values["ticket"] else ""}
        known = members.tickets.get(values["ticket"], {})
        said |= {name: value for name, value in known.items() if not said.get(name)}
    return said


def _survey(values: Mapping[str, Any], session: Session) -> Survey:
    """The survey that a row names, or the one for imports of its kind and scale."""
    kind, low, high = values["survey_kind"], values["scale_min"], values["scale_max"]
    key = values["survey"] or (kind, low, high)
    if key not in session.surveys:
        if values["survey"]:
            session.surveys[key] = queries.every_survey().get(slug=values["survey"])
        else:
            survey, is_new = imported.survey_for(session.source, kind, low=low, high=high)
            session.journal.created(Survey, [survey.pk] if is_new else [])
            session.surveys[key] = survey
    return session.surveys[key]
