"""For whoever watches the installation: does it live, and can it do its work?"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from kpiproject.celery import app
from kpiproject.models import Heartbeat

logger = logging.getLogger(__name__)
FRESH = timedelta(seconds=60)


class NotReadyError(Exception):
    """A part does not do its work; the message says which and why."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked, so that a slow database does not get the process killed."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    parts = {name: _state(check) for name, check in CHECKS.items()}
    is_ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if is_ready else "not ready", "checks": parts}, status=200 if is_ready else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReadyError as error:
        return str(error)
    return "ok"


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        # The log gets the details; a stranger must not learn the name of the host.
        logger.warning("The database does not answer: %s", error)
        raise NotReadyError("The database does not answer.") from error


def _queue() -> None:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
    except (OperationalError, OSError) as error:
        logger.warning("The queue does not answer: %s", error)
        raise NotReadyError("The queue does not answer.") from error


def _scheduler() -> None:
    try:
        beat = Heartbeat.objects.filter(name="scheduler").first()
    except DatabaseError as error:
        raise NotReadyError("Unknown, because the database does not answer.") from error
    if beat is None:
        raise NotReadyError("The scheduler has not shown a sign of life yet.")
    age = timezone.now() - beat.at
    if age > FRESH:
        raise NotReadyError(f"The scheduler's last sign of life is {int(age.total_seconds())} seconds old.")


CHECKS = {"database": _database, "queue": _queue, "scheduler": _scheduler}
