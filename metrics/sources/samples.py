"""A small file in our own columns, made from the table of columns, that can be imported as it is."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from metrics.sources.columns import KINDS, Column, Form

_FIRST: Final = datetime(2026, 3, 2, 9)  # noqa: DTZ001 (written without an offset, as most files are)


def _written(hours: int) -> str:
    return f"{_FIRST + timedelta(hours=hours):%Y-%m-%d %H:%M}"


_TEXTS: Final = {
    "external_id": "1001",
    "ticket": "1001",
    "customer": "C-17",
    "customer_email": "customer@example.com",
    "subject": "Invoice is missing",
    "channel": "email",
    "category": "Billing",
    "type": "question",
    "priority": "normal",
    "status": "solved",
    "team": "First line",
    "agent": "agent@example.com",
    "language": "en",
    "tags": "invoice, march",
    "kind": "status",
    "from_value": "open",
    "to_value": "solved",
    "actor_type": "agent",
    "actor": "agent@example.com",
    "satisfaction_score": "5",
    "satisfaction_scale": "5",
    "satisfaction_comment": "Quick and friendly",
    "survey_kind": "csat",
    "score": "5",
    "scale_min": "1",
    "scale_max": "5",
    "comment": "Quick and friendly",
    "name": "Cleo Client",
    "email": "customer@example.com",
    "company": "Example Ltd",
    "segment": "small business",
    "tier": "gold",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "plan": "Standard",
    "currency": "EUR",
    "author_type": "agent",
    "author": "agent@example.com",
    "text": "Here is your invoice.",
    "outcome": "accepted",
}
_FIRST_DAY: Final = f"{_FIRST:%Y-%m-%d}"
# The sample must not need another one: a ticket that was not imported would reject the answer.
_OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "survey_responses": {"external_id": "R-1001", "ticket": "", "invited_at": _written(0), "answered_at": _written(4)},
    "customers": {"external_id": "C-17", "left_on": "", "leave_reason": "", "signed_up_on": "2025-09-01"},
    "subscriptions": {
        "external_id": "S-1001",
        "mrr": "49.00",
        "started_on": "2025-09-01",
        "renewal_due_on": "2026-09-01",
        **dict.fromkeys(("ended_on", "cancel_requested_on", "renewed_on", "trial_ends_on"), ""),
    },
    "orders": {"external_id": "O-1001", "amount": "129.90", "status": "paid", "cancelled_at": ""},
    "messages": {"external_id": "M-1", "public": "yes"},
    "agent_time": {"external_id": "", "kind": "available", "ticket": "", "ends_at": _written(9)},
    "costs": {
        "external_id": "",
        "category": "wages",
        "amount": "12500.00",
        "valid_from": _FIRST_DAY,
        "valid_to": "2026-03-31",
    },
    "service_records": {
        "external_id": "RMA-1001",
        "kind": "return",
        "ticket": "",
        "group": "",
        "due_at": _written(72),
        "amount": "59.90",
        "score": "",
    },
}
# In a plain case these stay empty.
_RARE: Final = frozenset({"ring_started_at", "answered_at", "abandoned_at", "merged_into", "handed_to_human_at"})


def sample(kind: str) -> str:
    """All columns of a kind as CSV with one row of plausible values."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = KINDS[kind]
    writer.writerow(column.name for column in columns)
    own = _OWN.get(kind, {})
    writer.writerow(own.get(column.name, _cell(column, hours)) for hours, column in enumerate(columns))
    return text.getvalue()


def _cell(column: Column, hours: int) -> str:
    """Later columns get later times, so that no time comes before its beginning."""
    if column.name in _RARE:
        return ""
    if column.form is Form.INSTANT:
        return _written(hours)
    plain = {Form.COUNT: "0", Form.TRUTH: "no", Form.MAYBE: "yes"}
    if column.form is Form.DATE:
        return _FIRST_DAY
    return plain.get(column.form, _TEXTS.get(column.name, ""))
