"""Which report goes out when, and how many people get it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.queries import ReportEntry, report_calendar
from kpiproject.documents import tree
from kpiproject.lib.periods import local_day
from manual.chapters.context import Built, Context, Figure, passing, rule
from metrics import presentation


def build(context: Context) -> Built:
    entries = report_calendar()
    if not entries:
        return Built(blocks=[tree.paragraph(_("No report is sent by itself at present."))])
    heads = [_("Report"), _("Sent"), f"#{_('To')}", _("Next")]
    rows = [[entry.name, entry.when, _people(entry), _next(entry, context)] for entry in entries]
    figures: dict[str, Figure] = {}
    for entry in entries:
        label = _("Report “%(name)s”") % {"name": entry.name}
        figures[f"report:{entry.name}"] = rule(label, f"{entry.when}; {_people(entry)}")
        figures[f"report:{entry.name}.next"] = passing(label, _next(entry, context))
    return Built(blocks=[tree.table(_("Reports that are sent by themselves"), heads, rows)], figures=figures)


def _people(entry: ReportEntry) -> str:
    return ngettext("%(n)s person", "%(n)s people", entry.people) % {"n": presentation.number(entry.people)}


def _next(entry: ReportEntry, context: Context) -> str:
    if entry.next_due is None:
        return _("not planned yet")
    return date_format(local_day(entry.next_due, context.zone), "DATE_FORMAT")
