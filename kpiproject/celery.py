"""The Celery application; tasks live in each app's tasks.py and have explicit names."""

import os
import sys
from typing import Any, Final

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiproject.settings")

app = Celery("kpiproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# How long a thread that computes may keep the others waiting; Python's own 5 ms are a hundred times the moment between
# the commit and the last byte of a mail (see mail.py), and whoever is killed in that moment leaves a mail unconfirmed.
_SWITCH_SECONDS: Final = 0.0002


@worker_init.connect
def take_turns(**_given: Any) -> None:
    sys.setswitchinterval(_SWITCH_SECONDS)
