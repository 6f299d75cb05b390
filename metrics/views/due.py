"""What is due and overdue under the service targets."""

from http import HTTPStatus
from typing import Final

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from kpiproject.documents import sheets
from kpiproject.queries import organisation
from metrics import basis, due_words
from metrics.due_forms import DueForm
from metrics.models import ServiceTarget
from metrics.queries import recency
from metrics.queries.clocks import State

ROWS_PER_PAGE: Final = 50

may_see = permission_required("metrics.view_ticket", raise_exception=True)


@require_safe
@login_required
@may_see
def due(request: HttpRequest) -> HttpResponseBase:
    form, now, zone = DueForm(request.GET), timezone.now(), organisation().time_zone
    if not form.is_valid():
        return render(request, "metrics/due_page.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    clocks = form.clocks(now)
    if kind := form.cleaned_data["download"]:
        lines = (due_words.cells(one) for one in clocks.rows(*form.states))
        return sheets.response(kind, f"due-{now:%Y-%m-%d-%H%M}", due_words.header(), lines)
    counts = clocks.counts()
    totals = {state: sum(of_state.values()) for state, of_state in counts.items()}
    page = Paginator(range(sum(totals[state] for state in form.states)), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = clocks.rows(*form.states, first=ROWS_PER_PAGE * (page.number - 1), limit=ROWS_PER_PAGE)
    context = {
        "form": form,
        "lines": [due_words.line(one, now, zone) for one in rows],
        "page": page,
        "cards": [_card(state, totals[state], counts[state]) for state in State],
        "remaining": due_words.remaining(totals[State.RUNNING]) if totals[State.RUNNING] else "",
        "has_targets": ServiceTarget.objects.filter(is_active=True).exists(),
        "now": now,
        "imports": recency.ticket_imports(),
        "is_current": basis.is_current(),
    }
    return render(request, "metrics/due_page.html", context)


def _card(state: State, total: int, counts: dict[str, int]) -> dict[str, object]:
    return {
        "state": str(state),
        "name": capfirst(str(due_words.STATE_NAMES[state])),
        "total": total,
        "told": due_words.told(counts),
    }
