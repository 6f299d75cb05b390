"""When a rule asks: its dates, its hours, its sample; and how it is switched on and off."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject import queries as ground
from kpiproject.lib import due
from kpiproject.lib.periods import resolve_local, zone_info
from kpiproject.models import Holiday
from surveys import lots, planned
from surveys.invitations import check_open
from surveys.models import SendingRule
from surveys.windows import Window

LEASE = timedelta(minutes=10)
# Whoever had nothing running for longer is not surprised by what should have been asked then.
MOST_LATE = timedelta(days=7)


class IncompleteRuleError(ValueError):
    """A rule that cannot be switched on; says what it lacks."""


class Plan:
    """Where a rule sends whom, on the clock of whoever is asked."""

    def __init__(self, rule: SendingRule) -> None:
        self._rule = rule
        self._zone = ground.organisation().time_zone
        self._window = Window(
            weekdays=frozenset(rule.weekdays),
            start=rule.from_time,
            end=rule.to_time,
            holidays=holidays() if rule.skips_holidays else frozenset(),
        )
        self._moments: dict[tuple[datetime, str], datetime] = {}

    def send_at(self, after: datetime, zone: str) -> datetime:
        """The first moment from `after` on at which a mail may leave for somebody in that zone ("": ours)."""
        place = (after, zone if _is_zone(zone) else self._zone)
        if place not in self._moments:
            if len(self._moments) > 5000:
                self._moments.clear()
            self._moments[place] = self._window.next_moment(*place)
        return self._moments[place]

    def is_drawn(self, cause: str) -> bool:
        """Whether the sample contains it: always the same for the same cause."""
        return lots.is_drawn(self._rule.sample_percent, self._rule.pk, cause)

    def is_in_group(self, person: str, round_number: int) -> bool:
        """Whether this person belongs to the group whose turn it is; everybody keeps their group."""
        waves = self._rule.waves
        return waves == 1 or lots.group(waves, self._rule.pk, "group", person) == round_number % waves


def usual_plan() -> Plan:
    """For what no rule asks: the days and hours that a new rule begins with."""
    return Plan(SendingRule())


def holidays() -> frozenset[date]:
    rows = Holiday.objects.filter(calendar__is_default=True, is_active=True)
    return frozenset(rows.values_list("date", flat=True))


def rounds(rule: SendingRule, zone: str) -> Iterator[tuple[int, datetime]]:
    """The dates of a schedule from the first one on, numbered."""
    if rule.starts_on is None:
        return
    for number in count():
        day = _step(rule, rule.starts_on, number)
        if day is None:
            return
        yield number, resolve_local(datetime.combine(day, rule.at), zone)


def switch_on(rule: SendingRule, now: datetime | None = None) -> None:
    """Ask from now on: nothing that was solved before, and no date that has passed.

    Raises NotOpenError, IncompleteRuleError, NeverOpenError.
    """
    at = now or timezone.now()
    check_open(rule.survey)
    Plan(rule)
    rule.is_active, rule.since = True, at
    plan(rule, at)
    if rule.trigger == SendingRule.Trigger.SCHEDULE and rule.next_due is None:
        rule.is_active = False
        raise IncompleteRuleError(_("Say on which day people are asked for the first time."))
    rule.save(update_fields=["is_active", "since", "next_due", "next_round"])


def switch_off(rule: SendingRule) -> int:
    """Ask nobody more, not even those whose mail waits for its hour; returns how many these were."""
    rule.is_active, rule.next_due = False, None
    rule.save(update_fields=["is_active", "next_due"])
    return planned.call_off_of(rule)


def plan(rule: SendingRule, now: datetime) -> None:
    """Set the next date, after it or the rule changed. Saves nothing."""
    rule.next_due = None
    if rule.trigger != SendingRule.Trigger.SCHEDULE or not rule.is_active:
        return
    if found := upcoming(rule, now):
        rule.next_round, rule.next_due = found


def upcoming(rule: SendingRule, now: datetime) -> tuple[int, datetime] | None:
    """The number and date of the next round, whether or not the rule is on."""
    zone = ground.organisation().time_zone
    return next(((number, at) for number, at in rounds(rule, zone) if at > now), None)


def claim(rule_id: int, now: datetime) -> str | None:
    """The token of the lease if nobody else is at this rule."""
    return due.claim(SendingRule.objects.filter(is_active=True), pk=rule_id, now=now, lease=LEASE)


def go_on(rule_id: int, token: str, now: datetime) -> bool:
    """Prolong the lease; False if somebody else has taken over."""
    mine = SendingRule.objects.filter(pk=rule_id, lease_token=token, is_active=True)
    return bool(mine.update(lease_until=now + LEASE))


def release(rule_id: int, token: str) -> None:
    SendingRule.objects.filter(pk=rule_id, lease_token=token).update(lease_until=None, lease_token="")


def move_on(rule: SendingRule, token: str, now: datetime) -> None:
    """Wait for the next date, and let go of the rule."""
    plan(rule, now)
    SendingRule.objects.filter(pk=rule.pk, lease_token=token).update(
        next_due=rule.next_due, next_round=rule.next_round, lease_until=None, lease_token=""
    )


def _step(rule: SendingRule, first: date, number: int) -> date | None:
    """The day of round `number`; a month that is too short has it on its last day. None after the end of time."""
    steps = number * rule.every
    try:
        if rule.unit == SendingRule.Unit.WEEK:
            return first + timedelta(weeks=steps)
        years, month = divmod(first.month - 1 + steps, 12)
        return _last_fitting(first.year + years, month + 1, first.day)
    except (OverflowError, ValueError):
        return None


def _last_fitting(year: int, month: int, day: int) -> date:
    if day <= 28:
        return date(year, month, day)
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 28) + timedelta(days=day - 28), after - timedelta(days=1))


def _is_zone(name: str) -> bool:
    if not name:
        return False
    try:
        zone_info(name)
    except ValueError:
        return False
    return True
