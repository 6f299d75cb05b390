"""How often tickets were opened again, and when for the first time: as their source counts it, else as events tell."""

import numpy as np
import pandas as pd

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.context import plain
from metrics.frames.spells import ENDED_STATUSES
from metrics.frames.trails import Log, Texts, Trail, Truths, firsts
from metrics.kpi import UNKNOWN, Frame


def reopenings(frame: Frame, log: Log) -> tuple[Seconds, Seconds]:
    """Of each ticket, how often it came back and when it first did. UNKNOWN where neither its source counts that nor
    any event tells its status; MISSING where no event tells of it."""
    told = frame["reopens"].to_numpy(dtype=np.int64)
    n = len(frame)
    if not (told != 0).any():
        return told, np.full(n, MISSING, dtype=np.int64)
    found = _telling(log.turns)
    is_known = np.zeros(n, dtype=np.bool_)
    is_known[found.rows] = True
    back = found.only(_is_return(found))
    counted = np.bincount(back.rows, minlength=n).astype(np.int64)
    return (
        np.where(told != UNKNOWN, told, np.where(is_known, counted, UNKNOWN)),
        firsts(back.rows, back.times, n),
    )


def returns(turns: Trail) -> Trail:
    """The events by which tickets came back."""
    found = _telling(turns)
    return found.only(_is_return(found))


def _telling(turns: Trail) -> Trail:
    """Those that tell a status."""
    return turns.only((turns.kinds != "merge") & ((turns.kinds != "status") | (turns.after != "")))


def _is_return(found: Trail) -> Truths:
    """Which events open a ticket that had ended. A system may tell of that twice: by a status and as a reopening."""
    n = len(found.rows)
    is_first = np.ones(n, dtype=np.bool_)
    is_first[1:] = found.rows[1:] != found.rows[:-1]
    has_ended = (found.kinds == "status") & _are_ends(found.after)
    had_ended = np.where(is_first, _are_ends(found.before), np.concatenate([[False], has_ended])[:n])
    by_status = (found.kinds == "status") & ~has_ended & had_ended
    is_told_before = ~is_first & np.concatenate([[False], by_status])[:n]
    is_return: Truths = by_status | ((found.kinds == "reopen") & ~is_told_before)
    return is_return


def _are_ends(statuses: Texts) -> Truths:
    codes, names = pd.factorize(statuses)
    answers = np.array([*(plain(name) in ENDED_STATUSES for name in names), False], dtype=np.bool_)
    return answers[codes]
