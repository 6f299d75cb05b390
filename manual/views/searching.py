"""Search in the manual: an address that can be passed on, and an answer to whatever is typed. No query is kept."""

from typing import Any, Final, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manual import queries, search, wanted
from manual.models import Edition
from manual.search import Place
from manual.search_forms import SearchForm
from manual.views.reading import may_read
from manual.wanted import Wanted

PER_PAGE: Final = 20


class _Found(NamedTuple):
    """`wanted` is what was found; `corrected` tells it where something else was typed. `known` are the words that the
    edition has, of those of a search that found nothing."""

    wanted: Wanted
    places: list[Place]
    corrected: str = ""
    known: tuple[str, ...] = ()


@require_safe
@login_required
@may_read
def manual_search(request: HttpRequest) -> HttpResponse:
    in_force = queries.in_force()
    form = SearchForm(request.GET)
    form.is_valid()
    edition = form.asked or in_force
    if edition is None:
        return render(request, "manual/nothing_page.html", {"coming": queries.coming(None)})
    found = _find(wanted.read(form.typed), edition, everywhere=form.is_everywhere)
    page = Paginator(found.places, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "typed": form.typed,
        "edition": edition,
        "in_force": in_force,
        "found": found,
        "page": page,
        "hits": search.hits(page, found.wanted),
        **(_instead(form, edition) if not found.places else {}),
    }
    return render(request, "manual/search_page.html", context)


def _find(asked: Wanted, edition: Edition, *, everywhere: bool) -> _Found:
    """What was typed; where nothing has it, the nearest words that the edition has."""
    places = search.places(asked, edition=edition, everywhere=everywhere)
    if places or not asked.terms:
        return _Found(asked, places)
    vocabulary = search.vocabulary(edition)
    nearest = search.corrected(asked, vocabulary)
    if nearest and (places := search.places(nearest, edition=edition, everywhere=everywhere)):
        return _Found(nearest, places, corrected=nearest.name)
    known = tuple(word for word in asked.words if word in vocabulary)
    return _Found(asked, [], known=known if len(asked.terms) > 1 else ())


def _instead(form: SearchForm, edition: Edition) -> dict[str, Any]:
    """What else there is."""
    contents = search.contents(edition)
    return {"contents": contents, "similar": search.similar(contents.kpis, form.typed)}
