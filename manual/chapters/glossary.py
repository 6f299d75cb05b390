"""What our words mean, also where others use them differently."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context
from manual.chapters.places import link_to
from metrics.queries import find, kpis


class Term(NamedTuple):
    """`code` is the KPI that a reader may mean."""

    word: str
    meaning: str
    code: str = ""


def build(context: Context) -> Built:
    found = sorted(_terms(), key=lambda term: term.word.casefold())
    return Built(blocks=[*_table(found, context), *_kpis(context)])


def _table(terms: list[Term], context: Context) -> Iterator[Block]:
    rows: list[list[str | list[Inline]]] = [[[tree.strong(term.word)], _meaning(term, context)] for term in terms]
    yield tree.table(_("Words and their meaning"), [_("Word"), _("What we mean by it")], rows)


def _meaning(term: Term, context: Context) -> list[Inline]:
    if not term.code:
        return tree.inlines(term.meaning)
    kpi = find(term.code)
    if kpi is None:
        return tree.inlines(term.meaning, " ", _("It is not measured here yet."))
    return tree.inlines(term.meaning, " ", _("See"), " ", link_to(kpi, context), ".")


def _kpis(context: Context) -> Iterator[Block]:
    """Every KPI has its place here, too, under the name by which people look for it."""
    rows: list[list[str | list[Inline]]] = [
        [tree.inlines(link_to(kpi, context)), str(kpi.formula)]
        for kpi in sorted(kpis().values(), key=lambda kpi: str(kpi.name).casefold())
    ]
    yield tree.table(_("KPIs and their formulas"), [_("KPI"), _("Formula")], rows)


def _terms() -> Iterator[Term]:
    yield from _general()
    yield from _elsewhere()


def _general() -> Iterator[Term]:
    yield Term(_("Baseline"), _("What was measured before a goal began; its progress counts from there."))
    yield Term(_("Business time"), _("Time that passes only during opening hours."))
    yield Term(_("Calendar time"), _("Time as every clock shows it, day and night."))
    yield Term(_("Cases (n)"), _("How many tickets, answers or invitations a figure rests on."))
    yield Term(_("Channel"), _("The way by which a contact came: e-mail, chat, phone, social media and others."))
    yield Term(_("Interval (95 %)"), _("Where the true value lies with 95 % certainty, as far as chance is concerned."))
    yield Term(
        _("KPI"), _("Key performance indicator: a figure by which we see whether customers get what we promise.")
    )
    yield Term(_("Median"), _("The value in the middle: half of the cases are below it, half above."))
    yield Term(_("Nine in ten"), _("The value below which 90 % of the cases lie; others call it p90."))
    yield Term(_("Service target"), _("A time that we promise for the first answer or for the solution."))
    yield Term(_("Ticket"), _("One request for help from its beginning to its end, whatever the channel."))


def _elsewhere() -> Iterator[Term]:
    """Words that are used differently elsewhere."""
    yield Term(
        _("Response time (average)"),
        _("Some mean by it the time until the issue is solved. We call that the resolution time; the time until "
          "somebody answers at all is the first response time."),
        "resolution_time",
    )  # fmt: skip
    yield Term(
        _("Retention as length of stay"),
        _("Some call “retention rate” how long somebody stays a customer on average. We call that the customer "
          "lifetime, and keep it apart from the share of customers who stay."),
        "customer_lifetime",
    )  # fmt: skip
    yield Term(
        _("Retention rate"),
        _("The share of the customers at the beginning of a period who are still customers at its end."),
        "retention",
    )
    yield Term(
        _("First call resolution"),
        _("Others say so of the phone. We say first contact resolution and mean every channel."),
        "first_contact_resolution",
    )
    yield Term(
        _("Unresolved issues"), _("What waits to be solved at a given moment. We call it the backlog."), "backlog"
    )
    yield Term(
        _("SLA"), _("Service level agreement. We say service target, because it is our own promise."),
        "resolution_within_target",
    )  # fmt: skip
