from dataclasses import asdict
from random import Random

import pytest

from kpiproject.lib.periods import Grain
from metrics import spreads, targets
from metrics.catalogue import CATALOGUE
from metrics.queries import Question, check, computed, figures, rows
from metrics.queries.exact import _placed
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketEventFactory, TicketFactory
from tests.metrics import scattered
from tests.metrics.figures import at, compute, day, organisation, point

pytestmark = pytest.mark.django_db
PERIOD = {"start": day("2025-10-22"), "end": day("2025-11-19")}


@pytest.fixture
def _facts():
    organisation(time_zone="Europe/Berlin", pause_statuses=["Pending"])
    CalendarFactory(time_zone="Europe/Berlin")
    ServiceTargetFactory(priority="high", seconds=8 * 3600)
    random = Random(5)
    scattered.tickets(random, 90)
    scattered.answers(random, 60)
    targets.apply_all()
    compute()


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize("code", CATALOGUE)
@pytest.mark.parametrize("grain", [Grain.ALL, Grain.WEEK])
def test_facts_and_rollups_give_the_same_figures(code, grain):
    for by in ("", "channel", "agent"):
        for where in ({}, {"channel": ["email", ""]}):
            if by and where and by != "channel":
                continue
            question = Question(code=code, grain=grain, by=by, where=where, **PERIOD)
            from_rollups = figures(question).points
            asked = check(question)
            from_facts = _placed(asked, computed.gather(asked))
            assert [about(one) for one in from_rollups] == [about(one) for one in from_facts]


def about(found):
    return {key: pytest.approx(value) if isinstance(value, float) else value for key, value in asdict(found).items()}


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize("code", CATALOGUE)
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
    question = Question(code=code, where=where, **PERIOD)
    (found,) = figures(question).points
    listed = rows(question, limit=None)
    assert (listed.total, len(listed.rows)) == (found.n, found.n)
    for row in listed.rows:
        assert all(row.members[dimension] in members for dimension, members in where.items())


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize("code", ["csat", "reopen_rate", "resolution_time", "nps", "first_contact_resolution"])
def test_rows_make_the_figure(code):
    question = Question(code=code, **PERIOD)
    (found,) = figures(question).points
    values = [row.value for row in rows(question, limit=None).rows]
    if found.part is None:
        assert sum(values) / len(values) == pytest.approx(found.mean)
    else:
        assert sum(values) == found.part


@pytest.mark.usefixtures("_facts")
def test_pages_of_rows_are_all_rows_in_order():
    question = Question(code="ticket_volume")
    everything = rows(question, limit=None).rows
    pages = [row for first in range(0, 100, 7) for row in rows(question, first=first, limit=7).rows]
    assert pages == everything
    assert [row.at for row in pages] == sorted(row.at for row in pages)


def test_two_filters_mean_and_one_filter_twice_means_or():
    TicketFactory(channel="chat", priority="high")
    TicketFactory(channel="mail", priority="high")
    TicketFactory(channel="mail", priority="low")
    TicketFactory(channel="", priority="low")
    compute()
    volumes = [
        figures(Question(code="ticket_volume", where=where)).points[0].n
        for where in (
            {"channel": ["mail"]},
            {"channel": ["mail", "chat"]},
            {"channel": ["mail"], "priority": ["high"]},
            {"channel": ["mail", ""], "priority": ["low"]},
            {"channel": ["nobody"]},
            {"channel": ["nobody"], "priority": ["low"]},
        )
    ]
    assert volumes == [2, 3, 1, 2, 0, 0]


def test_by_and_where_on_different_dimensions():
    TicketFactory(channel="chat", priority="high")
    TicketFactory(channel="mail", priority="low")
    compute()
    found = figures(Question(code="ticket_volume", by="channel", where={"priority": ["low"]})).points
    assert [(one.member, one.n) for one in found] == [("mail", 1)]


