"""Service records: which are meant, what their outcomes say, and how long they took."""

from collections.abc import Collection
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from kpiproject.lib.periods import MISSING, Seconds, local_days
from metrics.catalogue._figures import Floats, Truths, count, percent, spread
from metrics.kpi import Frame, Whole, Window

GOOD: Final = frozenset((
    "won", "done", "yes", "true", "accepted", "approved", "booked", "closed_won", "completed", "converted",
    "delivered", "fulfilled", "helpful", "kept", "met", "ok", "ordered", "positive", "provided", "renewed",
    "replied", "resolved", "responded", "retained", "sold", "success", "successful", "verified",
))  # fmt: skip
OPEN: Final = frozenset(["", "open", "pending", "offered", "in_progress", "waiting", "new", "undecided"])


def of_kind(records: Frame, *kinds: str) -> Truths:
    return is_one_of(records, "kind", kinds)


def is_told(frame: Frame, column: str, names: Collection[str]) -> bool:
    """Whether any source ever told of one of the names: also in rows that were sorted out since the table was read, as
    a column of members keeps the names of all its rows."""
    return any(_plain(str(name)) in names for name in frame[column].cat.categories)


def is_good(records: Frame) -> Truths:
    """Whether the outcome says that it went well."""
    return is_one_of(records, "outcome", GOOD)


def is_decided(records: Frame) -> Truths:
    return ~is_one_of(records, "outcome", OPEN)


def is_one_of(frame: Frame, column: str, names: Collection[str]) -> Truths:
    """Without regard to capitals and to how words are joined."""
    members = frame[column].cat
    wanted = [name for name in members.categories if _plain(str(name)) in names]
    found: Truths = frame[column].isin(wanted).to_numpy()
    return found


def within(at: Seconds, window: Window) -> Truths:
    found: Truths = (at >= window.start) & (at < window.end) & (at != MISSING)
    return found


def earliest(*columns: Seconds) -> Seconds:
    """The first of the columns that is known in each row."""
    found = columns[0]
    for column in columns[1:]:
        found = np.where(found == MISSING, column, found)
    return found


def seconds_between(start: Seconds, end: Seconds) -> Floats:
    """NaN where one of the two is missing."""
    known = (start != MISSING) & (end != MISSING)
    return np.where(known, (end - start).astype(np.float64), np.nan)


def days_between(start: Seconds, end: Seconds, zone: str) -> Floats:
    """Local calendar days, weekends among them: from today to tomorrow it is one, whatever the hour."""
    known = (start != MISSING) & (end != MISSING)
    days = local_days(end, zone).astype(np.int64) - local_days(start, zone).astype(np.int64)
    return np.where(known, days.astype(np.float64), np.nan)


def lasting(meant: Truths, seconds: Floats, **more: object) -> Whole:
    """The median of durations that are known; those that end before they start are left out, and shown."""
    is_negative = meant & (seconds < 0)
    counted = meant & (seconds >= 0)
    return spread(counted, np.where(counted, seconds, 0.0), excluded={"negative_duration": is_negative}, **more)


def in_clock(records: Frame, duration: str, start: Seconds, end: Seconds, window: Window) -> Floats:
    """A duration of the frame by the clock that was asked for; as a clock knows nothing that goes backwards, what does
    is told by its instants."""
    column = records[f"{duration}_{window.clock}_seconds"].to_numpy(dtype=np.int64)
    plain = seconds_between(start, end)
    measured = np.where(column == MISSING, np.nan, column.astype(np.float64))
    return np.where(np.isnan(plain) | (plain < 0), plain, measured)


def share_within(meant: Truths, took: Floats, limit: Floats) -> float | None:
    """Of the rows meant whose time and limit are known, how many percent kept it."""
    known = meant & ~np.isnan(took) & ~np.isnan(limit)
    return percent(count(known & (took <= limit)), count(known))


def never_told() -> str:
    return _("No source has ever told of it, so nobody knows whether it is 0.")


def uncontrolled() -> str:
    return _("Uncontrolled: nobody comparable was left out, so nobody knows what would have happened anyway.")


def not_a_cause() -> str:
    return _("This is an association, not a cause: both may follow from something else, such as how long or how much.")


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
