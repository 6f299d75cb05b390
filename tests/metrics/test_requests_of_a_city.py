"""Service requests to the city of New York, of which 325 were closed before they were opened.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import json
import os
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, F
from django.db.models.functions import TruncMonth

from metrics.models import Ticket
from tests.metrics.figures import point
from tests.metrics.importing import counts, imported

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
CITY = SHARED / "data" / "nyc311_2020_extract"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not CITY.is_dir(), reason="the requests to the city are not beside the repository"),
]

MAP = ("external_id=unique_key", "created_at=created", "solved_at=closed", "category=complaint_type", "team=borough")
READ = ("--source", "city", "--tz", "UTC", *(part for one in MAP for part in ("--map", one)))


def reference(name: str) -> Any:
    return json.loads((CITY / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def test_what_was_closed_before_it_was_opened_is_flagged_and_left_out() -> None:
    answer = imported("tickets", CITY / "nyc_311.csv.gz", *READ)
    rows, backwards = reference("rows"), reference("negative_durations")
    assert counts(answer) == (rows, rows, 0, 0, 0)
    warned = {one["code"]: one["count"] for one in answer["warnings"]}
    assert warned["negative_duration"] == backwards
    assert Ticket.objects.filter(solved_at__lt=F("created_at"), is_flagged=True).count() == backwards
    assert Ticket.objects.filter(solved_at=F("created_at")).count() == reference("zero_durations")
    months = Ticket.objects.annotate(month=TruncMonth("created_at", tzinfo=UTC)).values_list("month")
    found = months.annotate(count=Count("id")).order_by("month")
    assert {f"{month:%Y-%m}": count for month, count in found} == reference("created_by_month")

    hours = reference("close_hours_nonnegative")
    figure = point("resolution_time", clock="calendar")
    assert (figure.n, figure.excluded) == (hours["n"], {"negative_duration": backwards})
    assert round((figure.mean or 0) / 3600, 4) == round(hours["mean"], 4)
    assert round((figure.median or 0) / 3600, 2) == round(hours["median"], 2)
