"""What the customers of the demonstration company buy, and what else is done for them: orders, memberships, returns,
questions about stock, trouble with parcels, offers and recommendations."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from kpiproject.front.demo import company, people, tickets
from kpiproject.lib.periods import day_start
from metrics.models import Customer, Order, ServiceRecord, Subscription

PLANS: Final = {"Plus monthly": Decimal("4.90"), "Plus yearly": Decimal("3.90"), "Business": Decimal("19.00")}
MEMBERS: Final = 520
_GONE: Final = 0.28
_BATCH: Final = 900


def furnish(today: date, now: datetime) -> None:
    """Idempotent: what is there already stays."""
    customers = dict(Customer.objects.filter(source=company.SOURCE).values_list("external_id", "pk"))
    ids = [customers[f"C{number + 1:05d}"] for number in range(people.COUNT)]
    found = Drawn(today, now, ids)
    Order.objects.bulk_create(found.orders(), ignore_conflicts=True, batch_size=_BATCH)
    Subscription.objects.bulk_create(found.memberships(), ignore_conflicts=True, batch_size=_BATCH)
    ServiceRecord.objects.bulk_create(found.records(), ignore_conflicts=True, batch_size=_BATCH)


class Drawn:
    """The same for a given day. `ids` are the customers by their number."""

    def __init__(self, today: date, now: datetime, ids: list[int]) -> None:
        self.today, self.now, self.ids = today, now, ids
        self.random = np.random.default_rng(31)
        self.beginning = day_start(today - timedelta(days=tickets.DAYS), company.ZONE)
        self.length = (now - self.beginning).total_seconds()

    def _at(self) -> datetime:
        """Evenly spread, with more of it lately: the shop grows."""
        share = self.random.random() ** 0.8
        return (self.beginning + timedelta(seconds=int(share * self.length))).astimezone(UTC)

    def _amount(self, median: float) -> Decimal:
        return Decimal(f"{median * float(self.random.lognormal(0, 0.6)):.2f}")

    def _pick(self, shares: dict[str, float]) -> str:
        weights = np.array(list(shares.values()))
        return str(self.random.choice(list(shares), p=weights / weights.sum()))

    def _customer(self) -> int:
        return self.ids[int(self.random.integers(len(self.ids)))]

    def orders(self) -> Iterator[Order]:
        """Some buy once, some again and again; few cancel."""
        number = 0
        for customer in self.ids:
            for _order in range(int(self.random.poisson(1.3))):
                number += 1
                at = self._at()
                is_cancelled = self.random.random() < 0.04
                yield Order(
                    source=company.SOURCE,
                    external_id=f"O-{number:06d}",
                    customer_id=customer,
                    placed_at=at,
                    amount=self._amount(82),
                    currency="EUR",
                    status="cancelled" if is_cancelled else "delivered",
                    cancelled_at=min(at + timedelta(hours=9), self.now) if is_cancelled else None,
                )

    def memberships(self) -> Iterator[Subscription]:
        for number in range(MEMBERS):
            age = int(self.random.integers(20, 800))
            plan = self._pick({"Plus monthly": 5, "Plus yearly": 4, "Business": 1})
            started = self.today - timedelta(days=age)
            lasted = int(self.random.integers(30, 700))
            ended = started + timedelta(days=lasted) if self.random.random() < _GONE and lasted < age else None
            due = started + timedelta(days=365)
            is_renewed = due < self.today and (ended is None or ended > due)
            yield Subscription(
                source=company.SOURCE,
                external_id=f"M-{number:05d}",
                customer_id=self.ids[(number * 7) % len(self.ids)],
                plan=plan,
                is_premium=plan == "Business",
                mrr=PLANS[plan],
                currency="EUR",
                started_on=started,
                ended_on=ended,
                cancel_requested_on=ended - timedelta(days=14) if ended else None,
                renewal_due_on=due if plan != "Plus monthly" else None,
                renewed_on=due if is_renewed and plan != "Plus monthly" else None,
            )

    def records(self) -> Iterator[ServiceRecord]:
        yield from self._of("return", 900, days=5.0, outcomes={"refunded": 7, "exchanged": 3}, amount=64)
        yield from self._of("availability_enquiry", 350, days=0.3, outcomes={"resolved": 9, "unresolved": 1})
        yield from self._of("shipping_issue", 420, days=1.6, outcomes={"resolved": 9, "unresolved": 1}, due_days=3)
        yield from self._of("chat_conversion", 600, days=0.02, outcomes={"converted": 3, "lost": 7}, amount=75)
        yield from self._of("cross_sell", 260, days=6.0, outcomes={"won": 3, "lost": 7}, amount=35)
        yield from self._of("referral", 150, days=12.0, outcomes={"converted": 4, "lost": 6})
        yield from self._of("outreach", 400, days=10.0, outcomes={"converted": 3, "lost": 7}, has_groups=True)

    def _of(
        self, kind: str, count: int, *, days: float, outcomes: dict[str, float], **more: float
    ) -> Iterator[ServiceRecord]:
        """Those that are not finished yet have no outcome."""
        for number in range(count):
            at = self._at()
            end = at + timedelta(days=days * float(self.random.lognormal(0, 0.5)))
            is_over = end <= self.now
            yield ServiceRecord(
                source=company.SOURCE,
                kind=kind,
                external_id=f"{kind}-{number:05d}",
                customer_id=self._customer(),
                channel=self._pick(company.CHANNELS),
                group=self._pick({"control": 1, "treated": 2}) if more.get("has_groups") else "",
                started_at=at,
                acknowledged_at=min(at + timedelta(hours=2), self.now),
                due_at=at + timedelta(days=more["due_days"]) if "due_days" in more else None,
                finished_at=end if is_over else None,
                outcome=self._pick(outcomes) if is_over else "",
                amount=self._amount(more["amount"]) if "amount" in more else None,
            )
