"""What imports have noted about a person: rows that they could not use, remarks, and what rows said before a change."""

import csv
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from metrics.models import ImportChange, ImportRun, RejectedRow

NOTHING: Final = "–"
_BATCH: Final = 500


def rejected(words: Collection[str]) -> "QuerySet[RejectedRow]":
    """The rejected rows in which one of these stands."""
    rows = RejectedRow.objects.annotate(said=Cast("row", TextField()))
    return rows.filter(_any("said", words) | _any("message", words))


def erase(words: Collection[str], rows: Mapping[type[Model], list[int]]) -> None:
    """`rows` are those of each table of which no import may bring back what they said when it is undone."""
    runs = set(rejected(words).values_list("run", flat=True))
    # The row stays counted as rejected; there is nothing in it any more that could be mended.
    RejectedRow.objects.filter(pk__in=list(rejected(words).values_list("pk", flat=True))).update(
        row=[], message=NOTHING
    )
    _remarks(words)
    for table, mine in rows.items():
        for start in range(0, len(mine), _BATCH):
            told = ImportChange.objects.filter(table=table._meta.label_lower, first_id__in=mine[start : start + _BATCH])
            told.exclude(action=ImportChange.Action.CREATED).delete()
    # Only the file has those beyond the first thousands.
    full = ImportRun.objects.exclude(rejected_file="").filter(Q(pk__in=runs) | Q(rejected__gt=10_000))
    for run in full:
        _cut(Path(run.rejected_file.path), words)


def _any(column: str, words: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for word in words:
        found |= Q(**{f"{column}__icontains": word})
    return found


def _remarks(words: Collection[str]) -> None:
    for run in ImportRun.objects.annotate(said=Cast("warnings", TextField())).filter(_any("said", words)):
        run.warnings = [one | {"example": NOTHING} if _names(str(one), words) else one for one in run.warnings]
        run.save(update_fields=["warnings"])


def _cut(file: Path, words: Collection[str]) -> None:
    """The file of rejected rows without those; readers see the old one or the new one."""
    if not file.is_file():
        return
    with (
        file.open(encoding="utf-8-sig", newline="") as old,
        tempfile.NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", dir=file.parent, prefix=".", suffix=".part", delete=False
        ) as new,
    ):
        csv.writer(new).writerows(row for row in csv.reader(old) if not _names(" ".join(row), words))
    Path(new.name).replace(file)


def _names(text: str, words: Collection[str]) -> bool:
    return any(word.lower() in text.lower() for word in words)
