"""How a goal of the demonstration company has ended, what was learned from it, and which one came after it."""

from datetime import datetime

from goals import changes, close_out, lines, next_goal
from goals.changes import NotPossibleError
from goals.close_out import Ending, Learned
from goals.models import Goal
from kpiproject.front.demo import company
from kpiproject.lib.periods import local_day
from kpiproject.models import User

LEARNED = Learned(
    worked="Two people who take nothing but what is older than a day. A look at the oldest ten every morning.",
    did_not_work="Reminders to everybody. Whoever has forty requests open does not need to be told that they are late.",
    next_time="The same again, with a target that follows from where we are now, and one person for each old request.",
)
STATEMENT = "Half of all requests are solved within {target}"


def close(goal: Goal, *, by: User, now: datetime) -> None:
    """Close it with what was learned, and make the next one active, where its figure can still get better."""
    close_out.close(goal.pk, Ending(learned=LEARNED), by=by, now=now)
    try:
        made = next_goal.seed(goal.pk, by=by, today=local_day(now, company.ZONE))
    except NotPossibleError:
        return
    made.statement = STATEMENT.format(target=lines.amount(made, made.target))
    made.state = Goal.State.ACTIVE if made.baseline is not None else Goal.State.DRAFT
    changes.save(made, by=by)
