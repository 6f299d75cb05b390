"""Business calendars as objects that can calculate, and what happens when their hours change."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from kpiproject.lib.page_memory import remembered
from kpiproject.lib.worktime import WEEKDAYS, WorkTime
from kpiproject.lib.worktime import EarlierHours as Earlier
from kpiproject.models import BusinessCalendar, CalendarUse, EarlierHours, Holiday

ROUND_THE_CLOCK: Final = WorkTime.around_the_clock()
"""Calendar time, with the methods of business time."""

Week = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A local date with its intervals, and why they are not those of the week."""

    day: date
    intervals: Sequence[Sequence[str]]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Use:
    """For which tickets a calendar counts: `teams` are all names of one team, empty texts mean any."""

    teams: frozenset[str]
    channel: str
    tier: str
    calendar: int


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """All calendars in use. The first one is for whatever no use fits: the default calendar, else calendar time."""

    calendars: list[WorkTime]
    uses: list[Use]
    has_default: bool

    @property
    def by_team(self) -> bool:
        return any(use.teams for use in self.uses)


@dataclass(frozen=True, kw_only=True)
class Measuring:
    """The names of the calendars that can measure some tickets; `has_gap` where calendar time counts for some."""

    names: tuple[str, ...]
    has_gap: bool

    @property
    def text(self) -> str:
        return ", ".join([*self.names, *([_("round the clock")] if self.has_gap else [])])


@dataclass(frozen=True, kw_only=True)
class Measurers:
    """The calendars in use by name, in the order in which they are tried; one that never opens has no name. Each use
    is a name, its channel ("" for any), and whether it is only for some teams or tiers."""

    default: str
    uses: list[tuple[str, str, bool]]

    @property
    def by_channel_alone(self) -> bool:
        return not any(is_narrow for _name, _channel, is_narrow in self.uses)

    @property
    def everywhere(self) -> Measuring:
        """What measures whatever is no ticket: the default calendar alone."""
        return _measuring([self.default])

    def of(self, channels: Collection[str] | None = None) -> Measuring:
        """What can measure the tickets of these channels; of all, unless told otherwise."""
        known = {channel for _name, channel, _is_narrow in self.uses if channel}
        # Beside the channels that have a use of their own, there are others.
        meant = [*sorted(known), ""] if channels is None else channels
        found = {name for channel in meant for name in self._names(channel)}
        ordered = [self.default, *(name for name, _channel, _is_narrow in self.uses)]
        return _measuring([*(name for name in ordered if name in found), *({""} & found)])

    def _names(self, channel: str) -> Iterator[str]:
        for name, own, is_narrow in self.uses:
            if own in ("", channel):
                yield name
                if not is_narrow:
                    return
        yield self.default


def _measuring(names: Sequence[str]) -> Measuring:
    return Measuring(names=tuple(dict.fromkeys(name for name in names if name)), has_gap="" in names)


def worktime(calendar: BusinessCalendar) -> WorkTime:
    """The opening hours of a calendar on every date: as they were, are and will be."""
    return _worktime(json.dumps(described(calendar), sort_keys=True))


def described(calendar: BusinessCalendar) -> dict[str, Any]:
    """All that its hours rest on, as JSON."""
    holidays = [holiday for holiday in calendar.holidays.all() if holiday.is_active]
    other = {holiday.date.isoformat(): holiday.intervals for holiday in holidays if holiday.intervals}
    other |= {day.date.isoformat(): day.intervals for day in calendar.special_days.all()}
    return {
        "zone": calendar.time_zone,
        "week": calendar.week,
        "holidays": sorted(holiday.date.isoformat() for holiday in holidays),
        "days": other,
        "earlier": [[one.until.isoformat(), one.week, one.time_zone] for one in calendar.earlier.all()],
    }


def restored(told: Mapping[str, Any]) -> WorkTime:
    """The hours of a calendar out of what `described` said of it, also if it is gone."""
    return _worktime(json.dumps(told, sort_keys=True))


def days(calendar: BusinessCalendar, first: date, count: int) -> list[Day]:
    """The hours of some dates, as they are measured."""
    holidays = {one.date: one for one in calendar.holidays.all() if one.is_active}
    special = {one.date: one for one in calendar.special_days.all()}
    usual = usual_hours(calendar)
    found = []
    for day in (first + timedelta(days=number) for number in range(count)):
        intervals, reason = usual(day), ""
        if day in special:
            intervals, reason = special[day].intervals, special[day].reason
        elif day in holidays:
            intervals, reason = holidays[day].intervals, holidays[day].name
        found.append(Day(day=day, intervals=intervals, reason=reason))
    return found


def usual_hours(calendar: BusinessCalendar) -> Callable[[date], Sequence[Sequence[str]]]:
    """What the week that counts on a date says of it, whether it is a holiday or not."""
    earlier = sorted(calendar.earlier.all(), key=lambda one: one.until)

    def of(day: date) -> Sequence[Sequence[str]]:
        week = next((one.week for one in earlier if day < one.until), calendar.week)
        found: Sequence[Sequence[str]] = week.get(WEEKDAYS[day.weekday()], [])
        return found

    return of


