"""Judging a thousand goals out of three years of figures, as the worker does every hour and every night."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals import baseline, evaluation, queries
from goals.models import Goal, Objective, Prediction
from goals.tasks import evaluate_goals
from metrics import definitions
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better, Kpi
from metrics.models import Rollup, Ticket
from metrics.spreads import encode
from tests.bench import apart
from tests.bench.report import Finding, say

GOALS, YEARS, ROWS_A_DAY, TOGETHER = 1000, 3, 60, 25
CHANNELS = ("email", "chat", "phone", "social")


def findings() -> list[Finding]:
    today = timezone.now().date()
    Rollup.objects.bulk_create(_rollups(today), batch_size=2000)
    for day in (today - timedelta(days=365 * YEARS), today):
        Ticket.objects.create(source="bench-goals", external_id=str(day), created_at=f"{day}T00:00Z")
    goals = _goals(today)
    say(f"   {Rollup.objects.count():,} rollups, {len(goals)} goals")
    step = apart.run("goals:judge", Path(os.environ["PLUMBLINE_VAR"]))
    evaluation.evaluate(goals[0])
    with CaptureQueriesContext(connection) as found:
        evaluation.evaluate(goals[1])
    judged = Goal.objects.exclude(probability=None).count()
    note = f"{1000 * step.seconds / GOALS:.0f} ms each, {len(found)} queries for one alone; {judged} with a forecast"
    assert step.answer == GOALS
    assert Prediction.objects.count() == judged
    return [
        Finding(f"goals: {GOALS:,} judged by one worker", step.seconds, 30, "s", note),
        Finding("goals: memory of the worker that judges them", step.megabytes, 400, "MB"),
    ]


def judge() -> int:
    """In a process of its own: every goal that is due, as the tasks of the worker do it."""
    now = timezone.now()
    ids = list(Goal.objects.filter(state=Goal.State.ACTIVE, next_evaluation_at__lte=now).values_list("pk", flat=True))
    for group in queries.alike(ids, most=TOGETHER):
        definitions.begin_turn()
        evaluate_goals(group)
        definitions.end_turn()
    return len(ids)


def _goals(today: date) -> list[Goal]:
    """Of every KPI, overall and by channel, by week and by month."""
    owner = get_user_model().objects.create_user("goals@bench.example", "a long password")
    objective = Objective.objects.create(name="Bench")
    kpis = [kpi for kpi in CATALOGUE.values() if not kpi.needs_dimension]
    found = []
    for number in range(GOALS):
        kpi = kpis[number % len(kpis)]
        channel = (None, *CHANNELS)[number // len(kpis) % 5] if "channel" in kpi.dimensions else None
        goal = Goal(
            statement=f"Goal {number}", objective=objective, owner=owner, state=Goal.State.ACTIVE, kpi=kpi.code,
            dimension="channel" if channel else "", member=channel or "", target=1.0,
            grain=Goal.Grain.MONTH if number % 3 == 0 else Goal.Grain.WEEK,
            start=today - timedelta(days=30), due=today + timedelta(days=150),
        )  # fmt: skip
        goal.next_evaluation_at = timezone.now() - timedelta(minutes=1)
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
