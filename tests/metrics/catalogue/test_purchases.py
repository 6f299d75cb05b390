"""Who buys again, and after what, by hand."""

import pytest

from metrics.frames.attribution import last_tickets
from metrics.kpi import UNKNOWN
from tests.metrics.catalogue.customers import answers, customers, figure, month, orders, subscriptions, tickets


def left_out(found):
    return {reason: int(rows.sum()) for reason, rows in found.excluded.items() if rows.sum()}


def after_support(asked, bought, **more):
    given = bought.assign(ticket_id=last_tickets(asked, bought))
    return figure("support_conversion", asked, given, window=month("2025-06", **more))


def test_an_order_goes_to_the_most_recent_ticket_of_its_customer():
    # v189: a asks on the 1st and on the 3rd and orders on the 5th, b asks on the 2nd and orders on the 20th.
    asked = tickets(
        {"customer_id": 1, "created_at": "2025-06-01"},
        {"customer_id": 1, "created_at": "2025-06-03"},
        {"customer_id": 2, "created_at": "2025-06-02"},
    )
    bought = orders(
        {"customer_id": 1, "placed_at": "2025-06-05", "amount": 50.0},
        {"customer_id": 2, "placed_at": "2025-06-20", "amount": 70.0},
    )
    found = after_support(asked, bought, options={"conversion_days": 5})
    assert (round(found.value, 4), found.part, found.base) == (33.3333, 1, 3)
    assert (found.values.tolist(), found.beside) == ([0, 1, 0], {"revenue": 50})
    wide = after_support(asked, bought, options={"conversion_days": 18})
    assert (wide.values.tolist(), wide.beside) == ([0, 1, 1], {"revenue": 120})
    narrow = after_support(asked, bought, options={"conversion_days": 1})
    assert (narrow.value, narrow.beside) == (0, {"revenue": 0})


def test_orders_after_support_leave_out_nobody_and_what_is_recent():
    asked = tickets(
        {"customer_id": 1, "created_at": "2025-06-01"},
        {"created_at": "2025-06-01"},
        {"customer_id": 2, "created_at": "2025-06-28"},
    )
    bought = orders({"placed_at": "2025-06-02"}, {"customer_id": 2, "placed_at": "2025-06-29"})
    found = after_support(asked, bought, now="2025-07-01")
    assert (found.value, found.base, left_out(found)) == (0, 1, {"customer_unknown": 1, "too_recent": 1})


def test_a_ticket_that_does_not_count_takes_no_order_away():
    rows = [{"customer_id": 1, "created_at": f"2025-06-0{day}"} for day in (1, 2, 2, 3)]
    asked = tickets(*rows).assign(excluded_because=["", "", "", "spam"])
    bought = orders({"customer_id": 1, "placed_at": "2025-06-04"}, {"customer_id": 1, "placed_at": "2025-05-31"})
    assert last_tickets(asked, bought).tolist() == [3, UNKNOWN]
    assert last_tickets(asked[:0], bought).tolist() == [UNKNOWN, UNKNOWN]
    assert after_support(asked[:0], bought).value is None


def test_orders_that_no_source_tells_of_are_unknown():
    asked = tickets({"customer_id": 1, "created_at": "2025-06-01"}, {"created_at": "2025-06-01"})
    found = after_support(asked, orders())
    assert (found.value, found.base, left_out(found)) == (None, 0, {"customer_unknown": 1, "orders_unknown": 1})
    assert found.beside == {"revenue": None}
    found = after_support(asked, orders({"placed_at": "2020-01-01"}))
    assert (found.value, found.base, left_out(found)) == (0, 1, {"customer_unknown": 1})


def test_repeat_purchase_is_of_the_period_and_soon_is_of_first_orders():
    bought = orders(
        *[
            {"customer_id": pk, "placed_at": f"2025-{day}", **values}
            for pk, day, values in (
                (1, "06-01", {}),
                (1, "06-10", {}),
                (2, "06-05", {}),
                (2, "07-01", {}),
                (3, "05-01", {}),
                (3, "06-20", {}),
                (4, "06-20", {}),  # 90 days are not over
                (5, "06-02", {}),
                (5, "06-03", {"cancelled_at": "2025-06-04"}),
                (6, "06-04", {"status": "Refunded"}),
                (7, "06-04", {"amount": 0.0}),
            )
        ]
    )
    found = figure(
        "repeat_purchase_rate",
        customers(ids=list(range(1, 8))),
        subscriptions(),
        bought,
        window=month("2025-06", now="2025-09-15"),
    )
    assert (found.value, found.part, found.base) == (20, 1, 5)
    assert found.beside == {
        "orders_per_customer": pytest.approx(1.2),
        "again_soon_percent": pytest.approx(200 / 3),
        "first_orders": 3,
    }


def test_satisfied_buyers_come_again():
    """Of 15 satisfied buyers 12 order again after their answer, of 15 others 3: φ is (12 × 12 − 3 × 3) ÷ (15 × 15)."""
    groups = [(5, True)] * 12 + [(5, False)] * 3 + [(1, True)] * 3 + [(1, False)] * 12
    bought = [{"customer_id": pk, "placed_at": "2025-05-01"} for pk in range(33)]
    bought += [{"customer_id": pk, "placed_at": "2025-07-01"} for pk, (_score, again) in enumerate(groups) if again]
    bought += [{"customer_id": 29, "placed_at": "2025-06-09"}]  # before the answer
    said = [
        {"customer_id": pk, "kind": "csat", "answered_at": "2025-06-10", "score": score}
        for pk, (score, _again) in enumerate(groups)
    ]
    said += [{"customer_id": 30, "kind": "csat", "answered_at": "2025-06-20", "score": 5}]
    said += [{"customer_id": 40, "kind": "csat", "answered_at": "2025-06-10", "score": 5}]  # never bought
    frames = (customers(ids=list(range(41))), orders(*bought), answers(*said))
    found = figure("repeat_purchase_by_service", *frames, window=month("2025-06", now="2025-09-10"))
    assert (found.value, found.whole.sum(), left_out(found)) == (pytest.approx(0.6), 30, {"too_recent": 1})
    assert (found.beside["satisfied_percent"], found.beside["others_percent"]) == (80, 20)
    # Wilson's 54.81 to 92.95 and 7.05 to 45.19, put together as Newcombe does.
    assert round(found.beside["difference_low_points"], 1) == 24.4
    assert round(found.beside["difference_high_points"], 1) == 78.3
    assert found.beside["difference_points"] == pytest.approx(60)
