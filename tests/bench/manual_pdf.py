"""A manual with 12 KPIs, each with its chart and its table, printed."""

import resource
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

import numpy as np

from kpiproject.documents import markdown, pdf, tree
from kpiproject.lib import charts
from tests.bench.report import Finding

KPIS = 12
WEEKS = 26
RUNS = 3
PROSE = """
## Why we measure

We **promise** what we can keep, and we keep what we promise. Each figure has a *formula*, a source and an owner.

1. Look at how many cases it rests on.
2. Look at its interval.
3. Only then look at the value.

> An average of averages is no average.
""" + "\n\n".join(f"{n}. paragraph of the prose: " + "words that somebody wrote once. " * 20 for n in range(12))


def chapter(number: int) -> list[tree.Block]:
    random = np.random.default_rng(number)
    values = (80 + random.normal(0, 2, WEEKS).cumsum()).tolist()
    weeks = [date(2026, 5, 25) + timedelta(7 * n) for n in range(WEEKS)]
    points = [
        charts.Point(start=week, value=value, low=value - 4, high=value + 4, tooltip={"Value": f"{value:.1f} %"})
        for week, value in zip(weeks, values, strict=True)
    ]
    title = f"KPI {number} by week"
    spec: dict[str, Any] = charts.time_series(points, title=title, unit="%", starts_at_zero=False)
    rows = [
        [f"{week:%d %b %Y}", f"{value:.1f} %", f"{value - 4:.1f} – {value + 4:.1f} %", f"{1000 + number}"]
        for week, value in zip(weeks, values, strict=True)
    ]
    return [
        tree.heading(1, f"KPI {number}", f"kpi-{number}"),
        tree.paragraph("The share of answers that were satisfied, of all answers in the period."),
        tree.facts(("Formula", "satisfied ÷ answered"), ("Unit", "percent"), ("Source", "Own surveys")),
        tree.note("warn", tree.paragraph("Figures of fewer than 30 answers are not compared.")),
        {"is": "chart", "title": title, "spec": spec},
        tree.table("Every week", ["Week", "#Value", "#95 % interval", "#n"], rows),
    ]


def document() -> tree.Document:
    blocks = [block for number in range(KPIS) for block in chapter(number)]
    return {
        "title": "Customer Service Manual",
        "subtitle": "As it is measured",
        "language": "en",
        "facts": [("Edition", "1")],
        "foot": "Edition 1",
        "sections": [
            {"anchor": "why", "number": "1", "title": "Why", "blocks": markdown.parse(PROSE, anchor_prefix="why")},
            {"anchor": "kpis", "number": "2", "title": "KPIs", "blocks": blocks},
        ],
    }


def findings() -> list[Finding]:
    found = document()
    seconds = []
    content = b""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _run in range(RUNS):
        start = time.perf_counter()
        content = pdf.render(found)
        seconds.append(time.perf_counter() - start)
    pages = content.count(b"/Type/Page/")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / RUNS
    note = f"{pages} pages, {len(content) / 1000:.0f} kB, {worked:.1f} s of processor time"
    # The largest of the processes that this one has started.
    kilobytes = after.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return [
        Finding(f"manual PDF: {KPIS} KPIs with charts and tables", statistics.median(seconds), 5, "s", note=note),
        Finding("manual PDF: peak memory of the printing process", kilobytes / 1000, 400, "MB"),
    ]
