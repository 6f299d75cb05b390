"""What a survey has come to in some time: its score, its course, its parts, and what became of who was asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Count

from kpiproject.lib.periods import Grain, Period, grain_end, grain_start
from surveys import scores
from surveys.anonymity import Block
from surveys.counting import ASKED, CUTS, MACHINE, OVERALL, SCORE, STAGE, STAGES
from surveys.models import Invitation, Skip, Survey
from surveys.readings import Members, Reading
from surveys.scores import Difference, Score
from surveys.sums import NOTHING, Sums

# No score of one agent stands on fewer answers: it would be chance.
LEAST_OF_AGENT: Final = 30
_WEEKS_UP_TO_DAYS: Final = 130


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of time or a member of a dimension, with its score."""

    sums: Sums
    score: Score
    member: str = ""
    start: date | None = None
    end: date | None = None  # not included
    is_complete: bool = True
    is_too_small: bool = False


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The members of one dimension, those with the most answers first; `rest` are those too small to be shown."""

    dimension: str
    parts: Sequence[Part]
    rest: Part | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a further question fared: `seen` by how many, answered, passed over, and left there; and what was answered,
    by option or number. `sums` has the numbers of a scale."""

    question_id: int
    sums: Sums
    counts: Mapping[str, int]

    @property
    def seen(self) -> int:
        return self.sums.n

    @property
    def answered(self) -> int:
        return self.sums.good

    @property
    def passed_over(self) -> int:
        return self.sums.middle

    @property
    def left(self) -> int:
        return self.sums.bad

    @property
    def mean(self) -> float | None:
        return self.sums.total / self.sums.scored if self.sums.scored else None


@dataclass(frozen=True, kw_only=True)
class Results:
    """Of one survey in one period."""

    score: Score
    sums: Sums
    distribution: Mapping[int, int]
    course: Sequence[Part]
    grain: Grain
    cuts: Sequence[Cut]
    questions: Sequence[Asked]
    before: Score | None = None
    difference: Difference | None = None
    is_behind: bool = False
    # Of employees: the blocks whose answers are in the figures; without one nothing is told, not even that it is 0.
    blocks: Sequence[Block] = ()
    is_withheld: bool = False


def fitting_grain(period: Period) -> Grain:
    return Grain.WEEK if period.days <= _WEEKS_UP_TO_DAYS else Grain.MONTH


def of_customers(survey: Survey, reading: Reading, period: Period, *, week_start: int = 0) -> Results:
    """The period, compared with the one of the same length directly before."""
    previous = period.previous()
    days: dict[date, Sums] = defaultdict(lambda: NOTHING)
    for place, sums in reading.by_day([OVERALL], first=previous.start).items():
        days[place.day] += sums
    now, before = (total(days, within.start, within.end) for within in (period, previous))
    members = reading.by_member([SCORE, *CUTS, ASKED, *question_dimensions(survey)], period.start, period.end)
    grain = fitting_grain(period)
    return Results(
        score=scores.of_sums(survey.scale, now),
        sums=now,
        distribution=distribution(survey, members),
        course=list(_course(survey, days, period, grain, week_start)),
        grain=grain,
        cuts=[_cut(survey, name, members) for name in CUTS],
        questions=asked(survey, members),
        before=scores.of_sums(survey.scale, before),
        difference=scores.difference(survey.scale, now, before),
        is_behind=reading.is_behind,
    )


def total(days: Mapping[date, Sums], start: date, end: date) -> Sums:
    return sum((sums for day, sums in days.items() if start <= day < end), NOTHING)


def distribution(survey: Survey, members: Members) -> dict[int, int]:
    """How often each score was given; scores nobody gave are there with 0."""
    return {score: members.get((SCORE, str(score)), NOTHING).n for score in survey.scale.scores}


def question_dimensions(survey: Survey) -> list[str]:
    return [f"q{question_id}" for question_id in _question_ids(survey)]


def _question_ids(survey: Survey) -> list[int]:
    return list(survey.questions.order_by("position", "id").values_list("pk", flat=True))


def asked(survey: Survey, members: Members) -> list[Asked]:
    """Every further question that anybody saw, in order."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for (dimension, member), sums in members.items():
        counts[dimension][member] = sums.n
    return [
        Asked(question_id=question_id, sums=members[ASKED, str(question_id)], counts=counts[f"q{question_id}"])
        for question_id in _question_ids(survey)
        if (ASKED, str(question_id)) in members
    ]


def _course(survey: Survey, days: Mapping[date, Sums], period: Period, grain: Grain, week_start: int) -> Iterable[Part]:
    """From the first piece with an answer on."""
    pieces: dict[date, Sums] = defaultdict(lambda: NOTHING)
    for day, sums in days.items():
        if period.start <= day < period.end:
            pieces[grain_start(day, grain, week_start)] += sums
    start, last = (min(pieces), max(pieces)) if pieces else (period.end, period.start)
    while start <= last:
        end = grain_end(start, grain, week_start)
        sums = pieces.get(start, NOTHING)
        is_complete = period.start <= start and end <= period.end
        score = scores.of_sums(survey.scale, sums)
        yield Part(sums=sums, score=score, start=start, end=end, is_complete=is_complete)
        start = end


def _cut(survey: Survey, dimension: str, members: Members) -> Cut:
    found = [
        Part(
            sums=sums,
            score=scores.of_sums(survey.scale, sums),
            member=member,
            is_too_small=dimension == "agent" and sums.judged < LEAST_OF_AGENT,
        )
        for (name, member), sums in members.items()
        if name == dimension and sums.n
    ]
    return Cut(dimension=dimension, parts=sorted(found, key=lambda part: (-part.sums.n, part.member)))


# --- What became of invitations -----------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Stages:
    """What became of the invitations of a time, by the day they were sent; `waiting` and `skipped` were not.

    Where `is_withheld`, too few employees were asked for anything to be told; the zeros are no figures then.
    """

    waiting: int = 0
    sent: int = 0
    bounced: int = 0
    clicked: int = 0
    answered: int = 0
    commented: int = 0
    unconfirmed: int = 0
    machine: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    is_withheld: bool = False

    @property
    def queued(self) -> int:
        return self.waiting + self.sent

    @property
    def delivered(self) -> int:
        return self.sent - self.bounced

    @property
    def rate(self) -> float | None:
        """Answered of those delivered, in percent; both are of the same invitations, so it is never above 100."""
        return 100 * self.answered / self.delivered if self.delivered else None


def stages_of(counts: Mapping[str, int], waiting: int = 0, skipped: Mapping[str, int] | None = None) -> Stages:
    """From numbers by stage, as they are counted."""
    numbers = {name: counts.get(name, 0) for name in (*STAGES, MACHINE)}
    return Stages(waiting=waiting, skipped=skipped or {}, is_withheld=False, **numbers)


def stages(survey: Survey, reading: Reading, period: Period) -> Stages:
    counted = reading.by_member([STAGE], period.start, period.end)
    waiting = Invitation.objects.filter(
        survey=survey, sent_at__isnull=True, send_at__gte=period.start_at, send_at__lt=period.end_at
    )
    counts = {name: sums.n for (_stage, name), sums in counted.items()}
    return stages_of(counts, waiting.order_by().count(), skipped(survey, period))


def skipped(survey: Survey, period: Period) -> dict[str, int]:
    """How many were not asked, by reason, the most frequent first."""
    rows = Skip.objects.filter(survey=survey, at__gte=period.start_at, at__lt=period.end_at).order_by()
    return dict(rows.values_list("reason").annotate(n=Count("id")).order_by("-n", "reason"))
