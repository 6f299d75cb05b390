"""Every system whose files can be read."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources import chatwoot, facts, freshdesk, generic, hubspot, responses, servicenow, zammad, zendesk
from metrics.sources.columns import ALL_KINDS
from metrics.sources.faults import FileFault
from metrics.sources.reader import Reader
from metrics.sources.rows import Options
from metrics.sources.shapes import refuse_other_kind, shape_of
from metrics.sources.table import Table

AUTO: Final = "auto"
GENERIC: Final = "generic"
ALL_FORMATS: Final = (AUTO, "generic", "zendesk", "freshdesk", "hubspot", "chatwoot", "zammad", "servicenow")
READERS: Final[Mapping[str, Mapping[str, type[Reader]]]] = {
    "generic": {
        "customers": facts.Customers,
        "subscriptions": facts.Subscriptions,
        "orders": facts.Orders,
        "tickets": generic.Tickets,
        "ticket_events": generic.TicketEvents,
        "messages": facts.Messages,
        "agent_time": facts.AgentTime,
        "costs": facts.Costs,
        "service_records": facts.ServiceRecords,
        "survey_responses": responses.SurveyResponses,
    },
    "zendesk": {"tickets": zendesk.Tickets, "ticket_events": zendesk.TicketEvents},
    "freshdesk": {"tickets": freshdesk.Tickets},
    "hubspot": {"tickets": hubspot.Tickets},
    "chatwoot": {
        "tickets": chatwoot.Tickets,
        "ticket_events": chatwoot.TicketEvents,
        "survey_responses": chatwoot.Ratings,
    },
    "zammad": {"tickets": zammad.Tickets},
    "servicenow": {"tickets": servicenow.Tickets, "ticket_events": servicenow.TicketEvents},
}
KINDS: Final = tuple(kind for kind in ALL_KINDS if kind in READERS["generic"])


def check(kind: str, format_name: str) -> None:
    """Raises FileFault for a kind or a format that cannot be read."""
    if kind not in KINDS:
        raise FileFault(_sentence(kind, ALL_KINDS, _("kind of data"), KINDS))
    if format_name not in (AUTO, *READERS):
        raise FileFault(_sentence(format_name, ALL_FORMATS, _("format"), (AUTO, *READERS)))


def recognise(table: Table) -> str:
    """The format that a header is written in; our own when it is none of the others."""
    shape = shape_of(table)
    return shape.format if shape else GENERIC


def open_reader(table: Table, kind: str, *, format_name: str, options: Options) -> Reader:
    """Raises FileFault when the file does not fit."""
    check(kind, format_name)
    refuse_misplaced(table, kind, format_name)
    return reader_class(table, kind, format_name)(table, options)


def refuse_misplaced(table: Table, kind: str, format_name: str) -> None:
    """Raises FileFault for a file that plainly holds something else than this kind, unless somebody says that its
    columns are ours, or those of another system."""
    if format_name in (AUTO, recognise(table)):
        refuse_other_kind(table, kind)


def reader_class(table: Table, kind: str, format_name: str) -> type[Reader]:
    """Our own columns where the format has no files of that kind."""
    found = READERS[recognise(table) if format_name == AUTO else format_name]
    return found.get(kind) or READERS["generic"][kind]


def _sentence(given: str, named: tuple[str, ...], what: str, read: tuple[str, ...]) -> str:
    values = {"given": given, "what": what, "read": ", ".join(read)}
    if given in named:
        return _("This version does not read the %(what)s %(given)s; it reads %(read)s.") % values
    return _("There is no %(what)s %(given)s; there are %(read)s.") % values
