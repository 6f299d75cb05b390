"""Results of surveys among employees: the same figures, made only of what can be shown of people who must not be
recognised. The rules are those of surveys.anonymity."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kpiproject.lib.periods import Grain, Period
from surveys import anonymity, results, scores
from surveys.anonymity import LEAST, Block
from surveys.counting import ASKED, OVERALL, SCORE, STAGE
from surveys.models import Survey
from surveys.readings import Members, Reading
from surveys.results import Cut, Part, Results, Stages
from surveys.sums import NOTHING, Sums

# What only one person can have done, such as coming by a certain till, is no cut.
CUTS = ("team", "category", "language", "origin", "version")

Days = Mapping[date, Mapping[tuple[str, str], Sums]]


@dataclass(frozen=True)
class Released:
    """Days of answers with the blocks they are released in."""

    days: Days
    blocks: Sequence[Block]

    def within(self, period: Period) -> "Released":
        """Without blocks that lie only in part in the period."""
        whole = [block for block in self.blocks if period.start <= block.first and block.last < period.end]
        return Released(self.days, whole)

    def members(self, blocks: Sequence[Block]) -> Members:
        found: Members = defaultdict(lambda: NOTHING)
        for day, counted in self.days.items():
            if any(block.first <= day <= block.last for block in blocks):
                for key, sums in counted.items():
                    found[key] += sums
        return dict(found)

    def sums(self) -> Sums:
        return self.members(self.blocks).get((OVERALL, ""), NOTHING)


def released(survey_id: int, reading: Reading, dimensions: Sequence[str], *, today: date) -> Released:
    """What can be shown; today is not over and may get more answers."""
    days: dict[date, dict[tuple[str, str], Sums]] = defaultdict(dict)
    for place, sums in reading.by_day([OVERALL, *dimensions], survey_ids=[survey_id]).items():
        if place.day < today:
            days[place.day][place.dimension, place.member] = sums
    counts = {day: counted[OVERALL, ""].n for day, counted in days.items() if (OVERALL, "") in counted}
    return Released(days, anonymity.blocks(counts))


def of_employees(survey: Survey, reading: Reading, period: Period, *, today: date) -> Results:
    """As results.of_customers. Every figure is made of whole blocks; parts only of months that are over."""
    everything = released(survey.pk, reading, [SCORE, *CUTS, ASKED, *results.question_dimensions(survey)], today=today)
    now, before = everything.within(period), everything.within(period.previous())
    # Months are shown whole or not at all: two halves of one would be a difference between two views.
    months = anonymity.spans(everything.blocks, today=today)
    spans = [span for span in months if period.start <= span[0].first and span[-1].last < period.end]
    tables = [everything.members(span) for span in spans]
    sums, sums_before = now.sums(), before.sums()
    return Results(
        score=scores.of_sums(survey.scale, sums),
        sums=sums,
        distribution=results.distribution(survey, now.members(now.blocks)),
        course=[_month(survey, span, table) for span, table in zip(spans, tables, strict=True)],
        grain=Grain.MONTH,
        cuts=[_cut(survey, name, tables) for name in CUTS],
        questions=results.asked(survey, _enough_asked(tables)),
        before=scores.of_sums(survey.scale, sums_before),
        difference=scores.difference(survey.scale, sums, sums_before),
        is_behind=reading.is_behind,
        blocks=now.blocks,
        is_withheld=not now.blocks,
    )


def stages(survey: Survey, reading: Reading, period: Period) -> Stages:
    """As results.stages, of days on which enough invitations arrived; clicks of employees are not known."""
    days = _stages_by_day(reading, [survey.pk])[survey.pk]
    return _released_stages(days, period, skipped=results.skipped(survey, period))


def all_stages(surveys: Sequence[Survey], reading: Reading) -> dict[int, Stages]:
    """The same of all times, of every survey among employees."""
    ids = [survey.pk for survey in surveys if survey.is_anonymous]
    return {pk: _released_stages(days) for pk, days in _stages_by_day(reading, ids).items()} if ids else {}


def _stages_by_day(reading: Reading, survey_ids: Sequence[int]) -> dict[int, dict[date, dict[str, int]]]:
    found: dict[int, dict[date, dict[str, int]]] = {pk: defaultdict(dict) for pk in survey_ids}
    for place, sums in reading.by_day([STAGE], survey_ids=survey_ids).items():
        found[place.survey_id][place.day][place.member] = sums.n
    return found


def _released_stages(
    days: Mapping[date, Mapping[str, int]], period: Period | None = None, skipped: Mapping[str, int] | None = None
) -> Stages:
    arrived = {day: counts.get("sent", 0) - counts.get("bounced", 0) for day, counts in days.items()}
    everything = Released({}, anonymity.blocks(arrived))
    whole = everything.within(period).blocks if period else everything.blocks
    total = dict.fromkeys(("sent", "bounced", "answered"), 0)
    for day, counts in days.items():
        if any(block.first <= day <= block.last for block in whole):
            total = {name: n + counts.get(name, 0) for name, n in total.items()}
    return replace(results.stages_of(total, skipped=skipped), is_withheld=not whole)


def _month(survey: Survey, span: Sequence[Block], table: Members) -> Part:
    sums = table.get((OVERALL, ""), NOTHING)
    end = span[-1].last + timedelta(days=1)
    return Part(sums=sums, score=scores.of_sums(survey.scale, sums), start=span[0].first, end=end)


@dataclass(frozen=True)
class Parts:
    """The groups that can be shown, and all others together."""

    shown: Mapping[str, Sums]
    rest: Sums


def parts_of(tables: Sequence[Members], dimension: str) -> Parts:
    """Adds up what each span shows by itself."""
    shown: dict[str, Sums] = defaultdict(lambda: NOTHING)
    rest = NOTHING
    for table in tables:
        groups = {member: sums for (name, member), sums in table.items() if name == dimension}
        gone = anonymity.hidden({member: sums.n for member, sums in groups.items()})
        for member, sums in groups.items():
            if member in gone:
                rest += sums
            else:
                shown[member] += sums
    return Parts(dict(shown), rest)


def _cut(survey: Survey, dimension: str, tables: Sequence[Members]) -> Cut:
    found = parts_of(tables, dimension)
    parts = [
        Part(sums=sums, score=scores.of_sums(survey.scale, sums), member=member) for member, sums in found.shown.items()
    ]
    return Cut(
        dimension=dimension,
        parts=sorted(parts, key=lambda part: (-part.sums.n, part.member)),
        rest=Part(sums=found.rest, score=scores.of_sums(survey.scale, found.rest)) if found.rest.n else None,
    )


def _enough_asked(tables: Sequence[Members]) -> Members:
    """Of every span the further questions that enough people answered in it."""
    found: Members = defaultdict(lambda: NOTHING)
    for table in tables:
        answered = {member: sums.good for (name, member), sums in table.items() if name == ASKED}
        enough = {question_id for question_id, n in answered.items() if n >= LEAST}
        for (name, member), sums in table.items():
            if (name == ASKED and member in enough) or (name[:1] == "q" and name[1:] in enough):
                found[name, member] += sums
    return dict(found)


def all_released(surveys: Sequence[Survey], reading: Reading, *, today: date) -> dict[int, tuple[Sums, date | None]]:
    """Of every survey among employees what can be shown of all times, and up to which day."""
    found: dict[int, tuple[Sums, date | None]] = {}
    ids = [survey.pk for survey in surveys if survey.is_anonymous]
    counts: dict[int, dict[date, Sums]] = {pk: {} for pk in ids}
    for place, sums in reading.by_day([OVERALL], survey_ids=ids).items():
        if place.day < today:
            counts[place.survey_id][place.day] = sums
    for pk, days in counts.items():
        blocks = anonymity.blocks({day: sums.n for day, sums in days.items()})
        last = blocks[-1].last if blocks else None
        found[pk] = (sum((sums for day, sums in days.items() if last and day <= last), NOTHING), last)
    return found
