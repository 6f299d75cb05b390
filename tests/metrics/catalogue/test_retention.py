"""Who stays, by hand."""

from typing import Any

import pytest

from kpiproject.lib.survival import kaplan_meier
from metrics.catalogue import CATALOGUE
from tests.metrics.catalogue.customers import customers, figure, month, orders, subscriptions, window

NO_ORDERS = orders()


def subscribed(*spans):
    """Of (customer, from, until) each."""
    rows = [{"customer_id": pk, "started_at": start, "ended_at": end, "mrr": 10.0} for pk, start, end in spans]
    return subscriptions(*rows)


def counted(start, kept, new=0, returned=0):
    """Customers active at the start of May, some of whom stay, new ones, and some who had left in March."""
    spans = [(pk, "2024-01", None if pk <= kept else "2024-05-15") for pk in range(1, start + 1)]
    spans += [(1000 + pk, "2024-05-10", None) for pk in range(new)]
    for pk in range(2000, 2000 + returned):
        spans += [(pk, "2024-01", "2024-03"), (pk, "2024-05-20", None)]
    found = subscribed(*spans)
    return customers(ids=sorted(set(found.customer_id))), found


def test_simple_retention_is_the_formula_in_common_use():
    # v156: 100 at the start, 115 at the end, 25 of them new.
    found = figure("retention_rate", *counted(100, 90, new=25), NO_ORDERS, window=month("2024-05"))
    assert (found.value, found.part, found.base, found.whole.sum()) == (90, 90, 100, 100)
    assert found.beside == {"cohort_retention": 90, "returned_customers": 0, "customers_at_end": 115}
    assert len(found.notes) == 1


def test_customers_who_came_back_are_warned_of():
    # v157: 100 at the start, two lost, six from earlier come back.
    found = figure("retention_rate", *counted(100, 98, returned=6), NO_ORDERS, window=month("2024-05"))
    assert (found.value, found.beside["cohort_retention"], found.beside["customers_at_end"]) == (104, 98, 104)
    assert "6 customers who came back" in str(found.notes[1])
    assert (found.low, found.high) == (None, None)


def test_churn_leaves_out_who_only_passed_and_who_came_back():
    # v154: twelve leave, one of them comes back and one had only just joined.
    spans = [(pk, "2024-01", "2024-05-10" if pk <= 11 else None) for pk in range(1, 101)]
    spans += [(11, "2024-05-20", None), (500, "2024-05-03", "2024-05-20")]
    found = subscribed(*spans)
    judged = figure(
        "churn_rate", customers(ids=sorted(set(found.customer_id))), found, NO_ORDERS, window=month("2024-05")
    )
    assert (judged.value, judged.part, judged.base) == (10, 10, 100)
    assert judged.beside == {"joined_and_left": 1}


def test_churn_can_be_recognised_when_it_is_asked_for():
    one = {"customer_id": 1, "started_at": "2024-01", "cancel_requested_at": "2024-05-10", "ended_at": "2024-08"}
    other = {"customer_id": 2, "started_at": "2024-01"}
    frames = (customers(ids=[1, 2]), subscriptions(one, other), NO_ORDERS)
    assert figure("churn_rate", *frames, window=month("2024-05")).value == 0
    asked = month("2024-05", options={"recognition": "request"})
    assert figure("churn_rate", *frames, window=asked).value == 50


def test_trials_are_no_subscriptions_yet():
    trial = {"customer_id": 1, "started_at": "2024-04-20", "trial_ends_at": "2024-05-20"}
    frames = (customers(ids=[1, 2]), subscriptions(trial, {"customer_id": 2, "started_at": "2024-01"}), NO_ORDERS)
    assert figure("retention_rate", *frames, window=month("2024-05")).base == 1
    assert figure("retention_rate", *frames, window=month("2024-06")).base == 2


