"""What one import carries from batch to batch."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metrics.ingest.journal import Journal
from metrics.ingest.references import References
from metrics.sources.faults import Notes
from metrics.sources.rows import Fault
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of tickets as a whole: the names it may fill in columns that hold several, the columns in which
    it says less than is known already, and those that its events tell."""

    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    only_new: tuple[str, ...] = ()
    from_events: tuple[str, ...] = ()


@dataclass(slots=True)
class Session:
    source: str
    started: datetime
    notes: Notes
    run_id: int
    is_mended: bool = False  # rows that were rejected before come back
    told: Told = field(default_factory=Told)
    journal: Journal = field(init=False)
    references: References = field(init=False)
    surveys: dict[object, Survey] = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.run_id)
        self.forget()

    def forget(self) -> None:
        """What was found out in a transaction that has not come about."""
        self.journal.forget()
        self.references = References(self.source, self.notes, self.journal)
        self.surveys = {}


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a file: each is created, updated, unchanged or rejected; `written` counts records."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)


Writer = Callable[[list[Any], Session], Outcome]
