"""Subscriptions, orders, service records, times of agents and costs: one row a record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from kpiproject.queries import organisation
from metrics import targets
from metrics.ingest import overlaps
from metrics.ingest.naming import with_ids, with_known_tickets
from metrics.ingest.session import Outcome, Session
from metrics.ingest.upsert import fingerprint
from metrics.ingest.writing import Changes, Columns, Identity, Writer
from metrics.models import AgentTime, CostEntry, ExchangeRate, Order, ServiceRecord, Subscription
from metrics.sources.columns import RECORD_KINDS
from metrics.sources.rows import Row

_LONGEST_SHIFT: Final = timedelta(days=1)


class Subscriptions(Writer):
    model = Subscription
    name = "subscriptions"
    watched = ("mrr", "started_on", "ended_on", "customer_id")

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        note_currencies(rows, session)
        return with_ids(rows, session, without=())

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        found = [*backwards(whole, "started_on", "ended_on"), *negative(whole, "mrr")]
        return noted(found, whole["external_id"], session)

    def store(self, changes: Changes, session: Session) -> list[int]:
        ids = super().store(changes, session)
        customers = {one["customer_id"] for one in (*changes.new, *changes.changed, *changes.before)}
        overlaps.flag(customers, session.notes)
        targets.follow(customers)
        return ids


class Orders(Writer):
    model = Order
    name = "orders"
    watched = ("amount", "placed_at", "cancelled_at")

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        note_currencies(rows, session)
        return with_ids(rows, session, without=())

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        found = [
            *backwards(whole, "placed_at", "cancelled_at"),
            *ahead(whole, session, "placed_at", "cancelled_at"),
            *negative(whole, "amount"),
        ]
        return noted(found, whole["external_id"], session)


class ServiceRecords(Writer):
    model = ServiceRecord
    name = "service_records"
    identity = ("source", "kind", "external_id")
    watched = ("started_at", "acknowledged_at", "finished_at")

    def fit(self, rows: list[Row], session: Session, outcome: Outcome) -> list[Row]:
        return with_known_tickets(rows, session, outcome)

    def identified(self, rows: Sequence[Row], session: Session) -> list[Identity]:
        return [(session.source, row.values["kind"], row.values["external_id"]) for row in rows]

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        for row in rows:
            if row.values["kind"] not in RECORD_KINDS:
                session.notes.add("unknown_record_kind", row.values["kind"])
        return with_ids(rows, session, without=("kind",))

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        found = [
            *backwards(whole, "started_at", "acknowledged_at"),
            *backwards(whole, "started_at", "finished_at"),
            *ahead(whole, session, "started_at", "acknowledged_at", "finished_at"),
        ]
        return noted(found, f"{whole['kind']} {whole['external_id']}", session)


class _Keyed(Writer):
    """Records that need no id: the key is made of their own one, or of the required columns and a number."""

    identity = ("source", "key")
    told_apart: tuple[str, ...]

    def identified(self, rows: Sequence[Row], session: Session) -> list[Identity]:
        return [(session.source, key(row, self.told_apart)) for row in rows]


class Times(_Keyed):
    model = AgentTime
    name = "agent_time"
    told_apart = ("agent", "starts_at", "ends_at", "kind")
    watched = ("starts_at", "ends_at")

    def fit(self, rows: list[Row], session: Session, outcome: Outcome) -> list[Row]:
        return with_known_tickets(rows, session, outcome)

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        return with_ids(rows, session, without=())

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        found = list(ahead(whole, session, "starts_at"))
        if whole["ends_at"] - whole["starts_at"] > _LONGEST_SHIFT:
            found.append("longer_than_a_day")
        return noted(found, f"{whole['kind']} {whole['starts_at']:%Y-%m-%d %H:%M}", session)


class Costs(_Keyed):
    model = CostEntry
    name = "costs"
    told_apart = ("category", "amount", "valid_from", "valid_to")
    watched = ("amount",)

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        note_currencies(rows, session)
        return with_ids(rows, session, without=())

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        return noted(negative(whole, "amount"), f"{whole['category']} {whole['amount']}", session)


def key(row: Row, told_apart: Iterable[str]) -> str:
    """What tells a record without a required id apart: its own id, else these columns and its number among equals."""
    if own := row.values.get("external_id"):
        identity = {"id": own}
    else:
        identity = {name: row.values[name] for name in told_apart} | {"number": row.values["occurrence"]}
    return f"row:{fingerprint(identity).hex()}"


def backwards(whole: Mapping[str, Any], start: str, end: str) -> list[str]:
    """`before_started_at:finished_at` where the second comes before the first."""
    first, second = whole.get(start), whole.get(end)
    return [f"before_{start}:{end}"] if first and second and second < first else []


def ahead(whole: Mapping[str, Any], session: Session, *names: str) -> list[str]:
    """`future:placed_at` for a time that was still to come when the file was imported."""
    return [f"future:{name}" for name in names if (at := whole.get(name)) and at > session.started]


def negative(whole: Mapping[str, Any], name: str) -> list[str]:
    return [f"negative:{name}"] if whole.get(name) is not None and whole[name] < 0 else []


_WARNED: Final = {
    "before_": "negative_duration",
    "future:": "time_in_the_future",
    "negative:": "negative_amount",
    "longer_than_a_day": "longer_than_a_day",
}


def noted(found: list[str], example: str, session: Session) -> list[str]:
    """The same flags, each kind of them noted once a record."""
    for prefix, code in _WARNED.items():
        if any(flag.startswith(prefix) for flag in found):
            session.notes.add(code, example)
    return found


def note_currencies(rows: Iterable[Row], session: Session) -> None:
    """Amounts that no figure can count, until somebody says what their currency is worth."""
    known = {"", organisation().currency, *ExchangeRate.objects.values_list("currency", flat=True)}
    for row in rows:
        if (currency := row.values.get("currency", "")) not in known:
            session.notes.add("currency_unknown", currency)


SUBSCRIPTIONS: Final = Subscriptions()
ORDERS: Final = Orders()
RECORDS: Final = ServiceRecords()
AGENT_TIME: Final = Times()
COSTS: Final = Costs()
