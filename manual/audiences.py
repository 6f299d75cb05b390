"""Who belongs to which audience, since when, and until when they read an edition."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext as _

from kpiproject.models import Agent, User
from manual.models import Audience, AudienceDeadline, AudienceReader, Edition

Members = Mapping[int, frozenset[int]]
_MANY: Final = ("groups", "teams", "people")


class NameTakenError(ValueError):
    """Another audience has this name."""


def listed() -> QuerySet[Audience]:
    return Audience.objects.prefetch_related(*_MANY).order_by("name")


def save(audience: Audience, *, by: User | None, today: date, **given: Any) -> Audience:
    """Make or change an audience. Who belongs to it from now on begins today; who did already, keeps their days.

    Raises NameTakenError.
    """
    for name, value in given.items():
        if name not in _MANY:
            setattr(audience, name, value)
    if not audience.pk:
        audience.created_by = by
    try:
        with transaction.atomic():
            audience.save()
            for name in _MANY:
                if name in given:
                    getattr(audience, name).set(given[name])
            follow(today)
    except IntegrityError as error:
        if Audience.objects.filter(name=audience.name).exclude(pk=audience.pk).exists():
            message = _("There is already an audience called “%(name)s”.")
            raise NameTakenError(message % {"name": audience.name}) from error
        raise
    return audience


def remove(audience: Audience) -> None:
    """Nobody reads because of it any more; what was confirmed stays."""
    audience.delete()


def set_deadline(audience: Audience, edition: Edition, on: date | None) -> None:
    """Until when this audience confirms this edition; None for its usual number of days."""
    rows = AudienceDeadline.objects
    if on is None:
        rows.filter(audience=audience, edition=edition).delete()
    else:
        rows.update_or_create(audience=audience, edition=edition, defaults={"on": on})


def members(audiences: Collection[Audience] | None = None) -> Members:
    """The ids of the active people of every audience, in a fixed number of queries."""
    found: dict[int, set[int]] = defaultdict(set)
    wanted = Q() if audiences is None else Q(audience__in=[audience.pk for audience in audiences])
    for audience, person in Audience.people.through.objects.filter(wanted).values_list("audience", "user"):
        found[audience].add(person)
    for audience, people in _of(Audience.groups.through.objects.filter(wanted).values_list("audience", "group")):
        found[audience] |= people
    for audience, people in _of_teams(wanted):
        found[audience] |= people
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True)) if found else set()
    return {audience: frozenset(people & active) for audience, people in found.items()}


def follow(today: date) -> None:
    """Note who has come to an audience today, and forget who has left it: whoever comes back begins anew."""
    current = {(audience, person) for audience, people in members().items() for person in people}
    rows = {(row.audience_id, row.person_id): row.pk for row in AudienceReader.objects.only("audience", "person")}
    if gone := [pk for pair, pk in rows.items() if pair not in current]:
        AudienceReader.objects.filter(pk__in=gone).delete()
    new = [
        AudienceReader(audience_id=audience, person_id=person, since=today)
        for audience, person in sorted(current - rows.keys())
    ]
    AudienceReader.objects.bulk_create(new, ignore_conflicts=True)


def _of(rows: Iterable[tuple[int, int]]) -> list[tuple[int, set[int]]]:
    pairs = list(rows)
    people: dict[int, set[int]] = defaultdict(set)
    if pairs:
        memberships = User.groups.through.objects.filter(group__in={group for _audience, group in pairs})
        for group, person in memberships.values_list("group", "user"):
            people[group].add(person)
    return [(audience, people[group]) for audience, group in pairs]


def _of_teams(wanted: Q) -> list[tuple[int, set[int]]]:
    """An agent is known as a person by their address."""
    pairs = list(Audience.teams.through.objects.filter(wanted).values_list("audience", "team"))
    if not pairs:
        return []
    agents = Agent.objects.filter(team__in={team for _audience, team in pairs}).exclude(email="")
    addresses = list(agents.annotate(address=Lower(Trim("email"))).values_list("team", "address"))
    accounts = dict(User.objects.filter(email__in={address for _team, address in addresses}).values_list("email", "pk"))
    people: dict[int, set[int]] = defaultdict(set)
    for team, address in addresses:
        if address in accounts:
            people[team].add(accounts[address])
    return [(audience, people[team]) for audience, team in pairs]
