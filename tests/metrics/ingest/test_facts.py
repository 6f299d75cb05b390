"""Every kind that has rows of its own, through the command."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.models import (
    AgentTime,
    CostEntry,
    Customer,
    DirtyDay,
    FrameVersion,
    Message,
    Order,
    RejectedRow,
    ServiceRecord,
    Subscription,
)
from metrics.sources.columns import ALL_KINDS
from metrics.sources.samples import sample
from tests.metrics.importing import counts, imported, written

pytestmark = pytest.mark.django_db

TICKETS = ["external_id,created_at,customer", "A,2026-01-05 10:00,C1", "B,2026-01-06 10:00,"]


def codes(answer: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {one["code"]: (one["count"], one["example"]) for one in answer["warnings"]}


def days(frame: str) -> list[str]:
    return [str(day) for day in DirtyDay.objects.filter(frame=frame).order_by("day").values_list("day", flat=True)]


def faults() -> list[tuple[str, str, str]]:
    return list(RejectedRow.objects.order_by("line").values_list("column", "reason", "message"))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_the_sample_of_every_kind_can_be_imported_and_the_second_time_changes_nothing(
    kind: str, tmp_path: Path
) -> None:
    if kind in ("ticket_events", "messages"):
        imported("tickets", written(tmp_path, sample("tickets"), "tickets.csv"))
    path = written(tmp_path, sample(kind))
    assert counts(imported(kind, path)) == (1, 1, 0, 0, 0)
    DirtyDay.objects.all().delete()
    versions = list(FrameVersion.objects.order_by("frame").values_list("frame", "version"))
    assert counts(imported(kind, path)) == (1, 0, 0, 1, 0)
    assert not DirtyDay.objects.exists()
    assert list(FrameVersion.objects.order_by("frame").values_list("frame", "version")) == versions


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind not in ("ticket_events", "messages")])
def test_a_dry_run_writes_nothing(kind: str, tmp_path: Path) -> None:
    answer = imported(kind, written(tmp_path, sample(kind)), "--dry-run")
    assert counts(answer) == (1, 1, 0, 0, 0)
    models = (Customer, Subscription, Order, AgentTime, CostEntry, ServiceRecord)
    assert [model._default_manager.count() for model in models] == [0] * 6
    assert not DirtyDay.objects.exists()


def test_orders(tmp_path: Path) -> None:
    lines = [
        "order id;customer;order date;total;state;colour",
        "O1;C1;31.12.2025 23:30;1.234,50 €;paid;red",
        "O2;C2;01.01.2026 10:00;-5,00;refunded;",
        "O3;C2;01.01.2026 10:00;$ 7,00;paid;",
        "O4;C2;01.01.2026 10:00;many;paid;",
        "O5;;01.01.2026 10:00;1,00;paid;",
        "O6;C2;01.01.2026 10:00;123456789012,00;paid;",
    ]
    answer = imported("orders", written(tmp_path, lines), "--tz", "UTC")
    assert (counts(answer), answer["written"]) == ((6, 3, 0, 0, 3), {"orders": 3})
    rows = Order.objects.order_by("external_id").values_list("amount", "currency", "customer__external_id", "flags")
    assert list(rows) == [
        (Decimal("1234.5"), "EUR", "C1", []),
        (Decimal(-5), "", "C2", ["negative:amount"]),
        (Decimal(7), "", "C2", []),
    ]
    assert Order.objects.get(external_id="O1").extra == {"colour": "red"}
    assert codes(answer) == {
        "currency_open": (1, "$ 7,00"),
        "negative_amount": (1, "O2"),
        "unknown_customer": (2, "C1"),
    }
    assert faults() == [
        ("amount", "bad_amount", "“many” is not an amount; write it like 1234.56."),
        ("customer", "missing_value", "customer is missing."),
        (
            "amount",
            "bad_amount",
            "“123456789012,00” is too large; an amount has at most 11 digits before the decimal point.",
        ),
    ]
    assert days("orders") == ["2025-12-31", "2026-01-01"]


def test_a_corrected_order_is_computed_again_on_both_days(tmp_path: Path) -> None:
    header = "external_id,customer,placed_at,amount"
    imported("orders", written(tmp_path, [header, "O1,C1,2026-01-01 10:00,5"]), "--tz", "UTC")
    DirtyDay.objects.all().delete()
    answer = imported("orders", written(tmp_path, [header, "O1,C1,2026-01-03 10:00,5.0000"]), "--tz", "UTC")
    assert counts(answer) == (1, 0, 1, 0, 0)
    assert days("orders") == ["2026-01-01", "2026-01-03"]


def test_a_currency_without_a_rate_is_named(tmp_path: Path) -> None:
    lines = ["external_id,customer,placed_at,amount,currency", "1,C,2026-01-01,5,chf", "2,C,2026-01-01,5 EUR,EUR"]
    answer = imported("orders", written(tmp_path, [*lines, "3,C,2026-01-01,5 EUR,CHF", "4,C,2026-01-01,5,Taler"]))
    assert codes(answer)["currency_unknown"] == (1, "CHF")
    assert [fault[1:] for fault in faults()] == [
        ("other_currency", "The amount is in EUR, the column says CHF."),
        ("bad_currency", "“Taler” is not a currency; write its three letters, such as EUR."),
    ]


def test_subscriptions_that_overlap_are_flagged_until_they_no_longer_do(tmp_path: Path) -> None:
    header = "external_id,customer,plan,mrr,started_on,ended_on"
    lines = [
        "S1,C1,Pro,10,2026-01-01,2026-03-01",
        "S2,C1,Pro,10,2026-02-01,",
        "S3,C1,Basic,10,2026-02-01,",
        "S4,C2,Pro,10,2026-03-01,2026-02-01",
        "S5,C3,Pro,10,2026-01-01,2026-02-01",
        "S6,C3,Pro,10,2026-02-01,",
    ]
    answer = imported("subscriptions", written(tmp_path, [header, *lines]))
    flags = dict(Subscription.objects.values_list("external_id", "flags"))
    assert flags == {
        "S1": ["overlaps"],
        "S2": ["overlaps"],
        "S3": [],
        "S4": ["before_started_on:ended_on"],
        "S5": [],
        "S6": [],
    }
    assert codes(answer)["overlapping_subscriptions"] == (2, "S1")
    assert codes(answer)["negative_duration"] == (1, "S4")
    assert days("subscriptions") == ["2026-01-01", "2026-02-01", "2026-03-01"]
    imported("subscriptions", written(tmp_path, [header, lines[0].replace("2026-03-01", "2026-02-01")]))
    assert set(Subscription.objects.filter(flags=["overlaps"])) == set()


def test_two_kinds_of_service_records_may_use_the_same_ids(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, TICKETS, "tickets.csv"))
    lines = [
        "kind,external_id,ticket,group,started_at,finished_at,score,amount",
        'Bug report,1,A,,2026-01-05 10:00,2026-01-05 09:00,"7,5",',
        "bug-report,1,A,,2026-01-05 10:00,2026-01-05 12:00,8,",
        "return,1,,treated,2026-01-05 10:00,,,12.30",
        "whim,1,,,2026-01-05 10:00,,,",
        "return,2,Z,,2026-01-05 10:00,,,",
        "return,3,,,2026-01-05 10:00,,good,",
    ]
    answer = imported("service_records", written(tmp_path, lines))
    assert counts(answer) == (6, 3, 0, 1, 2)
    rows = ServiceRecord.objects.order_by("kind").values_list("kind", "ticket__external_id", "score", "amount")
    assert list(rows) == [
        ("bug_report", "A", 8.0, None),
        ("return", None, None, Decimal("12.3")),
        ("whim", None, None, None),
    ]
    assert codes(answer)["unknown_record_kind"] == (1, "whim")
    assert [fault[1] for fault in faults()] == ["unknown_ticket", "bad_number"]


def test_times_of_agents(tmp_path: Path) -> None:
    lines = [
        "agent,starts_at,ends_at,kind",
        "Ann,2026-01-05 22:00,2026-01-07 02:00,available",
        "Ann,2026-01-05 22:00,2026-01-07 02:00,available",
        "Ann,2026-01-05 10:00,2026-01-05 09:00,break",
        "Ann,2024-01-05 10:00,2026-01-05 09:00,absence",
    ]
    answer = imported("agent_time", written(tmp_path, lines), "--tz", "UTC")
    assert counts(answer) == (4, 2, 0, 0, 2)
    assert AgentTime.objects.values_list("agent__external_id", "flags").distinct().get() == (
        "Ann",
        ["longer_than_a_day"],
    )
    assert days("work") == ["2026-01-05", "2026-01-06", "2026-01-07"]
    assert [fault[2] for fault in faults()] == [
        "The time ends before it starts.",
        "The time lasts more than a year; one of its ends is wrong.",
    ]
    assert codes(answer)["unknown_agent"] == (1, "Ann")


def test_costs(tmp_path: Path) -> None:
    lines = [
        "category,amount,valid_from,valid_to,team",
        "wages,1000,2026-01-01,2026-01-31,Desk",
        "wages,-100,2026-01-01,2026-01-31,",
        "wages,1,2026-02-01,2026-01-31,",
        "coffee,1,2026-01-01,2026-01-31,",
    ]
    answer = imported("costs", written(tmp_path, lines))
    assert counts(answer) == (4, 2, 0, 0, 2)
    assert list(CostEntry.objects.order_by("amount").values_list("amount", "team__name", "flags")) == [
        (Decimal(-100), None, ["negative:amount"]),
        (Decimal(1000), "Desk", []),
    ]
    assert faults()[0][2] == "The last day, 2026-01-31, comes before the first, 2026-02-01."
    assert days("costs") == ["2026-01-01", "2026-01-31"]
    assert FrameVersion.objects.get(frame="costs").version > 0


def test_messages(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, TICKETS, "tickets.csv"))
    DirtyDay.objects.all().delete()
    lines = [
        "ticket,at,author_type,text,public",
        "A,2026-01-05 10:05,customer,Hello,",
        "A,2026-01-05 10:05,customer,Hello,",
        "A,2026-01-04 10:05,agent,Hi,no",
        "Z,2026-01-05 10:05,customer,Hello,",
        "A,2026-01-05 10:05,ghost,Hello,",
    ]
    answer = imported("messages", written(tmp_path, lines))
    assert counts(answer) == (5, 3, 0, 0, 2)
    assert sorted(Message.objects.values_list("text", "public")) == [("Hello", True), ("Hello", True), ("Hi", False)]
    assert codes(answer)["before_its_ticket"] == (1, "A")
    assert days("tickets") == ["2026-01-05"]
    assert [fault[1] for fault in faults()] == ["unknown_ticket", "unknown_value"]


def test_a_stub_becomes_a_customer(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, TICKETS, "tickets.csv"))
    lines = [
        "customer_id,email,tier,signed_up_on,left_on,time_zone",
        "C1,Cleo@Example.com,gold,2026-02-01,2026-01-01,Europe/Berlin",
        "C2,nonsense,,,,Mars/Base",
    ]
    answer = imported("customers", written(tmp_path, lines))
    assert counts(answer) == (2, 1, 1, 0, 0)
    found = Customer.objects.order_by("external_id").values_list(
        "external_id", "email", "tier", "time_zone", "is_stub", "signed_up_on", "flags"
    )
    assert list(found) == [
        ("C1", "cleo@example.com", "gold", "Europe/Berlin", False, date(2026, 2, 1), ["before_signed_up_on:left_on"]),
        ("C2", "", "", "", False, None, ["unknown_time_zone"]),
    ]
    assert codes(answer) == {
        "bad_customer_address": (1, "nonsense"),
        "negative_duration": (1, "C1"),
        "unknown_time_zone": (1, "Mars/Base"),
    }
    assert days("customers") == ["2026-01-01", "2026-02-01"]


def test_another_tier_has_the_tickets_computed_again(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, TICKETS, "tickets.csv"))
    imported("orders", written(tmp_path, ["external_id,customer,placed_at,amount", "1,C1,2026-01-09,5"]))
    DirtyDay.objects.all().delete()
    imported("customers", written(tmp_path, ["external_id,tier", "C1,gold"]))
    assert (days("tickets"), days("orders"), days("customers")) == (["2026-01-05"], ["2026-01-09"], [])
    assert FrameVersion.objects.get(frame="customers").version > 0


def test_who_was_named_by_an_address_gets_the_id(tmp_path: Path) -> None:
    tickets = ["external_id,created_at,customer_email", "A,2026-01-05 10:00,cleo@example.com"]
    imported("tickets", written(tmp_path, tickets, "tickets.csv"))
    answer = imported("customers", written(tmp_path, ["external_id,email,name", "C9,cleo@example.com,Cleo"]))
    assert counts(answer) == (1, 0, 1, 0, 0)
    assert Customer.objects.get().external_id == "C9"
