"""Files in our own columns about customers, what they pay, what else is done for them, and what service costs."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics.sources import columns, fact_synonyms
from metrics.sources.amounts import currency_of
from metrics.sources.generic import Identified, Numbered
from metrics.sources.reader import Layout
from metrics.sources.rows import Fault, Row
from metrics.sources.table import Line
from metrics.sources.values import code_of

_LONGEST_WORK: Final = timedelta(days=366)


class _Priced:
    """Amounts that name their currency themselves."""

    amount: str
    table: Any
    used: Any
    notes: Any

    def _priced(self, row: Row) -> Row | Fault:
        position = self.used.get(self.amount)
        text = row.cells[position].strip() if position is not None else ""
        found = currency_of(text)
        told = row.values.get("currency")
        if found and told and found != told:
            message = _("The amount is in %(found)s, the column says %(told)s.") % {"found": found, "told": told}
            return Fault(row.line, row.cells, "currency", "other_currency", message)
        if found is None and not told:
            self.notes.add("currency_open", text)
        if found:
            row.values["currency"] = found
        return row


class Customers(Identified):
    layout = Layout(
        format="generic",
        kind="customers",
        makes="customers",
        columns=columns.CUSTOMERS,
        synonyms=fact_synonyms.CUSTOMERS,
    )


class Subscriptions(_Priced, Identified):
    amount = "mrr"
    layout = Layout(
        format="generic",
        kind="subscriptions",
        makes="subscriptions",
        columns=columns.SUBSCRIPTIONS,
        synonyms=fact_synonyms.SUBSCRIPTIONS,
    )

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        return row if isinstance(row, Fault) else self._priced(row)


class Orders(_Priced, Identified):
    amount = "amount"
    layout = Layout(
        format="generic", kind="orders", makes="orders", columns=columns.ORDERS, synonyms=fact_synonyms.ORDERS
    )

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        return row if isinstance(row, Fault) else self._priced(row)


class ServiceRecords(Identified):
    """Two kinds may use the same ids."""

    layout = Layout(
        format="generic",
        kind="service_records",
        makes="records",
        columns=columns.SERVICE_RECORDS,
        synonyms=fact_synonyms.SERVICE_RECORDS,
    )

    def _key(self, line: Line) -> str:
        position = self.used["kind"]
        kind = line.cells[position].strip() if position < len(line.cells) else ""
        meant = self.options.value_map.get("kind", {})
        folded = {seen.strip().casefold(): text for seen, text in meant.items()}
        return f"{code_of(folded.get(kind.casefold(), kind))}\x1f{super()._key(line)}"


class Messages(Numbered):
    layout = Layout(
        format="generic", kind="messages", makes="messages", columns=columns.MESSAGES, synonyms=fact_synonyms.MESSAGES
    )
    identity = within = "ticket"
    told_apart = ("at", "author_type")


class AgentTime(Numbered):
    layout = Layout(
        format="generic",
        kind="agent_time",
        makes="agent_time",
        columns=columns.AGENT_TIME,
        synonyms=fact_synonyms.AGENT_TIME,
    )
    identity = "agent"
    told_apart = ("agent", "starts_at", "ends_at", "kind")

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Fault):
            return row
        starts: datetime = row.values["starts_at"]
        ends: datetime = row.values["ends_at"]
        if ends < starts:
            return _faulty(row, "ends_at", "ends_before_it_starts", _("The time ends before it starts."))
        if ends - starts > _LONGEST_WORK:
            return _faulty(row, "ends_at", "too_long", _("The time lasts more than a year; one of its ends is wrong."))
        return row


class Costs(_Priced, Numbered):
    amount = "amount"
    layout = Layout(format="generic", kind="costs", makes="costs", columns=columns.COSTS, synonyms=fact_synonyms.COSTS)
    identity = "category"
    told_apart = ("category", "amount", "valid_from", "valid_to")

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Fault):
            return row
        first: date = row.values["valid_from"]
        last: date = row.values["valid_to"]
        if last < first:
            message = _("The last day, %(last)s, comes before the first, %(first)s.") % {"last": last, "first": first}
            return _faulty(row, "valid_to", "ends_before_it_starts", message)
        return self._priced(row)


def _faulty(row: Row, column: str, reason: str, message: str) -> Fault:
    return Fault(row.line, row.cells, column, reason, message)
