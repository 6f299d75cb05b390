"""The mail about alarms: everything new for one person in one mail, and the messages to other systems."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.alarms import links, words
from goals.models import Alarm, AlarmNotice, AlertRule
from kpiproject import mail, webhooks
from kpiproject.models import Mail, Organisation, User, WebhookTarget
from surveys import follow_up_mail

logger = logging.getLogger(__name__)
Kind = AlarmNotice.Kind
MAIL_KIND: Final = "alarm"
MOST_IN_MAIL: Final = 20
_ORDER: Final = (Kind.ESCALATE, Kind.FIRE, Kind.REMIND, Kind.BROKEN, Kind.ERROR, Kind.RECOVER)
_ON_WEBHOOKS: Final = frozenset({Kind.FIRE, Kind.REMIND, Kind.RECOVER, Kind.ERROR, Kind.BROKEN})
_IS_NEWS: Final = frozenset({Kind.FIRE, Kind.REMIND, Kind.ESCALATE})


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something to tell. Without an alarm it is about the rule itself."""

    kind: Kind
    rule: AlertRule
    alarm: Alarm | None
    level: int = 0
    number: int = 0

    @property
    def key(self) -> str:
        about = f"alarm:{self.alarm.pk}" if self.alarm else f"rule:{self.rule.pk}"
        return f"{about}:{self.kind}:{self.level}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Told:
    """An item in words, for one reader."""

    label: str
    headline: str
    what: str
    since: str
    rests_on: str
    advice: str
    url: str
    answer_url: str
    is_bad: bool


def send(person: User, items: Sequence[Item], house: Organisation, now: datetime) -> int:
    """One mail for all of them, with the ledger of who was told. Whoever cannot be mailed is noted without a mail, to
    be seen on the page, and not tried again in seconds."""
    ordered = sorted(items, key=lambda one: (_ORDER.index(one.kind), one.rule.severity, one.rule.pk))
    try:
        with transaction.atomic():
            letter = _compose(person, ordered, house, now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s alarms.", person.pk, len(ordered))
        _note(person, ordered, None, now)
        return 0
    _note(person, ordered, letter, now)
    return 1


def post(target: WebhookTarget, items: Sequence[Item], now: datetime) -> None:
    """A message for each, in the language of the organisation."""
    with translation.override(settings.LANGUAGE_CODE):
        for item in items:
            if item.kind in _ON_WEBHOOKS:
                webhooks.put(target, key=f"{item.key}:{target.pk}", text=_line(item), data=_data(item, now))


def told(item: Item, person: User, now: datetime) -> Told:
    """In the language and the time zone that are active."""
    alarm = item.alarm
    if alarm is None:
        what, since, rests = words.problem(item.rule), "", ""
        url = settings.BASE_URL + reverse("goals:alert_list", query={"shelf": "trouble"})
    elif item.kind == Kind.RECOVER:
        what, since, rests, url = words.over(alarm), "", words.rests_on(alarm), words.url(alarm)
    else:
        what, rests, url = words.what(alarm), words.rests_on(alarm), words.url(alarm)
        since = f"{words.instant(alarm.opened_at)} ({words.lasted(alarm.opened_at, now)})"
    return Told(
        label=str(item.kind.label),
        headline=alarm.title if alarm else item.rule.name,
        what=what,
        since=since,
        rests_on=rests,
        advice=item.rule.advice if item.kind in _IS_NEWS else "",
        url=url,
        answer_url=links.url(alarm.pk, person.pk) if alarm and alarm.is_open else "",
        is_bad=item.kind in _IS_NEWS or item.kind == Kind.BROKEN,
    )


def _compose(person: User, items: Sequence[Item], house: Organisation, now: datetime) -> Mail:
    with timezone.override(follow_up_mail.zone_of(person, house)):
        with translation.override(person.language or settings.LANGUAGE_CODE):
            shown = [told(item, person, now) for item in items[:MOST_IN_MAIL]]
            context: dict[str, Any] = {
                "headline": _headline(shown, items),
                "items": shown,
                "count": len(items),
                "more": len(items) - len(shown),
                "url": settings.BASE_URL + reverse("goals:alert_list"),
                "may_look": person.has_perm("goals.view_alarm"),
                "why": _why(person, items),
            }
        return mail.compose(
            "alarms",
            key=f"alarms:{items[0].key}:{person.pk}",
            kind=MAIL_KIND,
            to=person.email,
            context={"organisation": house, **context},
            language=person.language,
        )


def _note(person: User, items: Sequence[Item], letter: Mail | None, now: datetime) -> None:
    AlarmNotice.objects.bulk_create(
        [
            AlarmNotice(
                rule=item.rule,
                alarm=item.alarm,
                recipient=person,
                kind=item.kind,
                level=item.level,
                number=item.number,
                mail=letter,
                at=now,
            )
            for item in items
        ]
    )


def _headline(shown: Sequence[Told], items: Sequence[Item]) -> str:
    """The subject: what it is in the first words, because a telephone shows no more."""
    first = shown[0]
    if len(items) == 1:
        return f"{first.label[:1].upper()}{first.label[1:]}: {first.headline}"
    news = sum(item.kind in _IS_NEWS for item in items)
    if not news:
        words_ = ngettext(
            "%(count)d message about alarms: %(first)s", "%(count)d messages about alarms: %(first)s", len(items)
        )
        return words_ % {"count": len(items), "first": first.headline}
    words_ = ngettext("%(count)d alarm: %(first)s", "%(count)d alarms: %(first)s", news)
    return words_ % {"count": news, "first": first.headline}


def _why(person: User, items: Sequence[Item]) -> str:
    if all(item.rule.owner_id == person.pk for item in items):
        return _("You get this mail because you own this alert rule.")
    if any(item.kind == Kind.ESCALATE for item in items):
        return _("You get this mail because nobody who was told before has acknowledged the alarm.")
    return _("You get this mail because you are told of this alert rule, or stand in for its owner.")


def _line(item: Item) -> str:
    alarm = item.alarm
    if alarm is None:
        return f"{item.rule.name}: {item.kind.label}. {words.problem(item.rule)}"
    text = words.over(alarm) if item.kind == Kind.RECOVER else words.what(alarm)
    return " ".join(part for part in (f"{alarm.title}: {item.kind.label}.", text, words.url(alarm)) if part)


def _data(item: Item, now: datetime) -> dict[str, Any]:
    """For machines: nothing about customers, and no link that acts."""
    alarm = item.alarm
    found: dict[str, Any] = {
        "event": str(item.kind),
        "at": now.isoformat(),
        "rule": {"id": item.rule.pk, "name": item.rule.name, "kind": item.rule.kind, "severity": item.rule.severity},
    }
    if alarm is not None:
        found["alarm"] = {
            "id": alarm.pk,
            "opened_at": alarm.opened_at.isoformat(),
            "ended_at": alarm.ended_at.isoformat() if alarm.ended_at else None,
            "kpi": alarm.kpi or None,
            "value": alarm.value,
            "n": alarm.n,
            "worst": alarm.worst,
            "limit": alarm.limit,
            "period_start": alarm.period_start.isoformat() if alarm.period_start else None,
            "period_end": alarm.period_end.isoformat() if alarm.period_end else None,
        }
    return found
