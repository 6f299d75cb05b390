"""Kaplan–Meier by hand, and laws of it."""

import csv
import gzip
import json
import os
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest

from kpiproject.lib.survival import kaplan_meier

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[4] / "shared"))
TELCO = SHARED / "data" / "telco_churn_ibm"


def test_steps_by_hand() -> None:
    # At 2 one of 5 ends; at 3 one of 4, and one is censored there; at 8 one of 2; the last is censored at 9.
    found = kaplan_meier([2, 3, 3, 8, 9], [True, True, False, True, False])
    assert found.times.tolist() == [2, 3, 8]
    assert np.round(found.shares, 12).tolist() == [0.8, 0.6, 0.3]
    assert (found.n, found.ended, found.longest) == (5, 3, 9)
    assert [found.at(time) for time in (0, 1.9, 2, 8.5, 9, 9.1)] == [
        1.0, 1.0, 0.8, found.shares[2], found.shares[2], None,
    ]  # fmt: skip
    assert found.median == 8
    assert found.restricted_mean == pytest.approx(2 + 0.8 + 5 * 0.6 + 0.3)


def test_interval_by_hand() -> None:
    found = kaplan_meier([2, 3, 3, 8, 9], [True, True, False, True, False])
    greenwood = 1 / (5 * 4) + 1 / (4 * 3)
    reach = exp(1.959963984540054 * sqrt(greenwood) / -log(0.6))
    low, high = found.interval_at(3) or (None, None)
    assert (low, high) == (pytest.approx(0.6**reach), pytest.approx(0.6 ** (1 / reach)))
    assert found.interval_at(1) == (1, 1)
    assert found.interval_at(10) is None


def test_more_than_half_lasting_has_no_median() -> None:
    found = kaplan_meier([1, 5, 5], [True, False, False])
    assert (found.median, found.restricted_mean) == (None, pytest.approx(1 + 4 * 2 / 3))
    assert found.median_interval[1] is None


def test_nothing_says_nothing() -> None:
    found = kaplan_meier([], [])
    assert (found.median, found.restricted_mean, found.at(0), found.n) == (None, None, None, 0)
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([-1], [True])


def test_without_censoring_it_is_the_share_that_is_left() -> None:
    lasted = np.array([1, 1, 2, 4, 4, 4, 7])
    found = kaplan_meier(lasted, np.ones(7, dtype=bool))
    for time in range(7):
        assert found.at(time) == pytest.approx((lasted > time).mean())
    assert found.at(7) == 0
    assert found.restricted_mean == pytest.approx(lasted.mean())


@pytest.mark.skipif(not TELCO.is_dir(), reason="the telco customers are not beside the repository")
def test_the_telco_customers() -> None:
    with gzip.open(TELCO / "Telco-Customer-Churn.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    reference = json.loads((TELCO / "reference.json").read_text(encoding="utf-8"))
    found = kaplan_meier([int(row["tenure"]) for row in rows], [row["Churn"] == "Yes" for row in rows])
    assert (found.n, found.ended) == (reference["customers"]["value"], reference["churned"]["value"])
    assert round(found.ended / found.n, 5) == reference["churn_rate"]["value"]
    assert {month: round(found.at(int(month)) or 0, 6) for month in reference["km_survival"]["value"]} == reference[
        "km_survival"
    ]["value"]
