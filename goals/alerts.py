"""Who is told of an unhappy answer, in which words, and whom the page of alerts shows."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.models import Alert
from kpiproject import mail
from kpiproject.models import Organisation, User
from kpiproject.queries import active_managers, organisation
from surveys import queries as surveys
from surveys import scales
from surveys.models import Answer

logger = logging.getLogger(__name__)

LOOKS_BACK: Final = timedelta(hours=24)
MOST_AT_ONCE: Final = 1000
MOST_IN_MAIL: Final = 10
_WORDS_IN_SUBJECT: Final = 45
_LONGEST_COMMENT: Final = 1000
FELT: Final = {
    "unhappy": gettext_lazy("unhappy"),
    "detractor": gettext_lazy("would not recommend us"),
    "effort": gettext_lazy("found it hard to get help"),
}


@dataclass(frozen=True)
class Complaint:
    """An unhappy answer in words. `customer` is empty where there is none or the reader may not know."""

    answer: Answer
    score: str
    felt: str
    customer: str

    @property
    def comment(self) -> str:
        return Truncator(self.answer.comment.strip()).chars(_LONGEST_COMMENT)

    @property
    def at(self) -> datetime:
        return self.answer.changed_at or self.answer.answered_at

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("surveys:survey", args=[self.answer.survey.slug])

    @property
    def anchor(self) -> str:
        return f"answer-{self.answer.pk}"

    @property
    def customer_name(self) -> str:
        contact = self.answer.contact
        return (contact.name or contact.email) if contact and self.customer else ""

    @property
    def reply_url(self) -> str:
        """A mail to the customer, begun; nothing where there is none or the reader may not know."""
        contact = self.answer.contact
        if contact is None or not self.customer:
            return ""
        ticket = self.answer.ticket
        subject = _("Your feedback on ticket %(ticket)s") % {"ticket": ticket} if ticket else _("Your feedback")
        return f"mailto:{quote(contact.email, safe='@')}?subject={quote(subject, safe='')}"


def complaint(answer: Answer, *, has_customer: bool) -> Complaint:
    group = scales.group(answer.kind, answer.score, answer.scale_min, answer.scale_max)
    return Complaint(
        answer=answer,
        score=_("%(score)s of %(highest)s") % {"score": answer.score, "highest": answer.scale_max},
        felt=str(FELT.get(group, "")),
        customer=_customer(answer) if has_customer else "",
    )


def _customer(answer: Answer) -> str:
    contact = answer.contact
    if contact is None:
        return ""
    return f"{contact.name} ({contact.email})" if contact.name else contact.email


# --- Raising ------------------------------------------------------------------------------------------------------
def raise_unhappy(now: datetime) -> int:
    """Tell of every unhappy answer of the last day of which nobody has been told; how many mails that makes."""
    if not _untold(now).exists():
        return 0
    with transaction.atomic():
        waiting = _locked(now)
        house = organisation()
        return sum(_tell_alone(person, answers, now, house) for person, answers in _by_person(waiting))


def _untold(now: datetime) -> QuerySet[Answer]:
    told = Alert.objects.filter(answer=OuterRef("pk"))
    young = surveys.unhappy_since(now - LOOKS_BACK).filter(~Exists(told), answered_at__lte=now)
    return young.order_by("pk")


def _locked(now: datetime) -> list[Answer]:
    """Those that no other sweep is telling of, and that nobody is changing. Looked up again once they are ours."""
    ours = _untold(now).select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    found = _untold(now).filter(pk__in=list(ours[:MOST_AT_ONCE]))
    return list(found.select_related("survey__owner", "contact").order_by("score", "-pk"))


def _by_person(answers: Sequence[Answer]) -> list[tuple[User, list[Answer]]]:
    """Whose answers they are: the owner of the survey, or every manager where none may (still) see them."""
    managers: list[User] | None = None
    found: dict[int, tuple[User, list[Answer]]] = {}
    owners: dict[int, bool] = {}
    for answer in answers:
        owner = answer.survey.owner
        if owner is not None and owner.pk not in owners:
            owners[owner.pk] = owner.is_active and owner.has_perm("surveys.view_survey")
        if owner is not None and owners[owner.pk]:
            people = [owner]
        else:
            people = managers = active_managers() if managers is None else managers
        for person in people:
            found.setdefault(person.pk, (person, []))[1].append(answer)
    return [found[pk] for pk in sorted(found)]


def _tell_alone(person: User, answers: Sequence[Answer], now: datetime, house: Organisation) -> int:
    """Whoever cannot be told is noted without a mail, to be seen on the page, and not tried again in seconds."""
    try:
        _tell(person, answers, now, house)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s unhappy answers.", person.pk, len(answers))
        Alert.objects.bulk_create([Alert(answer=answer, recipient=person, at=now) for answer in answers])
        return 0
    return 1


@transaction.atomic
def _tell(person: User, answers: Sequence[Answer], now: datetime, house: Organisation) -> None:
    """Mail and alerts, all or none; the constraint refuses a second copy."""
    with timezone.override(_zone(person, house)):
        letter = mail.compose(
            "unhappy_answer",
            key=f"unhappy_answer:{answers[0].pk}:{person.pk}",
            kind="unhappy_answer",
            to=person.email,
            context={"organisation": house, **_context(person, answers)},
            language=person.language,
        )
    Alert.objects.bulk_create([Alert(answer=answer, recipient=person, mail=letter, at=now) for answer in answers])


def _zone(person: User, house: Organisation) -> ZoneInfo:
    """The organisation's where nobody knows the person's (any more)."""
    try:
        return ZoneInfo(person.time_zone or house.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(house.time_zone)


# --- The mail -----------------------------------------------------------------------------------------------------
def _context(person: User, answers: Sequence[Answer]) -> dict[str, Any]:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        may_know = person.has_perm("surveys.view_contact")
        shown = [complaint(answer, has_customer=may_know) for answer in answers[:MOST_IN_MAIL]]
        surveys_told = sorted({answer.survey.name for answer in answers})
        return {
            "headline": _headline(shown, len(answers), surveys_told),
            "complaints": shown,
            "count": len(answers),
            "more": len(answers) - len(shown),
            "url": _where(person, shown),
            "opens_alerts": person.has_perm("goals.view_alert"),
            "owns": all(answer.survey.owner_id == person.pk for answer in answers),
        }


def _headline(shown: Sequence[Complaint], count: int, surveys_told: Sequence[str]) -> str:
    """The subject: what it is in the first words, because a telephone shows no more."""
    if count == 1:
        return _("Unhappy: %(score)s, %(about)s") % {"score": shown[0].score, "about": _about(shown[0])}
    if len(surveys_told) == 1:
        words = ngettext("%(count)d unhappy answer: %(survey)s", "%(count)d unhappy answers: %(survey)s", count)
        return words % {"count": count, "survey": surveys_told[0]}
    words = ngettext("%(count)d unhappy answer", "%(count)d unhappy answers", count)
    return words % {"count": count}


def _about(found: Complaint) -> str:
    if found.comment:
        return "“" + Truncator(" ".join(found.comment.split())).chars(_WORDS_IN_SUBJECT) + "”"
    if found.answer.ticket:
        return _("ticket %(ticket)s") % {"ticket": found.answer.ticket}
    return found.answer.survey.name


def _where(person: User, shown: Sequence[Complaint]) -> str:
    """The answer, or all of them, for whoever may open that page; else the survey."""
    if not person.has_perm("goals.view_alert"):
        return shown[0].url
    place = f"#{shown[0].anchor}" if len(shown) == 1 else ""
    return settings.BASE_URL + reverse("goals:alert_list") + place


# --- The page -----------------------------------------------------------------------------------------------------
def raised(kind: str = "") -> QuerySet[Answer]:
    """Answers of which somebody was told, the last ones first, with whom and by which mail."""
    told = Alert.objects.select_related("recipient", "mail").defer("mail__text", "mail__html", "mail__headers")
    rows = Answer.objects.filter(alerts__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    newest = rows.annotate(raised_at=Max("alerts__at")).order_by("-raised_at", "-pk")
    return newest.select_related("survey", "contact").prefetch_related(Prefetch("alerts", told.order_by("pk")))
