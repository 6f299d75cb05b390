"""A small company in the database, with a little of everything that customers do."""

from datetime import date

from metrics.models import Customer, Order, ServiceRecord, Subscription
from tests.metrics.figures import at

KINDS = (
    "return", "chat_conversion", "bug_report", "feature_request", "documentation", "downtime_notice",
    "compliance_enquiry", "regulatory_request", "security_notice", "appointment", "insurance_verification",
    "record_request", "onboarding", "adoption", "outreach", "retention", "cross_sell", "upsell", "referral",
    "touchpoint",
)  # fmt: skip


def fill(n: int = 12) -> list[Customer]:
    """So many customers, half of them of each segment, most of them with a subscription, orders and records."""
    people = Customer.objects.bulk_create(_customer(number) for number in range(n))
    Subscription.objects.bulk_create(_subscription(one, number) for number, one in enumerate(people))
    Order.objects.bulk_create(
        _order(one, number, nth) for number, one in enumerate(people) for nth in range(1 + number % 3)
    )
    ServiceRecord.objects.bulk_create(_record(one, number, kind) for number, one in enumerate(people) for kind in KINDS)
    return people


def _customer(number: int) -> Customer:
    is_gone = number % 5 == 0
    return Customer(
        source="shop",
        external_id=f"C{number}",
        segment="big" if number % 2 else "small",
        signed_up_on=date(2025, 1 + number % 3, 10),
        left_on=date(2025, 8, 1) if is_gone else None,
        leave_reason="price" if is_gone and number else "",
    )


def _subscription(customer: Customer, number: int) -> Subscription:
    return Subscription(
        source="shop",
        external_id=f"S{number}",
        customer=customer,
        plan="gold" if number % 4 == 0 else "basic",
        is_premium=number % 4 == 0,
        mrr=100 + number,
        started_on=customer.signed_up_on,
        ended_on=customer.left_on,
        renewal_due_on=date(2025, 7, 15),
        renewed_on=date(2025, 7, 10) if number % 3 else None,
    )


def _order(customer: Customer, number: int, nth: int) -> Order:
    return Order(
        source="shop",
        external_id=f"O{number}-{nth}",
        customer=customer,
        placed_at=at(f"2025-0{3 + 2 * nth}-{10 + number:02} 12:00"),
        amount=50,
    )


def _record(customer: Customer, number: int, kind: str) -> ServiceRecord:
    day = f"2025-07-{1 + number:02}"
    return ServiceRecord(
        source="shop",
        kind=kind,
        external_id=f"{kind}-{number}",
        customer=customer,
        channel="web" if number % 2 else "mail",
        group="control" if kind in ("outreach", "retention") and number % 3 == 0 else "",
        started_at=at(f"{day} 09:00"),
        acknowledged_at=at(f"{day} 10:00"),
        due_at=at(f"2025-07-{15 + number:02} 09:00"),
        finished_at=at(f"2025-07-{5 + number:02} 09:00"),
        outcome="done" if number % 4 else "failed",
        amount=20,
        extra={"received_at": f"2025-07-{3 + number:02} 09:00", "told_at": f"2025-07-{6 + number:02}T09:00:00+02:00"},
    )
