"""Every system whose files can be read."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources import generic, servicenow
from metrics.sources.columns import ALL_KINDS
from metrics.sources.faults import FileFault
from metrics.sources.reader import Reader
from metrics.sources.rows import Options
from metrics.sources.table import Table

AUTO: Final = "auto"
ALL_FORMATS: Final = (AUTO, "generic", "zendesk", "freshdesk", "hubspot", "chatwoot", "zammad", "servicenow")
READERS: Final[Mapping[str, Mapping[str, type[Reader]]]] = {
    "generic": {"tickets": generic.Tickets, "ticket_events": generic.TicketEvents},
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
    return "servicenow" if servicenow.recognises(table.header) else "generic"


def open_reader(table: Table, kind: str, *, format_name: str, options: Options) -> Reader:
    """Raises FileFault when the file does not fit."""
    check(kind, format_name)
    return reader_class(table, kind, format_name)(table, options)


def reader_class(table: Table, kind: str, format_name: str) -> type[Reader]:
    return READERS[recognise(table) if format_name == AUTO else format_name][kind]


def _sentence(given: str, named: tuple[str, ...], what: str, read: tuple[str, ...]) -> str:
    values = {"given": given, "what": what, "read": ", ".join(read)}
    if given in named:
        return _("This version does not read the %(what)s %(given)s; it reads %(read)s.") % values
    return _("There is no %(what)s %(given)s; there are %(read)s.") % values
