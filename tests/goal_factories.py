"""Check-ins, actions, close-outs and calendar feeds."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from goals.models import Action, CalendarFeed, CheckIn, CloseOut, Goal, Milestone, Rebase
from tests.factories import GoalFactory, ManagerFactory


class CheckInFactory(DjangoModelFactory):
    """On track in the person's eyes, of a goal that nobody has judged."""

    class Meta:
        model = CheckIn

    goal = factory.SubFactory(GoalFactory)
    by = factory.SubFactory(ManagerFactory)
    at = datetime(2026, 3, 12, 9, tzinfo=UTC)
    confidence = "on_track"
    what_changed = "A second shift."
    next_step = "Start it earlier."
    target = factory.LazyAttribute(lambda check_in: check_in.goal.target)


class ActionFactory(DjangoModelFactory):
    """Open, and due on 20 March 2026."""

    class Meta:
        model = Action

    what = factory.Sequence(lambda number: f"Action {number}")
    owner = factory.SubFactory(ManagerFactory)
    due = date(2026, 3, 20)


class CloseOutFactory(DjangoModelFactory):
    """Of a goal that was achieved clearly."""

    class Meta:
        model = CloseOut

    goal = factory.SubFactory(GoalFactory, state="closed", status="achieved")
    by = factory.SubFactory(ManagerFactory)
    outcome = "achieved"
    certainty = "met_clearly"
    target = factory.LazyAttribute(lambda close_out: close_out.goal.target)


class RebaseFactory(DjangoModelFactory):
    class Meta:
        model = Rebase

    goal = factory.SubFactory(GoalFactory)
    since = date(2026, 3, 2)
    reason = "A new shop"


class CalendarFeedFactory(DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    person = factory.SubFactory(ManagerFactory)


class MilestoneFactory(DjangoModelFactory):
    """Open, and due on 2 March 2026."""

    class Meta:
        model = Milestone

    goal = factory.SubFactory(GoalFactory, kpi="", target=1, baseline=None, baseline_n=0)
    name = factory.Sequence(lambda number: f"Milestone {number}")
    due = date(2026, 3, 2)


def goal_of(*steps: tuple[str, date | None, date | None], **fields: object) -> Goal:
    """A goal with milestones from 1 January to 30 June 2026: the name of each, when it is due and when it was done."""
    usual = {"kpi": "", "target": len(steps), "baseline": None, "baseline_n": 0, "revision": 1}
    found: Goal = GoalFactory(**usual | fields)
    for position, (name, due, done_on) in enumerate(steps):
        MilestoneFactory(goal=found, position=position, name=name, due=due, done_on=done_on)
    return found