def test_buyers_are_active_for_a_time_after_their_order():
    bought = orders({"customer_id": 1, "placed_at": "2024-01-10"}, {"customer_id": 2, "placed_at": "2024-04-10"})
    frames = (customers(ids=[1, 2]), subscriptions(), bought)
    found = figure("retention_rate", *frames, window=month("2024-04", options={"active_days": 90}))
    assert (found.base, found.value) == (1, 0)  # the first one for 90 days, until 9 April
    assert "90 days" in str(found.notes[0])


def test_without_anything_else_signing_up_and_leaving_count():
    rows = [
        {"customer_id": 1, "signed_up_at": "2024-01"},
        {"customer_id": 2, "signed_up_at": "2024-01", "left_at": "2024-02-09"},
    ]
    found = figure("churn_rate", customers(*rows), subscriptions(), NO_ORDERS, window=month("2024-02"))
    assert (found.value, found.base) == (50, 2)


def test_nobody_is_no_figure():
    for code in ("retention_rate", "churn_rate", "customer_lifetime", "winback_rate"):
        found = figure(code, customers(), subscriptions(), NO_ORDERS, window=month("2024-05"))
        assert (found.value, found.whole.sum(), found.low) == (None, 0, None)


def test_lifetime_is_the_kaplan_meier_median():
    spans = [
        (1, "2024-01-01", "2024-01-11"),
        (2, "2024-01-01", "2024-01-31"),
        (3, "2024-01-01", None),
        (4, "2024-02-01", None),
    ]
    frames = (customers(ids=[1, 2, 3, 4, 5]), subscribed(*spans), NO_ORDERS)
    found = figure("customer_lifetime", *frames, window=window("2024-01-01", "2024-03-01"))
    second = 1 / 86400
    curve = kaplan_meier([10, 30, 60 - second, 29 - second], [True, True, False, False])
    assert found.whole.tolist() == [True] * 4 + [False]
    assert (found.value, found.mean) == (curve.median, pytest.approx(curve.restricted_mean))
    assert found.value == 30  # 4 → 3 left after 10 days; one is censored at 29; of two one is left after 30: 37.5 %
    assert found.beside["mean_of_those_gone"] == 20


def test_who_came_back_has_not_left():
    frames = (customers(ids=[1]), subscribed((1, "2024-01", "2024-02"), (1, "2024-03", None)), NO_ORDERS)
    found = figure("customer_lifetime", *frames, window=month("2024-03"))
    assert (found.value, found.beside["customers_gone"]) == (None, 0)
    assert str(found.notes[0]).startswith("More than half of them are still here")


def test_win_back_is_of_those_lost_before():
    spans = [(1, "2023-01", "2024-01"), (1, "2024-05-10", None), (2, "2023-01", "2024-01"), (3, "2020-01", "2021-01")]
    spans += [(3, "2024-05-10", None), (4, "2023-01", None)]
    found = figure("winback_rate", customers(ids=[1, 2, 3, 4]), subscribed(*spans), NO_ORDERS, window=month("2024-05"))
    assert (found.value, found.part, found.base) == (50, 1, 2)  # the third left more than 12 months before


def test_cohorts_are_followed_by_month():
    rows = [
        (1, "2024-01-05"),
        (1, "2024-02-07"),
        (2, "2024-01-31"),
        (2, "2024-03-01"),
        (3, "2024-02-01"),
        (3, "2024-03-09"),
    ]
    bought = orders(*({"customer_id": pk, "placed_at": day} for pk, day in rows))
    frames = (customers(ids=[1, 2, 3, 4]), subscriptions(), bought)
    judge: Any = CATALOGUE["cohort_retention"].function
    found = judge(*frames, window=month("2024-01", now="2024-04-02", by="month")).parts
    assert {name: (one.part, one.base) for name, one in found.items()} == {"0": (2, 2), "1": (1, 2), "2": (1, 2)}
    both = judge(*frames, window=window("2024-01", "2024-03", now="2024-04-02", by="month")).parts
    assert {name: (one.part, one.base) for name, one in both.items()} == {"0": (3, 3), "1": (2, 3), "2": (1, 2)}
    cohorts = judge(*frames, window=month("2024-03", now="2024-04-02", by="cohort")).parts
    assert {name: (one.part, one.base) for name, one in cohorts.items()} == {"2024-01": (1, 2), "2024-02": (1, 1)}


