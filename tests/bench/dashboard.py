"""The dashboard with ten thousand and with a million tickets over the same eighteen months."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject import people
from kpiproject.models import User
from metrics import basis, dirty, rollups
from metrics.models import Customer, Ticket
from tests.bench.report import Finding, median_seconds, say

FEW, MANY = 10_000, 1_000_000
DAYS = 548
CHANNELS = ("email", "chat", "phone", "social")
# fmt: off
COLUMNS = [
    "source", "external_id", "customer_id", "channel", "category", "priority",
    "created_at", "first_agent_reply_at", "first_solved_at", "solved_at", "closed_at", "agent_replies",
    "reassignments", "reopens", "is_outbound", "is_spam", "is_deleted", "is_test",
    "bot_involved", "is_stub", "subject", "type", "status", "language",
    "tags", "merged_into", "satisfaction_comment", "reported", "extra", "flags",
    "row_hash", "is_flagged", "is_from_events",
]
# fmt: on


def findings() -> list[Finding]:
    customers()
    client = _manager()
    insert(0, FEW)
    few, few_queries = _cost(client)
    insert(FEW, MANY)
    many, many_queries = _cost(client)
    note = f"{1000 * few:.0f} ms, {1000 * many:.0f} ms"
    return [
        Finding("dashboard: 1,000,000 tickets ÷ 10,000", many / few, 1.5, note=note),
        Finding("dashboard: queries with 1,000,000 tickets", many_queries, few_queries, note="limit: with 10,000"),
    ]


def customers() -> None:
    Customer.objects.bulk_create(
        [Customer(source="bench", external_id=str(number), tier="plus") for number in range(2000)], batch_size=500
    )


def _manager() -> Client:
    user = User.objects.create_user("bench@bench.example", "a long password")
    people.set_role(user, "Managers")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _cost(client: Client) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    count = len(queries)  # before the next request empties the log
    return median_seconds(lambda: client.get("/"), times=15), count


def insert(first: int, after: int) -> None:
    """Straight into the table: what is measured here is reading."""
    started = time.monotonic()
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    sql = f"INSERT INTO {Ticket._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 - names of our own columns
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, cast("Any", _rows(first, after)))
    inserted = time.monotonic()
    dirty.mark(dirty.TICKETS, basis.days(dirty.TICKETS))
    done = rollups.recompute()
    say(
        f"   {after - first:,} tickets inserted in {inserted - started:.0f} s, {done.days} days with {done.rollups:,} "
        f"rollups computed in {time.monotonic() - inserted:.0f} s"
    )


def _rows(first: int, after: int) -> Iterator[tuple[object, ...]]:
    random = np.random.default_rng(first)
    begin = timezone.now().astimezone(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=DAYS)
    size = after - first
    created = random.integers(0, DAYS * 86400, size)
    replied = created + random.lognormal(7.5, 1.2, size).astype(np.int64)
    solved = replied + random.lognormal(9.5, 1.3, size).astype(np.int64)
    many = random.integers(0, 1 << 30, (size, 2))
    for number in range(size):
        one, two = many[number].tolist()
        at = [_text(begin, int(column[number])) for column in (created, replied, solved, solved)]
        yield (
            "bench", str(first + number), one % 2000 + 1, CHANNELS[one % 4], f"Category {two % 12}", f"P{one % 3}",
            *at, None, 1 + two % 3, one % 2, int(two % 25 == 0), False, False, False, False, False, False, "",
            "", "solved", "", "", "", "", "{}", "{}", "[]", b"", False, False,
        )  # fmt: skip


def _text(begin: datetime, seconds: int) -> str:
    return str(begin + timedelta(seconds=seconds))
