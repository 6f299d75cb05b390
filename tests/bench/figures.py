"""Reading figures of a long history: series out of rollups, the dashboard, two filters, quantiles, and whether they are
what plain SQL says."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.test import Client

from kpiproject import people
from kpiproject.lib.periods import Grain
from kpiproject.models import User
from metrics import frames
from metrics.definitions import kpis
from metrics.kpi import Kpi
from metrics.queries import Question, figures
from tests.bench import apart, history
from tests.bench.report import Finding
from tests.bench.scene import scene

SERIES, DASHBOARD, FILTERED, WRONG = 50, 150, 2000, 2
END = history.FIRST + timedelta(days=history.DAYS)
_GRAINS = (Grain.ALL, Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY)


def findings() -> Iterator[Finding]:
    var = scene().var
    milliseconds, what, count = apart.run("figures:series", var).answer
    yield Finding("figures: the slowest series out of rollups", milliseconds, SERIES, "ms", f"{what}, of {count}")
    yield Finding("figures: dashboard", apart.run("figures:dashboard", var).answer, DASHBOARD, "ms")
    milliseconds, what = apart.run("figures:filtered", var).answer
    yield Finding("figures: two filters", milliseconds, FILTERED, "ms", what)
    wrong, worst = apart.run("figures:checked", var).answer
    yield Finding("figures: months and channels unlike plain SQL", wrong, 0)
    yield Finding("figures: quantiles off, in percent", worst, WRONG, "%")


def series() -> tuple[float, str, int]:
    """The slowest of every KPI of tickets by every grain overall, and by month by every dimension."""
    found = []
    for kpi in _of_tickets():
        shapes = [(Grain.MONTH, dimension) for dimension in kpi.dimensions]
        shapes += [] if kpi.needs_dimension else [(grain, "") for grain in _GRAINS]
        for grain, by in shapes:
            question = Question(code=kpi.code, start=history.FIRST, end=END, grain=grain, by=by)
            found.append((_milliseconds(partial(figures, question)), f"{kpi.code} {grain} {by}"))
    slowest = max(found)
    return *slowest, len(found)


def dashboard() -> float:
    call_command("collectstatic", verbosity=0, interactive=False)
    user = User.objects.create_user("figures@bench.example", "a long password")
    people.set_role(user, "Managers")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    assert client.get("/").status_code == 200
    return _milliseconds(lambda: client.get("/"), times=9)


def filtered() -> tuple[float, str]:
    """Over the last year."""
    where = {"channel": ["email"], "category": ["Category 3"]}
    found = []
    for kpi in _of_tickets():
        if not kpi.needs_dimension:
            asked = Question(code=kpi.code, start=END - timedelta(days=365), end=END, where=where)
            found.append((_milliseconds(partial(figures, asked), times=1), kpi.code))
    return max(found)


def checked() -> tuple[int, float]:
    """How many numbers of tickets by month and channel differ, and by how much the quantiles of months are off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT created_at, first_agent_reply_at, channel, is_outbound FROM metrics_ticket")
        rows = [(_instant(created), _instant(replied), *rest) for created, replied, *rest in cursor.fetchall()]
    zone = ZoneInfo(history.ZONE)
    volumes = Counter((f"{created.astimezone(zone):%Y-%m}", channel) for created, _, channel, _ in rows)
    waits: dict[str, list[float]] = {}
    for created, replied, _, is_outbound in rows:
        if not is_outbound:
            waits.setdefault(f"{replied.astimezone(zone):%Y-%m}", []).append((replied - created).total_seconds())
    span = {"start": history.FIRST, "end": END, "grain": Grain.MONTH}
    ours = figures(Question(code="ticket_volume", by="channel", **span)).points
    wrong = sum(point.n != volumes[f"{point.start:%Y-%m}", point.member or ""] for point in ours)
    worst = 0.0
    for point in figures(Question(code="first_response_time", clock="calendar", **span)).points:
        for value, share in ((point.median, 0.5), (point.p90, 0.9)):
            exact = float(np.quantile(waits[f"{point.start:%Y-%m}"], share)) if point.n else 0.0
            worst = max(worst, 100 * abs((value or 0.0) - exact) / exact if exact else 0.0)
    return wrong, worst


def _of_tickets() -> list[Kpi]:
    return [kpi for kpi in kpis().values() if kpi.adds_up and frames.marked_frame(kpi.frame) == "tickets"]


def _milliseconds(action: Callable[[], object], *, times: int = 3) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        found.append(1000 * (time.perf_counter() - started))
    return median(found)


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")
