"""Rejected rows that need no mending any more, because a later import of the same source and kind says what they were
about: the file of rejected rows that comes back, or any other with the same records."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Substr

from kpiproject.lib.cells import safe_cell_undone
from metrics.ingest.batches import Batch
from metrics.models import Among, ImportRun, RejectedRow
from metrics.sources.columns import REJECTION_COLUMNS
from metrics.sources.headers import is_mended
from metrics.sources.reader import Reader
from metrics.sources.rows import Fault, Row
from metrics.sources.table import Line

_MOST_WAITING: Final = 50_000
_LONGEST_REASON: Final = 50
_LONGEST_MESSAGE: Final = 400


class _Told(NamedTuple):
    """What stands before a row in a file of rejected rows."""

    line: str
    column: str
    reason: str
    message: str


class Waiting:
    """What earlier imports have rejected and nobody has mended yet. Whether a row that settles one is good or rejected
    itself makes no difference: it is the newer one then that waits."""

    def __init__(self, run: ImportRun, reader: Reader) -> None:
        self._reader, self._mark = reader, f"{RejectedRow.SETTLED}{run.pk}:"
        self._by_key: dict[str, list[int]] = {}
        self._by_told: dict[_Told, list[tuple[int, str]]] = {}
        if not run.is_dry_run:
            self._load(run)

    def settle(self, batch: Batch, faults: Iterable[Fault]) -> None:
        """Those about the records of a batch, as far as these can be told from each other."""
        if self._by_key:
            keys = map(self._reader.record_key, _lines(batch, faults))
            self._settle([pk for key in keys for pk in self._by_key.pop(key, ())])

    def settle_mended(self) -> None:
        """Those that this file has brought back."""
        if not self._by_told or not is_mended(self._reader.table.header):
            return
        places = [self._reader.place(name) for name in REJECTION_COLUMNS]
        found = []
        for line in self._reader.table.records():
            cells = [safe_cell_undone(cell) for cell in line.cells]
            if max(places) < len(cells):
                line_number, column, reason, message = (cells[place].strip() for place in places)
                told = _Told(line_number, column, reason, message[:_LONGEST_MESSAGE].strip())
                found += self._same(told, self._reader.record_key(Line(line.number, cells)))
        self._settle(found)

    def _settle(self, ids: Sequence[int]) -> None:
        if ids:
            reason = Concat(Value(self._mark), F("reason"), output_field=CharField())
            rows = RejectedRow.objects.filter(Among("pk", ids)).exclude(reason__startswith=RejectedRow.SETTLED)
            rows.update(reason=Substr(reason, 1, _LONGEST_REASON))

    def _same(self, told: _Told, key: str) -> list[int]:
        """Several files have a second line. What is mended may be what identified the record."""
        is_open = told.column in ("", self._reader.identity)
        return [pk for pk, own in self._by_told.get(told, ()) if is_open or own == key or not own or not key]

    def _load(self, run: ImportRun) -> None:
        runs = ImportRun.objects.filter(kind=run.kind, source=run.source, pk__lt=run.pk, is_dry_run=False)
        headers = dict(runs.filter(rejected__gt=0).values_list("pk", "header"))
        rows = RejectedRow.objects.filter(run__in=headers).exclude(reason__startswith=RejectedRow.SETTLED)
        columns = ("pk", "run_id", "line", "column", "reason", "message", "row")
        for pk, run_id, line, column, reason, message, cells in rows.order_by("-pk").values_list(*columns)[
            :_MOST_WAITING
        ]:
            key = self._reader.record_key(Line(line, self._aligned(headers[run_id], cells)))
            if key:
                self._by_key.setdefault(key, []).append(pk)
            self._by_told.setdefault(_Told(str(line), column, reason, message.strip()), []).append((pk, key))

    def _aligned(self, header: Sequence[str], cells: Sequence[str]) -> list[str]:
        """The cells of another file under the header of this one."""
        known = dict(zip(header, cells, strict=False))
        return [known.get(name, "") for name in self._reader.table.header]


def unsettle(run: ImportRun) -> None:
    """What an import has brought is taken back, so what it settled waits again."""
    mark = f"{RejectedRow.SETTLED}{run.pk}:"
    rows = RejectedRow.objects.filter(reason__startswith=mark)
    rows.update(reason=Substr("reason", len(mark) + 1))


def _lines(batch: Batch, faults: Iterable[Fault]) -> Iterator[Line]:
    for one in (*batch.records, *batch.faults, *faults):
        if isinstance(one, Row | Fault):
            yield Line(one.line, list(one.cells))
