"""An edition beside another one, or beside today."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manual import difference, queries
from manual import today as today_of
from manual.publishing_forms import CompareForm
from manual.views.reading import find_edition, may_read


@require_safe
@login_required
@may_read
def compare(request: HttpRequest) -> HttpResponse:
    """Any two editions, whichever is chosen first."""
    known = list(queries.editions())
    form = CompareForm(request.GET or None)
    wanted = sorted({form.cleaned_data["old"], form.cleaned_data["new"]}) if form.is_valid() else []
    if not wanted and len(known) > 1 and not request.GET:
        wanted = [known[1].number, known[0].number]
    chosen = [edition for number in wanted for edition in known if edition.number == number]
    both = chosen if len(chosen) == 2 else []
    context = {
        "editions": known,
        "old": both[0] if both else None,
        "new": both[1] if both else None,
        "is_unknown": bool(request.GET) and not both,
        "difference": difference.compare(*both) if both else None,
    }
    return render(request, "manual/compare_page.html", context, status=200 if not context["is_unknown"] else 422)


@require_safe
@login_required
@may_read
def today(request: HttpRequest, number: int) -> HttpResponse:
    """Every figure of the edition beside today's: one by one, or all of them opened."""
    edition = find_edition(number)
    now = today_of.figures(edition.content["language"])
    parts = today_of.beside(edition, now)
    context = {
        "edition": edition,
        "parts": parts,
        "as_of": now.as_of,
        "is_open": request.GET.get("all") == "1",
        "changed": sum(part.changed for part in parts),
        "language": edition.content["language"],
    }
    return render(request, "manual/today_page.html", context)


@require_safe
@login_required
@may_read
def card(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One card of the edition beside today; also of a KPI that is called otherwise by now, or retired."""
    edition = find_edition(number)
    now = today_of.figures(edition.content["language"])
    flips = today_of.card(edition, code.replace("-", "_"), now)
    if not flips:
        raise Http404
    context = {
        "edition": edition,
        "flips": flips,
        "name": today_of.name_of_card(edition, f"kpi-{code}"),
        "anchor": f"kpi-{code}",
        "as_of": now.as_of,
        "retired_on": next((flip.retired_on for flip in flips if flip.retired_on), None),
        "name_now": next((flip.name_now for flip in flips if flip.name_now and flip.name.endswith(".value")), ""),
        "language": edition.content["language"],
    }
    return render(request, "manual/today_card_page.html", context)
