"""Editions: published once, never changed, printed by a worker."""

from datetime import datetime


def without_pdf(now: datetime) -> list[int]:
    raise NotImplementedError


def make_pdf(edition_id: int) -> None:
    raise NotImplementedError
