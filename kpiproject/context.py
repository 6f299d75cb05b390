"""What every template may use."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kpiproject.queries import organisation as read_organisation


def organisation(request: HttpRequest) -> dict[str, object]:
    return {"organisation": SimpleLazyObject(read_organisation)}
