"""What imports report, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from metrics.models import ImportRun
from metrics.sources.table import Table

_WARNINGS: Final[Mapping[str, Promise]] = {
    "unknown_customer": _("Customers that were not known yet; they were created with what the file says of them."),
    "unknown_agent": _("Agents that were not known yet; they were created."),
    "unknown_team": _("Teams that were not known yet; they were created."),
    "negative_duration": _("Tickets with a time before their beginning; they are flagged and left out of averages."),
    "time_in_the_future": _("Tickets with a time still to come; they are flagged."),
    "text_cut": _("Texts that were too long and have been cut."),
    "same_record_twice": _("Rows about a record that a later row describes as well; the later row counts."),
    "duplicate_header": _("Columns with the name of an earlier one; only the first of them is looked for by its name."),
    "sheet_left_out": _("Sheets of the workbook that were not read; only the first one is."),
}


_DELIMITERS: Final[Mapping[str, Promise]] = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("vertical bar"),
}
_FORMS: Final[Mapping[str, Promise | str]] = {"csv": "CSV", "xlsx": _("Excel workbook"), "jsonl": "JSON Lines"}


@dataclass(frozen=True)
class Warned:
    text: str | Promise
    count: int
    example: str

    @property
    def occurrence(self) -> str:
        """How often, and where for example."""
        words = ngettext(
            "(%(count)s time, for example %(example)s)", "(%(count)s times, for example %(example)s)", self.count
        )
        return words % {"count": self.count, "example": self.example}


def warnings(run: ImportRun) -> list[Warned]:
    return list(_worded(run.warnings))


def _worded(found: Iterable[Mapping[str, Any]]) -> Iterable[Warned]:
    for one in found:
        yield Warned(_WARNINGS.get(one["code"], one["code"]), one["count"], one["example"])


def table(found: Table) -> str:
    """What kind of file it is: CSV, UTF-8, delimiter: comma."""
    parts = [str(_FORMS[found.form]), found.encoding]
    if found.delimiter:
        parts.append(gettext("delimiter: %(name)s") % {"name": _DELIMITERS.get(found.delimiter, found.delimiter)})
    return ", ".join(part for part in parts if part)
