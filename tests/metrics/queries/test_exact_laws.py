"""Out of rollups, out of facts and by rows: the figures are the same, over facts by chance that are made once."""

from dataclasses import asdict
from importlib import import_module
from random import Random

import pytest

from kpiproject.lib.periods import Grain
from metrics import targets
from metrics.catalogue import CATALOGUE
from metrics.queries import Question, check, computed, figures, rows
from metrics.queries.exact import _placed
from tests.factories import CalendarFactory, ServiceTargetFactory
from tests.metrics import scattered
from tests.metrics.figures import at, compute, day, organisation
from tests.worlds import world

pytestmark = pytest.mark.django_db
PERIOD = {"start": day("2025-10-22"), "end": day("2025-11-19")}
STORED = [code for code, one in CATALOGUE.items() if one.adds_up and not one.needs_dimension]


@pytest.fixture(scope="module", autouse=True)
def _facts(django_db_setup, django_db_blocker):
    with world(django_db_blocker):
        organisation(time_zone="Europe/Berlin", pause_statuses=["Pending"])
        CalendarFactory(time_zone="Europe/Berlin")
        ServiceTargetFactory(priority="high", seconds=8 * 3600)
        random = Random(5)
        scattered.tickets(random, 90)
        scattered.answers(random, 60)
        scattered.follow_ups(random, 60)
        targets.apply_all()
        compute()
        yield


@pytest.mark.parametrize("code", STORED)
@pytest.mark.parametrize("grain", [Grain.ALL, Grain.WEEK])
def test_facts_and_rollups_give_the_same_figures(code, grain):
    for by in ("", "channel", "agent", "team"):
        if by and by not in CATALOGUE[code].dimensions:
            continue
        for where in ({}, {"channel": ["email", ""]}):
            if (by and where and by != "channel") or not set(where) <= set(CATALOGUE[code].dimensions):
                continue
            question = Question(code=code, grain=grain, by=by, where=where, **PERIOD)
            from_rollups = figures(question).points
            asked = check(question)
            from_facts = _placed(asked, computed.gather(asked))
            assert [about(one) for one in from_rollups] == [about(one) for one in from_facts]


@pytest.mark.parametrize("code", STORED)
def test_few_tickets_are_read_at_once_with_the_same_figures(code, monkeypatch):
    """Where filters leave few tickets, they are not looked for month by month."""
    where = {"channel": ["email", "chat"], "agent": [""]}
    if not set(where) <= set(CATALOGUE[code].dimensions):
        where = {name: members for name, members in where.items() if name in CATALOGUE[code].dimensions}
    asked = check(Question(code=code, grain=Grain.WEEK, where=where, **PERIOD))
    found = []
    for long, few in ((0, 50), (0, 1), (10_000, 50)):
        monkeypatch.setattr(computed, "_LONG", long)
        monkeypatch.setattr(import_module("metrics.frames.read"), "FEW", few)
        found.append([about(one) for one in _placed(asked, computed.gather(asked))])
    assert found[0] == found[1] == found[2]


def about(found):
    """What follows from sums; other figures are put beside afterwards."""
    plain = {key: value for key, value in asdict(found).items() if key != "beside"}
    return {key: pytest.approx(value) if isinstance(value, float) else value for key, value in plain.items()}


@pytest.mark.parametrize("code", STORED)
@pytest.mark.parametrize(
    "where",
    [
        {},
        {"channel": ["email"]},
        {"channel": ["email", "chat"], "agent": [""]},
        {"channel": ["phone"], "category": ["bill"], "team": [""]},
    ],
)
def test_number_of_rows_is_n(code, where):
    where = {dimension: members for dimension, members in where.items() if dimension in CATALOGUE[code].dimensions}
    question = Question(code=code, where=where, **PERIOD)
    (found,) = figures(question).points
    listed = rows(question, limit=None)
    assert (listed.total, len(listed.rows)) == (found.n, found.n)
    for row in listed.rows:
        assert all(row.members[dimension] in members for dimension, members in where.items())


@pytest.mark.parametrize(
    "code",
    [
        "csat",
        "reopen_rate",
        "resolution_time",
        "nps",
        "first_contact_resolution",
        "follow_up_within_one_day",
        "recovery_rate",
    ],
)
def test_rows_make_the_figure(code):
    question = Question(code=code, **PERIOD)
    (found,) = figures(question).points
    values = [row.value for row in rows(question, limit=None).rows]
    if found.part is None:
        assert sum(values) / len(values) == pytest.approx(found.mean)
    else:
        assert sum(values) == found.part


def test_pages_of_rows_are_all_rows_in_order():
    question = Question(code="ticket_volume")
    everything = rows(question, limit=None).rows
    pages = [row for first in range(0, 100, 7) for row in rows(question, first=first, limit=7).rows]
    assert pages == everything
    assert [row.at for row in pages] == sorted(row.at for row in pages)


@pytest.mark.parametrize("instant", ["2025-10-26 00:30", "2025-10-26 23:00", "2025-11-03 12:34", "2025-12-24 00:00"])
def test_level_at_an_instant_is_the_same_from_rollups_and_from_facts(instant):
    for question in ({}, {"by": "agent"}, {"where": {"channel": ["email"]}}):
        asked = check(Question(code="backlog", at=at(instant), **question))
        from_facts = {key: about(total) for key, total in computed.gather_at(asked, at(instant)).sums.items()}
        found = {one.member or "": one for one in figures(Question(code="backlog", at=at(instant), **question)).points}
        for (_, member), total in from_facts.items():
            assert (found[member].value, found[member].excluded) == (total["whole"], total["excluded"])
        assert sum(one.n for one in found.values()) == sum(total["whole"] for total in from_facts.values())
        listed = rows(Question(code="backlog", at=at(instant), where=question.get("where", {})), limit=None)
        assert (listed.total, len(listed.rows)) == (sum(one.n for one in found.values()),) * 2
