"""Editions taking effect: on its day the newer one takes the place of the one before."""

from datetime import datetime

from django.db import transaction

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from manual import queries, rounds
from manual.approval_states import State, Step
from manual.models import Approval


def follow(now: datetime) -> int:
    """Note of every published edition that a newer one is in force by now; how many are new. What readers see does
    not wait for this: manual.queries.in_force looks at the day."""
    found = queries.in_force(local_day(now, organisation().time_zone))
    if found is None:
        return 0
    with transaction.atomic():
        rows = Approval.objects.filter(state=State.PUBLISHED, edition__number__lt=found.number)
        replaced = list(rows.select_for_update(of=("self",)).order_by("number"))
        for approval in replaced:
            rounds.take(approval, Step.SUPERSEDE, by=None, words=str(found.number))
    return len(replaced)
