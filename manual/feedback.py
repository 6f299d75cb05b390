"""“Is this clear?”: counted for each section, told to whoever looks after it, settled with a word back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from kpiproject import mail
from kpiproject.lib.periods import local_day
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import organisation
from manual import owners
from manual.models import EditionSection, Feedback, Share
from manual.reading_reminders import is_held_back

SETTLES: Final = "manual.change_feedback"
"""The permission of managers; whoever owns the section needs none."""
MOST_IN_MAIL: Final = 20
MOST_FROM_LINK: Final = 100
"""So much is taken of the readers of one share link within an hour, wherever they are."""


class NoSuchSectionError(ValueError):
    """Feedback on a section that was never in that edition."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What readers said of a section, `outside` so many of them under a share link; `waiting` is what nobody has
    settled."""

    clear: int = 0
    unclear: int = 0
    waiting: int = 0
    outside: int = 0

    def __bool__(self) -> bool:
        return bool(self.clear or self.unclear)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a form says."""

    slug: str
    number: int
    is_clear: bool
    why: str = ""
    form_key: str = ""
    share: Share | None = None


def give(person: User | None, said: Said, *, now: datetime) -> Feedback:
    """Of somebody with an account, the last word on a section of an edition counts; what they change is told anew.

    Without a person it is a reader of a share link: nothing is kept that says who. Raises NoSuchSectionError.
    """
    rows = EditionSection.objects.filter(edition__number=said.number, slug=said.slug).select_related("edition")
    row = rows.defer("edition__content", "edition__figures").first()
    if row is None:
        raise NoSuchSectionError(f"Edition {said.number} has no section {said.slug}.")
    why = "" if said.is_clear else said.why.strip()
    fields: dict[str, Any] = {"title": row.title, "is_clear": said.is_clear, "why": why, "at": now}
    about: dict[str, Any] = {"edition": row.edition, "slug": said.slug}
    if person is None:
        key, outside = said.form_key or new_token(), {"is_outside": True, "share": said.share}
        return Feedback.objects.get_or_create(form_key=key, defaults={**about, **fields, **outside})[0]
    same = Feedback.objects.filter(person=person, **about, is_clear=said.is_clear, why=why).first()
    if same is not None:
        return same
    anew: dict[str, Any] = {"told_at": None, "resolved_at": None, "resolved_by": None, "reply": ""}
    try:
        with transaction.atomic():
            return Feedback.objects.update_or_create(person=person, **about, defaults=fields | anew)[0]
    except IntegrityError:  # the same click a second time, at the same moment
        return Feedback.objects.get(person=person, **about)


def is_flooded(share: Share, *, now: datetime) -> bool:
    """Whether so much was said under a link within an hour that nobody could have read it."""
    return Feedback.objects.filter(share=share, at__gt=now - timedelta(hours=1)).count() >= MOST_FROM_LINK


def counts(slugs: Collection[str]) -> dict[str, Counted]:
    """What was said of each section in all its editions; those of which nothing was said are left out."""
    is_waiting = Q(is_clear=False, resolved_at__isnull=True)
    rows = Feedback.objects.filter(slug__in=slugs).order_by().values("slug")
    counted = rows.annotate(
        clear=Count("pk", filter=Q(is_clear=True)),
        unclear=Count("pk", filter=Q(is_clear=False)),
        waiting=Count("pk", filter=is_waiting),
        outside=Count("pk", filter=Q(is_outside=True)),
    )
    return {
        row["slug"]: Counted(clear=row["clear"], unclear=row["unclear"], waiting=row["waiting"], outside=row["outside"])
        for row in counted
    }


def of_section(slug: str) -> Counted:
    return counts([slug]).get(slug, Counted())


