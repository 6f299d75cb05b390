"""An edition of 40 sections with 30 charts, printed by the worker's own task in a process of its own."""

import resource
import statistics
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.utils import timezone

from kpiproject.documents import markdown, tree
from kpiproject.lib import charts
from manual import editions
from manual.models import Edition
from manual.tasks import print_edition
from tests.bench import apart
from tests.bench.report import Finding

SECTIONS = 40
CHARTS = 30
WEEKS = 26
RUNS = 3
PROSE = """
## Why we measure

We **promise** what we can keep, and we keep what we promise. Each figure has a *formula*, a source and an owner.

1. Look at how many cases it rests on.
2. Look at its interval.
3. Only then look at the value.

> An average of averages is no average.
""" + "\n\n".join(f"{n}. paragraph of the prose: " + "words that somebody wrote once. " * 20 for n in range(4))


def findings() -> list[Finding]:
    steps = []
    for _run in range(RUNS):
        edition = _publish()
        steps.append(apart.run("manual_pdf:printed", Path(settings.VAR), edition.pk))
        Edition.objects.filter(pk=edition.pk).delete()
    pages, kilobytes, _peak, processor = steps[0].answer
    seconds = statistics.median(step.seconds for step in steps)
    # Both at their greatest at once, which they never are.
    memory = max(step.megabytes + step.answer[2] for step in steps)
    note = f"{pages} pages, {kilobytes:.0f} kB, {processor:.1f} s of processor time"
    return [
        Finding(f"manual PDF: an edition of {SECTIONS} sections, {CHARTS} charts", seconds, 10, "s", note=note),
        Finding("manual PDF: peak memory of the worker and its printer", memory, 500, "MB"),
    ]


def printed(edition_id: str) -> tuple[int, float, float, float]:
    """What the worker does, and its pages, kilobytes, the megabytes of the process that set them, and the seconds
    that all of it took of the processor."""
    before = time.process_time()
    print_edition.apply((int(edition_id),), throw=True)
    edition = Edition.objects.get(pk=edition_id)
    if not edition.pdf:
        raise RuntimeError(f"The edition was not printed: {edition.pdf_error}")
    content = edition.pdf.read()
    printer = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - before + printer.ru_utime + printer.ru_stime
    return content.count(b"/Type/Page/"), len(content) / 1000, printer.ru_maxrss / 1024, processor


def _publish() -> Edition:
    content: Any = {
        "title": "Customer Service Manual",
        "subtitle": "Bench",
        "language": "en",
        "facts": [("Edition", "40")],
        "sections": [_section(number) for number in range(1, SECTIONS + 1)],
    }
    now = timezone.now()
    return Edition.objects.create(
        number=SECTIONS, content=content, digest=editions.digest(content, {}), as_of=now, published_at=now
    )


def _section(number: int) -> tree.Section:
    anchor = f"section-{number}"
    blocks = markdown.parse(PROSE, anchor_prefix=anchor)
    if number <= CHARTS:
        blocks += _kpi(number)
    return {"anchor": anchor, "number": str(number), "title": f"Section {number}", "blocks": blocks}


def _kpi(number: int) -> list[tree.Block]:
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
