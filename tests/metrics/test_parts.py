from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from metrics import parts
from metrics.kpi import Total
from metrics.queries import Question, figures
from tests.factories import TicketFactory
from tests.metrics.figures import compute
from tests.metrics.small_kpis import small  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
SPAN = {"start": date(2026, 3, 1), "end": date(2026, 4, 1)}


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(datetime(2026, 4, 2, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def many(small) -> None:  # noqa: F811 - the KPIs must be there before figures are computed
    """Channel a with 1 ticket, b with 2, and so on to f with 6; replies after 10, 20 … minutes."""
    for number, channel in enumerate("abcdef", start=1):
        for minute in range(number):
            created = datetime(2026, 3, 2 + number, 10, tzinfo=UTC)
            reply = created + timedelta(minutes=10 * (minute + 1))
            TicketFactory(
                created_at=created, first_agent_reply_at=reply, channel=channel, agent_replies=number, solved_at=reply
            )
    compute()


def found(code, *, sort="", most=3):
    return parts.parts(Question(code=code, by="channel", **SPAN), lambda _: {}, sort=sort, most=most)


@pytest.mark.usefixtures("many")
def test_the_rest_adds_up_to_the_whole():
    shown = found("small_total")
    assert [part.line.label for part in shown.shown] == ["f", "e", "d"]
    assert (shown.rest.line.label, shown.rest.line.n, shown.folded) == ("3 others", "6", 3)
    assert sum(part.line.point.n for part in [*shown.shown, shown.rest]) == 21
    (whole,) = figures(Question(code="small_total", **SPAN)).points
    assert whole.n == 21


@pytest.mark.parametrize(
    ("code", "value", "n"),
    [
        # a: 10 min; b: 10, 20; c: 10, 20, 30: the median of six is 15 min
        ("small_quantile", 900.0, 6),
        # one, two twice, three thrice: 14 ÷ 6
        ("small_mean", 14 / 6, 6),
        ("small_ratio", 100.0, 6),
        ("small_rate", 140 / 6, 6),
        # 6 of 21
        ("small_share", 600 / 21, 6),
        ("small_whole", 0.5, 6),
    ],
)
@pytest.mark.usefixtures("many")
def test_the_rest_is_the_figure_of_all_its_rows(code, value, n):
    rest = found(code).rest.line.point
    assert (rest.value, rest.n) == (pytest.approx(value), n)


@pytest.mark.usefixtures("many")
def test_what_cannot_be_put_together_has_no_rest():
    shown = found("small_breakdown")
    assert (shown.rest, shown.folded) == (None, 3)


@pytest.mark.usefixtures("many")
def test_one_member_is_never_folded_alone():
    assert [part.line.label for part in found("small_total", most=5).shown] == ["f", "e", "d", "c", "b", "a"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "fedcba"),
        ("name", "abcdef"),
        ("-name", "fedcba"),
        ("n", "abcdef"),
        ("-value", "fedcba"),
        ("value", "abcdef"),
    ],
)
@pytest.mark.usefixtures("many")
def test_sorted_by_any_column(sort, order):
    assert "".join(part.line.label for part in found("small_rate", sort=sort, most=9).shown) == order


@pytest.mark.usefixtures("many")
def test_figures_that_rest_on_fewer_than_five_are_marked():
    assert [part.is_small for part in found("small_ratio", most=9).shown] == [False, False, True, True, True, True]
    # a number of rows is what it is, and a share rests on all of them
    assert not any(part.is_small for part in found("small_total", most=9).shown)
    assert not any(part.is_small for part in found("small_share", most=9).shown)


def test_headings_say_how_the_table_is_sorted():
    kpi = figures(Question(code="small_ratio", **SPAN)).kpi
    assert kpi.shape is not Total
    shown = [(one.name, one.to, one.direction) for one in parts.headings(kpi, "channel", "name")]
    assert shown == [
        ("Channel", "-name", "ascending"),
        ("Value", "-value", "none"),
        ("Tickets", "-n", "none"),
        ("Left out", "-left_out", "none"),
    ]
    assert [one.direction for one in parts.headings(kpi, "channel", "")] == ["none", "none", "descending", "none"]
