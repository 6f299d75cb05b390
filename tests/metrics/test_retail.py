"""The orders of an online shop (UCI Online Retail), against figures computed from them with plain pandas.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import json
import os
from datetime import UTC
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from metrics import frames
from metrics.frames import tables
from metrics.models import Customer, DirtyDay, Order
from tests.metrics.importing import counts, imported

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
SHOP = SHARED / "data" / "online_retail_uci"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHOP.is_dir(), reason="the orders of the shop are not beside the repository"),
]

READ = ("--source", "shop", "--tz", "UTC", "--map", "amount=amount_gbp")


def reference(name: str) -> Any:
    return json.loads((SHOP / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def cohort(month: str) -> list[int]:
    """How many of the customers whose first order fell into a month bought that month, and in each one after it."""
    orders = tables.read("orders", frames.context())
    months = pd.to_datetime(orders["placed_at"], unit="s").dt.to_period("M")
    first = months.groupby(orders["customer_id"]).transform("min")
    bought = orders["customer_id"][first == month].groupby(months[first == month]).nunique()
    return [int(count) for count in bought.sort_index()]


def test_the_orders_are_imported_as_they_are() -> None:
    path = SHOP / "orders.csv.gz"
    answer = imported("orders", path, *READ)
    assert counts(answer) == (reference("orders_positive"), reference("orders_positive"), 0, 0, 0)
    assert answer["warnings"] == [
        {"code": "unknown_customer", "count": reference("customers_positive"), "example": "12346"}
    ]
    assert Customer.objects.filter(is_stub=True).count() == reference("customers_positive")
    months = Order.objects.annotate(month=TruncMonth("placed_at", tzinfo=UTC)).values_list("month")
    rows = list(months.annotate(count=Count("id"), sum=Sum("amount"), buyers=Count("customer", distinct=True)))
    assert {f"{month:%Y-%m}": count for month, count, *_ in rows} == reference("orders_by_month")
    assert {f"{row[0]:%Y-%m}": row[3] for row in rows} == reference("active_customers_by_month")
    assert {f"{row[0]:%Y-%m}": round(float(row[2]), 2) for row in rows} == {
        month: round(revenue, 2) for month, revenue in reference("revenue_by_month").items()
    }
    assert cohort("2010-12")[:3] == [885, 324, 286]
    assert cohort("2010-12") == reference("cohort_positive_only")["counts"]["2010-12"]
    often = Customer.objects.annotate(count=Count("orders")).filter(count__gt=1).count()
    assert round(often / reference("customers_positive"), 6) == reference("repeat_purchase_rate")

    DirtyDay.objects.all().delete()
    assert counts(imported("orders", path, *READ)) == (18_532, 0, 0, 18_532, 0)
    assert not DirtyDay.objects.exists()
