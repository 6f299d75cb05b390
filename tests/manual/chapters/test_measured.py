"""Which period a card speaks about."""

from datetime import UTC, date, datetime

import pytest

from kpiproject.models import Organisation
from manual.chapters import Context
from manual.chapters.measured import measured
from tests.goals.measured import rollup, share, tickets
from tests.manual.chapters.built import AS_OF

pytestmark = pytest.mark.django_db


def card(code: str, as_of: datetime = AS_OF):
    return measured(Context.at(as_of))[code]


def test_card_speaks_of_the_last_complete_month_and_the_one_before() -> None:
    share("reopen_rate", date(2026, 4, 30), 20, n=50)
    share("reopen_rate", date(2026, 5, 1), 10, n=20)
    share("reopen_rate", date(2026, 5, 31), 10, n=20)
    share("reopen_rate", date(2026, 6, 1), 90, n=20)
    found = card("reopen_rate")
    assert (found.period_name, found.current.value, found.current.n) == ("May 2026", 10.0, 40)
    assert (found.previous.value, found.previous.n) == (20.0, 50)
    assert (found.words, found.rests_on, found.interval) == ("10.0\u00a0%", "40 tickets", "4.0\u00a0% to 23.1\u00a0%")


@pytest.mark.parametrize(("n", "period"), [(30, "May 2026"), (29, "1 Mar – 31 May 2026")])
def test_months_with_fewer_than_30_cases_are_taken_three_at_once(n: int, period: str) -> None:
    share("csat", date(2026, 5, 10), 100, n=n)
    share("csat", date(2026, 3, 1), 50, n=20)
    share("csat", date(2026, 2, 28), 10, n=70)
    found = card("csat")
    assert found.period_name == period
    if n < 30:
        assert (found.current.n, found.previous.value, found.previous.n) == (49, 10.0, 70)


def test_thin_month_stays_where_three_months_have_no_more() -> None:
    share("csat", date(2026, 5, 10), 100, n=5)
    assert card("csat").period_name == "May 2026"


def test_numbers_and_levels_are_always_of_a_month() -> None:
    tickets(date(2026, 4, 10), date(2026, 5, 10))
    rollup("ticket_volume", date(2026, 5, 10), whole=3)
    rollup("ticket_volume", date(2026, 4, 10), whole=4)
    rollup("backlog", date(2026, 4, 10), whole=7)
    rollup("backlog", date(2026, 5, 10), whole=-2)
    volume, backlog = card("ticket_volume"), card("backlog")
    assert (volume.period_name, volume.words, volume.rests_on) == ("May 2026", "3", "")
    assert (backlog.period_name, backlog.words, backlog.previous.value) == ("May 2026", "5", 7)


def test_numbers_outside_of_all_facts_are_no_data_and_not_0() -> None:
    known = ("April 2026", "May 2026")
    tickets(date(2026, 4, 20), date(2026, 5, 3))
    rollup("ticket_volume", date(2026, 4, 20), whole=4)
    rollup("backlog", date(2026, 4, 20), whole=4)
    for code, last in (("ticket_volume", "0"), ("backlog", "4")):
        months = [(line.label, line.value) for line in card(code).lines]
        assert months == [(label, "no data") for label, _value in months[:10]] + [(known[0], "4"), (known[1], last)]
    later = [line.value for line in card("ticket_volume", datetime(2026, 8, 1, tzinfo=UTC)).lines[-3:]]
    assert later == ["0", "no data", "no data"]


def test_nothing_measured_is_no_data() -> None:
    found = card("csat")
    assert (found.words, found.rests_on, found.interval, found.change) == ("no data", "", "", None)
    assert {each.words for each in measured(Context.at(AS_OF)).values()} == {"no data"}


def test_instant_decides_which_month_is_the_last_in_the_zone_of_the_organisation() -> None:
    Organisation.objects.create(pk=1, time_zone="Europe/Berlin")
    assert card("csat", datetime(2026, 5, 31, 21, 59, tzinfo=UTC)).period_name == "April 2026"
    assert card("csat", datetime(2026, 5, 31, 22, 0, tzinfo=UTC)).period_name == "May 2026"


def test_year_of_months_ends_with_the_last_complete_one() -> None:
    months = [line.label for line in card("csat").lines]
    assert (len(months), months[0], months[-1]) == (12, "June 2025", "May 2026")


def test_number_of_queries_does_not_depend_on_how_much_was_measured(django_assert_max_num_queries) -> None:
    for month in range(1, 6):
        share("csat", date(2026, month, 1), 50, n=10)
        share("reopen_rate", date(2026, month, 1), 50, n=10)
    with django_assert_max_num_queries(45):
        measured(Context.at(AS_OF))
