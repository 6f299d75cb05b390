"""What customers pay, by hand; periods and figures as in the vectors named."""

import numpy as np
import pytest

from metrics.catalogue._activity import FOREVER
from metrics.catalogue._mrr import Payments, movements
from tests.metrics.catalogue.customers import customers, figure, month, orders, seconds, subscriptions, window

SIX = {
    "A": [("2024-01", "2024-04", 100), ("2024-06", "2025-01", 120)],
    "B": [("2024-01", "2025-01", 200), ("2024-03", "2024-08", 50)],
    "C": [("2024-02", "2024-05", 80), ("2024-05", "2025-01", 60)],
    "D": [("2024-05", "2024-06", 40)],
    "E": [("2024-01", "2024-06", 300)],
    "F": [("2024-06", "2024-09", 90), ("2024-09", "2025-01", 150)],
}


def paying(of):
    """Frames of customers by name, each with (from, until, monthly amount)."""
    names = sorted(of)
    rows = [
        {"customer_id": names.index(name), "started_at": start, "ended_at": end, "mrr": float(mrr)}
        for name in names
        for start, end, mrr in of[name]
    ]
    return customers(ids=list(range(len(names)))), subscriptions(*rows)


def moved(of, name):
    found = figure("quick_ratio", *paying(of), window=month(name)).beside
    return [found[f"mrr_{part}"] for part in ("new", "reactivation", "expansion", "contraction", "churn") if found]


@pytest.mark.parametrize(
    ("spans", "name", "expected"),
    [
        # v159: left, and came back at a higher price.
        ([("2024-01", "2024-04", 100), ("2024-06", "2025-01", 120)], "2024-01", [100, 0, 0, 0, 0]),
        ([("2024-01", "2024-04", 100), ("2024-06", "2025-01", 120)], "2024-04", [0, 0, 0, 0, -100]),
        ([("2024-01", "2024-04", 100), ("2024-06", "2025-01", 120)], "2024-06", [0, 120, 0, 0, 0]),
        # v160: a second subscription starts and ends; that is never churn.
        ([("2024-01", "2025-01", 200), ("2024-03", "2024-08", 50)], "2024-03", [0, 0, 50, 0, 0]),
        ([("2024-01", "2025-01", 200), ("2024-03", "2024-08", 50)], "2024-08", [0, 0, 0, -50, 0]),
        # A change of plan without a gap, to a cheaper and to a dearer one.
        ([("2024-02", "2024-05", 80), ("2024-05", "2025-01", 60)], "2024-05", [0, 0, 0, -20, 0]),
        ([("2024-06", "2024-09", 90), ("2024-09", "2025-01", 150)], "2024-09", [0, 0, 60, 0, 0]),
        # v162: joined and left in the month after.
        ([("2024-05", "2024-06", 40)], "2024-05", [40, 0, 0, 0, 0]),
        ([("2024-05", "2024-06", 40)], "2024-06", [0, 0, 0, 0, -40]),
    ],
)
def test_movements_of_one_customer(spans, name, expected):
    assert moved({"A": spans}, name) == expected


def test_nobody_pays_less_than_nothing():
    """A credit makes what a customer pays less; one who only has credits pays nothing, and neither comes nor goes."""
    of = {"A": [("2024-01", "2025-01", 100), ("2024-03", "2024-05", -30)], "B": [("2024-02", "2024-04", -5)]}
    assert moved({"B": of["B"]}, "2024-02") == moved({"B": of["B"]}, "2024-04") == [0, 0, 0, 0, 0]
    assert moved(of, "2024-03") == [0, 0, 0, -30, 0]
    assert moved(of, "2024-05") == [0, 0, 30, 0, 0]
    found = figure("gross_revenue_retention", *paying(of), window=month("2024-03"))
    assert (found.value, found.part, found.base) == (70, 70, 100)


