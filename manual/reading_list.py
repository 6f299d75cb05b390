"""What waits to be confirmed by whom and until when, for one person or for everybody in the same few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.core.cache import cache
from django.db.models import Max, Q
from django.utils import timezone

from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import audiences, confirming, queries
from manual.confirming import Step
from manual.models import (
    Acknowledgement,
    Audience,
    AudienceDeadline,
    AudienceReader,
    Edition,
    EditionSection,
    ReadingQuestion,
)

_KEPT_SECONDS: Final = 60


class State(StrEnum):
    """How far somebody is. Whoever waits for an answer is not late."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    ASKED = "asked"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A section to confirm. `since` is the edition because of which it waits, `confirmed` the one that was confirmed
    before, or 0."""

    slug: str
    title: str
    place: int
    since: int
    begins: date
    due: date
    confirmed: int
    state: State


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A section of which nothing waits. `number` is the edition that was confirmed, 0 where nothing had to be."""

    slug: str
    title: str
    place: int
    number: int
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that one person reads, in the order of the manual."""

    person: User
    waiting: list[Waiting]
    confirmed: list[Confirmed]

    @property
    def due(self) -> date | None:
        return min((item.due for item in self.waiting), default=None)

    @property
    def state(self) -> State:
        """The most urgent of what waits."""
        states = {item.state for item in self.waiting}
        return next((state for state in (State.OVERDUE, State.OPEN, State.ASKED) if state in states), State.DONE)

    @property
    def has_asked(self) -> bool:
        """Whether an answer is owed to them."""
        return any(item.state == State.ASKED for item in self.waiting)

    def item(self, slug: str) -> Waiting | None:
        return next((item for item in self.waiting if item.slug == slug), None)


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A section of the edition in force, with what became of it until then."""

    slug: str
    title: str
    place: int
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Book:
    """What counts for everybody: sections by slug, in order, and the days from which editions are in force."""

    sections: dict[str, _Listed]
    effective: dict[int, date]
    asking: list[Audience]
    members: audiences.Members
    deadlines: dict[tuple[int, int], date]
    today: date


@dataclass(frozen=True, kw_only=True)
class _Done:
    """What people have said, by person and section."""

    since: dict[tuple[int, int], date]
    confirmed: dict[tuple[int, str], tuple[int, datetime]]
    asked: frozenset[tuple[int, str]]


def of(person: User, now: datetime | None = None) -> Reading:
    found = _readings([person], now or timezone.now())
    return found[0] if found else Reading(person=person, waiting=[], confirmed=[])


def next_due(person: User) -> list[date]:
    """Until when each section that waits is to be confirmed, as it was within the last minute: for every page."""
    key = f"manual-next-due:{person.pk}"
    found: list[date] | None = cache.get(key)
    if found is None:
        found = [item.due for item in of(person).waiting if item.state != State.ASKED]
        cache.set(key, found, _KEPT_SECONDS)
    return found


def forget_due(person: User) -> None:
    """They have confirmed something, or asked."""
    cache.delete(f"manual-next-due:{person.pk}")


def everybody(now: datetime | None = None, *, audience: Audience | None = None) -> list[Reading]:
    """All active people who belong to an audience, by name."""
    return _readings(None, now or timezone.now(), audience=audience)


def removed(audience: Audience, slugs: Collection[str]) -> list[str]:
    """The chosen sections that are not in the edition in force, whose short names are `slugs`."""
    return [] if audience.has_all else [slug for slug in audience.slugs if slug not in slugs]


def sections_in_force() -> list[EditionSection]:
    """In order; empty before the first edition."""
    edition = queries.in_force()
    return list(EditionSection.objects.filter(edition=edition).order_by("position")) if edition else []


def last_title(slug: str) -> tuple[str, int] | None:
    """What a section was called last, and in which edition it stood last."""
    return (
        EditionSection.objects.filter(slug=slug)
        .order_by("-edition__number")
        .values_list("title", "edition__number")
        .first()
    )


def _readings(people: Sequence[User] | None, now: datetime, *, audience: Audience | None = None) -> list[Reading]:
    book = _book(now, audience)
    if book is None:
        return []
    if people is None:
        ids = frozenset[int]().union(*book.members.values())
        people = list(User.objects.filter(pk__in=ids).order_by("name", "email"))
    done = _done([person.pk for person in people])
    return [_reading(person, book, done) for person in people]


