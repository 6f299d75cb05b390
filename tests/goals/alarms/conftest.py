from typing import Any

import pytest
import time_machine

from kpiproject.models import User
from tests.factories import ManagerFactory
from tests.goals.alarms.fired import NOW


@pytest.fixture
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> User:
    person: User = ManagerFactory(name="Mara", email="mara@example.org")
    return person
