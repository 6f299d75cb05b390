"""A section that is asked for after somebody has deleted it, or that never was: a page that leads on."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from manual import reading_list

View = Callable[..., HttpResponse]


class NoSectionError(Http404):
    """There is no section of this name among those that are being written."""


def says_when_missing(view: View) -> View:
    """Only to whoever may do what they asked for: the view has looked at that before it looks for the section."""

    @wraps(view)
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, slug)
        except NoSectionError:
            context = {"slug": slug, "last": reading_list.last_title(slug)}
            return render(request, "manual/section_missing_page.html", context, status=HTTPStatus.NOT_FOUND)

    return page