@pytest.mark.parametrize(
    ("name", "ends", "shares", "quick", "n"),
    [
        ("2024-05", (630, 650), [3.1746, 3.1746, 96.8254, 96.8254], 2.0, 3),  # v163
        # 650 to 520: E and D leave, A comes back with 120, F is new with 90.
        ("2024-06", (650, 520), [52.3077, 33.8462, 47.6923, 47.6923], 210 / 340, 4),
        ("2024-08", (520, 470), [9.6154, 9.6154, 90.3846, 90.3846], 0.0, 4),  # v165
    ],
)
def test_months_of_six_customers(name, ends, shares, quick, n):
    frames = paying(SIX)
    codes = ("gross_revenue_churn", "net_revenue_churn", "gross_revenue_retention", "net_revenue_retention")
    found = [figure(code, *frames, window=month(name)) for code in codes]
    assert [round(one.value, 4) for one in found] == shares
    assert [(one.beside["mrr_at_start"], one.beside["mrr_at_end"], one.whole.sum()) for one in found] == [
        (*ends, n)
    ] * 4
    assert figure("quick_ratio", *frames, window=month(name)).value == pytest.approx(quick)


def test_gross_and_net_churn_of_a_hundred():
    # v150, v151: 100 at the start; 10 leave, 10 shrink, 10 grow.
    of = {
        "A": [("2024-01", "2024-05-10", 10)],
        "B": [("2024-01", "2024-05-10", 30), ("2024-05-10", None, 20)],
        "C": [("2024-01", "2024-05-10", 60), ("2024-05-10", None, 70)],
    }
    frames = paying(of)
    assert figure("gross_revenue_churn", *frames, window=month("2024-05")).value == pytest.approx(20)
    assert figure("net_revenue_churn", *frames, window=month("2024-05")).value == pytest.approx(10)


def test_gross_churn_of_a_day():
    # v153: of 100 in the morning 95 are left in the evening; what begins on the day is no part of it.
    of = {
        "A": [("2024-01", None, 95)],
        "B": [("2024-01", "2024-05-10", 5)],
        "C": [("2024-05-10", None, 40)],
        "D": [("2024-01", "2024-05-09", 70)],
    }
    found = figure("gross_revenue_churn", *paying(of), window=window("2024-05-10", "2024-05-11"))
    assert (found.value, found.part, found.base) == (pytest.approx(5), 5, 100)


def test_retention_compares_only_the_two_ends():
    # v186: A goes from 100 over 80 to 150, B from 100 to 60, C leaves.
    of = {
        "A": [("2024-01", "2024-05-10", 100), ("2024-05-10", "2024-05-20", 80), ("2024-05-20", None, 150)],
        "B": [("2024-01", "2024-05-10", 100), ("2024-05-10", None, 60)],
        "C": [("2024-01", "2024-05-10", 100)],
    }
    frames = paying(of)
    assert figure("gross_revenue_retention", *frames, window=month("2024-05")).value == pytest.approx(53.3333, abs=1e-4)
    assert figure("net_revenue_retention", *frames, window=month("2024-05")).value == pytest.approx(70)


def test_who_comes_back_is_in_net_churn_and_not_in_net_retention():
    of = {"A": [("2024-01", None, 100)], "B": [("2023-01", "2023-06", 50), ("2024-05-03", None, 50)]}
    frames = paying(of)
    assert figure("net_revenue_churn", *frames, window=month("2024-05")).value == -50
    assert figure("net_revenue_retention", *frames, window=month("2024-05")).value == 100


def test_without_loss_there_is_no_ratio():
    found = figure("quick_ratio", *paying({"A": [("2024-05", None, 10)]}), window=month("2024-05"))
    assert (found.value, found.base, len(found.notes)) == (None, 0, 1)


def test_movements_add_up_whatever_happens():
    random = np.random.default_rng(3)
    rows = random.integers(0, 50, size=400)
    starts = random.integers(0, 1000, size=400)
    ends = np.where(random.random(400) < 0.3, FOREVER, starts + random.integers(0, 300, size=400))
    paid = Payments(n=50, rows=rows, starts=starts, ends=ends, mrr=random.integers(0, 90, size=400).astype(float))
    for first, last in [(0, 100), (100, 101), (250, 900), (500, 500)]:
        found = movements(paid, first, last)
        parts = found.new + found.reactivation + found.expansion + found.contraction + found.churn
        assert found.start + parts == pytest.approx(found.end)
        assert min(found.new, found.reactivation, found.expansion, -found.contraction, -found.churn) >= 0


