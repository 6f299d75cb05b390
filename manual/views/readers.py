"""Who has read the manual and who has not, for managers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpiproject.documents import sheets
from manual import acknowledgements, audiences, evidence, queries, reading_list
from manual.models import Audience
from manual.reader_forms import ReadersFilter
from manual.reading_list import Reading, State

PER_PAGE = 50
may_see = permission_required("manual.view_acknowledgement", raise_exception=True)


@require_safe
@login_required
@may_see
def readers(request: HttpRequest) -> HttpResponse:
    found = list(audiences.listed())
    form = ReadersFilter(request.GET, audiences=found)
    if not form.is_valid():
        context = {"form": form, "lines": []}
        return render(request, "manual/readers_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = form.cleaned_data
    everybody = _everybody(found, chosen["audience"])
    page = Paginator(_kept(everybody, chosen["state"]), PER_PAGE).get_page(request.GET.get("page"))
    counts = Counter(reading.state for reading in everybody)
    slugs = {section.slug for section in reading_list.sections_in_force()}
    context = {
        "form": form,
        "edition": queries.in_force(),
        "audiences": found,
        "page": page,
        "lines": list(page),
        "total": len(everybody),
        "counts": {
            "done": counts[State.DONE],
            "waiting": len(everybody) - counts[State.DONE],
            "overdue": counts[State.OVERDUE],
            "asked": sum(reading.has_asked for reading in everybody),
        },
        "removed": [
            (audience, slug, reading_list.last_title(slug))
            for audience in found
            for slug in reading_list.removed(audience, slugs)
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "manual/readers_page.html", context)


@require_safe
@login_required
@may_see
def readers_file(request: HttpRequest) -> HttpResponseBase:
    """Who has not confirmed what, a line for every person and section that waits."""
    found = list(audiences.listed())
    form = ReadersFilter(request.GET, audiences=found)
    if not form.is_valid():
        return render(request, "manual/readers_page.html", {"form": form, "lines": []}, status=422)
    kept = _kept(_everybody(found, form.cleaned_data["audience"]), form.cleaned_data["state"])
    header = ["name", "email", "section", "title", "waits_since_edition", "confirmed_edition", "due", "state"]
    return sheets.response("csv", "manual-readers", header, _waiting_rows(kept))


@require_safe
@login_required
@may_see
def confirmations_file(request: HttpRequest) -> HttpResponseBase:
    """Every confirmation with its digests, as evidence."""
    rows = acknowledgements.all_of_them().iterator(chunk_size=1000)
    lines = ([read(row) for read in evidence.COLUMNS.values()] for row in rows)
    return sheets.response("csv", "manual-confirmations", list(evidence.COLUMNS), lines)


def _everybody(found: Sequence[Audience], pk: int | None) -> list[Reading]:
    return reading_list.everybody(audience=next((one for one in found if one.pk == pk), None))


def _kept(everybody: Sequence[Reading], state: str) -> list[Reading]:
    if not state:
        return list(everybody)
    if state == "waiting":
        return [reading for reading in everybody if reading.waiting]
    if state == State.ASKED:
        return [reading for reading in everybody if reading.has_asked]
    return [reading for reading in everybody if reading.state == state]


def _waiting_rows(found: Sequence[Reading]) -> Iterator[Sequence[Any]]:
    for reading in found:
        person = reading.person
        for item in reading.waiting:
            confirmed = item.confirmed or None
            yield [
                str(person), person.email, item.slug, item.title, item.since, confirmed, item.due, str(item.state)
            ]  # fmt: skip
        for done in reading.confirmed:
            yield [str(person), person.email, done.slug, done.title, None, done.number or None, None, "done"]
