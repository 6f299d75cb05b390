from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kpiproject.lib.periods import Grain, Period
from metrics import comparing, lines
from metrics.kpi import Unit
from metrics.queries import Question, figures, find_kpi, freshness
from tests.factories import CustomerFactory, TicketFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 3, 20, 12, tzinfo=UTC), tick=False):
        yield


def weeks(*counts: int) -> None:
    """So many tickets in each of the weeks before 16 March 2026, a Monday; the last count is of the last week."""
    for ago, count in enumerate(reversed(counts), start=1):
        for number in range(count):
            TicketFactory(created_at=datetime(2026, 3, 16, 10, number, tzinfo=UTC) - timedelta(weeks=ago))
    compute()


def compared(start: str = "2026-03-09", end: str = "2026-03-16"):
    period = Period(date.fromisoformat(start), date.fromisoformat(end), "UTC")
    question = Question(code="ticket_volume", start=period.start, end=period.end)
    return comparing.comparison(question, period, freshness("UTC"))


def test_a_week_like_the_others_is_within_the_normal_range():
    weeks(4, 6, 4, 6, 4, 6, 4, 6, 4, 6)
    judgement = compared().judgement
    assert judgement.is_real is False
    # nine earlier weeks, mean 44/9 = 4.89, steps of 2: 4.89 ± 5.32, and never below 0
    assert judgement.sentence == "The 9 periods of this length before it vary between 0 and 10.2."


def test_a_week_unlike_the_others_is_a_real_change():
    weeks(4, 6, 4, 6, 4, 6, 4, 6, 4, 11)
    assert compared().judgement.is_real is True


def test_too_few_weeks_are_not_judged():
    weeks(4, 6, 4, 6, 4, 6)
    judgement = compared().judgement
    assert judgement.is_real is None
    assert judgement.sentence == "To tell chance from change, 6 complete periods are needed; there are 5."


def test_a_period_that_is_not_over_is_not_judged():
    weeks(4, 6, 4, 6, 4, 6, 4, 6, 4, 6)
    judgement = compared("2026-03-16", "2026-03-23").judgement
    assert (judgement.is_real, judgement.sentence) == (None, "The period is not over, so it is not judged yet.")


def test_the_period_before_and_the_same_one_a_year_before():
    TicketFactory(created_at="2025-02-03T10:00Z")
    for day in (10, 11, 12):
        TicketFactory(created_at=f"2026-01-{day}T10:00Z")
    TicketFactory(created_at="2026-02-10T10:00Z")
    compute()
    found = compared("2026-02-01", "2026-03-01").compared
    # the month before a month is a month, however long
    assert [(one.name, one.period_text, one.line.n, one.is_partly_known) for one in found] == [
        ("The period before", "1 Jan – 31 Jan 2026", "3", False),
        ("A year before", "1 Feb – 28 Feb 2025", "1", True),
    ]


def test_the_control_chart_counts_complete_pieces_only():
    weeks(*[4, 6] * 5, 30)
    course = figures(Question(code="ticket_volume", start=date(2025, 12, 1), end=date(2026, 3, 20), grain=Grain.WEEK))
    fresh = freshness("UTC")
    found = comparing.control(course, lines.over_time(course, Grain.WEEK, week_start=0, fresh=fresh), fresh)
    # facts begin on Monday 29 December; the week of today is not over
    assert [(told.line.label, told.line.value) for told in found.told][::10] == [
        ("29 Dec 2025 – 4 Jan 2026", "4"),
        ("9 Mar – 15 Mar 2026", "30"),
    ]
    # the mean of 80/11 lies above the first ten, which are a run from the eighth on
    assert [bool(told.signals) for told in found.told] == [False] * 7 + [True] * 4
    assert found.told[-1].words == "beyond the normal range"
    assert found.sentence.startswith("A real change: 9 Mar – 15 Mar 2026 (30) is beyond the normal range.")
    # steps of 2 alone: the leap to 30 is left out, so that the limits are 7.27 ± 5.32
    assert (found.low, found.high) == ("2.0", "12.6")
    assert found.note == "The limits are provisional, because they rest on fewer than 13 complete periods."


def months_before_the_tickets():
    """A customer signed up in January 2025 and left in March; of tickets, five in each month from 20 January 2026."""
    CustomerFactory(signed_up_on="2025-01-10", left_on="2025-03-04")
    for month, first in ((1, 20), (2, 1)):
        for number in range(5):
            TicketFactory(created_at=datetime(2026, month, first + number, 10, tzinfo=UTC))
    compute()


def test_months_before_the_first_ticket_have_no_figures():
    months_before_the_tickets()
    fresh = freshness("UTC")
    assert fresh.first_of(find_kpi("ticket_volume")) == date(2026, 1, 20)
    course = figures(Question(code="ticket_volume", start=date(2025, 3, 1), end=date(2026, 3, 1), grain=Grain.MONTH))
    found = lines.over_time(course, Grain.MONTH, week_start=0, fresh=fresh)
    assert [(line.point.value, line.value, line.is_complete) for line in found] == [
        *[(None, "no data", False)] * 10,
        (5, "5", True),
        (5, "5", True),
    ]
    control = comparing.control(course, found, fresh)
    # January is known only in part, so that it is no month like the others
    assert [told.line.label for told in control.told] == ["February 2026"]
    assert control.sentence == "To tell chance from change, 6 complete periods are needed; there is 1."


@pytest.mark.parametrize("code", ["ticket_volume", "backlog"])
def test_nothing_is_compared_with_the_time_before_the_first_ticket(code):
    months_before_the_tickets()
    period = Period(date(2026, 2, 1), date(2026, 3, 1), "UTC")
    found = comparing.comparison(Question(code=code, start=period.start, end=period.end), period, freshness("UTC"))
    assert found.first == date(2026, 1, 20)
    assert found.judgement.is_real is None
    assert [(one.line.point.value, one.is_partly_known) for one in found.compared] == [(5, True), (None, True)]
    assert found.compared[1].change is None


def test_a_period_before_the_first_ticket_is_not_judged():
    months_before_the_tickets()
    judgement = compared("2025-06-01", "2025-07-01").judgement
    assert (judgement.is_real, judgement.sentence) == (None, "There is no figure to judge.")


def test_what_counts_customers_is_known_since_there_are_any():
    months_before_the_tickets()
    assert freshness("UTC").first_of(find_kpi("churn_rate")) == date(2025, 1, 10)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("csat", (0.0, 100.0)),
        ("nps", (-100.0, 100.0)),
        ("ticket_volume", (0.0, None)),
        ("resolution_time", (0.0, None)),
    ],
)
def test_limits_never_leave_what_the_figures_can_be(code, expected):
    assert comparing.bounds(find_kpi(code)) == expected
    assert find_kpi("csat").unit is Unit.PERCENT
