"""The orders of a real shop (UCI, online retail), against figures computed from them with plain pandas.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import csv
import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kpiproject.lib.periods import Grain
from metrics.models import Customer, KpiOptions, Order
from tests.metrics.figures import day, organisation, point, points

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
SHOP = SHARED / "data" / "online_retail_uci"
YEAR = {"start": day("2010-12-01"), "end": day("2011-12-10")}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHOP.is_dir(), reason="the orders of the shop are not beside the repository"),
]


def reference(name: str) -> Any:
    return json.loads((SHOP / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def taken_in() -> None:
    organisation(time_zone="UTC", currency="GBP")
    with gzip.open(SHOP / "orders.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["customer_id"] for row in rows})
    Customer.objects.bulk_create(Customer(source="shop", external_id=name, is_stub=True) for name in names)
    known = dict(Customer.objects.values_list("external_id", "pk"))
    Order.objects.bulk_create(_orders(rows, known), batch_size=2000)


def _orders(rows: list[dict[str, str]], known: dict[str, int]) -> Iterator[Order]:
    for row in rows:
        placed = datetime.fromisoformat(row["ordered_at"]).replace(tzinfo=UTC)
        yield Order(
            source="shop",
            external_id=row["invoice"],
            customer_id=known[row["customer_id"]],
            placed_at=placed,
            amount=row["amount_gbp"],
        )


def test_the_shop_is_what_others_have_found() -> None:
    taken_in()
    repeat = point("repeat_purchase_rate", **YEAR)
    assert (repeat.n, round((repeat.value or 0) / 100, 6)) == (
        reference("customers_positive"),
        reference("repeat_purchase_rate"),
    )
    assert round(repeat.beside["orders_per_customer"] or 0, 6) == reference("orders_per_customer")
    spent = point("average_revenue_per_account", **YEAR)
    assert round(spent.value or 0, 5) == round(reference("revenue_per_customer"), 5)
    assert round(spent.median or 0, 3) == reference("revenue_per_customer_median")


def test_cohorts_are_the_published_ones() -> None:
    taken_in()
    counts = reference("cohort_positive_only")["counts"]["2010-12"]
    found = points("cohort_retention", start=day("2010-12-01"), end=day("2011-01-01"), by="month")
    assert [(one.member, one.part, one.whole) for one in found] == [
        (str(age), count, counts[0]) for age, count in enumerate(counts)
    ]
    assert len(found) == len(counts)  # nobody knows of the years since
    assert counts[:3] == [885, 324, 286]
    triangle = points(
        "cohort_retention", start=day("2010-12-01"), end=day("2011-02-01"), grain=Grain.MONTH, by="cohort"
    )
    assert [(one.member, one.part, one.whole) for one in triangle] == [
        ("2010-12", 885, 885), ("2010-12", 324, 885), ("2011-01", 417, 417),
    ]  # fmt: skip


def test_who_has_not_ordered_for_90_days_is_gone() -> None:
    taken_in()
    KpiOptions.objects.create(pk=1, active_days=90)
    gone = reference("churned_90_days")
    here = point("retention_rate", start=day("2011-12-09"), end=day("2011-12-10")).beside["customers_at_end"]
    assert here == gone["customers"] - gone["inactive"]
