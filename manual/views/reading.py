"""The manual as everybody in the house reads it: the latest edition, its sections, and what was in force before."""

from datetime import date
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject.documents import words
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import care, difference, editions, queries, reading_list, rendering
from manual.models import Edition
from manual.views import printed
from manual.views.freshness import unless_known

PER_PAGE = 25
_FRAMED = ("manual.add_share", "manual.change_section")
"""What decides about the buttons at the top."""
may_read = permission_required("manual.view_edition", raise_exception=True)


@require_safe
@login_required
@may_read
def manual(request: HttpRequest) -> HttpResponseBase:
    here = _here()
    latest, coming = queries.in_force_and_coming(here.today)
    if latest is None:
        return render(request, "manual/nothing_page.html", {"coming": coming})
    return _show(request, latest, latest=latest, coming=coming, here=here)


@require_safe
@login_required
@may_read
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One section of the latest edition, with its neighbours."""
    here = _here()
    latest = queries.in_force(here.today)
    if latest is None:
        raise Http404
    rendered = rendering.of_edition(latest)
    place = rendered.place(section)
    if place is None:
        return _elsewhere(request, section, latest)
    places, part = rendered.places, rendering.section_of(latest, place)
    mine = reading_list.of(cast("User", request.user))
    context = {
        "edition": latest,
        "manual": rendered,
        "part": part,
        "html": rendering.alone(part, whole=reverse("manual:manual")),
        "standing": next((each for each in care.due(*here) if each.section.slug == section), None),
        "previous": places[place - 1] if place else None,
        "next": places[place + 1] if place + 1 < len(places) else None,
        "item": mine.item(section),
        "done": next((one for one in mine.confirmed if one.slug == section and one.at), None),
    }
    return render(request, "manual/section_page.html", context)


def _elsewhere(request: HttpRequest, slug: str, latest: Edition) -> HttpResponse:
    """Where a section stands that is in another edition than the one in force; 404 for what was never published."""
    known = reading_list.last_title(slug)
    if known is None:
        raise Http404
    title, number = known
    begins = find_edition(number).effective_from if number > latest.number else None
    context = {"title": title, "slug": slug, "number": number, "begins": begins}
    response = render(request, "manual/section_elsewhere_page.html", context, status=HTTPStatus.GONE)
    # A section that was taken out is no error of the site, which Django would write into the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - the mark of Django's log_response
    return response


@require_safe
@login_required
@may_read
def edition_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.editions(), PER_PAGE).get_page(request.GET.get("page"))
    # Reading all of them takes a moment, and nobody else could do anything about it.
    altered = editions.altered(page) if request.user.has_perm("manual.add_edition") else []
    today = _here().today
    context = {"page": page, "latest": queries.in_force(today), "altered": altered, "today": today}
    return render(request, "manual/edition_list_page.html", context)


@require_safe
@login_required
@may_read
def edition(request: HttpRequest, number: int) -> HttpResponseBase:
    here = _here()
    latest, coming = queries.in_force_and_coming(here.today)
    found = find_edition(number)
    is_in_force = latest is not None and latest.number == number
    return _show(request, found, latest=latest, coming=coming if is_in_force else None, here=here)


@require_safe
@login_required
@may_read
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """What an edition says otherwise than the one before it."""
    found = find_edition(number)
    before = queries.before(found)
    context = {
        "edition": found,
        "before": before,
        "difference": difference.compare(before, found) if before else None,
    }
    return render(request, "manual/changes_page.html", context)


@require_safe
@login_required
@may_read
def edition_pdf(request: HttpRequest, number: int, same: int) -> HttpResponseBase:
    if same != number:
        raise Http404
    found = find_edition(number)
    response = printed.file(found, name=f"plumbline-manual-{number}.pdf")
    if response is None:
        return printed.waiting(request, found, template="manual/printing_page.html")
    response["Cache-Control"] = printed.FOR_EVER
    return response


@require_safe
@login_required
@may_read
def edition_markdown(request: HttpRequest, number: int, same: int) -> HttpResponse:
    """The words as a file that other programs can read and compare."""
    if same != number:
        raise Http404
    text = words.to_markdown(editions.signed(find_edition(number)))
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plumbline-manual-{number}.md"'
    response["Cache-Control"] = printed.FOR_EVER
    return response


def find_edition(number: int) -> Edition:
    """Without its content, which is read when it is asked for."""
    found = queries.editions().filter(number=number).first()
    if found is None:
        raise Http404
    return found


class _Here(NamedTuple):
    """The organisation's day and time zone, asked for once."""

    today: date
    zone: str


def _here() -> _Here:
    zone = organisation().time_zone
    return _Here(today=local_day(timezone.now(), zone), zone=zone)


def _to_confirm(person: Any) -> dict[str, Any]:
    """What waits to be confirmed by the reader; looked up again after a minute, or when they have said something."""
    due, today = reading_list.next_due(person), _here().today
    return {"waiting": len(due), "confirm_by": min(due, default=None), "is_late": bool(due) and min(due) < today}


def _show(
    request: HttpRequest, edition: Edition, *, latest: Edition | None, coming: Edition | None, here: _Here
) -> HttpResponseBase:
    manual = rendering.of_edition(edition)
    is_in_force = latest is not None and latest.number == edition.number
    places = {anchor for anchor, _number, _title in manual.places}
    context = {
        "edition": edition,
        "manual": manual,
        "latest": latest,
        "coming": coming,
        "frame": rendering.frame(edition, is_in_force, *(request.user.has_perm(right) for right in _FRAMED)),
        **(_to_confirm(request.user) if is_in_force else {}),
        "due": [each for each in care.due(*here) if each.section.slug in places] if is_in_force else [],
    }
    page = render(request, "manual/manual_page.html", context)
    return unless_known(request, page, known=manual.body, name=edition.digest)
