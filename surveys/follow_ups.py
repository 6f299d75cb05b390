"""Every unhappy answer of a customer opens a follow-up, or is appended to the one that the customer has already.

Whoever records an answer wakes the sweep; the sweep finds what was missed. It does not matter how often or by how many
workers that is done: an answer belongs to one follow-up at most, which the database enforces.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kpiproject.models import User
from surveys import answers, follow_up_queries, follow_up_rules, queries, scales
from surveys.complaints import came
from surveys.follow_up_rules import Deadlines, Owners
from surveys.models import Answer, FollowUp, FollowUpAnswer, FollowUpNote, FollowUpRules, Recovery

LOOKS_BACK: Final = timedelta(hours=24)
MOST_AT_ONCE: Final = 1000
_LONGEST_QUOTE: Final = 500
_LOCK: Final = 0x666F6C6C6F77  # "follow"; any number will do that no other program uses in this database
_CONTEXT: Final = ("customer", "ticket", "ticket_source", "agent", "team", "channel", "category")
Kind = FollowUpNote.Kind


def take_turns() -> None:
    """On PostgreSQL one sweep at a time, so that two answers of one customer never open two; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


# --- Opening ------------------------------------------------------------------------------------------------------
def open_for_unhappy(now: datetime) -> int:
    """Give every unhappy answer of the last day a follow-up. How many answers had none."""
    if not _unattended(now).exists():
        return 0
    with transaction.atomic():
        take_turns()
        wanted = _unattended(now).select_related("survey__owner", "contact").order_by("pk")[:MOST_AT_ONCE]
        found = sorted(wanted, key=lambda answer: (came(answer), answer.pk))
        if found:
            _file(found, now)
    return len(found)


def _unattended(now: datetime) -> QuerySet[Answer]:
    """Without those about a settlement: they belong to the follow-up that asked for them."""
    attended = FollowUpAnswer.objects.filter(answer=OuterRef("pk"))
    about_recovery = Recovery.objects.filter(invitation__isnull=False, invitation=OuterRef("invitation"))
    young = queries.unhappy_since(now - LOOKS_BACK).filter(answered_at__lte=now)
    return young.filter(~Exists(attended), ~Exists(about_recovery))


def _file(found: Sequence[Answer], now: datetime) -> None:
    rules = follow_up_rules.rules()
    filing = _Filing(found, rules, now)
    for answer in found:
        filing.file(answer)
    filing.write()


class _Filing:
    """One sweep's answers, filed in memory and written in a number of queries that does not grow."""

    def __init__(self, found: Sequence[Answer], rules: FollowUpRules, now: datetime) -> None:
        self.rules, self.now = rules, now
        people = {answer.contact.person_key for answer in found if answer.contact is not None}
        customers = {answer.customer for answer in found if answer.contact_id is None and answer.customer}
        lately = follow_up_queries.lately(people, customers, days=rules.join_days, now=came(found[0]))
        self.last = {_who(follow_up): follow_up for follow_up in lately}
        self.opened: list[tuple[FollowUp, Answer]] = []
        self.joined: list[tuple[FollowUp, Answer]] = []
        self.again: dict[int, FollowUp] = {}
        self.owners = Owners()

    def file(self, answer: Answer) -> None:
        who = _who(answer)
        last = self.last.get(who) if who else None
        if last is not None and came(answer) - last.opened_at <= timedelta(days=self.rules.join_days):
            self.joined.append((last, answer))
            return
        follow_up = self._begin(answer)
        self.opened.append((follow_up, answer))
        if who:
            self.last[who] = follow_up

    def _begin(self, answer: Answer) -> FollowUp:
        return FollowUp(
            survey_id=answer.survey_id,
            contact_id=answer.contact_id,
            assignee=self.owners.of(answer),
            is_reachable=bool(answer.contact_id or answer.customer or answer.ticket),
            opened_at=came(answer),
            **{name: getattr(answer, name) for name in _CONTEXT},
        )

    def write(self) -> None:
        fresh = [follow_up for follow_up, _answer in self.opened]
        found = follow_up_rules.deadlines([follow_up.opened_at for follow_up in fresh], self.rules)
        for follow_up, times in zip(fresh, found, strict=True):
            set_deadlines(follow_up, times)
        FollowUp.objects.bulk_create(fresh)
        pairs = [*self.opened, *self.joined]
        FollowUpAnswer.objects.bulk_create([link(follow_up, answer) for follow_up, answer in pairs])
        notes = [FollowUpNote(follow_up=one, kind=Kind.OPENED, is_to_tell=True, at=one.opened_at) for one in fresh]
        FollowUpNote.objects.bulk_create([*notes, *(self._note_joined(one, answer) for one, answer in self.joined)])
        answers.journal(follow_up.one_day_at for follow_up in fresh)
        self._reopen()

    def _note_joined(self, follow_up: FollowUp, answer: Answer) -> FollowUpNote:
        """A customer who is unhappy again after it was closed makes it new again, and somebody is told."""
        if not follow_up.is_open:
            self.again[follow_up.pk] = follow_up
        text, at = said(answer), came(answer)
        is_again = follow_up.pk in self.again
        return FollowUpNote(follow_up=follow_up, kind=Kind.JOINED, text=text, at=at, is_to_tell=is_again)

    def _reopen(self) -> None:
        for follow_up in self.again.values():
            make_new_again(follow_up, self.now)


