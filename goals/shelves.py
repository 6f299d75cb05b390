"""Where a goal stands on the board, and what there is to choose from."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.balance import Aim
from goals.models import Goal
from goals.queries import most_urgent_first
from metrics.queries import find

Status, State = Goal.Status, Goal.State

_OVER: Final = Q(state=State.CLOSED) | Q(state=State.ACTIVE, status__in=[Status.ACHIEVED, Status.MISSED])
_RUNNING: Final = Q(state=State.ACTIVE) & ~Q(status__in=[Status.ACHIEVED, Status.MISSED])
_JUDGED: Final = (Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK)
SHELVES: Final[Mapping[str, Q]] = {
    **{status.value: Q(state=State.ACTIVE, status=status) for status in _JUDGED},
    "waiting": _RUNNING & ~Q(status__in=_JUDGED),
    "draft": Q(state=State.DRAFT),
    "over": _OVER,
    "cancelled": Q(state=State.CANCELLED),
}
NAMES: Final[Mapping[str, str | Promise]] = {
    "off_track": _("Off track"),
    "at_risk": _("At risk"),
    "on_track": _("On track"),
    "waiting": _("Not judged yet"),
    "draft": _("Drafts"),
    "over": _("Achieved or missed"),
    "cancelled": _("Cancelled"),
}
_ABOUT: Final = ("kpi", "dimension", "member")
RUNNING: Final = ("off_track", "at_risk", "on_track", "waiting")


def shelf(state: str, status: str) -> str:
    """The name of the shelf on which a goal stands."""
    if state in (State.DRAFT, State.CANCELLED):
        return str(state)
    if state == State.CLOSED or status in (Status.ACHIEVED, Status.MISSED):
        return "over"
    return status if status in _JUDGED else "waiting"


def on(shelves: Collection[str]) -> "QuerySet[Goal]":
    """The goals on these shelves: the running ones by urgency, what is over by its end, the last first."""
    wanted = Q(pk__in=[])
    for name in shelves:
        wanted |= SHELVES[name]
    goals = Goal.objects.select_related("objective", "owner").filter(wanted)
    return most_urgent_first(goals) if set(shelves) <= {*RUNNING} else goals.order_by("-due", "-id")


class Kind(NamedTuple):
    """Goals that are alike in all that is counted."""

    shelf: str
    owner: int
    owner_name: str
    objective: int
    kpi: str
    dimension: str
    member: str
    number: int


@dataclass
class Choices:
    """How many goals there are on each shelf, and of each owner and objective, by name; and of what kinds they are."""

    shelves: Counter[str] = field(default_factory=Counter)
    owners: dict[int, str] = field(default_factory=dict)
    objectives: dict[int, str] = field(default_factory=dict)
    kinds: list[Kind] = field(default_factory=list)

    def count(self, shelves: Collection[str], owner: int | None, objective: int | None) -> int:
        """How many goals stand on these shelves, of one owner and for one objective where they are given."""
        return sum(
            kind.number
            for kind in self.kinds
            if kind.shelf in shelves and owner in (None, kind.owner) and objective in (None, kind.objective)
        )


def choices(*, has_drafts: bool) -> Choices:
    """In one query, however many goals there are."""
    found = Choices()
    names = ("state", "status", "owner", "owner__name", "owner__email", "objective", "objective__name", *_ABOUT)
    goals = Goal.objects.all() if has_drafts else Goal.objects.exclude(state=State.DRAFT)
    for state, status, owner, name, email, objective, objective_name, kpi, dimension, member, count in (
        goals.order_by().values_list(*names).annotate(count=Count("pk"))
    ):
        place = shelf(state, status)
        found.shelves[place] += count
        found.owners[owner] = name or email
        found.objectives[objective] = objective_name
        found.kinds.append(Kind(place, owner, name or email, objective, kpi, dimension, member, count))
    return found


def aims(choices: Choices) -> list[Aim]:
    """What the running goals are about."""
    return [
        Aim(
            kpi=find(kind.kpi),
            owner=kind.owner_name,
            dimension=kind.dimension,
            member=kind.member,
            count=kind.number,
            is_measured=bool(kind.kpi),
        )
        for kind in choices.kinds
        if kind.shelf in RUNNING
    ]
