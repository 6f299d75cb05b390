"""What others measure and what is usual, beside our own figure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, Max, Q
from django.utils.translation import gettext as _

from metrics import presentation
from metrics.definitions import find
from metrics.kpi import Kpi
from metrics.models import Benchmark
from metrics.models.benchmark import a_year_after
from metrics.presets import KPIS
from metrics.queries import Point


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`where` says on which side of it our figure lies; empty without one. Presets are never stale: nobody measured
    them on a day."""

    amount: str
    where: str
    segment: str
    source: str
    link: str = ""
    as_of: date | None = None
    review_on: date | None = None
    is_stale: bool = False
    note: str = ""


def shown(kpi: Kpi, point: Point, today: date) -> list[Shown]:
    """The usual range first, then what others measure, newest first."""
    return beside([(kpi, point)], today)[kpi.code]


def beside(figures: Collection[tuple[Kpi, Point]], today: date) -> dict[str, list[Shown]]:
    """The same of several KPIs by their codes, in one query. Of the day `today`: what was measured later is not there
    yet."""
    rows: dict[str, list[tuple[Benchmark, bool]]] = {}
    known = Benchmark.objects.filter(kpi__in=[kpi.code for kpi, _point in figures], as_of__lte=today)
    for row in known.annotate(is_stale=ExpressionWrapper(stale(today), BooleanField())):
        rows.setdefault(row.kpi, []).append((row, row.is_stale))
    return {
        kpi.code: [
            *_preset(kpi, point),
            *(_benchmark(row, kpi, point, is_stale=is_stale) for row, is_stale in rows.get(kpi.code, [])),
        ]
        for kpi, point in figures
    }


def stale(today: date) -> Q:
    """Those whose review day is over; on the day itself they are still to be believed."""
    return Q(review_on__lt=today)


def out_of_date(codes: Collection[str], today: date) -> list[tuple[str, date]]:
    """The KPIs whose newest benchmark is older than a year, with its day, the oldest first. Without any benchmark
    nothing is out of date."""
    newest = Benchmark.objects.filter(kpi__in=codes).order_by().values_list("kpi").annotate(newest=Max("as_of"))
    return sorted(((code, as_of) for code, as_of in newest if a_year_after(as_of) < today), key=lambda pair: pair[::-1])


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A benchmark that is no longer to be believed until somebody has looked it up again."""

    benchmark: Benchmark
    kpi_name: str


def overdue(codes: Collection[str], today: date) -> list[Overdue]:
    """Those of some KPIs whose review day is over, the oldest first."""
    rows = Benchmark.objects.filter(stale(today), kpi__in=codes).order_by("review_on", "id")
    names = {code: kpi.name for code in codes if (kpi := find(code))}
    return [Overdue(benchmark=row, kpi_name=str(names.get(row.kpi, row.kpi))) for row in rows]


def written(low: float, high: float | None, kpi: Kpi) -> str:
    lowest = presentation.value(low, kpi)
    if high is None or high == low:
        return lowest
    return _("%(low)s to %(high)s") % {"low": lowest, "high": presentation.value(high, kpi)}


def _preset(kpi: Kpi, point: Point) -> Iterator[Shown]:
    if preset := KPIS.get(kpi.code):
        yield Shown(
            amount=written(preset.low, preset.high, kpi),
            where=_where(point, preset.low, preset.high),
            segment=_("usual range"),
            source=str(preset.source),
        )


def _benchmark(row: Benchmark, kpi: Kpi, point: Point, *, is_stale: bool) -> Shown:
    return Shown(
        amount=written(row.low, row.high, kpi),
        where=_where(point, row.low, row.high),
        segment=row.segment,
        source=row.source,
        link=row.link,
        as_of=row.as_of,
        review_on=row.review_on,
        is_stale=is_stale,
        note=row.note,
    )


def _where(point: Point, low: float, high: float | None) -> str:
    if point.value is None:
        return ""
    if point.value < low:
        return _("ours is below")
    return _("ours is above") if point.value > (low if high is None else high) else _("ours is within")
