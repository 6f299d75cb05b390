"""What keeping customers brings for what it costs, by hand."""

import pytest

from tests.metrics.catalogue.customers import customers, figure, month, orders, records, subscriptions

ASSUMED_ALL = {"attributed_share": 100.0, "gross_margin": 100.0}


def tried(kept, lost, *, cost, group="", first=0):
    """So many measures at so many customers, each of which cost so much."""
    row = {"kind": "retention", "started_at": "2025-06-10", "amount": float(cost), "group": group}
    outcomes = ["retained"] * kept + ["lost"] * lost
    return [{**row, "outcome": outcome, "customer_id": first + n} for n, outcome in enumerate(outcomes)]


def ordered(n, amount):
    """One order each in the year before the end of June 2025, and one before that."""
    old = [{"customer_id": pk, "placed_at": "2024-06-01", "amount": 9999.0} for pk in range(n)]
    return orders(*old, *[{"customer_id": pk, "placed_at": "2025-01-10", "amount": float(amount)} for pk in range(n)])


def returned(rows, bought, paid=None, **options):
    people = customers(ids=list(range(80)))
    paid = subscriptions() if paid is None else paid
    return figure("retention_roi", records(*rows), people, paid, bought, window=month("2025-06", options=options))


def test_return_is_what_is_gained_above_the_cost():
    # v178: twenty kept, each worth 500 a year, for 4000.
    found = returned(tried(20, 0, cost=200), ordered(20, 500), **ASSUMED_ALL)
    assert (found.value, found.part, found.base) == (150, 6000, 4000)
    assert found.beside == {"customers_kept": 20, "yearly_margin_each": 500, "gain": 10000, "cost": 4000}


def test_with_a_control_group_only_those_kept_by_it_count():
    """Of 40 treated 30 are kept, of 40 others 10: half of 40 are kept by it. Half of 1000 is margin."""
    rows = tried(30, 10, cost=100) + tried(10, 30, cost=999, group="control", first=40)
    found = returned(rows, ordered(80, 1000), gross_margin=50.0)
    assert (found.value, found.part, found.base) == (pytest.approx(150), pytest.approx(6000), 4000)
    assert found.notes == ("Controlled: compared with customers to whom nothing was done.",)


def test_what_subscribers_bring_is_twelve_months_of_what_they_pay():
    paid = subscriptions(*[{"customer_id": pk, "started_at": "2025-01", "mrr": 25.0} for pk in range(10)])
    found = returned(tried(10, 0, cost=200), orders(), paid, attributed_share=50.0)
    assert (found.value, found.beside["gain"]) == (-25, 1500)  # 5 × 300 for 2000


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (tried(20, 0, cost=200), {}),  # no group to compare with, and nothing assumed
        (tried(20, 0, cost=0), ASSUMED_ALL),
        (tried(0, 5, cost=200), ASSUMED_ALL),  # nobody was kept who could be worth anything
        ([], ASSUMED_ALL),
    ],
)
def test_what_cannot_be_known_is_no_figure(rows, options):
    assert returned(rows, ordered(20, 500), **options).value is None


def test_measures_without_an_outcome_are_left_out():
    rows = [*tried(20, 0, cost=200), {"kind": "retention", "started_at": "2025-06-10", "amount": 500.0}]
    found = returned(rows, ordered(20, 500), **ASSUMED_ALL)
    assert (found.value, found.excluded["undecided"].sum()) == (150, 1)
