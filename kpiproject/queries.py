"""What is read of the ground floor."""

from kpiproject.models import Organisation


def organisation() -> Organisation:
    """The one organisation; created with defaults when it is asked for first."""
    return Organisation.objects.get_or_create(pk=1)[0]
