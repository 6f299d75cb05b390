"""A customer who asks for it is erased: from surveys, from what was imported, and from what was made of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import erasing as of_goals
from kpiproject.models import User
from metrics import erasing as of_metrics
from surveys import addresses, erased
from surveys import erasing as of_surveys
from surveys.models import Erasure

COUNTED: Final = (
    "contacts",
    "answers",
    "comments",
    "follow_ups",
    "customers",
    "tickets",
    "messages",
    "rejected",
    "mails",
)


@dataclass(frozen=True)
class Person:
    """What is kept about somebody, found by an address in whatever way it is written."""

    email: str
    traces: of_surveys.Traces
    facts: of_metrics.Facts

    @property
    def counts(self) -> dict[str, int]:
        return {
            "contacts": len(self.traces.contacts),
            "answers": len(self.traces.answers),
            "comments": len(self.traces.words),
            "follow_ups": len(self.traces.follow_ups),
            "customers": len(self.facts.customers),
            "tickets": len(self.facts.tickets),
            "messages": len(self.facts.messages),
            "rejected": len(self.facts.rejected),
            "mails": self.traces.mails,
        }

    @property
    def is_known(self) -> bool:
        return self.traces.is_listed or any(self.counts.values())


def look_up(email: str) -> Person:
    email = addresses.normalise(email)
    facts = of_metrics.find(email)
    traces = of_surveys.find(email, others=facts.emails, tickets=facts.ticket_names, customers=facts.customer_names)
    return Person(email, traces, facts)


@transaction.atomic
def erase(email: str, *, leaves_alone: bool, by: User, now: datetime) -> Erasure:
    """All or nothing. Whoever was on the do-not-contact list stays there, as a digest of the address; `leaves_alone`
    puts others there as well. What is erased is looked up anew, so that nothing is left that came meanwhile."""
    person = look_up(email)
    of_goals.erase(answers=person.traces.answers, follow_ups=person.traces.follow_ups)
    of_metrics.erase(person.facts, person.email)
    of_surveys.erase(person.traces, person.email, now)
    found = Erasure(at=now, by=by, counts={name: count for name, count in person.counts.items() if count})
    if leaves_alone or person.traces.is_listed:
        found.salt = erased.salt()
        found.digest = erased.digest(person.email, found.salt)
    found.save()
    return found


def told(counts: Mapping[str, int]) -> list[str]:
    """In words: “2 answers”, “1 customer”."""
    words = {
        "contacts": lambda n: ngettext("%d contact", "%d contacts", n),
        "answers": lambda n: ngettext("%d answer", "%d answers", n),
        "comments": lambda n: ngettext("%d comment", "%d comments", n),
        "follow_ups": lambda n: ngettext("%d follow-up", "%d follow-ups", n),
        "customers": lambda n: ngettext("%d customer", "%d customers", n),
        "tickets": lambda n: ngettext("%d ticket", "%d tickets", n),
        "messages": lambda n: ngettext("%d message", "%d messages", n),
        "rejected": lambda n: ngettext("%d rejected row", "%d rejected rows", n),
        "mails": lambda n: ngettext("%d mail", "%d mails", n),
    }
    return [words[name](count) % count for name in COUNTED if (count := counts.get(name, 0))]


def goes() -> str:
    return _(
        "Name, address, company, comments, free texts, messages and subjects of tickets, and mails to and about them; "
        "praise that was passed on with their words. Links in mails that they have got open nothing any more."
    )


def stays() -> str:
    return _(
        "Scores, dates, ticket numbers and amounts, with nobody behind them: figures count them as before. Only "
        "answers that are about no ticket can no longer be put to a customer. And that somebody was erased, when and "
        "by whom, but not who it was."
    )


def elsewhere() -> str:
    return _(
        "Erase them in the systems that you import from first: a row that has changed there would bring them back. "
        "Backups and files that were exported before still have them. Accounts are looked after under People, and who "
        "gets reports, alarms or the manual where those are."
    )
