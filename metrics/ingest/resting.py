"""What else rests on a row, so that it cannot simply go."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from django.db import models
from django.db.models import Q

from kpiproject.models import Agent, Team
from metrics.models import Among, Customer
from surveys.models import Answer, Contact, Survey, Tally, Version

Table: TypeAlias = "type[models.Model]"

_ANSWERS: Final = Answer._meta.label_lower
_PARTS: Final[Mapping[Table, frozenset[Table]]] = {Survey: frozenset({Version, Tally})}
"""What is nothing without the row, and goes with it."""

_NAMES: Final[Mapping[Table, tuple[str, str]]] = {
    Agent: ("external_id", "agent"),
    Customer: ("external_id", "customer"),
    Team: ("name", "team"),
}
"""Answers refer to these by name: the column of the name, and that of answers."""

_BY_PEOPLE: Final[Mapping[Table, Q]] = {
    Answer: ~Q(mark="") | Q(changed_at__isnull=False),
    Contact: ~Q(name="", company="", language="", time_zone=""),
    Survey: ~Q(status=Survey.Status.CLOSED),
}
"""How a row that an import created shows that somebody has changed it since."""


def rested_on(table: Table, ids: set[int]) -> dict[str, set[int]]:
    """Which of these rows something of another table refers to, by what that is."""
    found: dict[str, set[int]] = {}
    for relation in table._meta.get_fields(include_hidden=True):
        if ids and isinstance(relation, models.ForeignObjectRel) and not relation.many_to_many:
            if relation.related_model in _PARTS.get(table, ()):
                continue
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
            if used := set(rows.order_by().values_list(name, flat=True).distinct()):
                label = relation.related_model._meta.label_lower
                found[label] = found.get(label, set()) | used
    if used := _named_by_answers(table, ids):
        found[_ANSWERS] = found.get(_ANSWERS, set()) | used
    return found


def changed_by_people(table: Table, ids: set[int]) -> set[int]:
    """Those that say by now what somebody has entered here."""
    if not ids or table not in _BY_PEOPLE:
        return set()
    return set(table._base_manager.filter(_BY_PEOPLE[table], Among("pk", ids)).values_list("pk", flat=True))


def said_since(table: Table, ids: Collection[int], at: datetime) -> set[int]:
    """Answers that the people who gave them changed after that."""
    if table is not Answer:
        return set()
    return set(Answer.objects.filter(Among("pk", ids), changed_at__gte=at).values_list("pk", flat=True))


def _named_by_answers(table: Table, ids: set[int]) -> set[int]:
    if not ids or table not in _NAMES:
        return set()
    own, theirs = _NAMES[table]
    names = dict(table._base_manager.filter(Among("pk", ids)).exclude(**{own: ""}).values_list("pk", own))
    named = Answer.objects.filter(Among(theirs, set(names.values()))).order_by()
    used = set(named.values_list(theirs, flat=True).distinct())
    return {pk for pk, name in names.items() if name in used}
