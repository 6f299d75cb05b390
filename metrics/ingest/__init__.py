"""The way of facts into the database. `sources` reads files; only this package writes what they say.

A command prepares a reader, begins a run and executes it; the web keeps an upload, queues it, and a task works it off.
"""

from metrics.ingest.dismissing import can_be_dismissed, dismiss, recall
from metrics.ingest.execution import execute
from metrics.ingest.preview import Match, Preview, ScoreLine, Scores, preview
from metrics.ingest.request import Request, prepare
from metrics.ingest.runs import (
    ask_to_undo,
    begin,
    can_be_undone,
    cancel,
    change,
    forget_changes,
    queue,
    recorded,
    report,
    request_of,
    sweep,
    undo,
    undos_waiting,
    upload,
    work_off,
)

__all__ = [
    "Match",
    "Preview",
    "Request",
    "ScoreLine",
    "Scores",
    "ask_to_undo",
    "begin",
    "can_be_dismissed",
    "can_be_undone",
    "cancel",
    "change",
    "dismiss",
    "execute",
    "forget_changes",
    "prepare",
    "preview",
    "queue",
    "recall",
    "recorded",
    "report",
    "request_of",
    "sweep",
    "undo",
    "undos_waiting",
    "upload",
    "work_off",
]
