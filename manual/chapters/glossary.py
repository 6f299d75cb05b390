"""What our words mean, also where others use them differently."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context
from manual.chapters.glossary_words import Term, terms
from manual.chapters.places import link_to
from metrics.queries import find


def build(context: Context) -> Built:
    found = sorted(terms(), key=lambda term: term.word.casefold())
    return Built(blocks=[*_table(found, context), tree.paragraph(_further())])


def _table(found: list[Term], context: Context) -> Iterator[Block]:
    rows: list[list[str | list[Inline]]] = [[[tree.strong(term.word)], _meaning(term, context)] for term in found]
    yield tree.table(_("Words and their meaning"), [_("Word"), _("What we mean by it")], rows)


def _meaning(term: Term, context: Context) -> list[Inline]:
    if not term.code:
        return tree.inlines(term.meaning)
    kpi = find(term.code)
    if kpi is None:
        return tree.inlines(term.meaning, " ", _("It is not measured here yet."))
    return tree.inlines(term.meaning, " ", _("See"), " ", link_to(kpi, context), ".")


def _further() -> str:
    return _("Every KPI by its name, with its formula and what it needs, stands in the list of all KPIs at the end.")
