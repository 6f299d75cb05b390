"""Rows that could not be used: all of them in a file that can be mended and imported again, the first as records."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from django.conf import settings

from kpiproject.lib.cells import safe_cell
from metrics.models import ImportRun, RejectedRow
from metrics.sources.columns import REJECTION_COLUMNS
from metrics.sources.rows import Fault

MOST_KEPT: Final = 10_000


class Rejects:
    """The rejected rows of one attempt of one run; those of an attempt before are forgotten."""

    def __init__(self, run: ImportRun, header: Sequence[str]) -> None:
        self._run = run
        self._header = header
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._kept = 0
        self.name = ""

    def __enter__(self) -> Self:
        RejectedRow.objects.filter(run=self._run).delete()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, faults: Sequence[Fault]) -> None:
        if not faults:
            return
        if self._file is None:
            self._open()
        for fault in faults:
            reason = [str(fault.line), fault.column, fault.reason, fault.message]
            self._writer.writerow([safe_cell(cell) for cell in (*reason, *fault.cells)])
        RejectedRow.objects.bulk_create(
            [
                RejectedRow(
                    run=self._run,
                    line=fault.line,
                    column=fault.column,
                    reason=fault.reason,
                    message=fault.message[:400],
                    row=list(fault.cells),
                )
                for fault in faults[: MOST_KEPT - self._kept]
            ]
        )
        self._kept = min(MOST_KEPT, self._kept + len(faults))

    def _open(self) -> None:
        self.name = f"imports/rejected-{self._run.pk}.csv"
        path = Path(settings.MEDIA_ROOT) / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        # With the mark, spreadsheets see that it is UTF-8.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([*REJECTION_COLUMNS, *(safe_cell(name) for name in self._header)])
