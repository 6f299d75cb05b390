"""What is read of the manual."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from goals import queries as goal_queries
from goals.alarms.readers import reachable
from goals.models import (
    Action,
    AlertRule,
    CheckIn,
    CloseOut,
    Decision,
    EscalationChain,
    Goal,
    Objective,
    Prediction,
    Report,
    Review,
    TargetChange,
)
from kpiproject.lib.periods import Period, local_day
from kpiproject.models import Team
from kpiproject.queries import organisation
from manual.models import Approval, Edition, Section, Share
from metrics.models import EarlierTarget, ImportRun, ServiceTarget, Ticket
from surveys import imported
from surveys.models import Answer, Erasure, Invitation, Suppression, Survey

MOST_ROUNDS: Final = 10
_FEW: Final = 5


def shown_sections() -> QuerySet[Section]:
    """What is part of the manual, in order."""
    return Section.objects.filter(is_shown=True).order_by("position", "id")


def sections() -> QuerySet[Section]:
    """All of them, also those that are left out, in order."""
    return Section.objects.select_related("updated_by").order_by("position", "id")


def slugs_of(chapter: str) -> list[str]:
    """The sections that have what this chapter generates; one, unless somebody has made more."""
    return list(Section.objects.filter(chapter=chapter).order_by("position", "id").values_list("slug", flat=True))


def latest() -> Edition | None:
    """The newest edition, also one that is not in force yet."""
    return Edition.objects.select_related("published_by").order_by("-number").first()


def in_force(today: date | None = None) -> Edition | None:
    """What readers see: the newest whose day has come, without its content and figures, which are read when they are
    asked for."""
    day = today or local_day(timezone.now(), organisation().time_zone)
    has_begun = Q(effective_from__isnull=True) | Q(effective_from__lte=day)
    return editions().select_related(None).filter(has_begun).first()


def coming(now_in_force: Edition | None, today: date | None = None) -> Edition | None:
    """The next edition that will take the place of the one in force, if it is published already."""
    day = today or local_day(timezone.now(), organisation().time_zone)
    number = now_in_force.number if now_in_force else 0
    waiting = editions().filter(effective_from__gt=day, number__gt=number)
    return waiting.order_by("effective_from", "-number").first()


def in_force_and_coming(today: date) -> tuple[Edition | None, Edition | None]:
    """Both in one query, as long as no more than a few wait for their day: readers ask for them with every page."""
    newest = list(editions().select_related(None)[:_FEW])
    now = next((each for each in newest if each.effective_from is None or each.effective_from <= today), None)
    if now is None:
        found = in_force(today) if len(newest) == _FEW else None
        return found, coming(found, today)
    waiting = [each for each in newest if each.number > now.number and each.effective_from]
    return now, min(waiting, key=lambda each: (each.effective_from, -each.number), default=None)


def editions() -> QuerySet[Edition]:
    """The newest first; content and figures are read only where they are asked for."""
    return Edition.objects.select_related("published_by").defer("content", "figures").order_by("-number")


def edition(number: int) -> Edition | None:
    return Edition.objects.select_related("published_by").filter(number=number).first()


def before(edition: Edition) -> Edition | None:
    """The edition that this one has replaced."""
    return Edition.objects.filter(number__lt=edition.number).order_by("-number").first()


def rounds() -> list[Approval]:
    """The last rounds of approval with their steps, the newest first."""
    rows = Approval.objects.select_related("author", "approver", "edition").defer(
        "edition__content", "edition__figures"
    )
    return list(rows.prefetch_related("events__by", "events__comments").order_by("-number")[:MOST_ROUNDS])


def shares() -> QuerySet[Share]:
    """The newest first, each with the number of its edition and of those who follow."""
    follow = Q(followers__confirmed_at__isnull=False, followers__left_at__isnull=True)
    rows = Share.objects.select_related("edition", "created_by").order_by("-id")
    rows = rows.annotate(following=Count("followers", filter=follow))
    return rows.defer("edition__content", "edition__figures")


@dataclass(frozen=True, kw_only=True)
class TeamSize:
    key: str
    name: str
    agents: int


def teams() -> list[TeamSize]:
    """Teams by name, with the number of people in each."""
    rows = Team.objects.annotate(size=Count("agent")).order_by("name", "pk")
    return [TeamSize(key=f"{team.source}:{team.external_id}", name=team.name, agents=team.size) for team in rows]


def service_targets() -> list[ServiceTarget]:
    """The promises in force, in the order in which they are tried."""
    return list(ServiceTarget.objects.filter(is_active=True))


def objectives() -> list[Objective]:
    return list(Objective.objects.filter(is_active=True))


def goals() -> "QuerySet[Goal]":
    """The goals in force with the people who look after them, the next due first."""
    return goal_queries.active_goals().select_related("reviewer").prefetch_related("milestones")


@dataclass(frozen=True, kw_only=True)
class ToldOfGoal:
    """The last check-ins of a goal and how its target was moved, each the newest first."""

    check_ins: list[CheckIn] = field(default_factory=list)
    changes: list[TargetChange] = field(default_factory=list)


MOST_CHECK_INS: Final = 3


def told_of_goals(goal_ids: Collection[int], at: datetime) -> dict[int, ToldOfGoal]:
    """What was said of each of these goals up to an instant, without the words, in two queries."""
    found = {goal_id: ToldOfGoal() for goal_id in goal_ids}
    words = ("what_changed", "next_step", "difference")
    said = CheckIn.objects.filter(goal__in=goal_ids, at__lte=at).defer(*words)
    for check_in in said.order_by("-at", "-id"):
        mine = found[check_in.goal_id].check_ins
        if len(mine) < MOST_CHECK_INS:
            mine.append(check_in)
    for change in TargetChange.objects.filter(goal__in=goal_ids, at__lte=at).order_by("-at", "-id"):
        found[change.goal_id].changes.append(change)
    return found


def close_outs(since: datetime, until: datetime) -> list[CloseOut]:
    """How goals ended between two instants, the last first; those that were cancelled are not judged."""
    rows = CloseOut.objects.filter(at__gt=since, at__lte=until).exclude(outcome=CloseOut.Outcome.CANCELLED)
    return list(rows.select_related("goal").order_by("-at", "-id"))


def ended_goals(at: datetime) -> list[CloseOut]:
    """How every goal that was in force until an instant has ended, the last first; none that was called off."""
    rows = CloseOut.objects.filter(at__lte=at).exclude(outcome=CloseOut.Outcome.CANCELLED)
    return list(rows.select_related("goal").order_by("-at", "-id"))


def target_changes(goal_ids: Collection[int], at: datetime) -> list[TargetChange]:
    """How the targets of these goals were moved up to an instant, the first change first."""
    rows = TargetChange.objects.filter(goal__in=goal_ids, at__lte=at).select_related("goal")
    return list(rows.order_by("at", "id"))


def earlier_promises() -> list[EarlierTarget]:
    """What the service targets in force promised before, each with its target, the oldest first."""
    rows = EarlierTarget.objects.filter(target__is_active=True).select_related("target")
    return list(rows.order_by("target", "version"))


def has_forecasts() -> bool:
    return Prediction.objects.exists()


def alert_rules() -> list[AlertRule]:
    """What is watched, serious alarms first, with whoever is told."""
    rows = AlertRule.objects.filter(is_active=True).select_related("owner", "goal", "chain")
    told = ("webhooks", Prefetch("stakeholders", reachable()))
    return list(rows.prefetch_related(*told).order_by("severity", "name", "id"))


def chains() -> dict[int, EscalationChain]:
    """Every escalation chain with its steps, by id."""
    told = ("steps__people", Prefetch("steps__stakeholders", reachable()))
    rows = EscalationChain.objects.select_related("calendar").prefetch_related(*told)
    return {chain.pk: chain for chain in rows.order_by("name", "id")}


def open_surveys() -> list[Survey]:
    """What is asked at present."""
    found = Survey.objects.filter(status=Survey.Status.OPEN).select_related("owner", "current_version")
    return list(found.prefetch_related("entrances", "rules").order_by("name"))


ScoreCounts = Mapping[int, Mapping[int, int]]


def scores_given(period: Period) -> ScoreCounts:
    """How often each score was given in a period, by survey."""
    rows = Answer.objects.filter(answered_at__gte=period.start_at, answered_at__lt=period.end_at).order_by()
    found: dict[int, dict[int, int]] = {}
    for survey, score, count in rows.values_list("survey_id", "score").annotate(n=Count("id")):
        found.setdefault(survey, {})[score] = count
    return found


def suppressed_addresses(at: datetime) -> int:
    erased = Erasure.objects.filter(at__lte=at).exclude(digest="").count()
    return Suppression.objects.filter(at__lte=at).count() + erased


def planned_reviews(today: date) -> list[Review]:
    """The next first."""
    rows = Review.objects.filter(state=Review.State.PLANNED, on__gte=today).select_related("owner")
    return list(rows.order_by("on", "id"))


def overdue_reviews(today: date) -> list[Review]:
    """Those whose day is over and of which nobody has said that they were held, the oldest first."""
    rows = Review.objects.filter(state=Review.State.PLANNED, on__lt=today).select_related("owner")
    return list(rows.order_by("on", "id"))


def last_review(at: datetime) -> Review | None:
    held = Review.objects.filter(state=Review.State.HELD, held_at__lte=at).select_related("owner")
    return held.order_by("-on", "-id").first()


def decisions(review: Review, at: datetime) -> list[Decision]:
    return list(review.decisions.filter(at__lte=at).order_by("at", "id"))


def open_actions(at: datetime) -> list[Action]:
    """What was promised up to an instant and has not ended, the earliest due first."""
    rows = Action.objects.filter(created_at__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    return list(rows.select_related("goal").order_by("due", "id"))


@dataclass(frozen=True, kw_only=True)
class SourceSize:
    """How much one system has delivered."""

    name: str
    tickets: int
    flagged: int
    last_import: datetime | None


def sources(at: datetime) -> list[SourceSize]:
    """Systems from which tickets have come, the largest first."""
    rows = Ticket.objects.filter(is_stub=False, created_at__lte=at).order_by().values("source")
    counted = rows.annotate(n=Count("id"), odd=Count("id", filter=Q(is_flagged=True))).order_by("-n", "source")
    done = ImportRun.objects.filter(state=ImportRun.State.DONE, is_dry_run=False, finished_at__lte=at).order_by()
    last = dict(done.values_list("source").annotate(Max("finished_at")))
    return [
        SourceSize(name=row["source"], tickets=row["n"], flagged=row["odd"], last_import=last.get(row["source"]))
        for row in counted
    ]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What one system delivers of one kind: when it last came, and whether the last try failed."""

    source: str
    kind: str
    last: datetime | None
    has_failed: bool


