"""Which report goes out when, what is in it, and how many people get it."""

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import reports
from goals.models import Report
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.periods import local_day
from manual import queries
from manual.chapters.context import Built, Context, Figure, is_personal, passing, rule
from metrics import presentation


def build(context: Context) -> Built:
    found = queries.active_reports()
    if not found:
        return Built(blocks=[tree.paragraph(_("No report is sent by itself at present."))])
    return Built(blocks=[_table(found, context), *_contents(found)], figures=_figures(found, context))


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
