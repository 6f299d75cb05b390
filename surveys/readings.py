"""Tallies read; the days on which something changed since they were counted are counted on the spot, so that a new
answer is seen at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from django.db.models import Max, QuerySet, Sum

from kpiproject.lib.periods import local_day
from surveys import counting, tallies
from surveys.counting import ANSWER_DIMENSIONS, STAGE, Days
from surveys.models import Answer, FactChange, Tally, TallyMark, TallyState
from surveys.sums import NAMES, NOTHING, Sums

# More answers than these are not counted while somebody waits for a page.
LIVE_MOST: Final = 20_000
_MARKS_MOST: Final = 5_000
_DAYS_AT_ONCE: Final = 31
_ANSWER, _INVITATION = FactChange.About.ANSWER, FactChange.About.INVITATION


class Place(NamedTuple):
    """To what sums belong."""

    survey_id: int
    day: date
    dimension: str
    member: str


Members = dict[tuple[str, str], Sums]


class Reading:
    """What some surveys have. `dimensions` are all that will be asked for besides stages and, if wanted, further
    questions; `is_behind` says that something that changed is not in the figures yet."""

    def __init__(
        self,
        survey_ids: Collection[int],
        zone: str,
        *,
        dimensions: Sequence[str] = ANSWER_DIMENSIONS,
        has_questions: bool = True,
    ) -> None:
        self.survey_ids, self.zone = list(survey_ids), zone
        self._dimensions, self._has_questions = dimensions, has_questions
        self.is_behind = False
        self._is_counted = True
        self._stale = self._find_stale()

    def by_day(
        self, dimensions: Collection[str], *, first: date = date.min, survey_ids: Collection[int] | None = None
    ) -> dict[Place, Sums]:
        """Everything apart, day by day, of one kind: dimensions of answers, or stages of invitations."""
        rows = self._stored(dimensions)
        if first > date.min:
            rows = rows.filter(day__gte=first)
        if survey_ids is not None:
            rows = rows.filter(survey_id__in=survey_ids)
        found: dict[Place, Sums] = defaultdict(lambda: NOTHING)
        for survey_id, day, dimension, member, *sums in rows.values_list(*Place._fields, *NAMES):
            found[Place(survey_id, day, dimension, member)] += _sums(sums)
        for tally in self._fresh(dimensions):
            if tally.day < first or (survey_ids is not None and tally.survey_id not in survey_ids):
                continue
            found[Place(tally.survey_id, tally.day, tally.dimension, tally.member)] += _of(tally)
        return dict(found)

    def by_survey(self, dimensions: Collection[str]) -> dict[tuple[int, str], tuple[Sums, date]]:
        """What all days add up to, by survey and member, with the last day on which there was anything."""
        sums = {f"sum_{name}": Sum(name) for name in NAMES}
        summed = (
            self._stored(dimensions).order_by().values_list("survey_id", "member").annotate(**sums, last=Max("day"))
        )
        found = {(row[0], row[1]): (_sums(row[2:-1]), row[-1]) for row in summed}
        for tally in self._fresh(dimensions):
            key = (tally.survey_id, tally.member)
            before, last = found.get(key, (NOTHING, tally.day))
            found[key] = (before + _of(tally), max(last, tally.day))
        return found

    def by_member(self, dimensions: Collection[str], first: date, after: date) -> Members:
        """What the days in [first, after) add up to, by dimension and member."""
        rows = self._stored(dimensions).filter(day__gte=first, day__lt=after).order_by()
        summed = rows.values_list("dimension", "member").annotate(**{f"sum_{name}": Sum(name) for name in NAMES})
        found: Members = defaultdict(lambda: NOTHING)
        for dimension, member, *sums in summed:
            found[dimension, member] += _sums(sums)
        for tally in self._fresh(dimensions):
            if first <= tally.day < after:
                found[tally.dimension, tally.member] += _of(tally)
        return dict(found)

    def _stored(self, dimensions: Collection[str]) -> QuerySet[Tally]:
        rows = Tally.objects.filter(survey_id__in=self.survey_ids, dimension__in=dimensions)
        days = self._stale[_about(dimensions)]
        if not self._is_counted:  # or by the days of another zone
            return rows.none()
        return rows.exclude(day__in=days) if days else rows

    def _fresh(self, dimensions: Collection[str]) -> Iterator[Tally]:
        found = self._fresh_invitations if _about(dimensions) == _INVITATION else self._fresh_answers
        return (tally for tally in found if tally.dimension in dimensions)

    @cached_property
    def _fresh_answers(self) -> list[Tally]:
        found: list[Tally] = []
        for chunk in counting.chunks(self._stale[_ANSWER], _DAYS_AT_ONCE):
            days = Days(chunk, self.zone)
            found += counting.answers(days, self.survey_ids, self._dimensions)
            if self._has_questions:
                found += counting.replies(days, self.survey_ids)
        return found

    @cached_property
    def _fresh_invitations(self) -> list[Tally]:
        chunks = counting.chunks(self._stale[_INVITATION], _DAYS_AT_ONCE)
        return [tally for chunk in chunks for tally in counting.invitations(Days(chunk, self.zone), self.survey_ids)]

    def _find_stale(self) -> dict[str, set[date]]:
        """The journal is read first: what is handed on meanwhile is then found among the marks as well."""
        marks: list[tuple[datetime, str]] = []
        for journal in (FactChange, TallyMark):
            marks += journal.objects.order_by("-id").values_list("at", "about")[:_MARKS_MOST]
        self._is_counted = TallyState.objects.filter(pk=1, zone=self.zone).exists()
        days = self._marked(marks) if self._is_counted else self._every_day()
        if self._is_too_much(days[_ANSWER]):
            self.is_behind = self._is_counted = True  # what there is must do
            return {_ANSWER: set(), _INVITATION: set()}
        self.is_behind = len(marks) >= _MARKS_MOST
        return days

    def _marked(self, marks: Sequence[tuple[datetime, str]]) -> dict[str, set[date]]:
        instants = {about: {at for at, what in marks if what in ("", about)} for about in (_ANSWER, _INVITATION)}
        return {about: {local_day(at, self.zone) for at in found} for about, found in instants.items()}

    def _every_day(self) -> dict[str, set[date]]:
        extent = tallies.extent_of(self.survey_ids, self.zone)
        first, last = extent or (date.max, date.min)
        days = {first + timedelta(days=n) for n in range((last - first).days + 1)} if extent else set()
        return {_ANSWER: days, _INVITATION: set(days)}

    def _is_too_much(self, days: set[date]) -> bool:
        if not days:
            return False
        given = Answer.objects.filter(Days(days, self.zone).where("answered_at"), survey_id__in=self.survey_ids)
        return given.order_by()[: LIVE_MOST + 1].count() > LIVE_MOST


def _about(dimensions: Collection[str]) -> str:
    return _INVITATION if STAGE in dimensions else _ANSWER


def _sums(values: Sequence[int]) -> Sums:
    return Sums(**dict(zip(NAMES, values, strict=True)))


def _of(tally: Tally) -> Sums:
    return Sums(**{name: getattr(tally, name) for name in NAMES})