def feeds(at: datetime) -> list[Feed]:
    """Every kind that was ever imported, by system, in one query."""
    ended = ImportRun.objects.filter(is_dry_run=False, finished_at__lte=at).order_by()
    done, failed = Q(state=ImportRun.State.DONE), Q(state=ImportRun.State.FAILED)
    rows = ended.values("source", "kind").annotate(
        last=Max("finished_at", filter=done), failed=Max("finished_at", filter=failed)
    )
    return [
        Feed(
            source=row["source"],
            kind=str(ImportRun.Kind(row["kind"]).label),
            last=row["last"],
            has_failed=bool(row["failed"] and (row["last"] is None or row["failed"] > row["last"])),
        )
        for row in rows.order_by("source", "kind")
    ]


def answers_and_invitations(at: datetime) -> tuple[int, int]:
    """How many answers and sent invitations of our own there were at an instant."""
    answers = Answer.objects.filter(answered_at__lte=at).exclude(origin=Answer.Origin.IMPORT)
    invitations = Invitation.objects.filter(sent_at__lte=at).exclude(key__startswith=imported.KEY)
    return answers.count(), invitations.count()


@dataclass(frozen=True)
class AnswerSource:
    """How many answers another system has delivered, and when the last of them came."""

    name: str
    answers: int
    last_import: datetime | None


def answer_sources(at: datetime) -> list[AnswerSource]:
    """Systems whose surveys were answered, the largest first."""
    rows = Answer.objects.filter(origin=Answer.Origin.IMPORT, answered_at__lte=at).order_by().values("source")
    done = ImportRun.objects.filter(kind=ImportRun.Kind.SURVEY_RESPONSES, state=ImportRun.State.DONE, is_dry_run=False)
    last = dict(done.filter(finished_at__lte=at).order_by().values_list("source").annotate(Max("finished_at")))
    counted = rows.annotate(n=Count("id")).order_by("-n", "source")
    return [AnswerSource(row["source"], row["n"], last.get(row["source"])) for row in counted]


def active_reports() -> list[Report]:
    """Reports that are sent, with whoever gets them."""
    rows = Report.objects.filter(is_active=True).prefetch_related("people", "stakeholders", "left", "items")
    return list(rows.order_by("name", "id"))
