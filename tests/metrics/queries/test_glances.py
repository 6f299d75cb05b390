import pytest

from kpiproject.lib.periods import Grain, Period
from metrics.definitions import STARTER
from metrics.queries import CATALOGUE, Question, figures, find_kpi, glance, members
from tests.factories import AnswerFactory, CalendarFactory, TicketFactory
from tests.metrics.figures import compute, day

pytestmark = pytest.mark.django_db
MARCH = Period(day("2026-03-01"), day("2026-03-08"), "UTC")


def by_code(**options):
    return {one.kpi.code: one for one in glance(MARCH, grain=Grain.DAY, **options)}


def facts():
    TicketFactory(created_at="2026-02-10T10:00Z")
    TicketFactory(created_at="2026-02-24T10:00Z", solved_at="2026-03-03T10:00Z")
    TicketFactory(created_at="2026-03-02T10:00Z", first_agent_reply_at="2026-03-02T10:10Z")
    TicketFactory(created_at="2026-03-04T10:00Z", first_agent_reply_at="2026-03-04T10:30Z")
    AnswerFactory(score=5, answered_at="2026-03-02T10:00Z")
    AnswerFactory(score=1, answered_at="2026-02-22T10:00Z")
    compute()


def test_glance_shows_every_adopted_kpi_in_order_also_without_facts():
    found = glance(MARCH, grain=Grain.DAY)
    assert [one.kpi.code for one in found] == [code for code in CATALOGUE if code in STARTER]
    assert {len(one.series) for one in found} == {7}
    assert [one.current.value for one in found if one.kpi.unit != "count"] == [None] * 11


def test_glance_of_every_kpi_without_facts():
    found = glance(MARCH, grain=Grain.DAY, codes=list(CATALOGUE))
    assert [one.kpi.code for one in found] == list(CATALOGUE)
    assert {len(one.series) for one in found} == {7}
    assert {one.current.value for one in found if one.kpi.unit != "count"} == {None}


def test_glance_compares_with_the_same_number_of_days_before():
    facts()
    found = by_code()
    assert (found["ticket_volume"].current.n, found["ticket_volume"].previous.n) == (2, 1)
    assert [one.n for one in found["ticket_volume"].series] == [0, 1, 0, 1, 0, 0, 0]
    assert (found["csat"].current.value, found["csat"].previous.value) == (100.0, 0.0)
    assert (str(found["csat"].previous.start), str(found["csat"].previous.end)) == ("2026-02-22", "2026-03-01")
    assert (found["first_response_time"].current.value, found["first_response_time"].clock) == (1200, "calendar")


def test_glance_of_a_stock_is_its_level():
    facts()
    found = by_code()["backlog"]
    assert (found.previous.value, found.current.value) == (2, 3)
    assert [one.value for one in found.series] == [2, 3, 2, 3, 3, 3, 3]


def test_glance_says_the_same_as_the_exact_figures():
    CalendarFactory()
    facts()
    for code, found in by_code().items():
        exact = figures(Question(code=code, start=MARCH.start, end=MARCH.end)).points[0]
        assert (found.current.value, found.current.n, found.current.excluded) == (exact.value, exact.n, exact.excluded)
        assert (found.current.low, found.current.high, found.current.mean) == (exact.low, exact.high, exact.mean)
        series = figures(Question(code=code, start=MARCH.start, end=MARCH.end, grain=Grain.DAY)).points
        assert [one.value for one in found.series] == [one.value for one in series]


def test_glance_can_be_narrowed_to_some():
    assert list(by_code(codes=["nps", "csat"])) == ["nps", "csat"]


def test_glance_takes_the_same_few_queries_whatever_is_stored(django_assert_num_queries):
    glance(MARCH, grain=Grain.DAY)
    with django_assert_num_queries(7):
        glance(MARCH, grain=Grain.DAY)
    facts()
    TicketFactory.create_batch(20, created_at="2026-03-02T10:00Z")
    compute()
    with django_assert_num_queries(7):
        glance(MARCH, grain=Grain.DAY)


def test_members_are_those_with_figures():
    TicketFactory(channel="mail")
    TicketFactory(channel="")
    compute()
    assert members(find_kpi("ticket_volume"), "channel") == ["", "mail"]
