"""What is read of surveys; the only way in for whoever computes figures."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from kpiproject.models import Mail
from surveys import scales
from surveys.models import Answer, FactChange, Invitation, QuietTime, Skip, Survey

ANSWER_COLUMNS = (
    "id",
    "survey",
    "kind",
    "score",
    "scale_min",
    "scale_max",
    "lower_is_better",
    "standing",
    "purpose",
    "answered_at",
    "ticket_source",
    "ticket",
    "agent",
    "team",
    "channel",
    "category",
)
INVITATION_COLUMNS = (
    "id",
    "survey",
    "kind",
    "sent_at",
    "bounced_at",
    "is_answered",
    "agent",
    "team",
    "channel",
    "category",
)
_PATHS = {"survey": "survey__slug", "purpose": "survey__purpose"}
_CUSTOMERS = [kind.code for kind in scales.KINDS.values() if not kind.is_about_employees]
_INVITATION_PATHS = _PATHS | {"kind": "survey__kind"}


def answer_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Answers first given in [start, end), each a tuple in the order of ANSWER_COLUMNS; instants are UTC."""
    paths = [_PATHS.get(name, name) for name in ANSWER_COLUMNS]
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end).order_by("answered_at", "id")
    return rows.values_list(*paths).iterator(chunk_size=5000)


def invitation_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Invitations of customers sent in [start, end), each a tuple in the order of INVITATION_COLUMNS; `bounced_at` is
    None for those that arrived; instants are UTC.

    Those of employees are never among them: a row tells whether one person has answered.
    """
    paths = [_INVITATION_PATHS.get(name, name) for name in INVITATION_COLUMNS]
    rows = Invitation.objects.filter(sent_at__gte=start, sent_at__lt=end, survey__kind__in=_CUSTOMERS)
    rows = rows.order_by("sent_at", "id")
    return rows.values_list(*paths).iterator(chunk_size=5000)


def answerers(start: datetime, end: datetime) -> Iterator[tuple[int, str, str, str]]:
    """Who gave the answers first given in [start, end), as far as it is known: id, source, the customer's id there,
    and the e-mail address. Never of employees."""
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end, survey__kind__in=_CUSTOMERS)
    rows = rows.filter(~Q(customer="") | Q(contact__isnull=False)).order_by()
    return rows.values_list("id", "source", "customer", "contact__email").iterator(chunk_size=5000)


def superseded(start: datetime, end: datetime) -> set[int]:
    """The ids of answers first given in [start, end) that a later answer of the same kind about the same ticket
    replaces in the figures."""
    later = Answer.objects.filter(
        Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk")),
        kind=OuterRef("kind"),
        ticket_source=OuterRef("ticket_source"),
        ticket=OuterRef("ticket"),
    )
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end).exclude(ticket="")
    return set(rows.filter(Exists(later)).values_list("pk", flat=True))


def every_answer() -> QuerySet[Answer]:
    """All answers, to be narrowed or told apart by what is known of them."""
    return Answer.objects.all()


def about_tickets(kind: str) -> QuerySet[Answer]:
    """Answers of a kind, to be narrowed by `ticket_source` and `ticket`."""
    return Answer.objects.filter(kind=kind).exclude(ticket="")


def tickets_at(instants: Collection[datetime]) -> list[tuple[str, str]]:
    """Source and ticket of the answers that were first given at these instants."""
    rows = Answer.objects.filter(answered_at__in=instants).exclude(ticket="")
    return list(rows.values_list("ticket_source", "ticket").distinct())


def instants_about(tickets: Collection[tuple[str, str]]) -> list[datetime]:
    """When answers about these tickets (source, ticket) were first given."""
    sources, names = {source for source, _ in tickets}, {ticket for _, ticket in tickets}
    rows = Answer.objects.filter(ticket_source__in=sources, ticket__in=names)
    return list(rows.values_list("answered_at", flat=True))


def every_survey() -> QuerySet[Survey]:
    """All surveys with what they ask now, to be narrowed by slug."""
    return Survey.objects.select_related("current_version").order_by("slug")


def quiet_time() -> QuietTime:
    """The rules in force; those of a new organisation where nobody has changed them."""
    return QuietTime.objects.first() or QuietTime(pk=1)


def asked_about(survey: Survey, tickets: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the tickets (source, ticket) about which this survey has asked somebody, or is about to."""
    sources, names = {source for source, _ in tickets}, {ticket for _, ticket in tickets}
    rows = Invitation.objects.filter(survey=survey, ticket_source__in=sources, ticket__in=names)
    asked = rows.exclude(mail__isnull=False, mail__state=Mail.State.CANCELLED)
    return set(asked.values_list("ticket_source", "ticket")) & set(tickets)


