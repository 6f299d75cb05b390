"""Who is told what every week in the demonstration company, and what was sent lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from goals import reports
from goals.models import Report, ReportItem, Stakeholder
from kpiproject.front.demo import adoption, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step

WEEKS: Final = 2
STAKEHOLDERS: Final = (
    ("Ute Brandt", "ute.brandt@beirat.example", "Advisory board"),
    ("Henrik Solberg", "henrik.solberg@fjelltelt.example", "Makes our tents"),
    ("Petra Lindner", "petra.lindner@lindner-steuer.example", "Our tax adviser; nothing is sent to her any more"),
)


@dataclass(frozen=True, kw_only=True)
class Spec:
    name: str
    at: time
    items: tuple[str, ...]
    charts: frozenset[str]
    stakeholders: tuple[str, ...]
    is_for_staff: bool


TEAM: Final = Spec(
    name="Weekly report of customer service",
    at=time(8),
    items=adoption.TEAM_REPORT,
    charts=frozenset({"first_response_time", "resolution_within_target", "csat", "ticket_volume"}),
    stakeholders=("Henrik Solberg",),
    is_for_staff=True,
)
BOARD: Final = Spec(
    name="Service in five figures",
    at=time(9),
    items=("csat", "nps", "resolution_within_target", "first_contact_resolution", "ticket_volume"),
    charts=frozenset({"csat", "resolution_within_target"}),
    stakeholders=("Ute Brandt",),
    is_for_staff=False,
)


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """Set up on the Friday before the first one; on each Monday since then about the week before."""
    yield Step(at=timeline.at(timeline.monday(today, -WEEKS - 2), 9), do=lambda _at: _stakeholders())
    for spec in (TEAM, BOARD):
        made: list[Report] = []
        yield _set_up(spec, today, cast, made)
        for weeks in range(-WEEKS, 1):
            at = timeline.at(timeline.monday(today, weeks), spec.at.hour)
            yield Step(at=at, do=partial(_produce, made))


def _stakeholders() -> None:
    for name, email, note in STAKEHOLDERS:
        is_active = "any more" not in note
        Stakeholder.objects.get_or_create(email=email, defaults={"name": name, "note": note, "is_active": is_active})


def _set_up(spec: Spec, today: date, cast: Cast, made: list[Report]) -> Step:
    def set_up(now: datetime) -> None:
        report = Report.objects.create(name=spec.name, owner=cast.manager, weekday=0, at=spec.at)
        report.people.set([cast.manager, cast.staff] if spec.is_for_staff else [cast.manager])
        report.stakeholders.set(Stakeholder.objects.filter(name__in=spec.stakeholders))
        ReportItem.objects.bulk_create(
            ReportItem(report=report, position=10 * place, kpi=code, has_chart=code in spec.charts)
            for place, code in enumerate(spec.items, start=1)
        )
        reports.plan(report, now)
        made.append(report)

    return Step(at=timeline.at(timeline.monday(today, -WEEKS - 1), 16), do=set_up)


def _produce(made: list[Report], now: datetime) -> None:
    for report in made:
        report.refresh_from_db()
        run = reports.produce(report, reports.last_complete_week(report))
        type(run).objects.filter(pk=run.pk).update(at=now)
