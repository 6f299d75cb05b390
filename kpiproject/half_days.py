"""What is left of the opening hours on a day of which an event takes only a part."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from kpiproject.calendars import usual_hours
from kpiproject.lib import openings
from kpiproject.lib.ical import Event
from kpiproject.models import BusinessCalendar

Hours = dict[date, list[list[str]]]


def open_nevertheless(calendar: BusinessCalendar, events: Iterable[Event]) -> tuple[list[Event], Hours]:
    """The events that close something, and the hours that are left on days of which they close only a part.

    Several events of one day take their hours one after the other. One of the whole day counts on every date, also on
    one on which the calendar is closed anyway.
    """
    usual = usual_hours(calendar)
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        by_day[event.day].append(event)
    closing: list[Event] = []
    hours: Hours = {}
    for day, own in by_day.items():
        left = [list(interval) for interval in usual(day)]
        # One of the whole day comes first: it gives the day its name, and leaves nothing to the others.
        for event in sorted(own, key=lambda one: one.hours is not None):
            rest = openings.without(left, *event.hours) if event.hours else []
            if event.hours is None or rest != left:
                closing.append(event)
            left = rest
        hours[day] = left
    return closing, hours
