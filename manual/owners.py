"""Who looks after a section: gets the questions and the feedback about it, and answers them."""

from collections.abc import Collection, Mapping, Sequence

from kpiproject.models import User
from kpiproject.queries import active_managers
from manual.models import Section


def of_sections(slugs: Collection[str]) -> Mapping[str, Sequence[User]]:
    """The owner of each; every active manager where there is none who can log in, also of a section that is gone."""
    rows = Section.objects.filter(slug__in=slugs, owner__is_active=True).select_related("owner")
    owners: dict[str, Sequence[User]] = {row.slug: [row.owner] for row in rows if row.owner is not None}
    others = [slug for slug in slugs if slug not in owners]
    managers = active_managers() if others else []
    return owners | dict.fromkeys(others, managers)


def of_section(slug: str) -> Sequence[User]:
    return of_sections([slug])[slug]


def looks_after(person: User, slug: str) -> bool:
    return Section.objects.filter(slug=slug, owner=person).exists()


def slugs_of(person: User) -> list[str]:
    """The sections that somebody owns."""
    return list(Section.objects.filter(owner=person).values_list("slug", flat=True))
