from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from metrics.queries import Question, stages
from metrics.queries.ageing import ageing
from metrics.queries.stages import Handed, Route, stuck
from tests.factories import TeamFactory, TicketEventFactory, TicketFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
QUESTION = Question(code="resolution_time", start=date(2026, 3, 1), end=date(2026, 4, 1))
HOUR = 3600


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 4, 10, 12, tzinfo=UTC), tick=False):
        yield


def ticket(events, *, solved=None, **fields):
    """Events as (hours after the creation, kind, before, after)."""
    done = None if solved is None else START + timedelta(hours=solved)
    found = TicketFactory(created_at=START, solved_at=done, **fields)
    for hours, kind, before, after in events:
        at = START + timedelta(hours=hours)
        TicketEventFactory(ticket=found, at=at, kind=kind, from_value=before, to_value=after)
    return found


def test_the_time_in_each_status_by_hand():
    ticket(
        [(1, "status", "New", "Open"), (4, "status", "Open", "Pending"), (10, "status", "Pending", "Solved")], solved=10
    )
    # one that came back: open for 2 hours, and for 4 more
    ticket(
        [
            (1, "status", "New", "Open"),
            (3, "status", "Open", "Solved"),
            (5, "status", "Solved", "Open"),
            (9, "status", "Open", "Solved"),
        ],
        solved=9,
    )
    found = stuck(QUESTION)
    told = [(one.status, one.group, one.tickets, one.median / HOUR, round(one.share, 1)) for one in found.stages]
    # 9 hours open, 6 pending, 2 new, of 17
    assert told == [
        ("Open", "agent_work", 2, 4.5, 52.9),
        ("Pending", "agent_wait", 1, 6.0, 35.3),
        ("New", "agent_work", 2, 1.0, 11.8),
    ]
    assert (found.tickets, found.told) == (2, 2)
    assert sum(one.share for one in found.stages) == pytest.approx(100)


def test_a_status_that_lasts_counts_until_now():
    ticket([(1, "status", "New", "Open")])
    (longest, _new) = stuck(QUESTION).stages
    assert longest.median == (datetime(2026, 4, 10, 12, tzinfo=UTC) - START).total_seconds() - HOUR


def test_hand_overs_by_hand():
    ticket([], solved=2)
    # taken by somebody first: no hand-over
    ticket([(1, "assignee", "", "a")], solved=4)
    # team and agent at the same instant are one
    ticket([(2, "team", "Tier 1", "Tier 2"), (2, "assignee", "a", "b")], solved=8)
    ticket([(n, "team", f"Tier {n}", f"Tier {n + 1}") for n in range(1, 6)])
    found = stuck(QUESTION)
    assert found.handed == [
        Handed(times=0, tickets=2, ended=2, median=3 * HOUR),
        Handed(times=1, tickets=1, ended=1, median=8 * HOUR),
        Handed(times=2, tickets=0, ended=0, median=None),
        Handed(times=3, tickets=1, ended=0, median=None),
    ]
    # after one hour and after two
    assert found.routes[0] == Route(before="Tier 1", after="Tier 2", count=2, median=1.5 * HOUR)
    assert found.routes[1] == Route(before="Tier 2", after="Tier 3", count=1, median=1 * HOUR)


def test_filters_and_what_counts_nowhere():
    ticket([(1, "status", "New", "Open")], channel="chat", team=TeamFactory(name="Tier 1"))
    ticket([(1, "status", "New", "Open")], channel="email")
    ticket([(1, "status", "New", "Open")], is_spam=True)
    asked = Question(code="resolution_time", start=date(2026, 3, 1), end=date(2026, 4, 1), where={"channel": ["chat"]})
    assert (stuck(QUESTION).tickets, stuck(asked).tickets) == (2, 1)
    nobody = Question(code="resolution_time", start=date(2026, 3, 1), end=date(2026, 4, 1), where={"team": [""]})
    assert stuck(nobody).tickets == 1


def test_only_the_newest_where_there_are_too_many(monkeypatch):
    monkeypatch.setattr(stages, "MOST_TICKETS", 2)
    for day in range(4):
        TicketFactory(created_at=START + timedelta(days=day))
    found = stuck(QUESTION)
    assert (found.found, found.tickets, found.told) == (4, 2, 0)


def test_without_tickets_there_is_nothing():
    assert (stuck(QUESTION).tickets, stuck(QUESTION).stages, stuck(QUESTION).handed) == (0, [], [])


def test_the_ages_of_what_waits():
    end = datetime(2026, 4, 1, tzinfo=UTC)
    for days, channel in (
        (0.5, "email"),
        (1, "email"),
        (2.9, "chat"),
        (3, "chat"),
        (7, "chat"),
        (30, ""),
        (31, "chat"),
    ):
        TicketFactory(created_at=end - timedelta(days=days, seconds=1), channel=channel)
    TicketFactory(created_at=end - timedelta(days=5), solved_at=end - timedelta(days=1))
    TicketFactory(created_at=end - timedelta(days=5), is_spam=True)
    TicketFactory(created_at=end + timedelta(days=1))
    found = ageing(Question(code="backlog", start=date(2026, 3, 1), end=date(2026, 4, 1)), "channel")
    assert found.total == [1, 2, 1, 1, 2]
    assert found.members == {"chat": [0, 1, 1, 1, 1], "email": [1, 1, 0, 0, 0], "": [0, 0, 0, 0, 1]}
