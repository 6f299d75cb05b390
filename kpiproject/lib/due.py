"""Work that falls due: rows that one worker claims for a while, and the dates on which to try again."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from kpiproject.lib.tokens import new_token

RETRY_STEPS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None after the last step."""
    if attempts < 1:
        msg = "There is nothing to retry before the first attempt."
        raise ValueError(msg)
    return now + RETRY_STEPS[attempts - 1] if attempts <= len(RETRY_STEPS) else None


def claim(rows: QuerySet[Any], *, pk: int, now: datetime, lease: timedelta) -> str | None:
    """Take a row whose lease is empty or over, by one conditional update. The lease's token; None if it is taken.

    The row needs `lease_until` and `lease_token`. Whatever else makes it due belongs into `rows`.
    """
    token = new_token()
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    taken = rows.filter(free, pk=pk).update(lease_until=now + lease, lease_token=token)
    return token if taken else None
