"""Who is told of what now: one mail per person and tick, recorded in the transaction in which it is written.

Held are, by rule: quiet hours, snoozes, and figures whose data are missing (a data alarm of the same facts fires). What
is held is told afterwards if it is still true (see lifecycle.announce).
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from goals.alarms import chains, guidance, keeping, lifecycle, mails, posts, quiet, sources, surroundings
from goals.alarms.lifecycle import Memory, Notice
from goals.alarms.mails import Desk, Item, Kind
from goals.alarms.quiet import BadWindowsError
from goals.alarms.readers import Reader, Readers, is_outsider, readers
from goals.alarms.surroundings import Surroundings
from goals.models import Alarm, AlarmEvent, AlertRule, EscalationChain, EscalationStep
from kpiproject.calendars import default_worktime, described, restored
from kpiproject.lib.worktime import WorkTime
from kpiproject.models import BusinessCalendar, Organisation, WebhookTarget
from kpiproject.queries import organisation
from metrics.queries import find

logger = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 1000
INHIBITS_FOR: Final = timedelta(days=7)
_FEEDS: Final = frozenset({AlertRule.Kind.NO_DATA, AlertRule.Kind.IMPORT})
_EVENTS: Final[Mapping[Kind, AlarmEvent.Kind]] = {
    Kind.FIRE: AlarmEvent.Kind.TOLD,
    Kind.REMIND: AlarmEvent.Kind.REMINDED,
    Kind.ESCALATE: AlarmEvent.Kind.ESCALATED,
    Kind.RECOVER: AlarmEvent.Kind.RECOVERY_TOLD,
}


@dataclass(kw_only=True)
class Tick:
    """What one tick knows and collects. `missing` are the facts of which a data alarm says that they do not come."""

    now: datetime
    house: Organisation
    readers: Readers
    open_alarms: dict[int, Alarm]
    told_alarms: dict[int, list[Alarm]]
    missing: frozenset[str]
    letters: dict[Reader, list[Item]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))
    targets: dict[int, WebhookTarget] = field(default_factory=dict)


def tell(now: datetime) -> int:
    """Tell people of what is new for them; how many mails and messages that makes."""
    if not _rows().exists():
        return 0
    found = _surroundings(now)
    with transaction.atomic():
        rules = list(_rows().select_for_update(of=("self",), skip_locked=True).order_by("pk")[:MOST_AT_ONCE])
        tick = _tick(rules, now)
        changed = [rule for rule in rules if _tell_of(rule, tick)]
        for rule in changed:
            rule.save(update_fields=keeping.KEPT)
        return _send(tick, found)


def _surroundings(now: datetime) -> Mapping[int, Surroundings]:
    """Of the alarms that are about to be told of, gathered while nothing is locked: drawing takes its time. Whatever
    changes until they are told, the words of the mail are those of then."""
    rules = list(_rows().order_by("pk")[:MOST_AT_ONCE])
    tick = _tick(rules, now)
    alarms = [tick.open_alarms[rule.pk] for rule in rules if rule.pk in tick.open_alarms and _speaks(rule, tick)]
    if not alarms:
        return {}
    alarms.sort(key=lambda alarm: (alarm.severity, alarm.opened_at, alarm.pk))
    return surroundings.gather(alarms, now)


def _speaks(rule: AlertRule, tick: Tick) -> bool:
    """Whether people would be told of the rule's alarm now."""
    if _is_held(rule, tick):
        return False
    memory = keeping.memory(rule)
    after, notices = lifecycle.news(memory, keeping.policy(rule), now=tick.now)
    return bool(notices) or _is_step_due(tick.open_alarms[rule.pk], after, tick)


def _rows() -> "QuerySet[AlertRule]":
    rows = AlertRule.objects.filter(has_news=True, is_active=True).select_related("owner", "goal", "chain__calendar")
    return rows.prefetch_related("chain__steps__people", "chain__steps__stakeholders", "stakeholders", "webhooks")


def _tick(rules: Sequence[AlertRule], now: datetime) -> Tick:
    alarms = keeping.open_alarms(rules)
    told = Alarm.objects.filter(
        rule__in=rules, told_at__isnull=False, ended_at__isnull=False, recovery_told_at__isnull=True
    )
    ended: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in told.filter(ended_because=Alarm.End.RECOVERED).order_by("told_at", "pk"):
        ended[alarm.rule_id or 0].append(alarm)
    everybody = readers()
    everybody.know(step for alarm in alarms.values() for step in alarm.chain.get("steps", ()))
    return Tick(
        now=now,
        house=organisation(),
        readers=everybody,
        open_alarms=alarms,
        told_alarms=ended,
        missing=_missing(now),
    )


