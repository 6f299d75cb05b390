"""What the people of the demonstration company have said about their goals, week by week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from goals import check_ins
from goals.check_ins import Said
from goals.models import CheckIn, Goal
from kpiproject.front.demo import timeline
from kpiproject.front.demo.timeline import Step
from metrics.kpi import Better

LEVELS: Final = (CheckIn.Confidence.OFF_TRACK, CheckIn.Confidence.AT_RISK, CheckIn.Confidence.ON_TRACK)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """About one goal, in the weeks counted from this one. `mood` says how many levels higher than judged it is seen."""

    kpi: str
    weeks: tuple[int, ...]
    said: tuple[tuple[str, str], ...]
    member: str = ""
    mood: int = 0
    why: str = ""


TALKS: Final = (
    Talk(
        kpi="first_response_time",
        member="chat",
        weeks=(-11, -9, -7, -5, -3, -1),
        said=(
            (
                "The second shift has begun. Between noon and two nobody waits any more.",
                "Start it half an hour earlier.",
            ),
            (
                "Two of us were ill, so that the evening stayed thin.",
                "Let the first line take over one evening a week.",
            ),
            ("Short answers for the five most frequent questions are in use.", "Write five more, about sizes."),
            ("Quiet weeks; we have used them to read chats together.", "Keep the hour for reading, every Wednesday."),
        ),
    ),
    Talk(
        kpi="csat",
        weeks=(-14, -12, -10, -8, -6, -4, -2),
        said=(
            ("Most of the unhappy ones wait for a delivery.", "Tell customers on our own when a parcel is late."),
            ("We write first when a parcel is late. Two customers have thanked us for it.", "Do the same for returns."),
            ("Returns are quicker, but nobody is told where they are.", "Send one line when a return arrives."),
        ),
        mood=1,
        why="The notes about late parcels began this month only; the weeks that are judged do not show them yet.",
    ),
    Talk(
        kpi="survey_response_rate",
        weeks=(-10, -8, -5),
        said=(
            ("The mail is shorter now, and asks one question.", "Ask on the day after, and not after three."),
            ("Fewer open it on weekends.", "Do not send on Saturdays."),
        ),
    ),
    Talk(
        kpi="resolution_within_target",
        weeks=(-15, -12, -9, -6, -4, -2, -1),
        said=(
            (
                "The move to the new shop has brought a third more requests.",
                "Ask Technical for one person for four weeks.",
            ),
            ("The backlog of the move is gone.", "Look at urgent requests every morning, together."),
            ("Requests that are handed over wait for a day.", "Whoever hands over writes three lines."),
        ),
    ),
    Talk(
        kpi="reopen_rate",
        weeks=(-13, -9, -5, -2),
        said=(
            ("Most of them come back because of the watch.", "Finish the instructions for its ten faults."),
            ("The instructions are used, and fewer come back.", "Write the same for the lamp."),
        ),
    ),
    Talk(
        kpi="resolution_time",
        weeks=(-36, -32, -28, -24, -21),
        said=(
            ("Everybody closes their own requests before they go home.", "Give the old ones to two people."),
            ("Fewer requests wait for an answer of ours.", "Answer suppliers' questions on the same day."),
        ),
    ),
)


def steps(today: date) -> Iterator[Step]:
    """On Thursdays, in the afternoon."""
    for talk in TALKS:
        for number, week in enumerate(talk.weeks):
            day = timeline.monday(today, week) + timedelta(days=3)
            if day < today:
                yield Step(at=timeline.at(day, 15), do=partial(_check_in, talk, number, day))


def _check_in(talk: Talk, number: int, day: date, now: datetime) -> None:
    """Of the goal that ran on that day. The last word is about how it is seen, if that differs."""
    running = Goal.objects.filter(kpi=talk.kpi, member=talk.member, state=Goal.State.ACTIVE, start__lte=day)
    for goal in running.filter(due__gte=day).select_related("owner").order_by("-due")[:1]:
        changed, next_step = talk.said[number % len(talk.said)]
        is_last = number == len(talk.weeks) - 1
        confidence = _seen(goal, talk.mood if is_last else 0)
        said = Said(confidence=confidence, what_changed=changed, next_step=next_step, difference=_why(talk, goal))
        check_ins.check_in(goal.pk, said, by=goal.owner, now=now)


def _seen(goal: Goal, mood: int) -> str:
    """As it is judged, or so many levels higher; of what is not judged yet people are hopeful."""
    judged = str(goal.status)
    level = [str(one) for one in LEVELS].index(judged) if judged in LEVELS else len(LEVELS) - 1
    return str(LEVELS[min(level + mood, len(LEVELS) - 1)])


def _why(talk: Talk, goal: Goal) -> str:
    """Kept only where the two differ. A goal that has ended differs from nothing that its owner would say of it."""
    direction = "falling" if Better(goal.direction) is Better.LOWER else "rising"
    return talk.why or f"What we see every day is {direction}; the judgement follows when its weeks are over."
