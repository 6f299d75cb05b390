"""The real incident log of a company (UCI 498), against figures computed from it with plain pandas.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, Max, Min
from django.db.models.functions import ExtractWeekDay, TruncMonth

from metrics.models import Customer, DirtyDay, Ticket, TicketEvent, TicketHistory
from tests.metrics.importing import counts, imported

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
LOG = SHARED / "data" / "uci_incident_event_log"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LOG.is_dir(), reason="the UCI incident log is not beside the repository"),
]


def reference(name: str) -> Any:
    return json.loads((LOG / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def by_month(column: str) -> dict[str, int]:
    months = Ticket.objects.exclude(**{column: None}).annotate(month=TruncMonth(column, tzinfo=UTC))
    rows = months.values_list("month").annotate(count=Count("id")).order_by("month")
    return {f"{month:%Y-%m}": count for month, count in rows}


def by(column: str, most: int = 100) -> dict[str, int]:
    rows = Ticket.objects.exclude(**{column: ""}).values_list(column).annotate(count=Count("id"))
    return dict(sorted(rows, key=lambda row: -row[1])[:most])


def check_tickets() -> None:
    """Every figure that the reference has and that needs no KPI."""
    assert Ticket.objects.count() == reference("incidents")
    ends = Ticket.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    assert [f"{at:%Y-%m-%d %H:%M:%S}" for at in ends.values()] == reference("opened_first_last")
    assert by_month("created_at") == reference("opened_by_month")
    assert by_month("solved_at") == reference("resolved_by_month")
    assert by_month("closed_at") == reference("closed_by_month")
    assert Ticket.objects.filter(solved_at=None).count() == reference("unresolved_missing")
    assert Ticket.objects.filter(reopens__gt=0).count() == 275
    assert round(Ticket.objects.filter(sla_met=True).count() / 24_918, 4) == reference("sla_met_share")
    once = Ticket.objects.filter(reopens=0, reassignments=0).count()
    assert round(once / 24_918, 2) == round(reference("fcr_proxy_share"), 2)
    assert by("priority") == reference("priority_counts")
    assert by("channel") == reference("contact_type_counts")
    assert by("category", 10) == reference("top_categories")
    assert Customer.objects.count() == reference("callers")
    days = Counter(Ticket.objects.annotate(day=ExtractWeekDay("created_at", tzinfo=UTC)).values_list("day", flat=True))
    assert {str((day - 2) % 7): count for day, count in days.items()} == reference("opened_by_weekday")


def test_the_log_is_imported_as_it_is() -> None:
    path = LOG / "incident_event_log.csv.gz"
    first = imported("tickets", path, "--tz", "UTC")
    assert (first["format"], counts(first)) == ("servicenow", (141_712, 24_918, 0, 116_794, 0))
    check_tickets()

    DirtyDay.objects.all().delete()
    again = imported("tickets", path, "--tz", "UTC")
    assert (counts(again), again["written"]) == ((141_712, 0, 0, 141_712, 0), {})
    assert not DirtyDay.objects.exists()

    before = list(Ticket.objects.order_by("id").values_list("id", "row_hash"))
    events = imported("ticket_events", path, "--tz", "UTC")
    assert counts(events) == (141_712, 112_565, 0, 29_147, 0)
    assert events["written"] == {"ticket_events": TicketEvent.objects.count()}
    assert list(Ticket.objects.order_by("id").values_list("id", "row_hash")) == before
    check_tickets()
    assert TicketHistory.objects.count() == reference("incidents")
    assert TicketEvent.objects.filter(kind="created").count() == reference("incidents")
    last = Ticket.objects.get(external_id="INC0121064").events.latest("at", "id")
    assert (last.kind, last.to_value, last.at) == ("status", "Closed", datetime(2017, 2, 16, 16, 38, tzinfo=UTC))
