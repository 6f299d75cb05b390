"""Who is told of alarms: people with an account, and stakeholders without one, as long as they have not left.

Whoever has no account is an outsider. They are told of figures as they stand for many together: of no single answer,
and of nothing that tells about one agent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from goals.alarms import chains
from goals.models import Alarm, AlarmNotice, AlertRule, Stakeholder
from kpiproject.models import Organisation, User
from kpiproject.queries import active_managers
from surveys import follow_up_mail

if TYPE_CHECKING:
    from typing_extensions import TypeIs  # part of every type checker, and of Python from 3.13 on

Reader = User | Stakeholder
_AGENT: Final = "agent"
_ALARMED: Final = (AlarmNotice.Kind.FIRE, AlarmNotice.Kind.REMIND, AlarmNotice.Kind.ESCALATE)


def is_outsider(reader: Reader) -> "TypeIs[Stakeholder]":
    return isinstance(reader, Stakeholder)


def zone_of(reader: Reader, house: Organisation) -> ZoneInfo:
    return ZoneInfo(house.time_zone) if is_outsider(reader) else follow_up_mail.zone_of(reader, house)


def reachable() -> "QuerySet[Stakeholder]":
    """Whom a person wants to be told, and who wants it."""
    return Stakeholder.objects.filter(is_active=True, left_alarms__isnull=True)


def may_leave_the_house(rule: AlertRule) -> bool:
    """Whether outsiders may hear of what this rule watches."""
    dimension = rule.goal.dimension if rule.goal is not None else rule.dimension
    return rule.kind != AlertRule.Kind.ANSWER and dimension != _AGENT


@dataclass(kw_only=True)
class Readers:
    """Everybody who may be told in one tick, read once."""

    managers: list[User]
    people: dict[int, User]
    outsiders: dict[int, Stakeholder]

    def know(self, steps: Iterable[Mapping[str, Any]]) -> None:
        """Read the people whom these steps name."""
        named = {pk for step in steps if step["role"] == chains.PEOPLE for pk in step["people"]}
        if unknown := named - self.people.keys():
            self.people |= User.objects.in_bulk(unknown)

    def owner(self, rule: AlertRule) -> list[User]:
        return [rule.owner] if rule.owner.is_active else self.managers

    def of_step(self, step: Mapping[str, Any], rule: AlertRule) -> Sequence[Reader]:
        """All managers where nobody whom a step names can be told any more."""
        if step["role"] == chains.OWNER:
            return self.owner(rule)
        if step["role"] == chains.OUTSIDE:
            found = [self.outsiders[pk] for pk in step["people"] if pk in self.outsiders]
            return found if found and may_leave_the_house(rule) else self.managers
        if step["role"] == chains.MANAGERS:
            return self.managers
        named = [self.people[pk] for pk in step["people"] if pk in self.people]
        return [person for person in named if person.is_active] or self.managers

    def outside_of(self, rule: AlertRule) -> list[Stakeholder]:
        """Whom the rule itself tells besides its owner."""
        if not may_leave_the_house(rule):
            return []
        return [one for one in rule.stakeholders.all() if one.pk in self.outsiders]

    def alarmed(self, alarms: Sequence[Alarm]) -> list[Reader]:
        """Who was told that one of these began or goes on, and can still be told."""
        notices = AlarmNotice.objects.filter(alarm__in=alarms, kind__in=_ALARMED)
        told = {notice.stakeholder_id for notice in notices if notice.stakeholder_id is not None}
        people = User.objects.filter(is_active=True, pk__in=notices.values("recipient"))
        return [*people, *(self.outsiders[pk] for pk in sorted(told & self.outsiders.keys()))]


def readers() -> Readers:
    return Readers(managers=active_managers(), people={}, outsiders={one.pk: one for one in reachable().order_by("pk")})