def _missing(now: datetime) -> frozenset[str]:
    """What data alarms say, but only for a week: whoever leaves one alone for longer hears of figures again."""
    fresh = Alarm.objects.filter(ended_at__isnull=True, kind__in=_FEEDS, opened_at__gt=now - INHIBITS_FOR)
    return frozenset(feed for feeds in fresh.values_list("feeds", flat=True) for feed in feeds)


def _send(tick: Tick, found: Mapping[int, Surroundings]) -> int:
    chapters = guidance.chapters() if tick.letters else []
    desk = Desk(house=tick.house, now=tick.now, surroundings=found, chapters=chapters)
    ordered = sorted(tick.letters, key=lambda reader: (is_outsider(reader), reader.pk))
    written = sum(mails.send(reader, tick.letters[reader], desk) for reader in ordered)
    for pk, items in sorted(tick.posts.items()):
        posts.post(tick.targets[pk], items, tick.now)
    return written + len(tick.posts)


# --- One rule -----------------------------------------------------------------------------------------------------
def _tell_of(rule: AlertRule, tick: Tick) -> bool:
    """Whether anything about the rule has changed by it."""
    before = rule.memory, rule.state
    memory, alarm = keeping.memory(rule), tick.open_alarms.get(rule.pk)
    is_held = _is_held(rule, tick)
    after, notices = lifecycle.troubles(memory)
    if all(_tell_notice(rule, alarm, notice, tick) for notice in notices):
        memory = after  # else nobody is there to be told, and it waits
    after, notices = lifecycle.news(memory, keeping.policy(rule), now=tick.now, is_held=is_held)
    if all(_tell_notice(rule, alarm, notice, tick) for notice in notices):
        memory = after
    if alarm is not None and not is_held and _is_step_due(alarm, memory, tick):
        _escalate(rule, alarm, tick)
    keeping.keep(rule, memory, tick.now)
    return before != (rule.memory, rule.state)


def _is_held(rule: AlertRule, tick: Tick) -> bool:
    return _is_quiet(rule, tick) or _is_inhibited(rule, tick.missing)


def _is_quiet(rule: AlertRule, tick: Tick) -> bool:
    """By the clocks of the rule's zone, as they are now; quiet hours that cannot be read hold nothing."""
    try:
        zone = rule.time_zone or tick.house.time_zone
        return quiet.is_quiet(rule.quiet_windows, tick.now, zone, has_weekend=rule.has_quiet_weekend)
    except (BadWindowsError, ValueError, TypeError):
        logger.warning("The quiet hours of alert rule %s cannot be read.", rule.pk)
        return False


def _is_inhibited(rule: AlertRule, missing: Collection[str]) -> bool:
    """What data that do not come make look bad is no news."""
    if not missing or rule.kind in _FEEDS:
        return False
    kpi = find(rule.goal.kpi if rule.goal is not None else rule.kpi)
    return kpi is not None and sources.feed(kpi) in missing