def default_worktime() -> WorkTime | None:
    """The hours in which the organisation measures business time; None where it has no calendar.

    A calendar that never opens counts as none: every duration would be a perfect zero.
    """
    calendar = default_calendar()
    found = worktime(calendar) if calendar else None
    return None if found is None or found.is_never_open else found


def opening_hours() -> OpeningHours | None:
    """The calendars in use; None where there is none that ever opens, so that business time is calendar time."""
    default, uses = default_worktime(), calendar_uses()
    if default is None and all(worktime(use.calendar).is_never_open for use in uses):
        return None
    calendars = [default or ROUND_THE_CLOCK]
    found = []
    for use in uses:
        hours = worktime(use.calendar)
        # One that never opens measures in calendar time, too.
        calendars.append(ROUND_THE_CLOCK if hours.is_never_open else hours)
        teams = frozenset({use.team.name, use.team.external_id} if use.team else ())
        found.append(Use(teams=teams, channel=use.channel, tier=use.tier, calendar=len(calendars) - 1))
    return OpeningHours(calendars=calendars, uses=found, has_default=default is not None)


def decided() -> dict[str, Any]:
    """Everything about calendars that figures rest on, as JSON."""
    default = default_calendar()
    return {
        "default": described(default) if default else None,
        "uses": [
            [use.team and [use.team.name, use.team.external_id], use.channel, use.tier, described(use.calendar)]
            for use in calendar_uses()
        ],
    }


def measurers() -> Measurers:
    """The calendars in use, as they are called."""
    default = default_calendar()
    return Measurers(
        default=_name(default) if default else "",
        uses=[(_name(use.calendar), use.channel, bool(use.team or use.tier)) for use in calendar_uses()],
    )


def _name(calendar: BusinessCalendar) -> str:
    return "" if worktime(calendar).is_never_open else calendar.name


def measures_business_time() -> bool:
    return opening_hours() is not None


@transaction.atomic
def change_hours(calendar: BusinessCalendar, week: Week, zone: str, *, start: date | None) -> None:
    """Give a calendar other weekly hours from a local date on; None corrects them for the whole past, too."""
    if calendar.week == week and calendar.time_zone == zone:
        return
    earlier = calendar.earlier.all()
    if start is None:
        earlier.delete()
    else:
        # Those that counted on the day before count until the start; what was planned for later is replaced.
        before = earlier.filter(until__gte=start).order_by("until").first()
        kept = (before.week, before.time_zone) if before else (calendar.week, calendar.time_zone)
        earlier.filter(until__gte=start).delete()
        EarlierHours.objects.create(calendar=calendar, until=start, week=kept[0], time_zone=kept[1])
    calendar.week, calendar.time_zone = dict(week), zone
    calendar.save()


def add_holidays(
    calendar: BusinessCalendar,
    days: Mapping[date, str],
    *,
    uids: Mapping[date, str] | None = None,
    hours: Mapping[date, Sequence[Sequence[str]]] | None = None,
) -> int:
    """Enter holidays, except on dates that have one already: those stay as they are, also switched off. How many.

    `hours` are the intervals in which the calendar is open nevertheless.
    """
    known = set(calendar.holidays.filter(date__in=days).values_list("date", flat=True))
    told, opened = uids or {}, hours or {}
    new = [
        Holiday(
            calendar=calendar,
            date=day,
            name=days[day][:150],
            uid=told.get(day, "")[:200],
            intervals=opened.get(day, []),
        )
        for day in sorted(days.keys() - known)
    ]
    Holiday.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def default_calendar() -> BusinessCalendar | None:
    """The calendar that measures business time, with its days."""
    rows = _whole(BusinessCalendar.objects.filter(is_default=True))
    return remembered("default calendar", rows.first)


def calendar_uses() -> list[CalendarUse]:
    """For whom other calendars count, in the order in which they are tried; with their days."""
    whole = Prefetch("calendar", _whole(BusinessCalendar.objects.all()))
    rows = CalendarUse.objects.select_related("team").prefetch_related(whole)
    return remembered("uses of calendars", lambda: list(rows))


def _whole(rows: "QuerySet[BusinessCalendar]") -> "QuerySet[BusinessCalendar]":
    return rows.prefetch_related("holidays", "special_days", "earlier")


@lru_cache(maxsize=64)
def _worktime(text: str) -> WorkTime:
    """Kept, because an object of equal hours has its tables of years already."""
    told = json.loads(text)
    return WorkTime(
        told["week"],
        told["zone"],
        frozenset(date.fromisoformat(day) for day in told["holidays"]),
        {date.fromisoformat(day): intervals for day, intervals in told["days"].items()},
        [Earlier(date.fromisoformat(until), week, zone) for until, week, zone in told["earlier"]],
    )
