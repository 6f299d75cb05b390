"""Judging two hundred goals out of three years of figures."""

import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals import baseline, evaluation
from goals.models import Goal, Objective
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better, Kpi
from metrics.models import Rollup, Ticket
from metrics.spreads import encode
from tests.bench.report import Finding, say

GOALS, YEARS, ROWS_A_DAY = 200, 3, 60
CHANNELS = ("email", "chat", "phone", "social")
MEGABYTE = 1 << 20


def findings() -> list[Finding]:
    today = timezone.now().date()
    Rollup.objects.bulk_create(_rollups(today), batch_size=2000)
    for day in (today - timedelta(days=365 * YEARS), today):
        Ticket.objects.create(source="bench-goals", external_id=str(day), created_at=f"{day}T00:00Z")
    goals = _goals(today)
    say(f"   {Rollup.objects.count():,} rollups, {len(goals)} goals")
    evaluation.evaluate(goals[0])
    with CaptureQueriesContext(connection) as queries:
        evaluation.evaluate(goals[1])
    started = time.monotonic()
    for goal in goals:
        evaluation.evaluate(goal)
    seconds = time.monotonic() - started
    peak = _peak(goals)
    judged = Goal.objects.exclude(probability=None).count()
    note = f"{1000 * seconds / GOALS:.0f} ms and {len(queries)} queries each; {judged} with a forecast"
    return [
        Finding(f"goals: {GOALS} judged", seconds, 20, "s", note),
        Finding("goals: memory while they are judged", peak / MEGABYTE, 50, "MB"),
    ]


def _peak(goals: list[Goal]) -> float:
    tracemalloc.start()
    for goal in goals[:40]:
        evaluation.evaluate(goal)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def _goals(today: date) -> list[Goal]:
    """Of every KPI, overall and by channel, by week and by month."""
    owner = get_user_model().objects.create_user("goals@bench.example", "a long password")
    objective = Objective.objects.create(name="Bench")
    found = []
    for number in range(GOALS):
        kpi = list(CATALOGUE.values())[number % len(CATALOGUE)]
        channel = (None, *CHANNELS)[number // len(CATALOGUE) % 5]
        goal = Goal(
            statement=f"Goal {number}", objective=objective, owner=owner, state=Goal.State.ACTIVE, kpi=kpi.code,
            dimension="channel" if channel else "", member=channel or "", target=1.0,
            grain=Goal.Grain.MONTH if number % 3 == 0 else Goal.Grain.WEEK,
            start=today - timedelta(days=30), due=today + timedelta(days=150),
        )  # fmt: skip
        measured = baseline.fill(goal)
        goal.target = (measured.value or 0) * (0.9 if kpi.better is Better.LOWER else 1.1)
        goal.save()
        found.append(goal)
    return found


def _rollups(today: date) -> Iterator[Rollup]:
    random = np.random.default_rng(3)
    for kpi in CATALOGUE.values():
        for back in range(1, 365 * YEARS):
            for channel in ("", *CHANNELS):
                yield _rollup(kpi, today - timedelta(days=back), channel, random)


def _rollup(kpi: Kpi, day: date, channel: str, random: np.random.Generator) -> Rollup:
    whole = int(random.poisson(ROWS_A_DAY / (4 if channel else 1)))
    if kpi.is_stock:
        whole = int(random.integers(-5, 7))
    part = float(random.binomial(abs(whole), 0.8))
    values = encode(np.sort(random.lognormal(8, 1, whole).astype(np.int32))) if kpi.has_clocks else None
    return Rollup(
        kpi=kpi.code, revision=kpi.revision, day=day, dimension="channel" if channel else "", member=channel,
        clock="calendar" if kpi.has_clocks else "", whole=whole, part=part, square=part, extra={}, values=values,
    )  # fmt: skip
