"""Agents, what customers say about them, and what is made of it."""

from datetime import UTC, datetime
from typing import Any

from goals import praise_consent
from goals.models import Goal, Praise, Rebase, SupportHint, Thanks
from kpiproject.models import Agent, User
from surveys.models import Answer
from tests.factories import AnswerFactory, ContactFactory, StaffFactory
from tests.goals.courses import week

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
HELPFUL = "Ada was a great help."


def agent(name: str = "Ada Byron", *, person: User | None = None, **other: Any) -> Agent:
    values = {"external_id": name.split(maxsplit=1)[0].lower(), "name": name, "email": person.email if person else ""}
    return Agent.objects.create(**values | other)


def happy(comment: str = HELPFUL, **other: Any) -> Answer:
    """The best score with words, about Ada, given an hour ago."""
    values: dict[str, Any] = {"comment": comment, "agent": "ada", "answered_at": datetime(2026, 3, 18, 11, tzinfo=UTC)}
    found: Answer = AnswerFactory(**values | other)
    return found


def by_customer(name: str = "Grace Hopper", email: str = "grace.hopper@example.com", **other: Any) -> Answer:
    return happy(contact=ContactFactory(name=name, email=email), **other)


def praise(person: User | None = None, **other: Any) -> Praise:
    values: dict[str, Any] = {"person": person, "text": "She stayed on the line.", "state": "shown"}
    if "answer" not in other:
        values["answer"] = happy()
    return Praise.objects.create(**values | other)


def passed_on(**other: Any) -> Praise:
    """To somebody without an account, who has not said yet whether the team may read it."""
    values: dict[str, Any] = {"agent": agent(f"Ada {Agent.objects.count()}", external_id=f"a{Agent.objects.count()}")}
    return praise(**values | other)


def link(found: Praise) -> str:
    """The last part of the address in the mail about it."""
    return praise_consent.url(found).rstrip("/").rpartition("/")[2]


def thanks(person: User | None = None, **other: Any) -> Thanks:
    values: dict[str, Any] = {"by": other.pop("by", None) or StaffFactory(), "what": "You found the parcel at last."}
    if "team" not in other:
        values["person"] = person or StaffFactory()
    return Thanks.objects.create(**values | other)


def hint() -> SupportHint:
    return SupportHint.objects.create(agent=agent(f"Agent {Agent.objects.count()}"), day=NOW.date())


def rebase(goal: Goal) -> Rebase:
    return Rebase.objects.create(goal=goal, since=week(1), reason="A new tool")
