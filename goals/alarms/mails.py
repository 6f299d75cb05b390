"""The mail about alarms: everything new for one reader in one mail, with what stands around the first few."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.alarms import chains, guidance, leaving, links, outside_words, surrounding_words, words
from goals.alarms.guidance import Chapter
from goals.alarms.readers import Reader, is_outsider, zone_of
from goals.alarms.surrounding_words import NOTHING, Scene
from goals.alarms.surroundings import Surroundings
from goals.models import Alarm, AlarmNotice, AlertRule, Stakeholder
from kpiproject import mail
from kpiproject.models import Mail, Organisation, User

logger = logging.getLogger(__name__)
Kind = AlarmNotice.Kind
MAIL_KIND: Final = "alarm"
MOST_IN_MAIL: Final = 20
MOST_WITH_SURROUNDINGS: Final = 4
"""Mail programs cut a mail of more than some 100 kB."""
_ORDER: Final = (Kind.ESCALATE, Kind.FIRE, Kind.REMIND, Kind.BROKEN, Kind.ERROR, Kind.RECOVER)
_SERIOUS: Final = AlertRule.Severity.SERIOUS
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
class Desk:
    """What all mails of one tick are written from."""

    house: Organisation
    now: datetime
    surroundings: Mapping[int, Surroundings] = field(default_factory=dict)
    chapters: Sequence[Chapter] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """An item in words, for one reader."""

    label: str
    severity: str
    headline: str
    what: str
    since: str
    rests_on: str
    advice: str
    chapter: str
    chapter_url: str
    url: str
    answer_url: str
    may_acknowledge: bool
    is_bad: bool
    scene: Scene


def send(reader: Reader, items: Sequence[Item], desk: Desk) -> bool:
    """One mail for all of them, with the ledger of who was told. Whoever cannot be mailed is noted without a mail, to
    be seen on the page, and not tried again in seconds."""
    ordered = sorted(items, key=lambda one: (_ORDER.index(one.kind), one.rule.severity, one.rule.pk))
    try:
        with transaction.atomic():
            letter = _compose(reader, ordered, desk)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("%s could not be told of %s alarms.", f"{_kind_of(reader)} {reader.pk}", len(ordered))
        _note(reader, ordered, None, desk.now)
        return False
    _note(reader, ordered, letter, desk.now)
    return True


def told(item: Item, reader: Reader, desk: Desk, *, has_surroundings: bool = True) -> Told:
    """In the language and the time zone that are active."""
    alarm, is_news = item.alarm, item.kind in _IS_NEWS
    outside = is_outsider(reader)
    chapter = guidance.of(item.rule, desk.chapters) if is_news and not outside else None
    found = desk.surroundings.get(alarm.pk) if alarm is not None and is_news and has_surroundings else None
    is_open = alarm is not None and alarm.is_open
    return Told(
        label=_label(item, outside=outside),
        severity=item.rule.get_severity_display() if is_news and item.rule.severity == _SERIOUS else "",
        headline=alarm.title if alarm else item.rule.name,
        what=_what(item, outside=outside),
        since=_since(item, desk.now),
        rests_on=_rests_on(item, outside=outside),
        advice=item.rule.advice if is_news and not outside else "",
        chapter=chapter.title if chapter else "",
        chapter_url=settings.BASE_URL + chapter.path if chapter else "",
        url="" if outside else _url(item),
        answer_url=links.url(alarm, reader) if alarm is not None and is_open else "",
        may_acknowledge=not outside or item.rule.lets_outsiders_acknowledge,
        is_bad=is_news or item.kind == Kind.BROKEN,
        scene=surrounding_words.scene(alarm, found, reader) if alarm is not None and found else NOTHING,
    )


def _label(item: Item, *, outside: bool) -> str:
    """With the round, where a chain has more than one. Who did not do what is nothing for outsiders."""
    if outside and item.kind == Kind.ESCALATE:
        return str(Kind.FIRE.label)
    label, alarm = str(item.kind.label), item.alarm
    if item.kind != Kind.ESCALATE or alarm is None or chains.rounds(alarm.chain) == 1:
        return label
    counted = {"round": chains.round_of(alarm.chain, item.level), "rounds": chains.rounds(alarm.chain)}
    return f"{label} ({_('round %(round)s of %(rounds)s') % counted})"


def _what(item: Item, *, outside: bool) -> str:
    alarm = item.alarm
    if alarm is None:
        return words.problem(item.rule)
    if outside:
        return outside_words.over(alarm) if item.kind == Kind.RECOVER else outside_words.what(alarm)
    return words.recovered(alarm) if item.kind == Kind.RECOVER else words.what(alarm)


def _since(item: Item, now: datetime) -> str:
    alarm = item.alarm
    if alarm is None or item.kind == Kind.RECOVER:
        return ""
    return f"{words.instant(alarm.opened_at)} ({words.lasted(alarm.opened_at, now)})"


def _rests_on(item: Item, *, outside: bool) -> str:
    if item.alarm is None:
        return ""
    return outside_words.rests_on(item.alarm) if outside else words.rests_on(item.alarm)


def _url(item: Item) -> str:
    """The page of the alarm, or where rules stand that cannot be checked."""
    if item.alarm is None:
        return settings.BASE_URL + reverse("goals:alert_list", query={"shelf": "trouble"})
    return words.url(item.alarm)


def _compose(reader: Reader, items: Sequence[Item], desk: Desk) -> Mail:
    outside = is_outsider(reader)
    language = "" if isinstance(reader, Stakeholder) else reader.language
    with timezone.override(zone_of(reader, desk.house)):
        with translation.override(language or settings.LANGUAGE_CODE):
            shown = _shown(items, reader, desk)
            context: dict[str, Any] = {
                "headline": _headline(shown, items),
                "items": shown,
                "count": len(items),
                "more": len(items) - len(shown),
                "url": settings.BASE_URL + reverse("goals:alert_list"),
                "may_look": isinstance(reader, User) and reader.has_perm("goals.view_alarm"),
                "has_links": any(one.answer_url for one in shown),
                "why": _why(reader, items, desk.house),
                "unsubscribe_url": leaving.url(reader) if is_outsider(reader) else "",
            }
        return mail.compose(
            "alarms",
            key=f"alarms:{items[0].key}:{'s' if outside else ''}{reader.pk}",
            kind=MAIL_KIND,
            to=reader.email,
            context={"organisation": desk.house, **context},
            language=language,
            headers=leaving.headers(reader) if is_outsider(reader) else {},
            files=[one.scene.picture for one in shown if one.scene.picture],
        )


def _shown(items: Sequence[Item], reader: Reader, desk: Desk) -> list[Told]:
    found: list[Told] = []
    for place, item in enumerate(items[:MOST_IN_MAIL]):
        one = told(item, reader, desk, has_surroundings=place < MOST_WITH_SURROUNDINGS)
        scene = surrounding_words.without_told(one.scene, [earlier.scene for earlier in found])
        found.append(replace(one, scene=scene))
    return found


def _kind_of(reader: Reader) -> str:
    return "Stakeholder" if is_outsider(reader) else "Person"


def _note(reader: Reader, items: Sequence[Item], letter: Mail | None, now: datetime) -> None:
    who = {"stakeholder" if is_outsider(reader) else "recipient": reader}
    AlarmNotice.objects.bulk_create(
        [
            AlarmNotice(
                rule=item.rule,
                alarm=item.alarm,
                kind=item.kind,
                level=item.level,
                number=item.number,
                mail=letter,
                at=now,
                **who,
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


def _why(reader: Reader, items: Sequence[Item], house: Organisation) -> str:
    if is_outsider(reader):
        return _("%(name)s tells you of this because somebody there has put you on the list of this alarm.") % {
            "name": house.name
        }
    if all(item.rule.owner_id == reader.pk for item in items):
        return _("You get this mail because you own this alert rule.")
    if any(item.kind == Kind.ESCALATE for item in items):
        return _("You get this mail because nobody who was told before has acknowledged the alarm.")
    return _("You get this mail because you are told of this alert rule, or stand in for its owner.")
