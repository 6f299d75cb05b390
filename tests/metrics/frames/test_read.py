"""From when until when there are facts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from metrics.frames.read import extent
from tests.factories import TicketEventFactory, TicketFactory
from tests.measure_factories import MessageFactory

pytestmark = pytest.mark.django_db


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 10, tzinfo=UTC)


def test_the_ends_of_tickets_are_those_of_all_that_is_told_of_them(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert extent("tickets") is None
    ticket = TicketFactory(created_at=at(5), closed_at=at(7), target_due_at=at(28))
    TicketFactory(created_at=at(1), is_stub=True)
    with django_assert_num_queries(1):
        assert extent("tickets") == (at(5), at(7))
    MessageFactory(ticket=ticket, at=at(9))
    assert extent("tickets") == (at(5), at(9))
    TicketEventFactory(ticket=ticket, kind="reply", at=at(4))
    assert extent("tickets") == (at(4), at(9))
    TicketEventFactory(ticket=ticket, kind="note", at=at(2))  # nothing is counted under it
    assert extent("tickets") == (at(4), at(9))
    TicketEventFactory(ticket=ticket, kind="reopen", at=at(11))
    with django_assert_num_queries(1):
        assert extent("tickets") == (at(4), at(11))
