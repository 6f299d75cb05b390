"""What imports report, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from metrics.models import ImportRun, RejectedRow
from metrics.sources.table import Table

_WARNINGS: Final[Mapping[str, Promise]] = {
    "unknown_customer": _("Customers that were not known yet; they were created with what the file says of them."),
    "unknown_agent": _("Agents that were not known yet; they were created."),
    "unknown_team": _("Teams that were not known yet; they were created."),
    "negative_duration": _("Rows with a time before their beginning; they are flagged and left out of averages."),
    "time_in_the_future": _("Rows with a time still to come; they are flagged."),
    "end_unknown": _(
        "Tickets whose status says that they have ended, without a time of solving or closing. They are not counted as "
        "open, and have no resolution time. Import the file that has these times: tickets with them, or their events."
    ),
    "text_cut": _("Texts that were too long and have been cut."),
    "same_record_twice": _("Rows about a record that a later row describes as well; the later row counts."),
    "duplicate_header": _("Columns with the name of an earlier one; only the first of them is looked for by its name."),
    "mixed_date_orders": _(
        "Some dates can only be read with the day first and others only with the month first. Those that can be read "
        "both ways were read like most; the others are among the rejected rows. The example is how many there are of "
        "each."
    ),
    "bad_duration": _("Durations that the other system reports and that cannot be read; they were left out."),
    "event_left_out": _("Events of the other system that tell nothing which is counted here; they were passed over."),
    "replies_by_email_only": _(
        "The first reply is that by e-mail, as the column says: tickets that were answered by chat or phone seem "
        "unanswered. Export the time of the agent’s first message as well."
    ),
    "report_may_be_cut": _(
        "The report has as many rows as the other system writes at most; probably there are more tickets. Export a "
        "shorter period."
    ),
    "rows_joined": _("Further rows of the same answer; their comments were put together."),
    "score_turned": _("Scores of which the lowest was best; they were turned round, so that here the highest is."),
    "scale_without_thresholds": _(
        "Scores on a scale for which nobody has agreed what is good; they are kept, but no KPI counts them."
    ),
    "unknown_survey": _("Surveys that are not known here; their answers went to the survey for imports."),
    "bad_address": _("E-mail addresses that cannot be right; the answers were kept without them."),
    "invited_without_address": _(
        "Answers whose invitation has no e-mail address; they count, but not in the response rate."
    ),
    "answer_in_the_future": _("Answers with a time still to come; see whether day and month were confused."),
    "amount_open": _(
        "Amounts that can be read in two ways, such as 1.234; nothing in the file proves that a comma begins the "
        "fraction, so a point does."
    ),
    "amount_rounded": _("Amounts with more than four decimal places; they were rounded to four."),
    "currency_open": _("Amounts with a sign that several currencies have; they are taken as ours."),
    "currency_unknown": _(
        "Amounts in a currency without an exchange rate; no figure counts them before somebody enters one in the "
        "administration."
    ),
    "negative_amount": _("Negative amounts; they are flagged, and count as they are."),
    "overlapping_subscriptions": _(
        "Subscriptions that run at the same time as another one of the same customer and plan; they are flagged."
    ),
    "longer_than_a_day": _("Times of agents that last longer than 24 hours; they are flagged."),
    "before_its_ticket": _("Events or messages from before their ticket was created."),
    "bad_customer_address": _("E-mail addresses that cannot be right; the customers were kept without them."),
    "unknown_time_zone": _("Time zones that do not exist; the customers were kept without them and flagged."),
    "unknown_record_kind": _("Kinds of service records that no KPI knows; they are kept."),
    "sheet_left_out": _("Sheets of the workbook that were not read; only the first one is."),
}


_DELIMITERS: Final[Mapping[str, Promise]] = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("vertical bar"),
}
_FORMS: Final[Mapping[str, Promise | str]] = {
    "csv": "CSV",
    "xlsx": _("Excel workbook"),
    "jsonl": "JSON Lines",
    "json": "JSON",
}


def form_names() -> list[str]:
    """The forms that a file may have."""
    return [str(name) for name in _FORMS.values()]


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


@dataclass(frozen=True)
class CameAgain:
    """How many of its rejected rows a later import has brought again, and how many still wait."""

    count: int
    waiting: int


def came_again(run: ImportRun) -> CameAgain:
    count = run.rejected_rows.filter(reason__startswith=RejectedRow.SETTLED).count() if run.rejected else 0
    return CameAgain(count, run.rejected - count)


@dataclass(frozen=True)
class Kept:
    """A row that an undone import changed and that stays."""

    table: str
    name: str
    reason: str


@dataclass(frozen=True)
class UndoneWords:
    deleted: int
    restored: int
    kept: int
    rows: list[Kept]


def undone(run: ImportRun) -> UndoneWords | None:
    """What came of taking an import back."""
    if not run.undo:
        return None
    rows = [
        Kept(capfirst(apps.get_model(one["table"])._meta.verbose_name), one["name"], _kept_because(one))
        for one in run.undo["examples"]
    ]
    return UndoneWords(run.undo["deleted"], run.undo["restored"], sum(run.undo["kept"].values()), rows)


def _kept_because(one: Mapping[str, str]) -> str:
    if one["reason"] == "changed_later":
        return gettext("Import %(run)s changed it later.") % {"run": one["because"]}
    if one["reason"] == "changed_by_people":
        return gettext("Somebody has changed it here since.")
    name = apps.get_model(one["because"])._meta.verbose_name_plural
    return gettext("Something else refers to it: %(name)s.") % {"name": name}


def table(found: Table) -> str:
    """What kind of file it is: CSV, UTF-8, delimiter: comma."""
    parts = [str(_FORMS[found.form]), found.encoding]
    if found.delimiter:
        parts.append(gettext("delimiter: %(name)s") % {"name": _DELIMITERS.get(found.delimiter, found.delimiter)})
    return ", ".join(part for part in parts if part)
