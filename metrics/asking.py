"""Whom the sending rules of surveys ask: customers whose tickets were solved, and customers on a schedule.

Surveys know neither tickets nor customers; they are found here and handed down with everything an answer is counted by.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import Q
from django.utils import timezone

from metrics import audiences, solved_tickets
from metrics.models import AskedTicket
from surveys import invitations, planned, reasons, rules
from surveys.invitations import NotOpenError, Outcome
from surveys.models import SendingRule
from surveys.rules import Plan
from surveys.screening import Invitee

BATCH: Final = 500
# So many tickets of one rule at a time; the next sweep finds the others.
MOST_AT_ONCE: Final = 5000


def due_ids(now: datetime) -> list[int]:
    """Rules that may have somebody to ask."""
    is_due = Q(trigger=SendingRule.Trigger.TICKET) | Q(next_due__lte=now)
    return list(SendingRule.objects.filter(is_due, is_active=True).order_by("id").values_list("pk", flat=True))


def run_due(rule_id: int, now: datetime) -> int:
    """Ask whom this rule has to ask now, unless another worker is at it; returns how many mails are planned."""
    token = rules.claim(rule_id, now)
    if token is None:
        return 0
    rule = SendingRule.objects.select_related("survey").get(pk=rule_id)
    try:
        if rule.trigger == SendingRule.Trigger.TICKET:
            asked = _ask_about_tickets(rule, now, is_mine=lambda: rules.go_on(rule_id, token, timezone.now()))
        else:
            asked = _ask_on_schedule(rule, now, is_mine=lambda: rules.go_on(rule_id, token, timezone.now()))
            rules.move_on(rule, token, now)
    except NotOpenError:
        asked = 0  # it is opened again, or its rules are switched off: nobody is asked until then
    finally:
        rules.release(rule_id, token)  # also of one that failed: the next sweep tries again
    return asked


def call_off_reopened() -> int:
    """Nobody is asked how well a ticket was solved that is open again; returns how many mails were called off."""
    waiting = planned.about_tickets()
    reopened = solved_tickets.reopened({(one.source, one.ticket) for one in waiting})
    return planned.call_off([one.id for one in waiting if (one.source, one.ticket) in reopened], reasons.REOPENED)


# --- After a ticket was solved
def _ask_about_tickets(rule: SendingRule, now: datetime, *, is_mine: Callable[[], bool]) -> int:
    plan, asked = Plan(rule), 0
    for _turn in range(MOST_AT_ONCE // BATCH):
        found = solved_tickets.unasked(rule, now, limit=BATCH)
        if not found or not is_mine():
            break
        people = solved_tickets.invitees(rule, found, plan=plan, now=now)
        asked += _asked(invitations.invite_each(rule.survey, people, rule=rule, now=now))
        AskedTicket.objects.bulk_create(
            [AskedTicket(rule=rule, ticket=one, solved_at=one.solved_at) for one in found if one.solved_at],
            ignore_conflicts=True,
        )
    return asked


def would_ask_about(rule: SendingRule, now: datetime, *, days: int, limit: int) -> Iterator[Invitee]:
    """The people of tickets solved in the last days, as if the rule had been on all the time."""
    plan = Plan(rule)
    found = solved_tickets.solved(rule, now - timedelta(days=days), now)[:limit]
    yield from solved_tickets.invitees(rule, list(found), plan=plan, now=None)


# --- On a schedule
def _ask_on_schedule(rule: SendingRule, now: datetime, *, is_mine: Callable[[], bool]) -> int:
    """The people of one round. One that is much too late is passed over."""
    if rule.next_due is None or rule.next_due < now - rules.MOST_LATE:
        return 0
    asked = 0
    people = audiences.invitees(rule, round_number=rule.next_round, at=max(rule.next_due, now))
    for count, outcome in enumerate(invitations.invite_each(rule.survey, people, rule=rule, now=now), start=1):
        asked += outcome.status == "queued"
        if count % BATCH == 0 and not is_mine():
            break
    return asked


def would_ask_next(rule: SendingRule, now: datetime, *, limit: int) -> Iterator[Invitee]:
    """The people of the next round."""
    found = rules.upcoming(rule, now)
    if found is not None:
        number, at = found
        yield from islice(audiences.invitees(rule, round_number=number, at=at), limit)


def _asked(outcomes: Iterator[Outcome]) -> int:
    return Counter(outcome.status for outcome in outcomes)["queued"]