def _who(one: Answer | FollowUp) -> tuple[str, str] | None:
    """How a customer is known again, under whichever of their addresses; None where nobody is."""
    if one.contact is not None:
        return "person", one.contact.person_key
    return ("customer", one.customer) if one.customer else None


def link(follow_up: FollowUp, answer: Answer, *, is_recovery: bool = False) -> FollowUpAnswer:
    return FollowUpAnswer(
        follow_up=follow_up, answer=answer, is_recovery=is_recovery, standing=answer.standing, seen_at=came(answer)
    )


def set_deadlines(follow_up: FollowUp, times: Deadlines) -> None:
    """The day of the figure is counted from the first opening, and stays."""
    follow_up.due_at, follow_up.due_clock = times.due_at, times.clock
    follow_up.escalate_at, follow_up.escalated_at = times.escalate_at, None
    if follow_up.pk is None:
        follow_up.one_day_at = times.one_day_at


def make_new_again(follow_up: FollowUp, now: datetime) -> None:
    """The customer is unhappy again: somebody has to take it, within the usual time."""
    [times] = follow_up_rules.deadlines([now], follow_up_rules.rules())
    set_deadlines(follow_up, times)
    follow_up.state, follow_up.taken_at, follow_up.closed_at = FollowUp.State.NEW, None, None
    follow_up.save(
        update_fields=["due_at", "due_clock", "escalate_at", "escalated_at", "state", "taken_at", "closed_at"]
    )
    forget_question(follow_up)


def forget_question(follow_up: FollowUp) -> None:
    """Nobody is asked whether it was settled while it is not."""
    Recovery.objects.filter(follow_up=follow_up, invitation__isnull=True, reason="").update(reason="reopened")


def said(answer: Answer) -> str:
    """What an answer says, for the history."""
    score = _("%(score)s of %(highest)s") % {"score": answer.score, "highest": answer.scale_max}
    comment = Truncator(answer.comment.strip()).chars(_LONGEST_QUOTE)
    return f"{score}: “{comment}”" if comment else score


# --- Changes ------------------------------------------------------------------------------------------------------
def note_changes(now: datetime) -> int:
    """Note on follow-ups what customers changed in their answers of the last day. How many did."""
    if not _changed(now).exists():
        return 0
    with transaction.atomic():
        take_turns()
        found = list(_changed(now).select_related("answer__survey", "follow_up").order_by("answer__changed_at", "pk"))
        for one in found:
            _note_change(one, now)
    return len(found)


def _changed(now: datetime) -> QuerySet[FollowUpAnswer]:
    young = Answer.objects.filter(changed_at__gte=now - LOOKS_BACK, changed_at__lte=now)
    return FollowUpAnswer.objects.filter(answer__in=young, answer__changed_at__gt=F("seen_at"))


def _note_change(one: FollowUpAnswer, now: datetime) -> None:
    """Who is no longer unhappy may still be glad of a call, so nothing is closed by itself; who became unhappy after it
    was closed makes it new again."""
    answer, follow_up = one.answer, one.follow_up
    became_unhappy = answer.standing == scales.BAD and one.standing != scales.BAD
    one.standing, one.seen_at = answer.standing, came(answer)
    one.save(update_fields=["standing", "seen_at"])
    is_again = became_unhappy and not follow_up.is_open
    if is_again:
        make_new_again(follow_up, now)
    text = said(answer)
    if answer.standing != scales.BAD:
        text = _("no longer unhappy: %(said)s") % {"said": text}
    follow_up.notes.create(kind=Kind.CHANGED, text=text, at=came(answer), is_to_tell=is_again)


# --- Escalation ---------------------------------------------------------------------------------------------------
def note_escalated(found: Sequence[FollowUp], people: Sequence[User], now: datetime) -> None:
    """Somebody above has told these people that nobody has taken these; not to be told again for that."""
    text = ", ".join(str(person) for person in people)
    FollowUp.objects.filter(pk__in=[one.pk for one in found]).update(escalated_at=now)
    FollowUpNote.objects.bulk_create(
        [FollowUpNote(follow_up=one, kind=Kind.ESCALATED, text=text, at=now) for one in found]
    )
