"""Count what stands on local days, from the facts as they are now.

Dimensions of answers, by the day on which they were given: "" is all of them, "score" each score on the survey's own
scale, the others what they are counted by. "asked" is a further question (`n` saw it, `good` answered, `middle` passed
it over, `bad` left there) and "q12" what was answered to question 12. "stage" is what became of invitations, by the day
on which they were sent.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from kpiproject.lib.periods import day_start
from surveys import courses, versions
from surveys.content import Content
from surveys.models import Answer, Click, Invitation, Reply, Tally, Version

OVERALL: Final = ""
SCORE: Final = "score"
ASKED: Final = "asked"
STAGE: Final = "stage"
CUTS: Final = ("channel", "team", "agent", "category", "language", "origin", "version", "entrance")
ANSWER_DIMENSIONS: Final = (OVERALL, SCORE, *CUTS)
STAGES: Final = ("sent", "bounced", "clicked", "unconfirmed", "answered", "commented")
MACHINE: Final = "machine"

_PATHS: Final = {"version": "version_id", "entrance": "entrance_id"}
_OWN_SCALE: Final = Q(scale_min=F("survey__scale_min"), scale_max=F("survey__scale_max"))
_SUMS: Final[dict[str, Any]] = {
    "n": Count("id"),
    "good": Count("id", filter=Q(standing=1)),
    "middle": Count("id", filter=Q(standing=0)),
    "bad": Count("id", filter=Q(standing=-1)),
    "commented": Count("id", filter=~Q(comment="")),
    "scored": Count("id", filter=_OWN_SCALE),
    "total": Sum("score", filter=_OWN_SCALE, default=0),
    "square": Sum(F("score") * F("score"), filter=_OWN_SCALE, default=0, output_field=IntegerField()),
}
_ARRIVED: Final = Q(bounced_at__isnull=True)
_STAGES: Final[dict[str, Any]] = {
    "sent": Count("id"),
    "bounced": Count("id", filter=~_ARRIVED),
    # Whoever answered has opened the page, whatever is known of clicks.
    "clicked": Count("id", filter=_ARRIVED & (Q(clicked_at__isnull=False) | Q(is_answered=True))),
    "unconfirmed": Count("id", filter=_ARRIVED & Q(clicked_at__isnull=False, is_answered=False)),
    "answered": Count("id", filter=_ARRIVED & Q(is_answered=True)),
    "commented": Count("id", filter=_ARRIVED & Q(answer__isnull=False) & ~Q(answer__comment="")),
}


class Days:
    """Local days in order, and how rows are put to them."""

    def __init__(self, days: Iterable[date], zone: str) -> None:
        self.days = sorted(set(days))
        self._ends = [day_start(day + timedelta(days=1), zone) for day in self.days]
        self._starts = [day_start(day, zone) for day in self.days]

    def __iter__(self) -> Iterator[date]:
        return iter(self.days)

    def where(self, path: str) -> Q:
        """Rows whose instant lies on one of the days; neighbours make one range."""
        found, start = Q(), self._starts[0]
        for (_first, end), (following, _end) in pairwise(zip(self._starts, self._ends, strict=True)):
            if following != end:
                found |= Q(**{f"{path}__gte": start, f"{path}__lt": end})
                start = following
        return found | Q(**{f"{path}__gte": start, f"{path}__lt": self._ends[-1]})

    def number(self, path: str) -> Case:
        """The position of the day; only for rows that lie on one."""
        cases = [When(**{f"{path}__lt": end, "then": Value(n)}) for n, end in enumerate(self._ends)]
        return Case(*cases, output_field=IntegerField())


def chunks(days: Iterable[date], size: int) -> Iterator[list[date]]:
    """As many days as are counted at once: many take fewer queries, few are quicker where there are many rows."""
    wanted = sorted(set(days))
    for first in range(0, len(wanted), size):
        yield wanted[first : first + size]


def answers(
    days: Days, survey_ids: Collection[int] | None = None, dimensions: Sequence[str] = ANSWER_DIMENSIONS
) -> list[Tally]:
    """Tallies of the answers given on these days, by each of the dimensions."""
    rows = _of(Answer.objects.filter(days.where("answered_at")), survey_ids).order_by()
    found: list[Tally] = []
    if not rows.exists():  # before anything was counted, most of the days that are looked at are empty
        return found
    for dimension in dimensions:
        found += _by(dimension, rows, days)
    return found


def _by(dimension: str, rows: QuerySet[Answer], days: Days) -> Iterator[Tally]:
    path = _PATHS.get(dimension, dimension)
    if dimension == SCORE:
        rows = rows.filter(_OWN_SCALE)
    if dimension == "entrance":
        rows = rows.filter(entrance__isnull=False)
    keys = ["survey_id", *([path] if path else [])]
    for row in rows.annotate(day_number=days.number("answered_at")).values("day_number", *keys).annotate(**_SUMS):
        member = row.pop(path) if path else ""
        day = days.days[row.pop("day_number")]
        yield Tally(day=day, dimension=dimension, member="" if member is None else str(member), **row)


def invitations(days: Days, survey_ids: Collection[int] | None = None) -> list[Tally]:
    """Tallies of what became of the invitations sent on these days."""
    rows = _of(Invitation.objects.filter(days.where("sent_at")), survey_ids).order_by()
    numbered = rows.annotate(day_number=days.number("sent_at")).values("survey_id", "day_number")
    found = []
    for row in numbered.annotate(**_STAGES):
        day, survey_id = days.days[row["day_number"]], row["survey_id"]
        found += [
            Tally(survey_id=survey_id, day=day, dimension=STAGE, member=stage, n=row[stage])
            for stage in STAGES
            if row[stage]
        ]
    return found + list(_machine_clicks(days, survey_ids))


def _machine_clicks(days: Days, survey_ids: Collection[int] | None) -> Iterator[Tally]:
    rows = Click.objects.filter(days.where("invitation__sent_at")).exclude(sign="").order_by()
    if survey_ids is not None:
        rows = rows.filter(invitation__survey_id__in=survey_ids)
    numbered = rows.annotate(day_number=days.number("invitation__sent_at"))
    for survey_id, number, n in numbered.values_list("invitation__survey_id", "day_number").annotate(n=Count("id")):
        yield Tally(survey_id=survey_id, day=days.days[number], dimension=STAGE, member=MACHINE, n=n)


def replies(days: Days, survey_ids: Collection[int] | None = None) -> list[Tally]:
    """Tallies of further questions: who saw, answered, passed over and left, and what was answered."""
    contents = _contents(survey_ids)
    if not contents:
        return []
    rows = Answer.objects.filter(days.where("answered_at"), version_id__in=contents).order_by()
    numbered = rows.annotate(day_number=days.number("answered_at"))
    given: dict[int, dict[int, Reply]] = defaultdict(dict)
    for reply in _replies(days, list(contents)):
        given[reply.answer_id][reply.question_id] = reply
    counted: dict[tuple[int, date, str, str], Tally] = {}
    found = numbered.values_list("id", "survey_id", "version_id", "standing", "day_number")
    for answer_id, survey_id, version_id, standing, number in found.iterator():
        place = (survey_id, days.days[number])
        _add_course(counted, place, contents[version_id], standing, given.get(answer_id, {}))
    return list(counted.values())


def _replies(days: Days, version_ids: Sequence[int]) -> Iterator[Reply]:
    rows = Reply.objects.filter(days.where("answer__answered_at"), answer__version_id__in=version_ids)
    return rows.order_by().iterator()


def _add_course(
    counted: dict[tuple[int, date, str, str], Tally],
    place: tuple[int, date],
    content: Content,
    standing: int | None,
    given: dict[int, Reply],
) -> None:
    chosen = {question_id: reply.choices for question_id, reply in given.items()}
    course = courses.of(content.questions, standing, chosen=chosen, answered=given.keys())
    for question_id, state in course.items():
        tally = _tally(counted, place, ASKED, str(question_id))
        tally.n += 1
        setattr(tally, state, getattr(tally, state) + 1)
    for question_id, reply in given.items():
        for member in reply.choices or ([] if reply.number is None else [str(reply.number)]):
            _tally(counted, place, f"q{question_id}", str(member)[:200]).n += 1
        if reply.number is not None:
            tally = _tally(counted, place, ASKED, str(question_id))
            tally.scored += 1
            tally.total += reply.number
            tally.square += reply.number**2


def _tally(
    counted: dict[tuple[int, date, str, str], Tally], place: tuple[int, date], dimension: str, member: str
) -> Tally:
    key = (*place, dimension, member)
    if key not in counted:
        counted[key] = Tally(survey_id=place[0], day=place[1], dimension=dimension, member=member)
    return counted[key]


def _contents(survey_ids: Collection[int] | None) -> dict[int, Content]:
    """Of every version that asks anything further."""
    found = _of(Version.objects.all(), survey_ids).exclude(content__questions=[])
    return {version.pk: versions.read(version) for version in found.order_by()}


def _of(rows: QuerySet[Any], survey_ids: Collection[int] | None) -> QuerySet[Any]:
    return rows if survey_ids is None else rows.filter(survey_id__in=survey_ids)
