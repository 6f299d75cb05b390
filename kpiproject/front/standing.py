"""How things stand, for everybody: goals, the next review, the manual, the last complete week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from goals import actions, lines, shelves
from goals import queries as goal_queries
from goals.actions import ActionLine
from goals.lines import GoalLine
from goals.models import Review
from kpiproject.front.matters import Moment
from kpiproject.lib.periods import Grain, Period, grain_start
from kpiproject.models import Organisation, User
from manual.models import Edition
from metrics import cards, presentation, queries
from metrics.cards import Card
from metrics.queries import Freshness

WEEKLY: Final = ("csat", "first_response_time", "resolution_time", "ticket_volume")
MOST_GOALS: Final = 6
MOST_ACTIONS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Goals:
    """Those that are running, counted as on the board. `judged` leaves out goals of which nothing can be said yet;
    `others` counts those that are not in `shown`."""

    good: int
    judged: int
    unjudged: int
    shown: list[GoalLine]
    others: int


@dataclass(frozen=True, kw_only=True)
class Week:
    name: str
    start: date
    end: date
    cards: list[Card]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """None where there is nothing, or this person may not see it."""

    goals: Goals | None
    review: Review | None
    edition: Edition | None
    week: Week | None
    promised: list[ActionLine]

    @property
    def has_anything(self) -> bool:
        return any((self.goals, self.review, self.edition, self.promised))


def standing(user: User, house: Organisation, fresh: Freshness, moment: Moment, *, leads: bool) -> Standing:
    """Whoever `leads` finds goals and promises among what needs them, and begins with it instead of last week."""
    return Standing(
        goals=_goals(most=0 if leads else MOST_GOALS) if user.has_perm("goals.view_goal") else None,
        review=goal_queries.next_review(fresh.today) if user.has_perm("goals.view_review") else None,
        edition=moment.edition if user.has_perm("manual.view_edition") else None,
        week=None if leads else _week(house, fresh),
        promised=[] if leads else _promised(user, fresh.today),
    )


def _promised(user: User, today: date) -> list[ActionLine]:
    """What this person does next, as agreed in reviews."""
    if not user.has_perm("goals.view_action"):
        return []
    return [actions.line(action, today) for action in actions.open_actions().filter(owner=user)[:MOST_ACTIONS]]


def _goals(*, most: int) -> Goals | None:
    counts = shelves.choices(has_drafts=False).shelves
    running = sum(counts[name] for name in shelves.RUNNING)
    if not running:
        return None
    shown = [lines.line(goal) for goal in shelves.on(shelves.RUNNING).defer("course")[:most]] if most else []
    return Goals(
        good=counts["on_track"],
        judged=running - counts["waiting"],
        unjudged=counts["waiting"],
        shown=shown,
        others=running - len(shown),
    )


def _week(house: Organisation, fresh: Freshness) -> Week:
    """The last one that is over, beside the one before."""
    end = grain_start(fresh.today, Grain.WEEK, house.week_start)
    period = Period(end - timedelta(days=7), end, house.time_zone)
    codes = _weekly()
    found = cards.grouped(queries.glance(period, grain=Grain.DAY, codes=codes), period, fresh)
    by_code = {card.kpi.code: card for group in found for card in group.cards}
    return Week(
        name=presentation.period(period.start, Grain.WEEK, period.end),
        start=period.start,
        end=period.end,
        cards=[by_code[code] for code in codes],
    )


def _weekly() -> list[str]:
    """Four of those that the organisation works with, the usual ones first."""
    adopted = [kpi.code for kpi in queries.adopted() if not kpi.needs_dimension]
    usual = [code for code in WEEKLY if code in adopted]
    return [*usual, *(code for code in adopted if code not in usual)][: len(WEEKLY)]
