"""After a follow-up was resolved its customer is asked whether it was settled; who says no makes it new again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from surveys import answers, follow_up_rules, invitations, reasons, rules, scales
from surveys.complaints import came
from surveys.follow_ups import Kind, link, make_new_again, said, take_turns
from surveys.invitations import Invitee, NotOpenError
from surveys.models import Answer, FollowUp, FollowUpAnswer, FollowUpNote, Invitation, Recovery, Survey

MOST_AT_ONCE: Final = 200
_LISTENS_ON: Final = timedelta(days=1)
# Not the ticket: an answer about the same ticket would replace the unhappy one in the figures.
_CONTEXT: Final = ("agent", "team", "channel", "category")


def survey() -> Survey | None:
    """The one that asks; None where there is none, or it is not open."""
    chosen = follow_up_rules.rules().recovery_survey
    if chosen is not None:
        return chosen if chosen.status == Survey.Status.OPEN else None
    ready = Survey.objects.filter(purpose=Survey.Purpose.RECOVERY, status=Survey.Status.OPEN)
    return ready.order_by("id").first()


# --- Asking -------------------------------------------------------------------------------------------------------
def ask_due(now: datetime) -> int:
    """Invite those whose time has come. How many there were, asked or not."""
    due = Recovery.objects.filter(invitation__isnull=True, reason="", ask_at__lte=now)
    asked_by = survey() if due.exists() else None
    found = list(due.order_by("ask_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not found:
        return 0
    plan = rules.usual_plan()
    for pk in found:
        with transaction.atomic():
            _ask(pk, asked_by, plan, now)
    return len(found)


def _ask(recovery_id: int, asked_by: Survey | None, plan: rules.Plan, now: datetime) -> None:
    """Nothing if another sweep was faster, or the follow-up was opened again. At night it waits for the morning."""
    rows = Recovery.objects.select_for_update(of=("self",), skip_locked=True)
    waiting = rows.filter(pk=recovery_id, invitation__isnull=True, reason="")
    recovery = waiting.select_related("follow_up__contact").first()
    if recovery is None:
        return
    follow_up = recovery.follow_up
    if follow_up.contact and (moment := plan.send_at(now, follow_up.contact.time_zone)) > now:
        # Not yet invited: whoever opens the follow-up again meanwhile calls the question off.
        recovery.ask_at = moment
        recovery.save(update_fields=["ask_at"])
        return
    recovery.reason = _reason_not_to(follow_up, asked_by) or _invite(recovery, asked_by, now)
    recovery.save(update_fields=["invitation", "reason"])
    kind = Kind.NOT_ASKED if recovery.reason else Kind.ASKED
    text = reason_in_words(recovery.reason) if recovery.reason else str(asked_by)
    FollowUpNote.objects.create(follow_up=follow_up, kind=kind, text=text, at=now)


def _reason_not_to(follow_up: FollowUp, asked_by: Survey | None) -> str:
    if asked_by is None:
        return "no_survey"
    return "" if follow_up.contact else "nobody"


def _invite(recovery: Recovery, asked_by: Survey | None, now: datetime) -> str:
    """The reason for which the customer was not asked; empty if the mail is on its way."""
    follow_up = recovery.follow_up
    if asked_by is None or follow_up.contact is None:
        return "nobody"
    before = Recovery.objects.filter(follow_up=follow_up, pk__lt=recovery.pk).count()
    invitee = Invitee(
        email=follow_up.contact.email,
        name=follow_up.contact.name,
        company=follow_up.contact.company,
        cause=f"follow_up:{follow_up.pk}" + (f":{before + 1}" if before else ""),
        context={name: getattr(follow_up, name) for name in _CONTEXT},
    )
    try:
        [outcome] = invitations.invite(asked_by, [invitee], now=now)
    except NotOpenError:
        return "no_survey"
    key = invitations.key_of(asked_by, invitee, email=follow_up.contact.email, prefix="")
    recovery.invitation = Invitation.objects.filter(key=key).first()
    return "" if recovery.invitation else (outcome.reason or "skipped")


def reason_in_words(reason: str) -> str:
    words = {
        "no_survey": _("no survey about a settled complaint is open"),
        "nobody": _("there is no address"),
        "suppressed": _("the address must not be written to"),
        "reopened": _("it was opened again"),
    }
    return words.get(reason) or reasons.in_words(reason)


# --- Hearing ------------------------------------------------------------------------------------------------------
def hear(now: datetime) -> int:
    """Take over what customers said about it. How many did."""
    if not _unheard(now):
        return 0
    with transaction.atomic():
        take_turns()
        found = _unheard(now)
        for recovery, answer in found:
            _hear(recovery, answer, now)
        answers.journal(answer.answered_at for _recovery, answer in found)
    return len(found)


def _unheard(now: datetime) -> list[tuple[Recovery, Answer]]:
    waiting = Recovery.objects.filter(
        invitation__isnull=False, answer__isnull=True, invitation__expires_at__gte=now - _LISTENS_ON
    )
    # By the mark on the invitation: a search for the answers themselves would read all of them.
    heard = waiting.filter(invitation__is_answered=True).select_related("follow_up", "invitation").order_by("pk")
    found = {recovery.invitation_id: recovery for recovery in heard[:MOST_AT_ONCE]}
    if not found:
        return []
    given = Answer.objects.filter(invitation__in=list(found), answered_at__lte=now).select_related("survey")
    return [(found[answer.invitation_id], answer) for answer in given.order_by("answered_at", "pk")]


def _hear(recovery: Recovery, answer: Answer, now: datetime) -> None:
    follow_up = recovery.follow_up
    recovery.answer = answer
    recovery.save(update_fields=["answer"])
    FollowUpAnswer.objects.bulk_create([link(follow_up, answer, is_recovery=True)], ignore_conflicts=True)
    is_bad = answer.standing == scales.BAD
    if is_bad and not follow_up.is_open:
        make_new_again(follow_up, now)
    FollowUpNote.objects.create(
        follow_up=follow_up, kind=Kind.ANSWERED, text=said(answer), at=came(answer), is_to_tell=is_bad
    )
