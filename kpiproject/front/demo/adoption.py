"""Which KPIs the demonstration company works with, who looks after each, one that it has defined itself, and what it
compares itself with."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from kpiproject.front.demo import timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from metrics import adoption, definitions
from metrics.models import Adoption, Benchmark, CustomKpi

TEAM_REPORT: Final = definitions.STARTER
"""What every week's report tells."""

CHOSEN: Final = {
    "first_response_time": "Whether somebody is there when a customer asks.",
    "resolution_time": "How long customers have to do without what they asked for.",
    "resolution_within_target": "Whether we keep what we promise.",
    "first_contact_resolution": "Whether one answer is enough.",
    "reopen_rate": "Whether solved means solved.",
    "ticket_volume": "How many people we need.",
    "solved_volume": "",
    "backlog": "Whether we keep up.",
    "csat": "What customers say about our answers.",
    "nps": "Whether they would recommend us.",
    "ces": "How hard it was for them.",
    "survey_response_rate": "",
    "follow_up_within_one_day": "Whether we call back who is unhappy.",
    "recovery_rate": "",
    "repeat_purchase_rate": "Whether customers come back.",
    "return_processing_time": "How long people wait for their money.",
}
_OF_STAFF: Final = ("backlog", "follow_up_within_one_day", "recovery_rate", "return_processing_time")
OWN: Final = "custom_urgent_complaints"
_CHOSEN_WEEKS: Final = 20
_BENCHMARKS: Final = (
    ("csat", 84.0, 90.0, "Figures exchanged with two other shops", 150),
    ("first_contact_resolution", 72.0, None, "Yearly survey of the trade association", 500),
)
"""KPI, lower and upper end, source, and how many days old."""


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """Chosen some time after the beginning, so that each baseline is older than what is measured now."""
    yield Step(at=timeline.at(timeline.monday(today, -_CHOSEN_WEEKS), 10), do=lambda _at: _choose(cast))
    yield Step(at=timeline.at(timeline.monday(today, -_CHOSEN_WEEKS), 11), do=lambda _at: _compare_with(today))


def define() -> None:
    """A figure that no catalogue has. Idempotent, and before figures are computed."""
    CustomKpi.objects.get_or_create(
        code=OWN,
        defaults={
            "name": "Urgent complaints",
            "text": "How many complaints came in that could not wait. We look at it every Monday.",
            "frame": "tickets",
            "shape": CustomKpi.Shape.NUMBER,
            "at": "created_at",
            "filters": [
                {"column": "category", "operator": "equals", "value": "Complaint"},
                {"column": "priority", "operator": "one_of", "value": "high, urgent"},
            ],
            "unit": "count",
            "better": "lower",
        },
    )


def _choose(cast: Cast) -> None:
    known = definitions.kpis()
    codes = [code for code in [*CHOSEN, OWN] if code in known]
    owners = {code: cast.staff if code in _OF_STAFF else cast.manager for code in codes}
    adoption.choose(codes, owners=owners, only_these=True)
    for code in codes:
        if note := CHOSEN.get(code):
            Adoption.objects.filter(kpi=code).update(note=note)


def _compare_with(today: date) -> None:
    """One benchmark to be believed, and one that waits for a look. Both are as invented as the company."""
    for code, low, high, source, age in _BENCHMARKS:
        Benchmark.objects.create(
            kpi=code,
            low=low,
            high=high,
            segment="Outdoor shops of our size",
            source=source,
            as_of=today - timedelta(days=age),
            note="Invented for the demonstration.",
        )
