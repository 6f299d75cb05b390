"""What a reader yields, in portions of which each is one short transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.trails import Trail

MOST_ROWS: Final = 1_000
_MOST_READ: Final = 20_000  # rows that only say something older cost nothing, but progress should show


@dataclass(slots=True)
class Batch:
    records: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    superseded: int = 0
    rows: int = 0
    ids: set[str] = field(default_factory=set)

    @property
    def read(self) -> int:
        return self.rows + len(self.faults) + self.superseded

    @property
    def is_full(self) -> bool:
        return self.rows + len(self.faults) >= MOST_ROWS or self.read >= _MOST_READ

    def add(self, item: Row | Trail | Fault | Superseded) -> None:
        if isinstance(item, Fault):
            self.faults.append(item)
        elif isinstance(item, Superseded):
            self.superseded += 1
        else:
            self.records.append(item)
            if isinstance(item, Row) and (own := item.values.get("external_id")):
                self.ids.add(own)
            self.rows += len(item.snapshots) if isinstance(item, Trail) else item.lines


def batches(items: Iterable[Row | Trail | Fault | Superseded]) -> Iterator[Batch]:
    batch = Batch()
    for item in items:
        if batch.rows and _begins_another(item, batch):
            yield batch
            batch = Batch()
        batch.add(item)
        if batch.is_full:
            yield batch
            batch = Batch()
    if batch.read:
        yield batch


def _begins_another(item: Row | Trail | Fault | Superseded, batch: Batch) -> bool:
    """Whether an item must not come into the same transaction: because it is large, or because it says something newer
    of a record that is in there, which would then seem new twice."""
    if isinstance(item, Trail):
        return batch.rows + len(item.snapshots) > MOST_ROWS
    return isinstance(item, Row) and bool(own := item.values.get("external_id")) and own in batch.ids
