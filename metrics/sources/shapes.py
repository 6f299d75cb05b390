"""Every kind of file that the systems we know write, told apart by its columns."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.sources import chatwoot, freshdesk, hubspot, servicenow, zammad, zendesk
from metrics.sources.columns import normal
from metrics.sources.faults import FileFault, short
from metrics.sources.table import Table


class Shape(NamedTuple):
    """`kinds` are those that a file of this shape can be imported as. It may also have the scores that customers gave;
    then its columns can be read as answers to a survey as well."""

    format: str
    name: Promise
    kinds: tuple[str, ...]
    recognises: Callable[[frozenset[str]], bool]
    has_scores: bool = False


_TICKETS: Final = ("tickets",)
_EVENTS: Final = ("ticket_events",)
_ANSWERS: Final = "survey_responses"
# Those with the most telling columns come first.
SHAPES: Final = (
    Shape("zendesk", gettext_lazy("metric events of Zendesk"), _EVENTS, zendesk.recognises_events),
    Shape("zendesk", gettext_lazy("tickets of Zendesk"), _TICKETS, zendesk.recognises_tickets, has_scores=True),
    Shape("freshdesk", gettext_lazy("tickets of Freshdesk"), _TICKETS, freshdesk.recognises_tickets, has_scores=True),
    Shape(
        "chatwoot",
        gettext_lazy("satisfaction ratings of Chatwoot"),
        (_ANSWERS,),
        chatwoot.recognises_ratings,
    ),
    Shape("chatwoot", gettext_lazy("reporting events of Chatwoot"), _EVENTS, chatwoot.recognises_events),
    Shape("chatwoot", gettext_lazy("conversations of Chatwoot"), _TICKETS, chatwoot.recognises_tickets),
    Shape("chatwoot", gettext_lazy("missed targets of Chatwoot"), (), chatwoot.recognises_breaches),
    Shape("hubspot", gettext_lazy("tickets of HubSpot"), _TICKETS, hubspot.recognises_tickets, has_scores=True),
    Shape("zammad", gettext_lazy("tickets of Zammad"), _TICKETS, zammad.recognises_tickets),
    Shape(
        "servicenow",
        gettext_lazy("incidents of ServiceNow"),
        ("tickets", "ticket_events"),
        servicenow.recognises,
    ),
)
_DATE: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2} \w+,? \d{4}|\w+ \d{1,2},? \d{4}"
)


def shape_of(table: Table) -> Shape | None:
    """None for a file in our own columns, or in those of a system that we do not know."""
    names = frozenset(map(normal, table.header))
    return next((shape for shape in SHAPES if shape.recognises(names)), None)


def refuse_other_kind(table: Table, kind: str) -> None:
    """Raises FileFault for a file that plainly holds something else."""
    _refuse_summary(table)
    shape = shape_of(table)
    if shape is None or kind in shape.kinds or (shape.has_scores and kind == _ANSWERS):
        return
    values = {"name": table.name, "what": shape.name, "kind": kind, "kinds": _(" or ").join(shape.kinds)}
    if not shape.kinds:
        message = _("%(name)s holds %(what)s, without the times of anything; import the tickets themselves instead.")
        raise FileFault(message % values)
    message = _("%(name)s holds %(what)s; import it as %(kinds)s, not as %(kind)s.")
    raise FileFault(message % values)


def _refuse_summary(table: Table) -> None:
    """Chatwoot's reports begin with a line that names the period, in the language of the account."""
    first = table.header[0]
    is_alone = all(name == f"column {place}" for place, name in enumerate(table.header[1:], start=2))
    if first.casefold().startswith("reporting period") or (is_alone and len(_DATE.findall(first)) == 2):
        message = _(
            "%(name)s is a report that begins with “%(first)s”: it has averages of a period and no single ticket, so "
            "nothing can be counted from it. Export the conversations themselves."
        )
        raise FileFault(message % {"name": table.name, "first": short(first)})
