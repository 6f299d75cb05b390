"""The agenda of a review as it was when the review was held: plain data beside the minutes, in the words of that day.

Figures that change later do not change it. Words of customers are not copied: what is kept is which answers they were,
so that what is erased there is gone here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any, Final

from goals import agenda
from goals.agenda import Agenda, GoalNote, Outdated, Promise, SignalLine, Topic
from goals.models import Action, Goal, Review
from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from surveys import complaints, queries
from surveys.complaints import Complaint

Kept = dict[str, Any]
_ROWS: Final[Mapping[str, type]] = {
    "topics": Topic,
    "signals": SignalLine,
    "guardrails": GoalNote,
    "actions": Promise,
    "benchmarks": Outdated,
    "stale": GoalNote,
    "unread": GoalNote,
}
_COMMENTS: Final = ("complaints", "praise")
_DAYS: Final = ("due", "review_on")


def now_of(review: Review, now: datetime) -> Kept:
    """The agenda at this moment, as data."""
    zone = organisation().time_zone
    found = agenda.build(review, today=local_day(now, zone), zone=zone)
    kept: Kept = {"as_of": now.isoformat(), "since": found.since.isoformat(), "more_actions": found.more_actions}
    kept |= {name: [_plain(row) for row in getattr(found, name)] for name in _ROWS}
    return kept | {name: [_comment(said) for said in getattr(found, name)] for name in _COMMENTS}


def read(kept: Kept) -> Agenda:
    """The agenda out of the data, for somebody who may see everything; what was deleted since has no page any more."""
    rows: dict[str, Any] = {name: [_row(kind, row) for row in kept.get(name, [])] for name, kind in _ROWS.items()}
    said: dict[str, Any] = dict(_comments(kept))
    found = Agenda(
        since=date.fromisoformat(kept["since"]),
        as_of=datetime.fromisoformat(kept["as_of"]),
        more_actions=kept.get("more_actions", 0),
        **rows,
        **said,
    )
    return _linked(found)


def _plain(row: Any) -> Kept:
    plain = {name: value for name, value in asdict(row).items() if name != "has_page"}
    return plain | {name: plain[name].isoformat() for name in _DAYS if name in plain}


def _row(kind: type, kept: Kept) -> Any:
    """What a later version does not know any more is left out."""
    known = {field.name for field in fields(kind)}
    values = {name: value for name, value in kept.items() if name in known}
    return kind(**values | {name: date.fromisoformat(values[name]) for name in _DAYS if name in values})


def _comment(said: Complaint) -> Kept:
    return {"answer": said.answer.pk, "score": said.score}


def _comments(kept: Kept) -> dict[str, list[Complaint]]:
    """In the order in which they stood there."""
    wanted = [row["answer"] for name in _COMMENTS for row in kept.get(name, [])]
    answers = {answer.pk: answer for answer in queries.with_words(wanted)} if wanted else {}
    return {
        name: [
            replace(complaints.complaint(answers[row["answer"]], has_customer=False), score=row["score"])
            for row in kept.get(name, [])
            if row["answer"] in answers
        ]
        for name in _COMMENTS
    }


def _linked(found: Agenda) -> Agenda:
    about_goals: list[Any] = [*found.topics, *found.signals, *found.guardrails, *found.stale, *found.unread]
    named = {one.goal_id for one in about_goals}
    goals = set(Goal.objects.filter(pk__in=named).values_list("pk", flat=True))
    promised = [one.action_id for one in found.actions]
    there = set(Action.objects.filter(pk__in=promised).values_list("pk", flat=True))
    return replace(
        found,
        topics=_of_goals(found.topics, goals),
        signals=_of_goals(found.signals, goals),
        guardrails=_of_goals(found.guardrails, goals),
        stale=_of_goals(found.stale, goals),
        unread=_of_goals(found.unread, goals),
        actions=[replace(one, has_page=one.action_id in there) for one in found.actions],
    )


def _of_goals(rows: Sequence[Any], goals: set[int]) -> list[Any]:
    return [replace(one, has_page=one.goal_id in goals) for one in rows]