def readable(person: User) -> QuerySet[Feedback]:
    """What was said of the sections that somebody looks after, and what they said themselves; what waits first."""
    rows = Feedback.objects.select_related("person", "resolved_by", "edition", "share")
    rows = rows.defer("edition__content", "edition__figures").filter(is_clear=False)
    if not person.has_perm(SETTLES):
        rows = rows.filter(Q(person=person) | Q(slug__in=owners.slugs_of(person)))
    return rows.order_by(F("resolved_at").desc(nulls_first=True), "-id")


def owned(person: User) -> list[str]:
    """The sections whose feedback somebody may settle because they own them."""
    return owners.slugs_of(person)


def may_settle(person: User, feedback: Feedback) -> bool:
    return person.has_perm(SETTLES) or owners.looks_after(person, feedback.slug)


@transaction.atomic
def settle(feedback: Feedback, reply: str, *, by: User, now: datetime) -> bool:
    """Done, with a word back where one is written; False if somebody else was quicker."""
    waiting = Feedback.objects.filter(pk=feedback.pk, resolved_at__isnull=True)
    if not waiting.update(resolved_at=now, resolved_by=by, reply=reply):
        return False
    person = feedback.person
    if reply and person is not None and person.is_active and person != by:
        context = {"feedback": feedback, "reply": reply, "by": by, "url": _url(feedback.slug)}
        _compose("feedback_reply", person, key=f"feedback_reply:{feedback.pk}:{now:%Y%m%d%H%M%S}", context=context)
    return True


# --- To whoever looks after it ------------------------------------------------------------------------------------
def tell(now: datetime) -> int:
    """One mail a day at most to each owner about all that is new; how many are new."""
    house = organisation()
    untold = Feedback.objects.filter(is_clear=False, told_at__isnull=True, resolved_at__isnull=True)
    if not untold.exists():
        return 0
    with transaction.atomic():
        ours = list(untold.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
        rows = list(untold.filter(pk__in=ours).select_related("person", "share").order_by("slug", "id"))
        ready = _ready(_by_owner(rows), now, house)
        for owner, group in ready:
            _compose("feedback_digest", owner, key=_key(owner, now, house), context=_context(group))
        told = {one.pk for _owner, group in ready for one in group}
        Feedback.objects.filter(pk__in=told).update(told_at=now)
    return len(ready)


def _by_owner(rows: Iterable[Feedback]) -> list[tuple[User, list[Feedback]]]:
    found = list(rows)
    looked_after = owners.of_sections({one.slug for one in found})
    people: dict[int, User] = {}
    groups: dict[int, list[Feedback]] = defaultdict(list)
    for one in found:
        for owner in looked_after[one.slug]:
            people[owner.pk] = owner
            groups[owner.pk].append(one)
    return [(people[pk], group) for pk, group in groups.items()]


def _ready(
    groups: Sequence[tuple[User, list[Feedback]]], now: datetime, house: Organisation
) -> list[tuple[User, list[Feedback]]]:
    """Those who are not at rest and have not had such a mail today."""
    awake = [(owner, group) for owner, group in groups if not is_held_back(owner, now, house)]
    keys = {_key(owner, now, house) for owner, _group in awake}
    had = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    return [(owner, group) for owner, group in awake if _key(owner, now, house) not in had]


def _key(owner: User, now: datetime, house: Organisation) -> str:
    return f"feedback_digest:{owner.pk}:{local_day(now, house.time_zone)}"


def _context(group: Sequence[Feedback]) -> dict[str, Any]:
    shown = group[:MOST_IN_MAIL]
    return {
        "count": len(group),
        "found": shown,
        "more": len(group) - len(shown),
        "url": settings.BASE_URL + reverse("manual:feedback"),
    }


def _url(slug: str) -> str:
    return settings.BASE_URL + reverse("manual:section", args=[slug])


def _compose(template: str, to: User, *, key: str, context: dict[str, Any]) -> Mail:
    return mail.compose(
        template,
        key=key,
        kind=template,
        to=to.email,
        context={"organisation": organisation(), "person": to, **context},
        language=to.language,
    )
