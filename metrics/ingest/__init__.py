"""The way of facts into the database. `sources` reads files; only this package writes what they say.

A command prepares a reader, begins a run and executes it; the web keeps an upload, queues it, and a task works it off.
"""

from metrics.ingest.execution import execute
from metrics.ingest.preview import Match, Preview, preview
from metrics.ingest.request import Request, prepare
from metrics.ingest.runs import (
    begin,
    cancel,
    change,
    queue,
    recorded,
    report,
    request_of,
    sweep,
    upload,
    work_off,
)

__all__ = [
    "Match",
    "Preview",
    "Request",
    "begin",
    "cancel",
    "change",
    "execute",
    "prepare",
    "preview",
    "queue",
    "recorded",
    "report",
    "request_of",
    "sweep",
    "upload",
    "work_off",
]