def _tell_notice(rule: AlertRule, alarm: Alarm | None, notice: Notice, tick: Tick) -> bool:
    """False if there is nobody to tell."""
    if notice in (Notice.ERROR, Notice.BROKEN):
        # Minutes, because a number of seconds would be too great for a column in 2038.
        item = Item(kind=Kind(str(notice)), rule=rule, alarm=None, number=int(tick.now.timestamp()) // 60)
        return _put(item, tick.readers.owner(rule), tick)
    if notice is Notice.RECOVER:
        return _tell_recovery(rule, tick)
    return alarm is None or _ABOUT_ALARMS[notice](rule, alarm, tick)


def _remind(rule: AlertRule, alarm: Alarm, tick: Tick) -> bool:
    """Everybody who was told of it; from now on the next step waits again."""
    number = alarm.events.filter(kind=AlarmEvent.Kind.REMINDED).count() + 1
    item = Item(kind=Kind.REMIND, rule=rule, alarm=alarm, level=alarm.level, number=number)
    alarm.acknowledged_until, alarm.acknowledged_by, alarm.acknowledged_outside = None, None, None
    alarm.next_step_at = chains.next_at(alarm.chain, alarm.level, tick.now, _hours(alarm.chain))
    alarm.save(update_fields=["acknowledged_until", "acknowledged_by", "acknowledged_outside", "next_step_at"])
    return _put(item, tick.readers.alarmed([alarm]) or tick.readers.owner(rule), tick)


def _fire(rule: AlertRule, alarm: Alarm, tick: Tick) -> bool:
    alarm.chain = _freeze(rule.chain)
    first = chains.steps(alarm.chain)[0]
    tick.readers.know([first])
    people = [*tick.readers.of_step(first, rule), *tick.readers.outside_of(rule)]
    if not _put(Item(kind=Kind.FIRE, rule=rule, alarm=alarm), people, tick):
        return False
    alarm.told_at, alarm.level = tick.now, 0
    alarm.next_step_at = chains.next_at(alarm.chain, 0, tick.now, _hours(alarm.chain))
    alarm.save(update_fields=["chain", "told_at", "level", "next_step_at"])
    return True


_ABOUT_ALARMS: Final[Mapping[Notice, Callable[[AlertRule, Alarm, Tick], bool]]] = {
    Notice.FIRE: _fire,
    Notice.REMIND: _remind,
}


def _tell_recovery(rule: AlertRule, tick: Tick) -> bool:
    """Only to those who were alarmed, also of an alarm before that they never heard the end of."""
    alarms = tick.told_alarms.get(rule.pk, [])
    if not alarms:
        return True
    _put(Item(kind=Kind.RECOVER, rule=rule, alarm=alarms[-1]), tick.readers.alarmed(alarms), tick)
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(recovery_told_at=tick.now)
    return True


def _is_step_due(alarm: Alarm, memory: Memory, tick: Tick) -> bool:
    """Whether the time of the next step has come, and nobody has acknowledged."""
    is_due = alarm.next_step_at is not None and alarm.next_step_at <= tick.now
    is_stopped = lifecycle.is_acknowledged(memory, tick.now) or lifecycle.is_snoozed(memory, tick.now)
    return is_due and not is_stopped and memory.is_firing and alarm.level + 1 < len(chains.steps(alarm.chain))


def _escalate(rule: AlertRule, alarm: Alarm, tick: Tick) -> None:
    """The next step, never two at once. Where nobody is there to be told, it waits."""
    level = alarm.level + 1
    people = tick.readers.of_step(chains.steps(alarm.chain)[level], rule)
    if not _put(Item(kind=Kind.ESCALATE, rule=rule, alarm=alarm, level=level), people, tick):
        return
    alarm.level = level
    alarm.next_step_at = chains.next_at(alarm.chain, level, tick.now, _hours(alarm.chain))
    alarm.save(update_fields=["level", "next_step_at"])


def _put(item: Item, people: Iterable[Reader], tick: Tick) -> bool:
    """Into the letters of these people and the messages of the rule's webhooks. False if there is nobody at all."""
    recipients = set(people)
    targets = [target for target in item.rule.webhooks.all() if target.is_active]
    for reader in recipients:
        tick.letters[reader].append(item)
    for target in targets:
        tick.targets[target.pk] = target
        tick.posts[target.pk].append(item)
    if item.alarm is not None and (recipients or targets):
        AlarmEvent.objects.create(alarm=item.alarm, kind=_EVENTS[item.kind], value=item.alarm.value, at=tick.now)
    return bool(recipients or targets)


# --- Chains -------------------------------------------------------------------------------------------------------
def _freeze(chain: EscalationChain | None) -> dict[str, Any]:
    """The chain as it is now, with its opening hours; of a rule without one its owner alone."""
    if chain is None:
        return chains.frozen([chains.step(role=chains.OWNER)])
    found = [_frozen_step(step) for step in chain.steps.all()]
    calendar = chain.calendar or BusinessCalendar.objects.filter(is_default=True).first()
    return chains.frozen(found, described(calendar) if calendar else None, repeats=chain.repeats)


def _frozen_step(step: EscalationStep) -> dict[str, Any]:
    named = step.stakeholders if step.role == EscalationStep.Role.OUTSIDE else step.people
    people = [one.pk for one in named.all()]
    return chains.step(role=step.role, people=people, wait_minutes=step.wait_minutes, by_hours=step.by_hours)


def _hours(chain: Mapping[str, Any]) -> WorkTime | None:
    told = chain.get("hours")
    return restored(told) if told else default_worktime()


def free_at(rule: AlertRule, now: datetime) -> datetime:
    """From when on people are told of a rule, as far as its quiet hours say; now where they cannot be read."""
    try:
        zone = rule.time_zone or organisation().time_zone
        return quiet.next_free(rule.quiet_windows, now, zone, has_weekend=rule.has_quiet_weekend)
    except (BadWindowsError, ValueError, TypeError):
        return now
