"""Praise and people among what waits for a manager."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import praise
from kpiproject.front import attention, thanks_matters
from kpiproject.front.matters import Moment
from tests.factories import ManagerFactory, UserFactory
from tests.goals import recognised
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def told() -> list[tuple[str, str, str]]:
    moment = Moment(now=NOW, today=NOW.date(), yesterday_at=NOW - timedelta(days=1))
    return [(matter.text, matter.url, matter.tone) for matter in thanks_matters.thanks(moment)]


def test_nothing_waits() -> None:
    assert told() == []


def test_as_many_as_the_inbox_shows() -> None:
    for number in range(3):
        recognised.happy(ticket=f"T-{number}")
    recognised.happy("Fine.", ticket="T-4")
    recognised.happy("Fine.", ticket="T-5", mark="praise")
    recognised.praise(answer=recognised.happy(ticket="T-6"))
    assert len(praise.waiting(NOW)) == 4
    assert told() == [("4 customers may have praised somebody", "/thanks/inbox/", "")]


def test_people_are_counted_and_not_named() -> None:
    recognised.hint()
    assert told() == [("1 person may need a word from you", "/thanks/inbox/", "warn")]


def test_two_queries_however_many() -> None:
    for number in range(4):
        recognised.happy(ticket=f"T-{number}")
    with CaptureQueriesContext(connection) as queries:
        told()
    assert len(queries) == 2


def test_only_whoever_may_open_the_inbox() -> None:
    recognised.happy()
    clerk = UserFactory()
    clerk.user_permissions.add(Permission.objects.get(codename="change_praise"))
    moment = attention.this_moment("UTC")
    assert attention.needs(clerk, moment).matters == []
    texts = [matter.text for matter in attention.needs(ManagerFactory(), moment).matters]
    assert "1 customer may have praised somebody" in texts
