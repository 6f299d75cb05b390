"""What a request says, with its type."""

from django.http import HttpRequest

from kpiproject.models import User


def person_of(request: HttpRequest) -> User:
    """The person logged in; only for views behind login_required."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is logged in: this view lacks login_required.")
    return request.user
