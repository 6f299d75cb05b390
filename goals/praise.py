"""Words of happy customers: a manager takes out who they are and passes them on; whoever is praised decides on."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from goals import praise_consent, praise_words
from goals.models import Praise
from kpiproject import mail
from kpiproject.models import Agent, Mail, User
from kpiproject.queries import organisation
from surveys.models import Answer
from surveys.queries import praising

logger = logging.getLogger(__name__)
State = Praise.State

LOOK_BACK: Final = timedelta(days=90)
MOST_WAITING: Final = 50
_MOST_READ: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A comment that may be praise. `proposal` is what of it could be passed on; `agent` is whom it is about."""

    answer: Answer
    proposal: str
    agent: Agent | None


class AlreadyDecidedError(Exception):
    """Somebody else has passed it on, or refused to."""


# --- The managers' inbox ------------------------------------------------------------------------------------------
def waiting(now: datetime) -> list[Waiting]:
    """Comments of the last months about which no manager has decided, the newest first."""
    rows = praising(now - LOOK_BACK).filter(praise__isnull=True)
    fit = (answer for answer in rows[:_MOST_READ] if _is_praise(answer))
    found = list(islice(fit, MOST_WAITING))
    agents = agents_of(found)
    return [
        Waiting(answer=answer, proposal=proposal(answer, agents.get(answer.pk)), agent=agents.get(answer.pk))
        for answer in found
    ]


def find(answer_id: int, now: datetime) -> Waiting | None:
    """One of them; None for anything else."""
    answer = praising(now - LOOK_BACK).filter(praise__isnull=True, pk=answer_id).first()
    if answer is None or not _is_praise(answer):
        return None
    agent = agents_of([answer]).get(answer.pk)
    return Waiting(answer=answer, proposal=proposal(answer, agent), agent=agent)


def proposal(answer: Answer, agent: Agent | None) -> str:
    return praise_words.blanked(answer.comment, names_of(answer), names_of_agent(agent))


def names_of(answer: Answer) -> list[str]:
    """What in words would tell who wrote them."""
    contact = answer.contact
    known = [contact.name, contact.email, contact.company] if contact else []
    return praise_words.parts_of(answer.customer, *known)


def names_of_agent(agent: Agent | None) -> list[str]:
    return praise_words.parts_of(agent.name) if agent else []


def agents_of(answers: Iterable[Answer]) -> dict[int, Agent]:
    """Whom answers are about, by the answers' ids; where two sources know such an agent, that of the ticket."""
    named = [(answer, answer.agent) for answer in answers if answer.agent]
    known: dict[str, list[Agent]] = {}
    for agent in Agent.objects.filter(external_id__in={name for _answer, name in named}).select_related("team"):
        known.setdefault(agent.external_id, []).append(agent)
    found = {}
    for answer, name in named:
        candidates = known.get(name, [])
        ours = [agent for agent in candidates if agent.source in (answer.ticket_source, answer.source)]
        chosen = ours or candidates
        if len(chosen) == 1:
            found[answer.pk] = chosen[0]
    return found


def account_of(agent: Agent | None) -> User | None:
    """The person with an account who is this agent, known by their address."""
    if agent is None or not agent.email:
        return None
    return User.objects.filter(email=agent.email.strip().lower(), is_active=True).first()


@transaction.atomic
def approve(answer_id: int, text: str, *, by: User, now: datetime) -> Praise:
    """Pass the words on to whom they are about; to the whole team where they are about nobody in particular.

    Raises AlreadyDecidedError.
    """
    found = _waiting_locked(answer_id, now)
    person = account_of(found.agent)
    state = State.SHOWN if found.agent else State.SHARED
    praise = Praise(
        answer=found.answer, agent=found.agent, person=person, text=text, state=state, approved_by=by, at=now
    )
    praise.save()
    praise.mail = _tell(praise, person)
    praise.save(update_fields=["mail"])
    return praise


@transaction.atomic
def refuse(answer_id: int, *, by: User, now: datetime) -> Praise:
    """It is no praise, or should not go further: it leaves the inbox without a copy of its words."""
    found = _waiting_locked(answer_id, now)
    return Praise.objects.create(answer=found.answer, state=State.REFUSED, approved_by=by, at=now)


def _waiting_locked(answer_id: int, now: datetime) -> Waiting:
    """Under a lock, so that two managers decide one after the other."""
    list(Answer.objects.select_for_update(of=("self",)).filter(pk=answer_id).values_list("pk"))
    found = find(answer_id, now)
    if found is None:
        raise AlreadyDecidedError
    return found


def _is_praise(answer: Answer) -> bool:
    return answer.mark == Answer.Mark.PRAISE or praise_words.names_help(answer.comment)


def _tell(praise: Praise, person: User | None) -> Mail | None:
    """Whoever has no account gets the words by mail, with a link of their own; of what is for all, nobody does."""
    if praise.agent is None or not (person or praise.agent.email):
        return None
    return mail.compose(
        "praise",
        key=f"praise:{praise.answer_id}",
        kind="praise",
        to=person.email if person else praise.agent.email,
        context={
            "organisation": organisation(),
            "person": person,
            "name": str(person or praise.agent),
            "text": praise.text,
            "url": settings.BASE_URL + reverse("goals:thanks") if person else praise_consent.url(praise),
            "days": None if person else praise_consent.LIVES_FOR.days,
        },
        language=person.language if person else "",
    )


# --- What the person decides --------------------------------------------------------------------------------------
def of(person: User) -> "QuerySet[Praise]":
    """The praise that somebody got, the newest first."""
    return Praise.objects.filter(person=person, state__in=[State.SHOWN, State.SHARED, State.KEPT])


def share(person: User, praise_id: int) -> bool:
    """Let the team see it; whether it is theirs to share."""
    return bool(of(person).filter(pk=praise_id).update(state=State.SHARED))


def keep(person: User, praise_id: int) -> bool:
    """For oneself, also if it was shared before."""
    return bool(of(person).filter(pk=praise_id).update(state=State.KEPT))


def shared() -> "QuerySet[Praise]":
    """What everybody may read, the newest first."""
    return Praise.objects.filter(state=State.SHARED).select_related("person", "agent")
