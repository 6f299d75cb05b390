"""What mails and messages to webhooks have in common on their way out: leased, tried again, given up, put back."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from kpiproject.lib import due
from kpiproject.models import Mail, WebhookDelivery

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
MOST_CLAIMS: Final = 12
"""What kills the worker that sends it never reaches the end of its retries; this ends it."""
RELEASED: Final[Mapping[str, Any]] = {"lease_until": None, "lease_token": ""}


def free(now: datetime) -> Q:
    """Leased by nobody, or by somebody whose time is over."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def note_sent(mine: "QuerySet[Any]") -> None:
    mine.update(state="sent", sent_at=timezone.now(), error="", **RELEASED)


def note_failure(sent: Mail | WebhookDelivery, mine: "QuerySet[Any]", sentence: str, *, is_final: bool) -> None:
    """Why it did not leave, and when it is tried again; given up after the last time, or if that would be in vain."""
    now = timezone.now()
    again = None if is_final else due.retry_at(sent.attempts, now)
    state = "queued" if again else "failed"
    name = sent._meta.verbose_name
    logger.warning("The %s %s is %s after attempt %s. %s", name, sent.pk, state, sent.attempts, sentence)
    mine.update(state=state, next_attempt_at=again or now, error=sentence, **RELEASED)


def put_back(rows: "QuerySet[Any]") -> int:
    """Have these sent again as if for the first time; how many it were."""
    return rows.update(state="queued", attempts=0, next_attempt_at=timezone.now(), error="", sent_at=None, **RELEASED)
