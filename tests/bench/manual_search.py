"""How long a search in a long row of editions takes, on both databases, and what its index adds to publishing."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from kpiproject.documents import tree
from manual import editions, indexing, search
from manual.models import Edition, Passage
from manual.wanted import read
from tests import services
from tests.bench.report import Finding
from tests.installation import new_installation
from tests.migrated import one_run

EDITIONS = 20
SECTIONS = 40
_TIMES = 15
_SUBJECTS = ("complaint", "refund", "delivery", "invoice", "login", "outage", "contract", "feedback", "holiday", "chat")
_QUERIES = (
    "resolution time", "response", "complaint", "refund within 24 hours", '"every question"', "how do we answer a chat",
    "customer", "e-mail", "the", "a", "kpi_17", "resol", "outage contract holiday", "we", "answers",
)  # fmt: skip
_MISTAKES = ("resoluton", "complant custmer", "xylophone", "yesterdayy refumd")


def findings() -> Iterator[Finding]:
    with ExitStack() as stack:
        os.environ["DATABASE_URL"] = services.postgres(stack)
        stack.callback(os.environ.pop, "DATABASE_URL")
        stack.enter_context(one_run())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-bench-")))
        for vendor in ("sqlite", "postgresql"):
            made = new_installation(folder / vendor, queue_url="", email_url="console:", vendor=vendor)
            code = "from tests.bench import manual_search\nresult = manual_search.measure()"
            yield from _told(vendor, stack.enter_context(made).run(code))


def _told(vendor: str, measured: Any) -> Iterator[Finding]:
    for name, taken in measured["searches"].items():
        note = f"median {statistics.median(taken):.1f} ms"
        yield Finding(f"manual search, {vendor}: the slowest in {name}", max(taken), 50, "ms", note=note)
    note = f"{measured['passages'] / EDITIONS:.0f} passages an edition"
    yield Finding(f"manual search, {vendor}: indexing while publishing", measured["index"], 1, "s", note=note)


def measure() -> dict[str, Any]:
    """Milliseconds of every search with what it shows, and seconds of indexing one edition."""
    made = [_published(number) for number in range(1, EDITIONS + 1)]
    indexed = [_seconds_to_index(edition) for edition in made]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    latest = made[-1]
    return {
        "index": statistics.median(indexed),
        "passages": Passage.objects.count(),
        "searches": {
            "the edition in force": [_milliseconds(text, latest) for text in _QUERIES],
            "all editions": [_milliseconds(text, latest, everywhere=True) for text in _QUERIES],
            "words that are mistyped": [_milliseconds(text, latest) for text in _MISTAKES],
        },
    }


def _seconds_to_index(edition: Edition) -> float:
    start = time.perf_counter()
    indexing.index(edition)
    return time.perf_counter() - start


def _milliseconds(text: str, edition: Edition, *, everywhere: bool = False) -> float:
    """The median of several."""
    seconds = []
    for _time in range(_TIMES):
        start = time.perf_counter()
        _search(text, edition, everywhere=everywhere)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


def _search(text: str, edition: Edition, *, everywhere: bool) -> None:
    """As the page does it: where nothing is found, with the nearest words, and with what else there is."""
    asked = read(text)
    places = search.places(asked, edition=edition, everywhere=everywhere)
    if not places and (nearest := search.corrected(asked, search.vocabulary(edition))):
        places = search.places(nearest, edition=edition, everywhere=everywhere)
    if not places:
        search.similar(search.contents(edition).kpis, text)
    search.hits(places[:20], asked)


def _published(number: int) -> Edition:
    sections = [_section(number, place) for place in range(1, SECTIONS + 1)]
    content = {"title": "Manual", "subtitle": "Bench", "language": "en", "facts": [], "sections": sections}
    figures = {
        f"kpi:kpi_{place}.value": {"label": "", "words": "", "kind": "value"} for place in range(1, SECTIONS + 1)
    }
    digest, now = editions.digest(content, figures), timezone.now()
    return Edition.objects.create(
        number=number, content=content, figures=figures, digest=digest, as_of=now, published_at=now
    )


def _section(edition: int, number: int) -> tree.Section:
    """A page or two of prose with a table, and the card of a KPI; some words are of this edition only."""
    anchor, subject, other = f"section-{number}", _SUBJECTS[number % 10], _SUBJECTS[number * 7 % 10]
    prose = f"We answer every question about a {subject} within {number} hours, and tell the customer why. "
    months = [[f"Month {month}", f"{80 + month} %"] for month in range(1, 13)]
    blocks: list[tree.Block] = [
        tree.paragraph(prose * 3),
        tree.heading(1, f"What a {subject} is", f"{anchor}-what"),
        *(tree.paragraph(f"{n}. By e-mail or phone: {prose * 3} Word{edition * number} is new.") for n in range(8)),
        tree.note("warn", tree.paragraph(f"Nobody promises a {other} without asking.")),
        tree.table(f"Times for a {subject}", ["Tier", "Promise"], [[f"Tier {n}", f"{n} hours"] for n in range(6)]),
        tree.heading(2, f"Resolution time of a {subject}, {number}", f"kpi-kpi-{number}"),
        tree.paragraph(f"How long it takes until a {subject} is solved, from the first response on."),
        tree.facts(("Formula", "solved − asked"), ("Source", "own definition"), ("Unit", "hours")),
        tree.table("By month", ["Month", "#Value"], months),
    ]
    return {"anchor": anchor, "number": str(number), "title": f"How we handle a {subject}, {number}", "blocks": blocks}
