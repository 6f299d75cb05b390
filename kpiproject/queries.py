"""What is read of the ground floor."""

from collections.abc import Collection

from django.core.cache import cache
from django.db.models import Q, QuerySet

from kpiproject.calendars import measurers
from kpiproject.lib.page_memory import remembered
from kpiproject.models import Agent, Organisation, User


def organisation() -> Organisation:
    """The one organisation; created with defaults when it is asked for first."""
    return remembered("organisation", lambda: Organisation.objects.get_or_create(pk=1)[0])


def currency() -> str:
    """The organisation's currency, asked for once a minute: a page may have many amounts."""
    found: str = cache.get_or_set("currency", lambda: organisation().currency, 60) or organisation().currency
    return found


def active_managers() -> list[User]:
    """Whoever may settle what nobody else owns."""
    return list(User.objects.filter(is_active=True, is_staff=True).order_by("pk"))


def people(*, kept: int | None = None) -> "QuerySet[User]":
    """Whoever may be chosen for something, by name, and the one who was chosen before, even where they have left."""
    return by_name(User.objects.filter(Q(is_active=True) | Q(pk=kept)))


def by_name(found: "QuerySet[User]") -> "QuerySet[User]":
    """In the order in which people are listed everywhere."""
    return found.order_by("name", "email")


def agent_names(external_ids: Collection[str]) -> dict[str, str]:
    """What to call agents, by external id; one that two sources use for different people is called by itself."""
    found: dict[str, set[str]] = {}
    for external_id, name in Agent.objects.filter(external_id__in=external_ids).values_list("external_id", "name"):
        found.setdefault(external_id, set()).add(name or external_id)
    return {external_id: names.pop() for external_id, names in found.items() if len(names) == 1}


def calendar_name() -> str:
    """What the calendars are called that measure business time, the default one first, and that some tickets have
    none; empty where nothing has one."""
    found = measurers().of()
    return found.text if found.names else ""
