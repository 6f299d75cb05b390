"""Frames of customers as the engine gives them, written by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kpiproject.lib.periods import MISSING, epoch
from metrics.catalogue import CATALOGUE
from metrics.kpi import Whole, Window
from metrics.options import Options

_SUBSCRIPTION_DAYS = (
    "started_at", "ended_at", "cancel_requested_at", "renewal_due_at", "renewed_at", "trial_ends_at",
)  # fmt: skip
_RECORD_TIMES = (
    "started_at", "acknowledged_at", "due_at", "finished_at", "approved_at", "received_at", "told_at", "updated_at",
    "offered_at",
)  # fmt: skip


def seconds(text: str | None) -> int:
    """“2024-03”, “2024-03-05” or “2024-03-05 10:00” in UTC; None is missing."""
    if text is None:
        return MISSING
    return epoch(datetime.fromisoformat(text if len(text) > 7 else f"{text}-01").replace(tzinfo=UTC))


def window(first: str, after: str, now: str = "2031-01-01", **more: Any) -> Window:
    options = Options(**more.pop("options", {}))
    start, end = (date.fromisoformat(text if len(text) > 7 else f"{text}-01") for text in (first, after))
    return Window(
        start=seconds(first), end=seconds(after), now=seconds(now), first=start, after=end, zone="UTC",
        options=options, **more,
    )  # fmt: skip


def month(name: str, **more: Any) -> Window:
    start = date.fromisoformat(f"{name}-01")
    return window(name, f"{(start + timedelta(days=32)).replace(day=1):%Y-%m}", **more)


def customers(*rows: Mapping[str, Any], ids: Sequence[int] = ()) -> pd.DataFrame:
    """A row per mapping of columns, or per id."""
    found = [{"customer_id": pk} for pk in ids] if ids else [dict(row) for row in rows]
    return _frame(
        found,
        times=("signed_up_at", "left_at"),
        members=("segment", "tier", "country", "language", "reason"),
        numbers={"customer_id": -1, "is_stub": 0},
    )


def subscriptions(*rows: Mapping[str, Any]) -> pd.DataFrame:
    found = _frame(
        rows,
        times=_SUBSCRIPTION_DAYS,
        members=("plan", "segment", "tier", "country"),
        numbers={"customer_id": -1, "is_premium": 0, "mrr": 0.0},
    )
    known = {"premium_known": bool((found.is_premium == 1).any())}
    return found.assign(**known, renewal_known=bool((found.renewed_at != MISSING).any()))


def orders(*rows: Mapping[str, Any]) -> pd.DataFrame:
    found = _frame(
        rows,
        times=("placed_at", "cancelled_at"),
        members=("status", "segment", "tier", "country"),
        numbers={"customer_id": -1, "amount": 10.0},
    )
    return found.assign(orders_until=found.placed_at.max())


def records(*rows: Mapping[str, Any]) -> pd.DataFrame:
    found = _frame(
        rows,
        times=_RECORD_TIMES,
        members=("kind", "group", "outcome", "channel", "segment", "tier"),
        numbers={"customer_id": -1, "ticket_id": -1, "score": np.nan, "amount": np.nan},
    )
    for name, end in (("acknowledged", "acknowledged_at"), ("handled", "finished_at")):
        known = (found[end] != MISSING) & (found.started_at != MISSING)
        found[f"{name}_calendar_seconds"] = np.where(known, found[end] - found.started_at, MISSING)
    return found


def tickets(*rows: Mapping[str, Any]) -> pd.DataFrame:
    return _frame(
        rows,
        times=("created_at", "done_at", "target_at", "target_due_at", "next_ticket_at"),
        members=("channel", "category", "tier", "excluded_because"),
        numbers={"customer_id": -1, "is_overdue": 0, "sla_met": -1, "reopens": -1},
    )


def answers(*rows: Mapping[str, Any]) -> pd.DataFrame:
    found = _frame(
        rows,
        times=("answered_at",),
        members=("kind", "survey", "channel", "category", "team", "agent", "purpose"),
        numbers={"customer_id": -1, "score": 5, "scale_min": 1, "scale_max": 5},
    )
    flags = {"is_superseded": False, "is_headline": True, "is_off_scale": False, "is_judged": True}
    for name, value in flags.items():
        found[name] = [bool(row.get(name, value)) for row in rows]
    found["is_good"] = found.score >= 4
    found["is_bad"] = found.score <= 2
    return found


def figure(code: str, *frames: pd.DataFrame, **more: Any) -> Whole:
    found = CATALOGUE[code].function(*frames, **more)
    assert isinstance(found, Whole)
    return found


def _frame(
    rows: Sequence[Mapping[str, Any]], *, times: Sequence[str], members: Sequence[str], numbers: Mapping[str, Any]
) -> pd.DataFrame:
    columns: dict[str, Any] = {"id": np.arange(1, len(rows) + 1)}
    columns |= {name: np.array([seconds(row.get(name)) for row in rows], dtype=np.int64) for name in times}
    columns |= {name: pd.Categorical([str(row.get(name, "")) for row in rows]) for name in members}
    for name, default in numbers.items():
        kind = np.float64 if isinstance(default, float) else np.int64
        columns[name] = np.array([row.get(name, default) for row in rows], dtype=kind)
    return pd.DataFrame(columns)
