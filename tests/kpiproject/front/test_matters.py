"""Single matters that wait for a manager, each from its own rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.front import attention, matters
from kpiproject.models import WebhookDelivery, WebhookTarget
from tests.factories import ManagerFactory, StaffFactory
from tests.follow_up_factories import FollowUpFactory
from tests.goal_factories import ActionFactory

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_messages_to_webhooks_that_were_given_up(client: Client) -> None:
    target = WebhookTarget.objects.create(name="Chat", kind="signed", url="https://example.com/")
    for key, state, days in (("a", "failed", 1), ("b", "failed", 8), ("c", "sent", 1)):
        at = NOW - timedelta(days=days)
        WebhookDelivery.objects.create(target=target, key=key, state=state, payload={}, created_at=at)
    [matter] = matters.webhooks(attention.this_moment("UTC"))
    assert (matter.text, matter.tone) == ("1 message to a webhook was given up", "bad")
    client.force_login(ManagerFactory())
    assert client.get(matter.url).context["cl"].result_count == 2


def test_unhappy_customers_take_two_queries_however_many() -> None:
    for _ in range(5):
        FollowUpFactory(due_at=NOW - timedelta(hours=1))
        FollowUpFactory(due_at=NOW + timedelta(hours=1))
    with CaptureQueriesContext(connection) as queries:
        late, waiting = matters.follow_ups(attention.this_moment("UTC"))
    assert (late.text[:1], len(late.details), waiting.text[:1], len(waiting.details)) == ("5", 3, "5", 3)
    assert len(queries) == 2


def test_actions_that_are_overdue_or_due_soon_wait_for_managers() -> None:
    ActionFactory(what="Ask ten customers", owner=StaffFactory(name="Jon"), due=NOW.date() - timedelta(days=2))
    ActionFactory(due=NOW.date())
    ActionFactory(due=NOW.date() + timedelta(days=4))
    late, soon = matters.actions(attention.this_moment("UTC"))
    assert (late.text, late.url, late.tone) == ("1 action is overdue", "/reviews/actions/?state=overdue", "warn")
    assert [(one.text, one.note) for one in late.details] == [("Ask ten customers", "Jon, by 18 Mar 2026")]
    assert (soon.text, soon.url, soon.tone) == ("1 action is due soon", "/reviews/actions/", "")
