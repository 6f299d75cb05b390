"""Alarms as a matter that waits for a manager. Of a rule that cannot be checked its owner is told by mail."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from goals.alarms import queries, words
from goals.alarms.queries import Wanted
from goals.models import Alarm, AlertRule
from kpiproject.front.matters import MOST_NAMED, Detail, Matter, Moment

_MOST: Final = 100


def alarms(moment: Moment) -> Iterator[Matter]:
    """What fires and nobody works on, in one query."""
    found = list(queries.open_alarms(Wanted()).filter(_is_nobodys(moment))[:_MOST])
    if found:
        text = ngettext("%d alarm that nobody works on", "%d alarms that nobody works on", len(found))
        is_serious = any(alarm.severity == AlertRule.Severity.SERIOUS for alarm in found)
        named = tuple(map(_detail, found[:MOST_NAMED]))
        yield Matter(
            text=text % len(found), url=reverse("goals:alert_list"), tone="bad" if is_serious else "warn", details=named
        )


def _is_nobodys(moment: Moment) -> Q:
    is_worked_on = Q(acknowledged_until__gt=moment.now)
    return ~is_worked_on & ~Q(rule__snoozed_until__gt=moment.now)


def _detail(alarm: Alarm) -> Detail:
    return Detail(text=alarm.title, url=reverse("goals:alarm", args=[alarm.pk]), note=words.what(alarm))
