"""The ground floor and the front door of Plumbline."""

from kpiproject.celery import app as celery_app

__all__ = ["celery_app"]
