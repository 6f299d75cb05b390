"""A small file in our own columns, made from the table of columns, that can be imported as it is."""

import csv
import io
from datetime import datetime, timedelta
from typing import Final

from metrics.sources.columns import KINDS, Column, Form

_FIRST: Final = datetime(2026, 3, 2, 9)  # noqa: DTZ001 (written without an offset, as most files are)
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
    "tags": "invoice march",
    "kind": "status",
    "from_value": "open",
    "to_value": "solved",
    "actor_type": "agent",
    "actor": "agent@example.com",
    "satisfaction_score": "5",
    "satisfaction_scale": "5",
    "satisfaction_comment": "Quick and friendly",
}
# In a plain case these stay empty.
_RARE: Final = frozenset({"ring_started_at", "answered_at", "abandoned_at", "merged_into", "handed_to_human_at"})


def sample(kind: str) -> str:
    """All columns of a kind as CSV with one row of plausible values."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = KINDS[kind]
    writer.writerow(column.name for column in columns)
    writer.writerow(_cell(column, hours) for hours, column in enumerate(columns))
    return text.getvalue()


def _cell(column: Column, hours: int) -> str:
    """Later columns get later times, so that no time comes before its beginning."""
    if column.name in _RARE:
        return ""
    if column.form is Form.INSTANT:
        return f"{_FIRST + timedelta(hours=hours):%Y-%m-%d %H:%M}"
    plain = {Form.COUNT: "0", Form.TRUTH: "no", Form.MAYBE: "yes"}
    return plain.get(column.form, _TEXTS.get(column.name, ""))
