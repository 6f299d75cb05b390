"""When we are there, and by which ways customers reach whom."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.calendars import calendar_uses, default_calendar
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import Grain
from kpiproject.models import BusinessCalendar, CalendarUse
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule
from metrics import presentation
from metrics.queries import Question
from metrics.queries import figures as measure

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD: Final = timedelta(days=365)
_MOST_CHANNELS: Final = 12


def build(context: Context) -> Built:
    calendar = default_calendar()
    teams = queries.teams()
    hours = [*_hours(calendar, context)] if calendar else [*_no_calendar()]
    others = calendar_uses()
    hours += _others(others)
    figures = (_rules(calendar, context) if calendar else {}) | _rules_of_others(others) | _team_rules(teams)
    return Built(blocks=[*hours, *_teams(teams), *_channels(context)], figures=figures)


def _hours(calendar: BusinessCalendar, context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("Opening hours"), "opening-hours")
    first = context.house.week_start
    days = [(first + offset) % 7 for offset in range(7)]
    rows = [[str(WEEKDAYS[day]), open_on(calendar, day)] for day in days]
    caption = _("Times of the calendar “%(name)s”") % {"name": calendar.name}
    yield tree.table(caption, [_("Day"), _("Open")], rows)
    yield tree.paragraph(
        _("These are times in the zone %(zone)s. Business time in this manual passes only while we are open.")
        % {"zone": calendar.time_zone}
    )
    yield from _holidays(calendar, context)


def open_on(calendar: BusinessCalendar, day: int) -> str:
    """“09:00–12:00, 13:00–17:00”; Monday is 0."""
    return _written(calendar.week.get(_DAYS[day], []))


def _written(intervals: Sequence[Sequence[str]]) -> str:
    return ", ".join(_interval(*each) for each in intervals) or _("closed")


def _interval(start: str, end: str) -> str:
    is_overnight = end <= start
    text = f"{start}–{end}"
    return _("%(hours)s of the next day") % {"hours": text} if is_overnight else text


def _holidays(calendar: BusinessCalendar, context: Context) -> Iterator[Block]:
    ahead = [
        [date_format(holiday.date, "DATE_FORMAT"), str(WEEKDAYS[holiday.date.weekday()]), holiday.name]
        for holiday in calendar.holidays.all()
        if holiday.is_active and not holiday.intervals and context.today <= holiday.date < context.today + _AHEAD
    ]
    if ahead:
        caption = _("Holidays in the next twelve months, on which we are closed")
        yield tree.table(caption, [_("Date"), _("Day"), _("Holiday")], ahead)
    else:
        yield tree.paragraph(_("No holidays are entered for the next twelve months."))
    other = [
        [date_format(day, "DATE_FORMAT"), str(WEEKDAYS[day.weekday()]), hours, reason]
        for day, hours, reason in _other_days(calendar)
        if context.today <= day < context.today + _AHEAD
    ]
    if other:
        caption = _("Days in the next twelve months with other hours")
        yield tree.table(caption, [_("Date"), _("Day"), _("Open"), _("Why")], other)


def _other_days(calendar: BusinessCalendar) -> list[tuple[date, str, str]]:
    """Date, hours and reason of half holidays and of days with hours of their own, in order."""
    special = {day.date: (day.date, _written(day.intervals), day.reason) for day in calendar.special_days.all()}
    halves = {
        day.date: (day.date, _written(day.intervals), day.name)
        for day in calendar.holidays.all()
        if day.is_active and day.intervals
    }
    return sorted((halves | special).values())


def _others(uses: Sequence[CalendarUse]) -> Iterator[Block]:
    """Who is there at other times."""
    if not uses:
        return
    rows = [[str(use), use.calendar.name, _whole_week(use.calendar)] for use in uses]
    caption = _("Other opening hours; the first line that fits a contact counts for it")
    yield tree.table(caption, [_("For"), _("Calendar"), _("Open")], rows)


def _whole_week(calendar: BusinessCalendar) -> str:
    days = [f"{WEEKDAYS[day]} {open_on(calendar, day)}" for day, key in enumerate(_DAYS) if calendar.week.get(key)]
    return "; ".join(days) or _("closed")


def _no_calendar() -> Iterator[Block]:
    yield tree.heading(1, _("Opening hours"), "opening-hours")
    sentence = _("No business calendar has been set, so every time in this manual is calendar time, day and night.")
    yield tree.note("", tree.paragraph(sentence))


def _teams(teams: list[queries.TeamSize]) -> Iterator[Block]:
    if not teams:
        return
    yield tree.heading(1, _("Teams"), "teams")
    rows = [[team.name, presentation.number(team.agents)] for team in teams]
    yield tree.table(_("How many people answer customers in each team"), [_("Team"), f"#{_('People')}"], rows)


def _channels(context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("How customers reach us"), "channels")
    period = context.last_months(12)
    found = measure(Question(code="ticket_volume", start=period.start, end=period.end, by="channel")).points
    points = sorted((point for point in found if point.n), key=lambda point: -point.n)
    total = sum(point.n for point in points)
    if not total:
        yield tree.paragraph(_("No contacts have been recorded in the last twelve complete months."))
        return
    caption = _("Ways by which customers reached us, %(period)s (%(tickets)s)") % {
        "period": presentation.period(period.start, Grain.ALL, period.end),
        "tickets": ngettext("%(n)s ticket", "%(n)s tickets", total) % {"n": presentation.number(total)},
    }
    rows = [_channel(point.member, point.n, total) for point in points[:_MOST_CHANNELS]]
    if rest := points[_MOST_CHANNELS:]:
        rows.append(_channel(_("all others"), sum(point.n for point in rest), total))
    yield tree.table(caption, [_("Way"), f"#{_('Tickets')}", f"#{_('Share')}"], rows)


def _channel(name: str | None, count: int, total: int) -> list[str]:
    share = f"{presentation.number(100 * count / total, 1)}{presentation.SPACE}%"
    return [presentation.member(name), presentation.number(count), share]


def _rules(calendar: BusinessCalendar, context: Context) -> dict[str, Figure]:
    """Holidays from the beginning of the year on: one that is over does not vanish from the next edition."""
    found = {
        "calendar:name": rule(_("Business calendar"), calendar.name),
        "calendar:time_zone": rule(_("Time zone of the opening hours"), calendar.time_zone),
    }
    for weekday, key in enumerate(_DAYS):
        label = _("Opening hours on %(day)s") % {"day": WEEKDAYS[weekday]}
        found[f"calendar:hours.{key}"] = rule(label, open_on(calendar, weekday))
    first = date(context.today.year, 1, 1)
    for day, hours, reason in _other_days(calendar):
        if day >= first:
            label = _("Other hours on %(date)s") % {"date": date_format(day, "DATE_FORMAT")}
            found[f"calendar:day.{day.isoformat()}"] = rule(label, f"{hours}, {reason}" if reason else hours)
    for holiday in calendar.holidays.all():
        if holiday.is_active and not holiday.intervals and holiday.date >= first:
            label = _("Closed on %(date)s") % {"date": date_format(holiday.date, "DATE_FORMAT")}
            found[f"calendar:holiday.{holiday.date.isoformat()}"] = rule(label, holiday.name)
    return found


def _rules_of_others(uses: Sequence[CalendarUse]) -> dict[str, Figure]:
    return {
        f"calendar:use.{use.pk}": rule(
            _("Opening hours for %(whom)s") % {"whom": use},
            f"{use.calendar.name}: {_whole_week(use.calendar)} ({use.calendar.time_zone})",
        )
        for use in uses
    }


def _team_rules(teams: list[queries.TeamSize]) -> dict[str, Figure]:
    return {f"team:{team.key}": rule(_("Team"), team.name) for team in teams}
