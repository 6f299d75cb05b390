"""What the worker does every minute."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings

from goals.models import Alarm
from goals.tasks import tell_of_alarms, watch_rules
from kpiproject.models import Mail
from kpiproject.tasks import sweep_webhooks
from tests.alarm_factories import AlertRuleFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db


def test_checked_and_told_and_twice_is_once() -> None:
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        weeks("csat", [80])
        AlertRuleFactory()
        for _time in range(2):
            watch_rules()
            tell_of_alarms()
            sweep_webhooks()
    assert (Alarm.objects.count(), Mail.objects.count()) == (1, 1)


@pytest.mark.parametrize(("name", "seconds"), [("goals.watch", 60), ("kpiproject.sweep_webhooks", 10)])
def test_scheduled(name: str, seconds: int) -> None:
    assert settings.CELERY_BEAT_SCHEDULE[name]["schedule"] == seconds
