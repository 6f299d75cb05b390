"""When the people of the demonstration company look at their goals together, and what they wrote down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from goals import reviews
from goals.models import Review
from kpiproject.front.demo import timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step

AGENDA: Final = "1. Goals that are off track or at risk\n2. What customers wrote\n3. What we change until next time"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """`days` counts from today. One with minutes was held."""

    title: str
    days: int
    agenda: str = AGENDA
    minutes: str = ""


SPECS: Final = (
    Spec(
        title="Quarterly review after the move to the new shop",
        days=-94,
        agenda="1. What the move has done to our customers\n2. What is back to normal, and what is not\n3. New goals",
        minutes=(
            "The backlog is down to where it was before the move; half of all requests are solved within five and a "
            "half hours again. First contact resolution is not back yet: two of five customers who write about their "
            "watch have to write again.\n\n"
            "Decided: Greta collects the ten most frequent faults of the watch and writes instructions for the first "
            "line. Samir has a second chat shift from next month on. New goals for chats and for how many answer us."
        ),
    ),
    Spec(
        title="Monthly review of goals",
        days=-27,
        minutes=(
            "Chats are answered faster than we had hoped; the second shift stays. We have lowered the target for "
            "solutions within target to 90 %, because the weeks of the move can no longer be made up for.\n\n"
            "Customers write that they have to explain everything again when a request goes from the first line to "
            "Technical. Decided: whoever hands over writes three lines. We look at it again next time."
        ),
    ),
    Spec(title="Monthly review of goals: who answers us, and who does not", days=2),
    Spec(
        title="Quarterly review with the board",
        days=44,
        agenda="1. Goals for the next half year\n2. What service has brought to the shop\n3. Shifts for spring",
    ),
)


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """Each is planned four weeks ahead (or a week ago), and held at noon if its day is over."""
    for spec in SPECS:
        on = _working_day(today + timedelta(days=spec.days))
        planned = min(on - timedelta(weeks=4), today - timedelta(weeks=1))
        found: list[Review] = []
        yield _planned(spec, on, planned, cast, found)
        if spec.minutes:
            yield _held(spec, on, found)


def _planned(spec: Spec, on: date, planned: date, cast: Cast, found: list[Review]) -> Step:
    def plan(_at: datetime) -> None:
        review = Review.objects.create(title=spec.title, on=on, owner=cast.manager, agenda=spec.agenda)
        review.participants.add(cast.staff)
        found.append(review)

    return Step(at=timeline.at(planned, 10), do=plan)


def _held(spec: Spec, on: date, found: list[Review]) -> Step:
    def hold(now: datetime) -> None:
        for review in found:
            reviews.hold(review.pk, spec.minutes, seen=reviews.version(review), now=now)

    return Step(at=timeline.at(on, 12), do=hold)


def _working_day(day: date) -> date:
    """That day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