def _book(now: datetime, audience: Audience | None) -> _Book | None:
    zone = organisation().time_zone
    today = local_day(now, zone)
    edition = queries.in_force(today)
    found = [audience] if audience else list(Audience.objects.order_by("name"))
    if edition is None or not found:
        return None
    deadlines = AudienceDeadline.objects.filter(audience__in=found).values_list("audience", "edition__number", "on")
    sections, effective = _sections(edition, zone)
    return _Book(
        sections=sections,
        effective=effective,
        asking=found,
        members=audiences.members(found),
        deadlines={(audience_id, number): on for audience_id, number, on in deadlines},
        today=today,
    )


def _sections(edition: Edition, zone: str) -> tuple[dict[str, _Listed], dict[int, date]]:
    rows = EditionSection.objects.filter(edition__number__lte=edition.number).select_related("edition")
    rows = rows.filter(Q(is_material=True) | Q(change=EditionSection.Change.NEW) | Q(edition=edition))
    rows = rows.defer("edition__content", "edition__figures").order_by("edition__number", "position")
    steps: dict[str, list[Step]] = defaultdict(list)
    began: dict[int, date] = {}
    latest: list[EditionSection] = []
    for row in rows:
        number = row.edition.number
        is_new = row.change == EditionSection.Change.NEW
        steps[row.slug].append(Step(number, is_new=is_new, is_material=row.is_material))
        if number not in began:
            began[number] = effective_day(row.edition, zone)
        if row.edition_id == edition.pk:
            latest.append(row)
    sections = {
        row.slug: _Listed(slug=row.slug, title=row.title, place=row.position, steps=steps[row.slug]) for row in latest
    }
    return sections, _effective(began)


def _effective(began: dict[int, date]) -> dict[int, date]:
    """The first day on which what an edition says was in force: also by way of a later one that began sooner."""
    found: dict[int, date] = {}
    soonest = date.max
    for number in sorted(began, reverse=True):
        soonest = min(soonest, began[number])
        found[number] = soonest
    return found


def effective_day(edition: Edition, zone: str) -> date:
    """The first day on which an edition is in force."""
    return edition.effective_from or local_day(edition.published_at, zone)


def _done(ids: Collection[int]) -> _Done:
    since = AudienceReader.objects.filter(person__in=ids).values_list("audience", "person", "since")
    said = Acknowledgement.objects.filter(person__in=ids).order_by().values_list("person", "slug")
    confirmed = said.annotate(number=Max("edition__number"), last=Max("at"))
    asked = ReadingQuestion.objects.filter(person__in=ids, answered_at__isnull=True).values_list("person", "slug")
    return _Done(
        since={(audience, person): day for audience, person, day in since},
        confirmed={(person, slug): (number, at) for person, slug, number, at in confirmed},
        asked=frozenset(asked),
    )


def _reading(person: User, book: _Book, done: _Done) -> Reading:
    theirs = [one for one in book.asking if person.pk in book.members.get(one.pk, ())]
    waiting: list[Waiting] = []
    confirmed: list[Confirmed] = []
    for section in book.sections.values():
        asking = [one for one in theirs if one.has_all or section.slug in one.slugs]
        if not asking:
            continue
        number, at = done.confirmed.get((person.pk, section.slug), (0, None))
        since = confirming.waits_since(section.steps, confirmed=number)
        if since is None:
            confirmed.append(
                Confirmed(slug=section.slug, title=section.title, place=section.place, number=number, at=at)
            )
        else:
            waiting.append(_waiting(person, section, book, done, asking=asking, since=since, confirmed=number))
    return Reading(person=person, waiting=waiting, confirmed=confirmed)


def _waiting(
    person: User, section: _Listed, book: _Book, done: _Done, *, asking: Iterable[Audience], since: int, confirmed: int
) -> Waiting:
    """Where several audiences ask for it, the first deadline counts."""
    days: list[tuple[date, date]] = []
    for audience in asking:
        came = done.since.get((audience.pk, person.pk), book.today)
        effective = book.effective[since]
        fixed = book.deadlines.get((audience.pk, since))
        due = confirming.due_on(effective, came, days=audience.days, fixed=fixed)
        days.append((due, confirming.begins_on(effective, came)))
    due, begins = min(days)
    is_asked = (person.pk, section.slug) in done.asked
    late = State.OVERDUE if due < book.today else State.OPEN
    return Waiting(
        slug=section.slug,
        title=section.title,
        place=section.place,
        since=since,
        begins=begins,
        due=due,
        confirmed=confirmed,
        state=State.ASKED if is_asked else late,
    )
