"""What service costs, and how many contacts it is spread over: frames of everybody, whatever a figure is asked for.

Their team and channel have names of their own, so that a filter by team or channel leaves them whole: a cost that is
shared must be spread over all contacts, not over those asked for.
"""

from metrics.frames import tables
from metrics.frames.columns import words
from metrics.frames.context import Context
from metrics.kpi import Frame


def spending(context: Context) -> Frame:
    """A row per cost. One in a currency without an exchange rate has no amount (NaN) and stays in."""
    frame = tables.read("costs", context).rename(columns={"team": "of_team", "channel": "of_channel"})
    return frame.assign(excluded_because=words([""] * len(frame)))


def demand(spells: Frame) -> Frame:
    """A row per contact: every ticket, and every time one came back."""
    kept = spells[["id", "opened_at", "excluded_because", "is_outbound", "is_bot_only", "team", "channel"]]
    return kept.rename(columns={"team": "of_team", "channel": "of_channel"})
