"""Unhappy customers whom nobody takes care of: every manager is told, once, and the page of alerts shows them.

The mail about an unhappy answer comes from its follow-up (surveys.follow_up_mail); only what stays unclaimed past the
limit is told here.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Alert
from kpiproject import mail
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import active_managers, organisation
from surveys import follow_up_mail, follow_up_queries, follow_ups
from surveys.models import FollowUp, FollowUpAnswer

logger = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 1000
MOST_IN_MAIL: Final = 10


# --- Raising ------------------------------------------------------------------------------------------------------
def escalate(now: datetime) -> int:
    """Tell the managers of every follow-up that nobody has taken within the limit; how many mails that makes."""
    if not follow_up_queries.to_escalate(now).exists():
        return 0
    with transaction.atomic():
        managers = active_managers()
        waiting = _locked(now)
        if not waiting or not managers:
            return 0
        house = organisation()
        written = sum(_tell_alone(person, waiting, now, house) for person in managers)
        follow_ups.note_escalated(waiting, managers, now)
    return written


def _locked(now: datetime) -> list[FollowUp]:
    """Those that no other sweep is telling of, and that nobody is taking. Looked up again once they are ours."""
    rows = follow_up_queries.to_escalate(now).order_by("pk")
    ours = rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    found = follow_up_queries.to_escalate(now).filter(pk__in=list(ours[:MOST_AT_ONCE]))
    said = FollowUpAnswer.objects.select_related("answer__survey").order_by("seen_at", "id")
    rows = found.select_related("survey", "contact", "assignee").prefetch_related(Prefetch("links", said))
    return list(rows.order_by("escalate_at", "pk"))


def _tell_alone(person: User, waiting: Sequence[FollowUp], now: datetime, house: Organisation) -> int:
    """Whoever cannot be told is noted without a mail, to be seen on the page, and not tried again in seconds."""
    try:
        _tell(person, waiting, now, house)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s unclaimed follow-ups.", person.pk, len(waiting))
        _note(person, waiting, None, now)
        return 0
    return 1


@transaction.atomic
def _tell(person: User, waiting: Sequence[FollowUp], now: datetime, house: Organisation) -> None:
    """Mail and alerts, all or none; the constraint refuses a second copy."""
    first = waiting[0]
    with timezone.override(follow_up_mail.zone_of(person, house)):
        letter = mail.compose(
            "unclaimed_follow_ups",
            key=f"unclaimed:{first.pk}:{int(first.escalate_at.timestamp())}:{person.pk}",
            kind="unclaimed_follow_ups",
            to=person.email,
            context={"organisation": house, **_context(person, waiting)},
            language=person.language,
        )
    _note(person, waiting, letter, now)


def _note(person: User, waiting: Sequence[FollowUp], letter: Mail | None, now: datetime) -> None:
    Alert.objects.bulk_create(
        [Alert(follow_up=one, recipient=person, limit=one.escalate_at, mail=letter, at=now) for one in waiting]
    )


# --- The mail -----------------------------------------------------------------------------------------------------
def _context(person: User, waiting: Sequence[FollowUp]) -> dict[str, Any]:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        cases = [follow_up_mail.case(one, list(one.links.all()), person) for one in waiting[:MOST_IN_MAIL]]
        return {
            "headline": _headline(cases, len(waiting)),
            "cases": cases,
            "count": len(waiting),
            "more": len(waiting) - len(cases),
            "url": settings.BASE_URL + reverse("goals:alert_list"),
        }


def _headline(cases: Sequence[follow_up_mail.Case], count: int) -> str:
    """The subject: what it is in the first words, because a telephone shows no more."""
    if count == 1:
        said = {"score": cases[0].complaint.score, "about": cases[0].complaint.about}
        return _("Not taken: %(score)s, %(about)s") % said
    words = ngettext("Nobody takes care of %(count)d customer", "Nobody takes care of %(count)d customers", count)
    return words % {"count": count}


# --- The page -----------------------------------------------------------------------------------------------------
def raised(kind: str = "") -> QuerySet[FollowUp]:
    """Follow-ups of which managers were told and which nobody has settled yet, the last ones first, with whom and by
    which mail."""
    told = Alert.objects.select_related("recipient", "mail").defer("mail__text", "mail__html", "mail__headers")
    said = FollowUpAnswer.objects.select_related("answer__survey", "answer__contact").order_by("seen_at", "id")
    rows = FollowUp.objects.filter(alerts__isnull=False, state__in=FollowUp.OPEN_STATES)
    if kind:
        rows = rows.filter(survey__kind=kind)
    newest = rows.annotate(raised_at=Max("alerts__at")).order_by("-raised_at", "-pk").select_related("assignee")
    return newest.prefetch_related(Prefetch("links", said), Prefetch("alerts", told.order_by("pk")))
