"""Wake a worker after the transaction has been committed; never fail because the queue is away."""

import logging
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)


def nudge(task: Task[Any, Any], *arguments: object) -> None:
    """Enqueue the task on commit. Every task works on rows that a sweep finds again, so a lost nudge costs seconds."""
    transaction.on_commit(partial(_send, task, arguments))


def _send(task: Task[Any, Any], arguments: tuple[object, ...]) -> None:
    try:
        task.delay(*arguments)
    except Exception:  # noqa: BLE001 - every client library has its own errors; none may reach the caller
        logger.warning("The queue is away; the sweep will find the work of %s.", task.name)
