"""Weekly reports: frozen once per week, one mail per recipient."""

from datetime import datetime


def due_ids(now: datetime) -> list[int]:
    raise NotImplementedError


def produce_due(report_id: int) -> None:
    raise NotImplementedError
