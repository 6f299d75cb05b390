"""Staff hear of an edition before it takes effect: when it begins, what has changed, and what they must read anew."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kpiproject import mail
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.people import is_invited
from kpiproject.queries import organisation
from manual.models import Edition


def tell(edition: Edition) -> int:
    """One mail for everybody who reads the manual, if the edition begins on a later day; how many. Call it in the
    transaction of publishing; one edition and person, one mail."""
    begins = edition.effective_from
    if begins is None or begins <= local_day(timezone.now(), organisation().time_zone):
        return 0
    people = [person for person in _readers() if person.pk != edition.published_by_id and not is_invited(person)]
    for person in people:
        _compose(edition, person)
    return len(people)


def _readers() -> list[User]:
    """Everybody who may log in and read the manual."""
    wanted = {"codename": "view_edition", "content_type__app_label": "manual"}
    mine = Q(is_superuser=True)
    for way in ("groups__permissions", "user_permissions"):
        mine |= Q(**{f"{way}__{name}": value for name, value in wanted.items()})
    return list(User.objects.filter(mine, is_active=True).distinct().order_by("pk"))


def _compose(edition: Edition, person: User) -> None:
    mail.compose(
        "manual_coming",
        key=f"manual_coming:{edition.number}:{person.pk}",
        kind="manual_coming",
        to=person.email,
        context={
            "person": person,
            "edition": edition,
            "sections": list(edition.sections.filter(is_material=True)),
            "url": settings.BASE_URL + reverse("manual:edition", args=[edition.number]),
        },
        language=person.language,
    )
