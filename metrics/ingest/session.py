"""What one import carries from batch to batch."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metrics.ingest.references import References
from metrics.sources.faults import Notes
from metrics.sources.rows import Fault


@dataclass(slots=True)
class Session:
    source: str
    started: datetime
    notes: Notes
    references: References = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """What was found out in a transaction that has not come about."""
        self.references = References(self.source, self.notes)


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a file: each is created, updated, unchanged or rejected; `written` counts records."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)


Writer = Callable[[list[Any], Session], Outcome]