def test_figures_out_of_histograms_are_computed_again_from_facts(monkeypatch):
    monkeypatch.setattr(spreads, "EXACT_LIMIT", 3)
    for minutes in range(1, 8):
        TicketFactory(first_agent_reply_at=f"2026-03-02T10:{minutes * 7:02}Z")
    exact = point("first_response_time")
    assert (exact.value, exact.approximate) == (28 * 60, False)
    monkeypatch.setattr("metrics.queries.exact.EXACT_UP_TO", 6)
    rough = point("first_response_time")
    assert (rough.approximate, rough.n, rough.mean) == (True, 7, 28 * 60)
    assert rough.value == pytest.approx(28 * 60, rel=0.021)


def test_without_any_facts_there_is_no_point():
    assert figures(Question(code="ticket_volume")).points == []
    assert figures(Question(code="ticket_volume", by="channel", grain=Grain.DAY)).points == []
    assert rows(Question(code="ticket_volume")).rows == []


def test_a_period_without_facts_has_points_without_values():
    found = figures(Question(code="csat", start=day("2026-03-01"), end=day("2026-03-03"), grain=Grain.DAY)).points
    assert [(str(one.start), str(one.end), one.n, one.value) for one in found] == [
        ("2026-03-01", "2026-03-02", 0, None),
        ("2026-03-02", "2026-03-03", 0, None),
    ]


def test_clipped_pieces_are_not_complete():
    TicketFactory(created_at="2026-01-20T10:00Z", solved_at="2026-03-01T10:00Z")
    compute()
    found = figures(Question(code="ticket_volume", grain=Grain.MONTH)).points
    assert [(str(one.start), str(one.end), one.n, one.complete) for one in found] == [
        ("2026-01-20", "2026-02-01", 1, False),
        ("2026-02-01", "2026-03-01", 0, True),
        ("2026-03-01", "2026-03-02", 0, False),
    ]


def test_weeks_begin_where_the_organisation_says():
    organisation(week_start=6)
    TicketFactory(created_at="2026-03-07T10:00Z")  # a Saturday
    TicketFactory(created_at="2026-03-08T10:00Z")
    compute()
    found = figures(Question(code="ticket_volume", grain=Grain.WEEK)).points
    assert [(str(one.start), one.n) for one in found] == [("2026-03-07", 1), ("2026-03-08", 1)]


def test_rows_of_a_stock_at_an_instant():
    open_one = TicketFactory(created_at="2026-03-01T10:00Z")
    TicketFactory(created_at="2026-03-01T10:00Z", solved_at="2026-03-02T10:00Z")
    compute()
    found = rows(Question(code="backlog", at=at("2026-03-02 10:00")))
    assert (found.total, [row.reference for row in found.rows]) == (1, [open_one.external_id])


@pytest.mark.usefixtures("_facts")
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


def _number_and_list(instant: str) -> tuple[int, int, int]:
    question = Question(code="backlog", at=at(instant))
    filtered = Question(code="backlog", at=at(instant), where={"channel": ["email"], "priority": ["low"]})
    listed = rows(question, limit=None)
    return figures(question).points[0].n, len(listed.rows), figures(filtered).points[0].n


def test_a_later_end_by_an_event_wins_in_the_number_and_in_the_list():
    ticket = TicketFactory(
        created_at="2026-03-05T10:00Z", solved_at="2026-03-01T10:00Z", channel="email", priority="low"
    )
    TicketEventFactory(ticket=ticket, at="2026-03-09T10:00Z", kind="status", from_value="open", to_value="closed")
    compute()
    assert _number_and_list("2026-03-07 10:00") == (1, 1, 1)
    assert _number_and_list("2026-03-09 11:00") == (0, 0, 0)


def test_fractions_of_a_second_count_in_the_number_and_in_the_list():
    TicketFactory(created_at="2026-03-05T23:59:59.500Z", channel="email", priority="low")
    compute()
    assert _number_and_list("2026-03-05 23:59:59") == (1, 1, 1)
