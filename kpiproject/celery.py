"""The Celery application; tasks live in each app's tasks.py and have explicit names."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiproject.settings")

app = Celery("kpiproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
