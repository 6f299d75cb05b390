import pytest

from kpiproject.lib.periods import epoch
from metrics import frames
from metrics.definitions import find, kpis
from metrics.frames import Span
from metrics.own.columns import TABLES, Holds
from metrics.queries import Question, figures, rows
from tests.factories import AnswerFactory, CalendarFactory, CustomerFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory, OrderFactory
from tests.metrics.figures import at, compute, point

pytestmark = pytest.mark.django_db
SPAN = Span(epoch(at("2026-03-01 00:00")), epoch(at("2026-04-01 00:00")))


def where(column, operator="equals", value=""):
    return {"column": column, "operator": operator, "value": value}


@pytest.fixture
def orders():
    """Three orders of one premium customer, one of another, and one of which nobody knows the currency."""
    premium, other = CustomerFactory(tier="premium"), CustomerFactory()
    for number, amount in enumerate((10, 20, 60)):
        OrderFactory(customer=premium, amount=amount, placed_at=f"2026-03-0{number + 2}T10:00Z", status="paid")
    OrderFactory(customer=other, amount=30, status="returned", cancelled_at="2026-03-02T12:00Z")
    OrderFactory(customer=other, amount=999, currency="XXX")


@pytest.mark.parametrize("frame", TABLES)
def test_every_column_that_is_offered_exists(frame):
    table = TABLES[frame]
    found = frames.read([frame], SPAN, frames.context(), at=[column.name for column in table.days], where={})[frame]
    assert set(table.columns) <= set(found.columns)
    assert all(found[one.name].dtype == "category" for one in table.of(Holds.WORD))


@pytest.mark.parametrize(
    ("words", "value", "n"),
    [
        ({"shape": "number"}, 4, 4),
        ({"shape": "number", "filters": [where("tier", value="premium")]}, 3, 3),
        ({"shape": "number", "filters": [where("tier", value="nobody")]}, 0, 0),
        ({"shape": "share", "unit": "percent", "part": [where("status", value="paid")]}, 75, 4),
        ({"shape": "mean", "column": "amount", "unit": "money"}, 30, 4),
        ({"shape": "per_row", "column": "amount", "unit": "money", "filters": [where("tier", "filled")]}, 30, 3),
        ({"shape": "duration", "column": "placed_at", "second": "cancelled_at", "unit": "seconds"}, 7200, 1),
        ({"shape": "mean", "column": "amount", "filters": [where("status", value="lost")]}, None, 0),
    ],
)
def test_each_shape_gives_its_figure(orders, words, value, n):
    kpi = CustomKpiFactory(frame="orders", at="placed_at", **words)
    found = point(kpi.code)
    assert (found.value, found.n) == (value, n)
    assert rows(Question(code=kpi.code)).total == len(rows(Question(code=kpi.code)).rows) == n


def test_what_is_divided_by_nothing_has_no_value_but_a_sentence():
    TicketFactory(reopens=0, agent_replies=3, created_at="2026-03-02T10:00Z")
    kpi = CustomKpiFactory(shape="rate", column="agent_replies", second="reopens", unit="number")
    found = point(kpi.code)
    assert (found.value, found.n) == (None, 1)
    assert found.notes == ("What it is divided by adds up to nothing, so there is no figure.",)


def test_what_ends_before_it_begins_is_left_out_and_counted():
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T11:00Z")
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T09:00Z")
    TicketFactory(created_at="2026-03-02T10:00Z")
    kpi = CustomKpiFactory(shape="duration", column="created_at", second="solved_at", unit="seconds")
    found = point(kpi.code)
    assert (found.value, found.n, found.excluded) == (3600, 1, {"negative_duration": 1})


def test_business_time_passes_in_opening_hours():
    CalendarFactory(is_default=True)
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-03T10:00Z")
    kpi = CustomKpiFactory(shape="duration", column="created_at", second="solved_at", unit="seconds")
    compute()
    ours, theirs = (figures(Question(code=code)).points[0].value for code in (kpi.code, "resolution_time"))
    assert ours == theirs


def test_a_mean_leaves_out_what_is_not_known():
    for reopens in (0, 4, None):
        TicketFactory(reopens=reopens)
    kpi = CustomKpiFactory(shape="mean", column="reopens", unit="number")
    found = point(kpi.code)
    assert (found.value, found.n, found.excluded) == (2, 2, {"number_missing": 1})


def test_members_add_up_to_the_whole():
    for channel in ("email", "email", "chat"):
        TicketFactory(channel=channel)
    kpi = CustomKpiFactory()
    compute()
    parts = figures(Question(code=kpi.code, by="channel")).points
    assert [(part.member, part.n) for part in parts] == [("chat", 1), ("email", 2)]


def test_it_says_what_it_is():
    kpi = CustomKpiFactory(
        shape="share", unit="percent", text="Late?", part=[where("reopens", "at_least", "2")],
        filters=[where("channel", "one_of", "email, chat")],
    )  # fmt: skip
    found = kpis()[kpi.code]
    assert str(found.formula) == "rows with times reopened is at least 2 ÷ rows that count × 100"
    assert str(found.text) == (
        "Late?\n\nMade of “Tickets”; a row counts on the day of: creation. Only rows count where channel is “email” or "
        "“chat”."
    )


def test_a_column_that_is_gone_takes_its_kpi_out():
    kpi = CustomKpiFactory(filters=[where("colour", value="red")])
    assert find(kpi.code) is None


def test_answers_of_employees_never_count():
    for kind in ("csat", "nps", "ces", "esat", "enps"):
        AnswerFactory(survey__kind=kind)
    kpi = CustomKpiFactory(frame="answers", at="answered_at")
    assert point(kpi.code).n == 3
