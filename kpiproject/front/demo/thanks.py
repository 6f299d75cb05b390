"""What the people of the demonstration company have thanked one another for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from goals import recognition
from kpiproject.front.demo import company, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.models import Team


@dataclass(frozen=True, kw_only=True)
class Spec:
    """`days` counts from today. To a team where one is named, otherwise to the other of the two."""

    days: int
    what: str
    is_by_manager: bool = True
    team: str = ""


SPECS: Final = (
    Spec(
        days=-41,
        what="You took the second chat shift in the week of the move although it was your free afternoon.",
    ),
    Spec(
        days=-19,
        team="Technical",
        is_by_manager=False,
        what="The list of the ten faults of the watch saved me from handing over at least a dozen customers.",
    ),
    Spec(
        days=-6,
        what="You called the customer with the lost parcel back three times, until it was there.",
    ),
)


def steps(today: date, cast: Cast) -> Iterator[Step]:
    for spec in SPECS:
        yield Step(at=timeline.at(today + timedelta(days=spec.days), 16), do=partial(_say, spec, cast))


def _say(spec: Spec, cast: Cast, now: datetime) -> None:
    by, other = (cast.manager, cast.staff) if spec.is_by_manager else (cast.staff, cast.manager)
    team = Team.objects.get(source=company.SOURCE, external_id=spec.team) if spec.team else None
    recognition.give(by=by, person=None if team else other, team=team, what=spec.what, praise=None, now=now)
