"""When the people of the demonstration company look at their goals together, and what they wrote down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from goals import actions, reviews
from goals.models import Action, Goal, Review
from kpiproject.front.demo import timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step

AGENDA: Final = "1. Goals that are off track or at risk\n2. What customers wrote\n3. What we change until next time"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An action from a review: `days` until it is due count from the review. One with a `note` was done on `done`."""

    what: str
    days: int
    is_staffs: bool = False
    kpi: str = ""
    done: int = 0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """`days` counts from today. One with minutes was held."""

    title: str
    days: int
    agenda: str = AGENDA
    minutes: str = ""
    decisions: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    cadence: str = Review.Cadence.ONCE


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
        decisions=(
            "There is a second chat shift from next month on.",
            "New goals for chats and for how many answer us.",
        ),
        promises=(
            Promise(
                what="Collect the ten most frequent faults of the watch and write instructions for the first line",
                days=30,
                kpi="reopen_rate",
                done=33,
                note="Nine of ten; the tenth is a fault of the app and goes to its makers.",
            ),
            Promise(
                what="Plan the second chat shift",
                days=14,
                is_staffs=True,
                kpi="first_response_time",
                done=12,
                note="It runs from four to eight.",
            ),
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
        decisions=(
            "The second chat shift stays.",
            "The target for solutions within target is lowered to 90 %; 93 % is for next spring.",
            "Whoever hands over a request writes three lines: what it is about, what was tried, what is promised.",
        ),
        promises=(
            Promise(
                what="Write the three questions for handing over into the help desk's form",
                days=12,
                done=10,
                note="Done.",
            ),
            Promise(
                what="Ask ten customers who did not answer us why",
                days=21,
                is_staffs=True,
                kpi="survey_response_rate",
            ),
            Promise(what="Read twenty handovers and count those with three lines", days=34, is_staffs=True),
            Promise(what="Tell Technical what customers write about handing over", days=28, kpi="csat"),
        ),
    ),
    Spec(
        title="Monthly review of goals: who answers us, and who does not",
        days=2,
        cadence=Review.Cadence.MONTHLY,
    ),
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
            yield Step(at=timeline.at(on, 12, 30), do=partial(_agree, spec, on, cast, found))
            for number, promise in enumerate(spec.promises):
                if promise.note:
                    at = timeline.at(on + timedelta(days=promise.done), 16)
                    yield Step(at=at, do=partial(_keep, found, number, promise.note))


def _planned(spec: Spec, on: date, planned: date, cast: Cast, found: list[Review]) -> Step:
    def plan(_at: datetime) -> None:
        review = Review.objects.create(
            title=spec.title, on=on, owner=cast.manager, agenda=spec.agenda, cadence=spec.cadence
        )
        review.participants.add(cast.staff)
        found.append(review)

    return Step(at=timeline.at(planned, 10), do=plan)


def _held(spec: Spec, on: date, found: list[Review]) -> Step:
    def hold(now: datetime) -> None:
        for review in found:
            reviews.hold(review.pk, spec.minutes, seen=reviews.version(review), now=now)

    return Step(at=timeline.at(on, 12), do=hold)


def _agree(spec: Spec, on: date, cast: Cast, found: list[Review], now: datetime) -> None:
    for review in found:
        for text in spec.decisions:
            actions.decide(review.pk, text, by=cast.manager, now=now)
        for promise in spec.promises:
            goal = Goal.objects.filter(kpi=promise.kpi, state=Goal.State.ACTIVE).order_by("due").first()
            action = Action(
                what=promise.what,
                owner=cast.staff if promise.is_staffs else cast.manager,
                due=on + timedelta(days=promise.days),
                review=review,
                goal=goal if promise.kpi else None,
            )
            actions.add(action, by=cast.manager, today=on)


def _keep(found: list[Review], number: int, note: str, now: datetime) -> None:
    for review in found:
        action = list(review.actions.order_by("pk"))[number]
        actions.end(action.pk, Action.State.DONE, note=note, by=action.owner, now=now)


def _working_day(day: date) -> date:
    """That day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
