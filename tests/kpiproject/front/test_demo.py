"""The demonstration company: the same for a given day, complete, and harmless when built twice."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import time_machine

from kpiproject.front.demo import build, company, house, people, tickets
from kpiproject.front.demo.surveys import SurveyHistory
from kpiproject.front.demo.tickets import TicketHistory
from kpiproject.lib.periods import day_start
from kpiproject.lib.worktime import WorkTime
from kpiproject.models import Mail, User
from metrics.models import DirtyDay, Ticket, TicketEvent
from metrics.queries import Question, figures
from surveys.models import Answer, Invitation

TODAY = date(2026, 11, 23)
NOW = day_start(TODAY, company.ZONE)


def drawn():
    return TicketHistory(NOW, TODAY, WorkTime(company.WEEK, company.ZONE)).rows


@pytest.fixture(scope="module")
def rows():
    return drawn()


def test_there_are_tickets_enough_and_the_same_for_a_given_day(rows):
    assert len(rows) > 20_000
    assert drawn() == rows
    assert (rows[0]["created_at"] >= "2025-05-23", rows[-1]["created_at"] < "2026-11-23") == (True, True)


def test_nothing_has_happened_yet_that_lies_in_the_future(rows):
    instants = [str(row[name]) for row in rows for name in row if name.endswith("_at") and row[name]]
    assert max(datetime.fromisoformat(text) for text in instants) <= NOW


def test_events_of_a_ticket_come_in_order(rows):
    trail = list(tickets.events(rows[:3000]))
    assert len(trail) > 9000
    for one, other in pairwise(trail):
        assert one["ticket"] != other["ticket"] or str(one["at"]) <= str(other["at"])


def test_answers_lie_on_their_scales(rows):
    history = SurveyHistory(rows, NOW)
    for past, low, high in ((history.csat(), 1, 5), (history.ces(), 1, 7), (history.nps(), 0, 10)):
        scores = Counter(one.score for one in past)
        assert {high, high - 1} <= set(scores) - {None} <= set(range(low, high + 1))


def test_no_address_can_be_reached():
    assert {people.email_of(number).rpartition(".")[2] for number in range(people.COUNT)} == {"example"}


@pytest.fixture
def small(monkeypatch):
    """Five weeks instead of eighteen months."""
    monkeypatch.setattr(tickets, "DAYS", 35)


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
def test_built_twice_is_built_once():
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        build.build(lambda _what, _share: None)
        first = counts()
        build.build(lambda _what, _share: None)
        assert counts() == first
        assert build.is_built()
        assert not DirtyDay.objects.exists()
        volume = figures(Question(code="ticket_volume")).points[0]
        assert volume.n + sum(volume.excluded.values()) == Ticket.objects.count()


def counts():
    return [model.objects.count() for model in (Ticket, TicketEvent, Invitation, Answer, Mail)]


@pytest.mark.django_db
def test_passwords_are_told_again_as_long_as_the_people_exist(settings, tmp_path):
    settings.VAR = tmp_path
    logins = house.people_who_log_in()
    assert house.people_who_log_in() == logins
    assert [User.objects.get(email=email).check_password(password) for email, password in logins.items()] == [True] * 2
    assert [User.objects.get(email=email).is_manager for email in logins] == [True, False]
    assert house.logins_file().stat().st_mode & 0o777 == 0o600