def fact_changes(limit: int) -> list[tuple[int, datetime]]:
    """The oldest entries of the journal: (id, instant whose figures changed). See answers.forget_changes."""
    return list(FactChange.objects.order_by("id").values_list("id", "at")[:limit])


def extent() -> tuple[datetime, datetime] | None:
    """The first and the last instant at which anything was sent or answered."""
    answers = Answer.objects.aggregate(first=Min("answered_at"), last=Max("answered_at"))
    sent = Invitation.objects.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    instants = [at for found in (answers, sent) for at in found.values() if at is not None]
    return (min(instants), max(instants)) if instants else None


def answers_by_origin() -> Counter[str]:
    """How many answers there are, by the way they came in."""
    return Counter(dict(Answer.objects.order_by().values_list("origin").annotate(n=Count("id"))))


def unhappy_since(since: datetime) -> QuerySet[Answer]:
    """Answers of customers in the bad group of their scale, given or changed from that instant on.

    Answers of employees are never among them, nor those on a scale without agreed thresholds.
    """
    # Each half by its own index; joined by OR, SQLite would read every answer there is.
    given, changed = Answer.objects.filter(answered_at__gte=since), Answer.objects.filter(changed_at__gte=since)
    young = given.order_by().values("pk").union(changed.order_by().values("pk"))
    return Answer.objects.filter(pk__in=young, standing=scales.BAD, kind__in=_CUSTOMERS)


def praising(since: datetime) -> QuerySet[Answer]:
    """Answers of customers with the best score of their scale and words, first given from that instant on, the newest
    first; not those that somebody has marked as a complaint. Answers of employees are never among them."""
    best = Q(lower_is_better=False, score=F("scale_max")) | Q(lower_is_better=True, score=F("scale_min"))
    rows = Answer.objects.filter(best, answered_at__gte=since, standing=scales.GOOD, kind__in=_CUSTOMERS)
    rows = rows.exclude(comment="").exclude(mark=Answer.Mark.COMPLAINT)
    return rows.select_related("contact").order_by("-answered_at", "-id")


def customers_comments(start: datetime, end: datetime, *, is_good: bool, limit: int) -> list[Answer]:
    """What customers of the good, or of the bad, group of their scale have written in [start, end), the newest first.

    What employees answer is never among it, nor what is on a scale without agreed thresholds.
    """
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end, kind__in=_CUSTOMERS)
    rows = rows.filter(survey__kind__in=_CUSTOMERS, standing=scales.GOOD if is_good else scales.BAD)
    rows = rows.exclude(comment="").select_related("survey")
    return list(rows.order_by("-answered_at", "-id")[:limit])


def with_words(answer_ids: Collection[int]) -> QuerySet[Answer]:
    """Those of some answers of customers that still say something in words."""
    rows = Answer.objects.filter(pk__in=answer_ids, kind__in=_CUSTOMERS).exclude(comment="")
    return rows.select_related("survey")


def asked(survey: Survey) -> QuerySet[Invitation]:
    """Invitations, the newest first, with their mail's state and their answer; not the mail's words."""
    rows = Invitation.objects.filter(survey=survey).select_related("contact", "mail", "answer")
    return rows.defer("mail__text", "mail__html", "answer__comment").order_by("-id")


def answers_by_version(survey: Survey) -> dict[int, int]:
    """How many answers each version of a survey has, by the version's id."""
    rows = survey.answers.exclude(version=None).order_by().values_list("version_id")
    return dict(rows.annotate(n=Count("id")))


def skipped(survey: Survey, *, reason: str = "") -> QuerySet[Skip]:
    """People who were not asked, the latest first; of one reason, or of all."""
    rows = Skip.objects.filter(survey=survey).select_related("contact").order_by("-at", "-id")
    return rows.filter(reason=reason) if reason else rows