def cohorts(*bought, **asked):
    rows = [{"customer_id": pk, "placed_at": day} for pk, day in bought]
    judge: Any = CATALOGUE["cohort_retention"].function
    return judge(customers(ids=[1, 2, 3]), subscriptions(), orders(*rows), window=window("2024-01", "2025-01", **asked))


def counts(found):
    return {name: (one.part, one.base) for name, one in found.parts.items()}


def test_months_after_the_last_order_that_is_known_do_not_count():
    bought = [(1, "2024-01-05"), (2, "2024-01-31"), (1, "2024-02-07"), (3, "2024-02-29 23:00")]
    found = cohorts(*bought, by="month")
    assert counts(found) == {"0": (3, 3), "1": (1, 2)}
    assert not any(one.notes for one in found.parts.values())
    by_cohort = cohorts(*bought, by="cohort")
    assert counts(by_cohort) == {"2024-01": (1, 2), "2024-02": (1, 1)}
    assert counts(cohorts(*bought, by="tier")) == {"": (1, 2)}
    assert cohorts(*bought, by="tier").excluded["too_recent"].tolist() == [False, False, True]


def test_the_first_month_has_no_interval():
    found = cohorts((1, "2024-01-05"), (2, "2024-01-31"), (1, "2024-02-07"), by="month").parts
    assert [(one.value, one.low, one.high) for one in found.values()] == [
        (100, None, None), (50, pytest.approx(9.45, abs=0.01), pytest.approx(90.55, abs=0.01)),
    ]  # fmt: skip
    (same,) = cohorts((1, "2024-01-05"), (2, "2024-01-31"), by="cohort").parts.values()
    assert (same.value, same.low, same.high) == (100, None, None)


def test_a_month_in_which_the_orders_end_says_so():
    found = cohorts((1, "2024-01-05"), (2, "2024-01-31"), (1, "2024-02-07"), by="month").parts
    assert [(name, one.part, one.base, len(one.notes)) for name, one in found.items()] == [
        ("0", 2, 2, 0), ("1", 1, 2, 1),
    ]  # fmt: skip
    assert found["1"].notes == (
        "No order after 7 Feb 2024 is known: the share of the month in which it lies may be too low.",
    )


def test_a_month_that_is_not_over_does_not_count_for_any_cohort():
    bought = [(1, "2024-01-05"), (2, "2024-01-31"), (1, "2024-02-07"), (3, "2024-02-08")]
    found = cohorts(*bought, by="cohort", now="2024-02-20")
    assert (counts(found), found.excluded["too_recent"].tolist()) == ({"2024-01": (2, 2)}, [False, False, True])
    nothing = cohorts((1, "2024-02-07"), by="month", now="2024-02-20")
    assert (nothing.parts, nothing.excluded["too_recent"].tolist()) == ({}, [True, False, False])


def test_subscriptions_are_in_force_until_they_end_whenever_the_last_one_began():
    one, other = {"customer_id": 1, "started_at": "2024-01"}, {"customer_id": 2, "started_at": "2024-01-05"}
    held = subscriptions(one, other | {"ended_at": "2024-03"})
    judge: Any = CATALOGUE["cohort_retention"].function
    asked = window("2024-01", "2024-02", now="2024-07-01", by="month")
    found = judge(customers(ids=[1, 2]), held, orders(), window=asked)
    assert list(counts(found).values()) == [(2, 2), (2, 2), (1, 2), (1, 2), (1, 2), (1, 2)]
