"""What a request says, with its type."""

from django.http import HttpRequest, QueryDict

from kpiproject.models import User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form gets: everything that was sent, also when that is nothing; None if only the page is asked for."""
    return request.POST if request.method == "POST" else None


def person_of(request: HttpRequest) -> User:
    """The person logged in; only for views behind login_required."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is logged in: this view lacks login_required.")
    return request.user
