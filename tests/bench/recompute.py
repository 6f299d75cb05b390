"""Computing everything, and what a thousand tickets change, against plain reading of the same rows."""

import resource
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from metrics import rollups
from metrics.crew import cores
from metrics.definitions import kpis
from tests.bench import apart
from tests.bench.report import Finding
from tests.bench.scene import Scene, scene

LIMIT, MEMORY = 4, 1500
SECONDS_AFTER_CHANGES, LONGER_HISTORY = 2, 1.3
CHANGES, LATELY = 1000, 14
_READ = (
    (
        "SELECT t.id, t.customer_id, t.source, t.external_id, t.channel, t.category, t.type, t.priority, m.name, "
        "a.external_id, c.tier, t.created_at, t.first_agent_reply_at, t.first_solved_at, t.solved_at, t.closed_at, "
        "t.target_due_at, t.ring_started_at, t.answered_at, t.abandoned_at, t.handed_to_human_at, t.reopens, "
        "t.agent_replies, t.customer_replies, t.reassignments, t.is_outbound, t.is_spam, t.is_deleted, t.is_test, "
        "t.merged_into, t.bot_involved, t.fcr, t.sla_met, t.satisfaction_score, t.satisfaction_scale "
        "FROM metrics_ticket t LEFT JOIN kpiproject_team m ON m.id = t.team_id "
        "LEFT JOIN kpiproject_agent a ON a.id = t.agent_id "
        "LEFT JOIN metrics_customer c ON c.id = t.customer_id"
    ),
    "SELECT ticket_id, id, at, kind, from_value, to_value, actor_type FROM metrics_ticketevent",
)


def findings() -> Iterator[Finding]:
    long, short = scene(), scene(10)
    plain = apart.run("recompute:plainly", long.var).answer
    step = apart.run("recompute:everything", long.var)
    plain = min(plain, apart.run("recompute:plainly", long.var).answer)
    seconds, done, kinds, helpers = step.answer
    note = f"{seconds:.1f} s for {done:,} rollups of {kinds} KPIs in {cores()} processes; {plain:.1f} s"
    yield Finding("full recompute ÷ plain reading of the same rows", seconds / plain, LIMIT, note=note)
    yield Finding("full recompute: memory of all processes", step.megabytes + helpers, MEMORY, "MB")
    apart.run("recompute:everything", short.var)
    after = [_after_changes(built) for built in (long, short)]
    note = "the greater of new and of changed ones"
    yield Finding("after 1,000 tickets: seconds", after[0], SECONDS_AFTER_CHANGES, "s", note)
    yield Finding("after 1,000 tickets: ÷ with a tenth of the history", after[0] / after[1], LONGER_HISTORY)


def everything() -> tuple[float, int, int, float]:
    """Seconds, rollups and KPIs, and at most so many megabytes of the processes that helped."""
    rollups.notice()
    rollups.recompute(processes=cores())
    rollups.mark_range(start=None, end=None, codes=list(kpis()))
    started = time.perf_counter()
    done = rollups.recompute(processes=cores())
    seconds = time.perf_counter() - started
    helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seconds, done.rollups, sum(kpi.adds_up for kpi in kpis().values()), cores() * helper


def sweep() -> float:
    started = time.perf_counter()
    rollups.sweep(seconds=600)
    return time.perf_counter() - started


def plainly() -> float:
    """Seconds to fetch the columns that the KPIs of tickets need, with nothing but the database's own module."""
    connection.ensure_connection()
    plain: Any = connection.connection
    started = time.perf_counter()
    for sql in _READ:
        cursor = plain.cursor()
        cursor.execute(sql)
        rows = cursor.fetchall()
        del rows
    return time.perf_counter() - started


def _after_changes(built: Scene) -> float:
    """A thousand new tickets of the last two weeks, then the same ones with other values."""
    days = (max(0, built.days - LATELY), built.days)
    found = []
    for count in (CHANGES, CHANGES + 1):
        built.imported(count, first=built.tickets, days=days)
        found.append(apart.run("recompute:sweep", built.var).answer)
    return max(found)
