"""What customers are called."""

from collections.abc import Collection

from metrics.models import Among, Customer


def customer_names(external_ids: Collection[str]) -> dict[str, str]:
    """By external id; one that two sources use for different people is called by itself."""
    found: dict[str, set[str]] = {}
    rows = Customer.objects.filter(Among("external_id", [*external_ids])).values_list("external_id", "name")
    for external_id, name in rows:
        found.setdefault(external_id, set()).add(name or external_id)
    return {external_id: names.pop() for external_id, names in found.items() if len(names) == 1}
