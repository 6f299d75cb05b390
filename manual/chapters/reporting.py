"""Which report goes out when, about which week, what is in it, and how many people get it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import reports
from goals.models import Report
from goals.report_weeks import week_text
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.periods import Period, local_day, zone_info
from manual import queries
from manual.chapters.context import Built, Context, Figure, is_personal, passing, rule
from metrics import presentation

DATES: Final = 3
"""So many of each report are told ahead."""


def build(context: Context) -> Built:
    found = queries.active_reports()
    if not found:
        return Built(blocks=[tree.paragraph(_("No report is sent by itself at present."))])
    blocks = [_table(found, context), *_contents(found), *_calendar(found, context)]
    return Built(blocks=blocks, figures=_figures(found, context))


def _table(found: list[Report], context: Context) -> Block:
    heads = [_("Report"), _("Sent"), f"#{_('To')}", _("Next")]
    rows = [[report.name, when(report), people(report), _next(report, context)] for report in found]
    return tree.table(_("Reports that are sent by themselves"), heads, rows)


def _contents(found: list[Report]) -> list[Block]:
    """What each report tells; without a heading, because the table names them."""
    items: list[list[Inline]] = [
        tree.inlines(tree.strong(report.name), f": {contents(report)}") for report in found if contents(report)
    ]
    return [tree.paragraph(_("What they tell:")), tree.bullets(items)] if items else []


def _calendar(found: list[Report], context: Context) -> Iterator[Block]:
    """The next dates of all reports in order, with the week that each will be about."""
    dates = [
        (due, report.name, week)
        for report in found
        for due, week in reports.upcoming(report, DATES, context.house)
        if due > context.as_of
    ]
    if not dates:
        return
    rows = [[_moment(due, context), name, week_text(week)] for due, name, week in sorted(dates, key=_by_date)]
    yield tree.heading(1, _("The next reports"), "next-reports")
    heads = [_("Sent on"), _("Report"), _("About the week")]
    yield tree.table(_("The next dates, in the time zone %(zone)s") % {"zone": context.zone}, heads, rows)
    yield tree.paragraph(
        _("Every report is about weeks that are over: a date of sending and the week it tells of belong together.")
    )


def _by_date(found: tuple[datetime, str, Period]) -> tuple[datetime, str]:
    return found[0], found[1]


def _moment(at: datetime, context: Context) -> str:
    local = at.astimezone(zone_info(context.zone))
    return f"{date_format(local, 'D')} {date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')}"


def when(report: Report) -> str:
    words = {"day": report.get_weekday_display(), "time": time_format(report.at, "TIME_FORMAT")}
    return _("every %(day)s at %(time)s, about the week before") % words


def people(report: Report) -> str:
    count = len(reports.recipients(report))
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": presentation.number(count)}


def contents(report: Report) -> str:
    """“CSAT; Backlog, team: First line; the goals in force”. Of single people it says only that there are figures."""
    rows = list(report.items.all())
    items = zip(rows, reports.items(report), strict=True)
    shown = [item for row, item in items if not is_personal(row.dimension)]
    found = [", ".join(filter(None, [item.name, item.scope])) for item in shown]
    if len(shown) < len(rows):
        found.append(_("figures of single people"))
    if report.includes_goals:
        found.append(_("the goals in force"))
    return "; ".join(found)


def _next(report: Report, context: Context) -> str:
    if report.next_due is None or report.next_due <= context.as_of:
        return _("soon")
    return date_format(local_day(report.next_due, context.zone), "DATE_FORMAT")


def _figures(found: list[Report], context: Context) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for report in found:
        label = _("Report “%(name)s”") % {"name": report.name}
        figures |= {
            f"report:{report.pk}": rule(label, f"{when(report)}; {people(report)}"),
            f"report:{report.pk}.contents": rule(_("%(report)s, contents") % {"report": label}, contents(report)),
            f"report:{report.pk}.next": passing(label, _next(report, context)),
        }
    return figures
