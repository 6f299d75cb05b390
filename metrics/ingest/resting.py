"""What else rests on a row, so that it cannot simply go."""

from typing import TypeAlias

from django.db import models

Table: TypeAlias = "type[models.Model]"


def rested_on(table: Table, ids: set[int]) -> dict[str, set[int]]:
    """Which of these rows something of another table refers to, by what that is."""
    found: dict[str, set[int]] = {}
    for relation in table._meta.get_fields(include_hidden=True):
        if ids and isinstance(relation, models.ForeignObjectRel) and not relation.many_to_many:
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
            if used := set(rows.order_by().values_list(name, flat=True).distinct()):
                label = relation.related_model._meta.label_lower
                found[label] = found.get(label, set()) | used
    return found
