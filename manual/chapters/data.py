"""Where the figures come from, how far they reach, what is left out, and which rules hold for all of them."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.countdown import until
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.periods import local_day
from kpiproject.queries import calendar_name
from manual import queries
from manual.chapters.context import Built, Context, Figure, passing, rule
from manual.chapters.measured import Measured, measured
from manual.chapters.places import adopted, link_to
from metrics import presentation


def build(context: Context) -> Built:
    blocks = [
        *_sources(context),
        *_reach(context),
        *_feeds(context),
        *_not_measured(measured(context), context),
        *_left_out(measured(context)),
        *_rules(context),
        *_definitions(context),
    ]
    last = context.freshness.last
    reach = date_format(last, "DATE_FORMAT") if last else _("no data")
    passed = {"data:reach": passing(_("Figures reach up to"), reach)}
    for feed in context.once(_all_feeds):
        label = _("Last import of %(what)s from %(source)s") % {"what": feed.kind, "source": feed.source}
        passed[f"feed:{feed.source}.{feed.kind}"] = passing(label, _day(feed.last, context))
    return Built(blocks=blocks, figures=_figures(context) | passed)


def _sources(context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("Where the figures come from"), "sources")
    found = queries.sources(context.as_of)
    if found:
        heads = [_("Source"), f"#{_('Tickets')}", f"#{_('With oddities')}", _("Last import")]
        rows = [
            [
                source.name,
                presentation.number(source.tickets),
                presentation.number(source.flagged),
                _day(source.last_import, context),
            ]
            for source in found
        ]
        yield tree.table(_("Tickets by the system they come from"), heads, rows)
    given = queries.answer_sources(context.as_of)
    if given:
        heads = [_("Source"), f"#{_('Answers')}", _("Last import")]
        rows = [[one.name, presentation.number(one.answers), _day(one.last_import, context)] for one in given]
        yield tree.table(_("Answers to surveys by the system they come from"), heads, rows)
        yield tree.paragraph(
            _(
                "Answers are imported with their scale. Where the lowest score was best, scores were turned round, so "
                "that here the highest is; scores outside their scale were rejected."
            )
        )
    if not found and not given:
        yield tree.paragraph(_("Nothing has been imported yet."))
    if any(source.flagged for source in found):
        yield tree.paragraph(
            _(
                "An oddity is a date that cannot be right, such as a solution before the beginning. Such a ticket "
                "counts wherever the date is not needed, and is left out, visibly, where it is."
            )
        )
    yield tree.paragraph(_surveys(context))


def _day(at: datetime | None, context: Context) -> str:
    return date_format(local_day(at, context.zone), "DATE_FORMAT") if at else "–"


def _surveys(context: Context) -> str:
    answers, invitations = queries.answers_and_invitations(context.as_of)
    asked = ngettext("%(n)s invitation has been sent", "%(n)s invitations have been sent", invitations)
    given = ngettext("%(n)s answer has been given", "%(n)s answers have been given", answers)
    return _("From our own surveys: %(asked)s and %(given)s.") % {
        "asked": asked % {"n": presentation.number(invitations)},
        "given": given % {"n": presentation.number(answers)},
    }


def _reach(context: Context) -> Iterator[Block]:
    fresh = context.freshness
    if fresh.first is None or fresh.last is None:
        return
    said = {"first": date_format(fresh.first, "DATE_FORMAT"), "last": date_format(fresh.last, "DATE_FORMAT")}
    yield tree.paragraph(_("The figures reach from %(first)s to %(last)s.") % said)


def _all_feeds(context: Context) -> list[queries.Feed]:
    return queries.feeds(context.as_of)


def _feeds(context: Context) -> Iterator[Block]:
    """How old what comes from other systems is, of every kind."""
    found = context.once(_all_feeds)
    if not found:
        return
    yield tree.heading(1, _("How fresh the data are"), "feeds")
    rows = [[feed.source, feed.kind, _day(feed.last, context), _age(feed, context)] for feed in found]
    heads = [_("Source"), _("What"), _("Last import"), _("Age")]
    yield tree.table(_("When each kind of data last came"), heads, rows)
    if broken := [f"{feed.source} ({feed.kind})" for feed in found if feed.has_failed]:
        sentence = _("The last import failed, so that newer data are missing: %(names)s.") % {
            "names": ", ".join(broken)
        }
        yield tree.note("warn", tree.paragraph(sentence))


def _age(feed: queries.Feed, context: Context) -> str:
    if feed.last is None:
        return _("never came")
    return until(local_day(feed.last, context.zone), context.today)


def _not_measured(found: dict[str, Measured], context: Context) -> Iterator[Block]:
    """What we want to know and do not."""
    missing = [each.kpi for each in found.values() if each.current.value is None]
    if not missing:
        return
    yield tree.heading(1, _("What is not measured at present"), "not-measured")
    yield tree.paragraph(
        _("These KPIs belong to our work, but nothing was measured of them in the last complete month:")
    )
    yield tree.bullets(tree.inlines(link_to(kpi, context)) for kpi in missing)


def _left_out(found: dict[str, Measured]) -> Iterator[Block]:
    """By reason, over the period of each card."""
    rows = [
        [str(each.kpi.name), presentation.reason(code), presentation.number(count), each.period_name]
        for each in found.values()
        for code, count in sorted(each.current.excluded.items(), key=lambda pair: -pair[1])
    ]
    yield tree.heading(1, _("What is left out"), "left-out")
    if not rows:
        yield tree.paragraph(_("In the periods of this manual, nothing had to be left out of any figure."))
        return
    yield tree.paragraph(_("What is left out of a figure is counted, with its reason, so that nothing disappears."))
    heads = [_("KPI"), _("Reason"), f"#{_('Cases')}", _("Period")]
    yield tree.table(_("Cases that were left out"), heads, rows)


def _rules(context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("Rules that hold for every figure"), "rules")
    yield tree.facts(*((figure["label"], figure["words"]) for figure in _figures(context).values()))
    yield tree.bullets(
        [
            _("A period includes its first moment and excludes its last, in the time zone above."),
            _("Where there is nothing to measure, we write “no data”, never 0 and never 100 %."),
            _("The mean of a month is the mean of its cases, never a mean of daily means."),
            _("A change that chance may explain is neither praised nor blamed."),
        ]
    )


def _figures(context: Context) -> dict[str, Figure]:
    """Decisions of the organisation on which figures rest."""
    house = context.house
    return {
        "organisation:time_zone": rule(_("Time zone of days, weeks and months"), house.time_zone),
        "organisation:week_start": rule(_("First day of the week"), str(WEEKDAYS[house.week_start])),
        "organisation:currency": rule(_("Currency"), house.currency),
        "organisation:calendar": rule(
            _("Business calendar"), calendar_name() or _("none: every time is calendar time")
        ),
        "organisation:pause_statuses": rule(
            _("Statuses that stop the clock"), ", ".join(house.pause_statuses) or _("none")
        ),
    }


def _definitions(context: Context) -> Iterator[Block]:
    """A figure before and after a revision is not the same figure."""
    revised = [kpi for kpi in adopted(context) if kpi.revision > 1]
    yield tree.heading(1, _("Definitions that have changed"), "revisions")
    if not revised:
        yield tree.paragraph(_("Every KPI still has its first definition."))
        return
    rows: list[list[str | list[Inline]]] = [[tree.inlines(link_to(kpi, context)), str(kpi.revision)] for kpi in revised]
    yield tree.table(_("KPIs whose meaning has changed"), [_("KPI"), f"#{_('Revision')}"], rows)
    yield tree.paragraph(
        _(
            "After a revision every figure was computed anew, also those of the past; older editions keep what "
            "they said."
        )
    )
