"""How much longer the manual takes than a page of the same size that is only a file."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from kpiproject.documents import tree
from kpiproject.lib import charts
from manual import editions
from manual.models import Edition
from tests.bench.report import Finding, median_seconds
from tests.factories import StaffFactory

SECTIONS = 40
CHARTS = 30
_TEMPLATE = "bench/still_page.html"


def findings() -> list[Finding]:
    _publish()
    client = Client(SERVER_NAME="localhost")
    client.force_login(StaffFactory())
    cold = median_seconds(lambda: _cold(client), times=3)
    page = client.get("/manual/")
    with _still_page(page):
        still, manual = _in_turns(lambda: client.get("/still/"), lambda: client.get("/manual/"))
        size = len(client.get("/still/").content) / len(page.content)
    mark = {"If-None-Match": page["ETag"]}
    again, known = _in_turns(lambda: client.get("/manual/"), lambda: client.get("/manual/", headers=mark))
    note = f"{1000 * manual:.2f} ms, {1000 * still:.2f} ms; {len(page.content) / 1000:.0f} kB"
    return [
        Finding("manual: /manual/ ÷ a static template of its size", manual / still, 1.5, note=note),
        Finding("manual: the static template is not smaller", abs(1 - size), 0.02),
        Finding("manual: saying that the browser has it ÷ the page", known / again, 1.2, note=f"{1000 * known:.2f} ms"),
        Finding("manual: with an empty cache, so that 30 charts are drawn", cold, 10.0, "s"),
    ]


def _in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians of processor seconds: what else the machine does must not count, and both must meet the same."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for action in (one, other):
        action()
    for _time in range(100):
        for action, taken in zip((one, other), seconds, strict=True):
            start = time.process_time()
            action()
            taken.append(time.process_time() - start)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def _cold(client: Client) -> None:
    cache.clear()
    assert client.get("/manual/").status_code == 200


def _publish() -> Edition:
    content = {
        "title": "Customer Service Manual",
        "subtitle": "Bench",
        "language": "en",
        "facts": [],
        "sections": [_section(number) for number in range(1, SECTIONS + 1)],
    }
    now = timezone.now()
    digest = editions.digest(content, {})
    return Edition.objects.create(number=1, content=content, digest=digest, as_of=now, published_at=now)


def _section(number: int) -> tree.Section:
    anchor = f"section-{number}"
    blocks: list[tree.Block] = [tree.heading(1, "What we do", f"{anchor}-what")]
    blocks += [tree.paragraph("We answer within a day, and say when we cannot. " * 8) for _n in range(6)]
    if number <= CHARTS:
        days = [timezone.now().date().replace(month=month, day=1) for month in range(1, 13)]
        points = [charts.Point(start=day, value=80.0 + day.month + number / 7) for day in days]
        spec = charts.time_series(points, title=f"Satisfaction {number}", unit="%")
        rows = [[point.start.isoformat(), str(point.value)] for point in points]
        blocks.append({"is": "chart", "title": f"Satisfaction {number}", "spec": spec})
        blocks.append(tree.table("By month", ["Month", "#Value"], rows))
    return {"anchor": anchor, "number": str(number), "title": f"Section {number}", "blocks": blocks}


@contextmanager
def _still_page(page: HttpResponse) -> Iterator[None]:
    """A page for the same people in the same frame, whose content is written in its template."""
    content = page.content.decode().partition('<main id="content"')[2].partition(">")[2].partition("</main>")[0]
    folder = Path(settings.VAR) / "bench-templates"
    (folder / "bench").mkdir(parents=True, exist_ok=True)
    text = f'{{% extends "manual/base_page.html" %}}{{% block content %}}{{% verbatim %}}{content}{{% endverbatim %}}'
    (folder / _TEMPLATE).write_text(text + "{% endblock %}", encoding="utf-8")
    urls = ModuleType("tests.bench.still_urls")
    urls.urlpatterns = [path("still/", _still), path("", include("kpiproject.urls"))]  # type: ignore[attr-defined]
    engine = settings.TEMPLATES[0]
    templates = [engine | {"DIRS": [settings.BASE_DIR / "templates", folder]}]
    with override_settings(ROOT_URLCONF=urls, TEMPLATES=templates):
        yield


@login_required
@permission_required("manual.view_edition", raise_exception=True)
def _still(request: HttpRequest) -> HttpResponse:
    return render(request, _TEMPLATE)
