"""The index of the editions: written in the transaction that publishes one, made anew when somebody asks for it.

On PostgreSQL two columns hold the words of a passage as they are and by their stems; on SQLite two tables beside it.
"""

from typing import Any, Final

from django.db import connections, transaction

from kpiproject.word_tables import WordTable
from manual.models import Edition, Passage
from manual.passages import passages

_ABOUT: Final[dict[str, Any]] = {"table": "manual_passage", "columns": Passage.WORDS}
TABLES: Final = (
    WordTable(name="manualwords", **_ABOUT),
    WordTable(name="manualstems", tokenizer="porter unicode61", **_ABOUT),
)


def index(edition: Edition) -> int:
    """How many passages an edition has."""
    found = passages(edition.content, edition.figures)
    return len(Passage.objects.bulk_create([Passage(edition=edition, **each._asdict()) for each in found]))


def index_anew(edition: Edition) -> int:
    with transaction.atomic():
        Passage.objects.filter(edition=edition).delete()
        return index(edition)


def keep_after_migrations(using: str, **_kwargs: Any) -> None:
    for table in TABLES:
        table.keep(connections[using])
