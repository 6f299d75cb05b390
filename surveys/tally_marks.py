"""Which local days must be counted again. A mark is only ever added, so that nobody waits for anybody."""

from collections.abc import Iterable
from datetime import UTC, datetime

from surveys.models import TallyMark

# No clock of the world changes its day within one of these.
_STEP = 15 * 60


def note(changes: Iterable[tuple[datetime, str]]) -> None:
    """Mark the days of these instants, each with what counts on it: an answer, an invitation, or ("") both."""
    marks = {(int(at.timestamp()) // _STEP * _STEP, about) for at, about in changes}
    TallyMark.objects.bulk_create(
        [TallyMark(at=datetime.fromtimestamp(at, UTC), about=about) for at, about in sorted(marks)], batch_size=500
    )
