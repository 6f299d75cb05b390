"""What is read of the ground floor."""

from collections.abc import Collection

from kpiproject.models import Agent, BusinessCalendar, Organisation, User


def organisation() -> Organisation:
    """The one organisation; created with defaults when it is asked for first."""
    return Organisation.objects.get_or_create(pk=1)[0]


def active_managers() -> list[User]:
    """Whoever may settle what nobody else owns."""
    return list(User.objects.filter(is_active=True, is_staff=True).order_by("pk"))


def agent_names(external_ids: Collection[str]) -> dict[str, str]:
    """What to call agents, by external id; one that two sources use for different people is called by itself."""
    found: dict[str, set[str]] = {}
    for external_id, name in Agent.objects.filter(external_id__in=external_ids).values_list("external_id", "name"):
        found.setdefault(external_id, set()).add(name or external_id)
    return {external_id: names.pop() for external_id, names in found.items() if len(names) == 1}


def calendar_name() -> str:
    """What the calendar is called that measures business time; empty where there is none."""
    return BusinessCalendar.objects.filter(is_default=True).values_list("name", flat=True).first() or ""