def test_average_revenue_is_of_those_who_pay():
    frames = (
        *paying({"A": [("2024-01", None, 30)], "B": [("2024-01", None, 0)], "C": [("2024-01", None, 60)]}),
        orders(),
    )
    found = figure("average_revenue_per_account", *frames, window=month("2024-05"))
    assert (found.value, found.part, found.base, found.whole.sum(), found.median) == (45, 90, 2, 2, 45)


def test_average_revenue_of_buyers_is_that_of_the_period():
    bought = orders(
        {"customer_id": 1, "placed_at": "2024-05-02", "amount": 20.0},
        {"customer_id": 1, "placed_at": "2024-05-09", "amount": 30.0},
        {"customer_id": 2, "placed_at": "2024-05-09", "amount": 10.0},
        {"customer_id": 2, "placed_at": "2024-06-09", "amount": 99.0},
        {"customer_id": 3, "placed_at": "2024-05-09", "amount": 70.0, "cancelled_at": "2024-05-10"},
    )
    found = figure(
        "average_revenue_per_account", customers(ids=[1, 2, 3]), subscriptions(), bought, window=month("2024-05")
    )
    assert (found.value, found.whole.tolist()) == (30, [True, True, False])


def hundred(lost):
    """A hundred customers who pay 100 a month, some of whom leave in May."""
    return paying({f"{pk:03}": [("2024-01", "2024-05-10" if pk < lost else None, 100)] for pk in range(100)})


def test_lifetime_value():
    worth = {"gross_margin": 80.0}
    found = figure("customer_lifetime_value", *hundred(2), orders(), window=month("2024-05", options=worth))
    assert (found.value, found.notes) == (pytest.approx(4000), ())  # 100 × 0.8 ÷ 0.02
    assert found.beside["monthly_churn_percent"] == pytest.approx(2)
    bare = figure("customer_lifetime_value", *hundred(2), orders(), window=month("2024-05"))
    assert (bare.value, len(bare.notes)) == (pytest.approx(5000), 1)


def test_lifetime_value_without_churn_is_none():
    found = figure("customer_lifetime_value", *hundred(0), orders(), window=month("2024-05"))  # v177
    assert (found.value, found.whole.sum()) == (None, 100)
    few = paying({"A": [("2024-01", "2024-05-10", 100)], "B": [("2024-01", None, 100)]})
    assert figure("customer_lifetime_value", *few, orders(), window=month("2024-05")).value is None


def test_churn_of_a_quarter_is_made_monthly():
    of = {f"{pk:03}": [("2024-01", "2024-05-10" if pk < 27 else None, 10)] for pk in range(1000)}
    found = figure("customer_lifetime_value", *paying(of), orders(), window=window("2024-04", "2024-07"))
    assert found.beside["monthly_churn_percent"] == pytest.approx(100 * (1 - (1 - 0.027) ** (1 / 3)))


def test_lifetime_value_of_buyers():
    rows = [{"customer_id": pk, "placed_at": "2023-01-10", "amount": 40.0} for pk in range(10)]
    rows += [{"customer_id": pk, "placed_at": "2023-07-10", "amount": 60.0} for pk in range(10)]
    frames = (customers(ids=list(range(10))), subscriptions(), orders(*rows))
    found = figure("customer_lifetime_value", *frames, window=window("2023-01-01", "2024-01-01"))
    assert found.beside["mean_order"] == 50
    assert found.beside["orders_a_year"] == pytest.approx(2 * 365.25 / 365)
    lived = (seconds("2024-01-01") - 1 - seconds("2023-01-10")) / 86400
    assert found.beside["mean_lifetime_days"] == pytest.approx(lived)
    assert found.value == pytest.approx(50 * 2 * lived / 365)
    assert found.beside["brought_already"] == 100
