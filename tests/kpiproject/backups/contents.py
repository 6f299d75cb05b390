"""Runs inside an installation: fill every table with awkward rows, and tell what all tables hold."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

AWKWARD = "Grüße 😀 \"'\\ \n\t, NULL {0} % "
# What a rule of its table demands.
SPECIAL: dict[str, dict[str, Any]] = {
    "surveys_survey": {"scale_min": 1, "scale_max": 5},
    "surveys_invitation": {"scale_min": 1, "scale_max": 5},
    "surveys_answer": {"scale_min": 1, "scale_max": 5, "score": 3},
    "surveys_followup": {"taken_at": datetime(2031, 1, 31, tzinfo=UTC)},
    "kpiproject_calendaruse": {"channel": "chat"},
    "metrics_earliertier": {"tier": "gold"},
    "goals_action": {"ended_at": datetime(2031, 1, 31, tzinfo=UTC)},
    "goals_milestone": {"done_on": date(2031, 1, 31)},
    "manual_feedback": {"is_clear": False},
    "goals_goal": {"due": date(2031, 1, 31), "target": -1e300},
}


# Of two columns one is filled: the first of them in the first row, the other in the second.
EITHER = {"goals_thanks": ("person_id", "team_id"), "goals_alarmnotice": ("recipient_id", "stakeholder_id")}
# Tables whose rows do not travel: live sessions, failed logins and counted attempts.
LEFT_OUT = {"axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog"}
LEFT_OUT |= {"django_session", "kpiproject_attempts"}
# Tables that may have one row only.
SINGLE = {
    "kpiproject_organisation",
    "metrics_basis",
    "metrics_kpioptions",
    "surveys_followuprules",
    "surveys_quiettime",
    "surveys_tallystate",
}


def every_model() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def fill() -> dict[str, int]:
    """Two rows more in every table; how many each has then."""
    waiting, filled = every_model(), set[type[models.Model]]()
    while waiting:
        ready = [model for model in waiting if needs(model) <= filled | {model}] or [
            # Two tables that name one another: begin with the one that may leave it open.
            model
            for model in waiting
            if needs(model, only_required=True) <= filled
        ][:1]
        assert ready, f"These wait for one another: {waiting}"
        for model in ready:
            add_rows(model)
        filled |= set(ready)
        waiting = [model for model in waiting if model not in filled]
    return {model._meta.db_table: model._base_manager.count() for model in every_model()}


def needs(model: type[models.Model], *, only_required: bool = False) -> set[type[models.Model]]:
    fields = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    return {field.related_model for field in fields if not (only_required and field.null)}


def add_rows(model: type[models.Model]) -> None:
    table = model._meta.db_table
    given = (models.AutoField, models.GeneratedField)
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, given)]
    for number in (1,) if table in SINGLE else (1, 2):
        values = {field.attname: value(field, number) for field in fields}
        if table in EITHER:
            filled, empty = EITHER[table][:: 1 if number == 1 else -1]
            values |= {empty: None, filled: next(value(field, 1) for field in fields if field.attname == filled)}
        if table in SINGLE:
            model._base_manager.update_or_create(pk=1, defaults=values)
        else:
            model._base_manager.bulk_create([model(**values | SPECIAL.get(table, {}))])


def value(field: Any, number: int) -> Any:
    """The first row is full of extremes, the second as empty as it may be."""
    if field.null and number == 2:
        return None
    if isinstance(field, models.ForeignKey):
        return related(field, number)
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        return text(field, number)
    return plain(field, number)


def related(field: Any, number: int) -> Any:
    keys = list(field.related_model._base_manager.order_by("-pk").values_list("pk", flat=True)[:2])
    return keys[number - 1] if len(keys) == 2 else (keys or [None])[0]


def text(field: Any, number: int) -> str:
    longest = field.max_length or 1000
    if number == 2 and not field.unique:
        return ""
    return f"{number}{AWKWARD * 20}"[:longest]


def plain(field: Any, number: int) -> Any:
    kinds: list[tuple[type, Any]] = [
        (models.DateTimeField, datetime(2024, 10, 27, 1, 59, 59, 123456, tzinfo=UTC)),
        (models.DateField, date(1999, 12, 31)),
        (models.TimeField, time(23, 59, 59, 999999)),
        (models.DurationField, timedelta(days=-1, microseconds=1)),
        (models.DecimalField, Decimal("-12.34")),
        (models.FloatField, 0.1 + 0.2),
        (models.BooleanField, number == 1),
        (models.PositiveSmallIntegerField, number),
        (models.PositiveIntegerField, 2**31 - number),
        (models.BigIntegerField, -(2**63) + number),
        (models.SmallIntegerField, -number),
        (models.IntegerField, -(2**31) + number),
        (models.BinaryField, bytes(range(256)) * number),
        (models.JSONField, {"b": [1, 2.5, None, True, AWKWARD], "a": {}} if number == 1 else []),
        (models.GenericIPAddressField, "2001:db8::1"),
    ]
    return next(example for kind, example in kinds if isinstance(field, kind))


def everything() -> dict[str, list[str]]:
    """All rows of all tables as text, read through the models."""
    return {
        model._meta.db_table: [
            json.dumps(row, default=as_text, sort_keys=True) for row in model._base_manager.order_by("pk").values()
        ]
        for model in every_model()
    }


def saved() -> dict[str, list[str]]:
    return {table: rows for table, rows in everything().items() if table not in LEFT_OUT}


def as_text(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, memoryview) else repr(value)
