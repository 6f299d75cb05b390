"""What the demonstration company has watched, with one alarm that is over and one that is not.

The limits are looked for in the figures, so that there are both on whichever day the demonstration is built; whatever
they lead to comes about by the very functions that a worker runs.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from goals import course
from goals.alarms import actions, judging, telling, watch
from goals.alarms.actions import NotPossibleError
from goals.course import Scope
from goals.models import Alarm, AlertRule, EscalationChain, EscalationStep, Goal
from kpiproject import mail
from kpiproject.front.demo import timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.lib.periods import Grain
from kpiproject.models import Mail
from kpiproject.queries import organisation
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better

WEEKS: Final = 10
"""So long ago the rules were written down."""
SHARES: Final = (
    "resolution_within_target",
    "survey_response_rate",
    "first_contact_resolution",
    "csat",
    "ces",
    "reopen_rate",
)
"""Percentages whose weeks differ enough to find limits in them."""
NIGHT: Final = [["19:00", "07:00"]]


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """The rules, a check every Monday morning, and what the manager answered in the week after the first alarm."""
    yield Step(at=timeline.at(timeline.monday(today, -WEEKS), 8), do=lambda _at: _write_down(today, cast))
    for weeks in range(-WEEKS, 1):
        monday = timeline.monday(today, weeks)
        yield Step(at=timeline.at(monday, 8, 30), do=catch_up)
        yield Step(at=timeline.at(monday, 9, 40), do=lambda at: _acknowledge(cast, at))


def catch_up(now: datetime) -> None:
    """What the worker does every minute."""
    watch.check_due(now)
    telling.tell(now)
    for pk in Mail.objects.filter(state=Mail.State.QUEUED, kind="alarm").values_list("pk", flat=True):
        mail.deliver(pk)


# --- Rules --------------------------------------------------------------------------------------------------------
def _write_down(today: date, cast: Cast) -> None:
    chain = _chain()
    courses = {code: _values(code, today) for code in SHARES}
    over = next((code for code in SHARES if _limit_of_the_past(code, courses[code]) is not None), "")
    if over:
        level = _limit_of_the_past(over, courses[over])
        _limit(over, f"{CATALOGUE[over].name}: a bad week", level, cast, chain=None, clears=2)
    # What needs time to be final was not known yet when the rules were written down.
    now = next(code for code in reversed(SHARES) if code != over and courses[code])
    _limit(now, f"{CATALOGUE[now].name}: last week", _limit_of_now(now, courses[now]), cast, chain=chain, clears=2)
    common = {"owner": cast.manager, "created_by": cast.manager, "quiet_windows": NIGHT, "has_quiet_weekend": True}
    AlertRule.objects.create(name="Nobody answers our surveys", kind="no_data", kpi="csat", **common)
    AlertRule.objects.create(
        name="Many unhappy customers in a row",
        kind="budget",
        kpi="csat",
        side="below",
        fire_level=75,
        severity="serious",
        advice="Read the last comments. If they are about one thing, tell the team today.",
        **common,
    )
    AlertRule.objects.create(name="An import failed", kind="import", severity="serious", **common)
    for goal in Goal.objects.filter(state=Goal.State.ACTIVE, kpi="csat", dimension="")[:1]:
        AlertRule.objects.create(name="Satisfaction is off track", kind="goal", goal=goal, **common)


def _chain() -> EscalationChain:
    chain = EscalationChain.objects.create(name="First line, then the manager")
    EscalationStep.objects.create(chain=chain, position=1, role=EscalationStep.Role.OWNER, wait_minutes=0)
    EscalationStep.objects.create(
        chain=chain, position=2, role=EscalationStep.Role.MANAGERS, wait_minutes=240, by_hours=True
    )
    return chain


def _limit(
    code: str, name: str, level: float | None, cast: Cast, *, chain: EscalationChain | None, clears: int
) -> None:
    AlertRule.objects.create(
        name=name,
        kind=AlertRule.Kind.THRESHOLD,
        severity=AlertRule.Severity.SERIOUS if chain else AlertRule.Severity.WARNING,
        kpi=code,
        side=judging.side(CATALOGUE[code]),
        fire_level=level,
        clears=clears,
        owner=cast.staff if chain else cast.manager,
        created_by=cast.manager,
        chain=chain,
        quiet_windows=NIGHT,
        advice="Open the figure and look which channel has changed. Write into the next review what you found.",
    )


# --- Limits -------------------------------------------------------------------------------------------------------
def _values(code: str, today: date) -> list[float]:
    """The weeks since the rules were written down, so that better is more: of lower is better the negative."""
    house, kpi = organisation(), CATALOGUE[code]
    scope = Scope(
        kpi=kpi, dimension="", member="", grain=Grain.WEEK, clock="", zone=house.time_zone, week_start=house.week_start
    )
    found = course.pieces(scope, course.window(scope, before=today, today=today, most=WEEKS))
    sign = -1 if kpi.better is Better.LOWER else 1
    return [sign * piece.value for piece in found]


def _limit_of_the_past(code: str, values: Sequence[float]) -> float | None:
    """Past which only the worst week is, with two good ones after it; None if there is none such."""
    if len(values) < 5:
        return None
    worst, second = sorted(values)[:2]
    is_over = values.index(worst) < len(values) - 2
    level = _between(code, worst, second)
    return level if is_over and worst < _signed(code, level) <= second else None


def _limit_of_now(code: str, values: Sequence[float]) -> float:
    """Past which the last week is."""
    last = values[-1]
    better = [one for one in sorted(values) if one > last]
    return _between(code, last, better[0] if better else last + 1)


def _between(code: str, one: float, other: float) -> float:
    """Half way, as somebody would write it down."""
    return round(_signed(code, (one + other) / 2), 1)


def _signed(code: str, value: float) -> float:
    return -value if CATALOGUE[code].better is Better.LOWER else value


# --- Answers ------------------------------------------------------------------------------------------------------
def _acknowledge(cast: Cast, now: datetime) -> None:
    """The manager takes care of what has begun this morning, but not of the last one: it is for the visitor."""
    fresh = Alarm.objects.filter(
        ended_at__isnull=True, told_at__isnull=False, acknowledged_by=None, rule__owner=cast.manager
    )
    for alarm in fresh.filter(opened_at__gt=now - timedelta(hours=2)):
        try:
            actions.acknowledge(
                alarm.pk, cast.manager, until=now + timedelta(days=3), now=now, text="I look at the comments."
            )
        except NotPossibleError:
            continue
