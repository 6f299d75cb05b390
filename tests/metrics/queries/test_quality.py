"""What is found out about the data; every fault once, and nothing where there is none."""

from datetime import UTC, datetime, timedelta

import pytest

from metrics.models import ImportRun, RejectedRow
from metrics.queries import quality
from metrics.queries.finding import Finding
from tests.factories import CustomerFactory, TicketEventFactory, TicketFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def run_of(*, source="test", state="done", **columns):
    return ImportRun.objects.create(kind="tickets", source=source, state=state, **columns)


def found(kind: str) -> list[Finding]:
    return [one for one in quality.findings("UTC") if one.kind == kind]


def test_an_empty_installation_has_no_faults():
    assert quality.findings("UTC") == []


def test_days_without_tickets_count_on_weekdays_that_usually_have_some():
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    for day in range(21):
        for _ in range(0 if day == 9 else 6 if day % 7 < 5 else 0):
            TicketFactory(created_at=start + timedelta(days=day))
    [one] = found("days_without_tickets")
    assert (one.count, one.of, one.level) == (1 + 5, 28, "problem")  # and nothing came in the week before today
    assert list(one.examples) == ["2026-03-11", "2026-03-23", "2026-03-24"]


def test_a_source_that_stops_is_not_hidden_by_another():
    for day in range(14):
        TicketFactory.create_batch(5, created_at=datetime(2026, 3, 16, 10, tzinfo=UTC) + timedelta(days=day))
        if day < 10:
            TicketFactory.create_batch(5, source="old", created_at=datetime(2026, 3, 16, tzinfo=UTC) + timedelta(day))
    [one] = found("days_without_tickets")
    assert (one.about, one.count, one.of) == ("old", 4, 14)
    assert list(one.examples) == ["2026-03-26", "2026-03-27", "2026-03-28"]


def test_today_may_still_be_without_tickets():
    for day in range(1, 15):
        TicketFactory.create_batch(5, created_at=NOW - timedelta(days=day))
    assert found("days_without_tickets") == []


def test_what_is_silent_is_named_with_its_kind():
    run_of(source="desk", finished_at=NOW - timedelta(days=1))
    TicketFactory(source="desk", created_at=NOW - timedelta(days=150))
    [late] = found("late_source")
    assert (late.about, late.count, late.level) == ("desk (tickets)", 150, "problem")


def test_impossible_times_are_counted_by_kind():
    TicketFactory(external_id="back", flags=["before_created_at:solved_at"], is_flagged=True)
    TicketFactory(external_id="both", flags=["before_created_at:solved_at", "future:closed_at"], is_flagged=True)
    TicketFactory()
    [negative], [future] = found("negative_time"), found("future_time")
    assert (negative.count, negative.of, list(negative.examples)) == (2, 3, ["both", "back"])
    assert (future.count, list(future.examples)) == (1, ["both"])


def test_more_than_a_year_is_more_often_a_wrong_date():
    TicketFactory(external_id="old", created_at="2025-03-01T10:00Z", solved_at="2026-03-02T10:00Z")
    TicketFactory(created_at="2026-03-01T10:00Z", solved_at="2026-03-02T10:00Z")
    [one] = found("very_long")
    assert (one.count, one.of, list(one.examples)) == (1, 2, ["old"])


def test_missing_values_are_named_with_their_share():
    for number in range(4):
        TicketFactory(channel="email", category="billing" if number else "", external_id=f"T{number}")
    missing = {one.about: (one.count, one.of, one.level) for one in found("missing_value")}
    assert missing == {"agent": (4, 4, "problem"), "team": (4, 4, "problem"), "category": (1, 4, "warning")}


def test_the_same_customer_and_subject_within_two_minutes_is_a_twin():
    one, other = CustomerFactory(), CustomerFactory()
    TicketFactory(customer=one, subject="Help", external_id="A", created_at="2026-03-02T10:00Z")
    TicketFactory(customer=one, subject="Help", external_id="B", created_at="2026-03-02T10:02Z")
    TicketFactory(customer=one, subject="Help", external_id="C", created_at="2026-03-02T10:05Z")
    TicketFactory(customer=other, subject="Help", external_id="D", created_at="2026-03-02T10:00Z")
    [twin] = found("twin_tickets")
    assert (twin.count, twin.of, list(twin.examples)) == (1, 4, ["A / B"])


def test_one_address_under_two_numbers_counts_twice():
    CustomerFactory(source="shop", email="a@example.org")
    CustomerFactory(source="shop", email="a@example.org")
    CustomerFactory(source="desk", email="a@example.org")
    [one] = found("doubled_customers")
    assert (one.count, one.of) == (1, 3)


def test_imports_that_failed_and_rows_that_wait_are_named():
    run_of(state="failed", file_name="broken.csv")
    run = run_of(state="done", file_name="some.csv", rejected=1)
    RejectedRow.objects.create(run=run, line=2, reason="missing", message="No id.", row=[])
    [failed], [rejected] = found("failed_imports"), found("rejected_rows")
    assert (failed.count, list(failed.examples)) == (1, ["broken.csv"])
    assert (rejected.count, list(rejected.examples)) == (1, ["some.csv"])


def test_a_status_without_a_time_of_its_end_is_named():
    TicketFactory(external_id="old", created_at="2024-03-02T10:00Z", status="Resolved")
    TicketFactory(external_id="new", status="Closed - Complete")
    TicketFactory(status="closed", closed_at="2026-03-03T10:00Z")
    TicketFactory(status="closed", is_spam=True)
    TicketFactory(status="open")
    known = TicketFactory(status="closed")
    TicketEventFactory(ticket=known, to_value="Closed")
    [one] = found("end_unknown")
    assert (one.count, one.of, list(one.examples), one.level) == (2, 6, ["new", "old"], "warning")
