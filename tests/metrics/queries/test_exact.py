import pytest
import time_machine

from kpiproject.lib.periods import Grain
from metrics import spreads
from metrics.queries import Question, every_row, figures, rows
from tests.factories import TicketEventFactory, TicketFactory
from tests.metrics.figures import at, compute, day, organisation, point

pytestmark = pytest.mark.django_db


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


def test_an_instant_that_has_not_come_has_no_figure():
    TicketFactory(created_at="2026-03-01T10:00Z", channel="email")
    compute()
    note = "This instant has not come yet, so there is no figure for it."
    with time_machine.travel(at("2026-03-02 10:00"), tick=False):
        for by, member in (("", None), ("channel", "email")):
            question = Question(code="backlog", at=at("2099-01-01 00:00"), by=by)
            [found] = figures(question).points
            assert (found.member, found.value, found.n, found.part, found.notes) == (member, None, 0, None, (note,))
        assert (rows(question).total, rows(question).rows, list(every_row(question))) == (0, [], [])
        [now] = figures(Question(code="backlog", at=at("2026-03-02 10:00"))).points
        assert (now.value, now.n, now.notes) == (1, 1, ())
