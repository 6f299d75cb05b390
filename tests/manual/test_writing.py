"""Who is writing a section, until they fall silent."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from manual import writing
from manual.models import Writing
from tests.factories import ManagerFactory, SectionFactory

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def at(minutes: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(minutes=minutes), tick=False)


def test_the_first_who_writes_holds_it_until_ten_minutes_of_silence() -> None:
    section, ada, ben = SectionFactory(), ManagerFactory(), ManagerFactory()
    with at(0):
        assert writing.sign(section, ada) is None
        assert writing.by_another(section, ada) is None
        assert writing.by_another(section, ben).by == ada
    with at(5):
        assert writing.sign(section, ben).by == ada
        writing.sign(section, ada)
    with at(14.9):
        found = writing.by_another(section, ben)
        assert (found.since, found.seen_at) == (MONDAY, MONDAY + timedelta(minutes=5))
    with at(15):
        assert writing.by_another(section, ben) is None
        assert writing.sign(section, ben) is None
        assert writing.sign(section, ada).by == ben
    assert Writing.objects.count() == 1


def test_who_comes_back_after_a_silence_writes_since_then() -> None:
    section, ada = SectionFactory(), ManagerFactory()
    for minutes in (0, 30):
        with at(minutes):
            writing.sign(section, ada)
    assert Writing.objects.get().since == MONDAY + timedelta(minutes=30)


def test_it_can_be_taken_over_and_is_free_after_saving() -> None:
    section, ada, ben = SectionFactory(), ManagerFactory(), ManagerFactory()
    with at(0):
        writing.sign(section, ada)
        writing.take_over(section, ben)
        assert writing.by_another(section, ada).by == ben
        writing.release(section, ada)
        assert writing.by_another(section, ada).by == ben
        writing.release(section, ben)
        assert writing.by_another(section, ada) is None
        writing.release(section, None)


def test_sections_do_not_know_of_each_other() -> None:
    first, second, ada = SectionFactory(), SectionFactory(), ManagerFactory()
    writing.sign(first, ada)
    assert writing.by_another(second, None) is None
