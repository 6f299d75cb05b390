"""An edition as a file, beside its PDF."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from manual import standalone
from manual.views.printed import FOR_EVER
from manual.views.reading import find_edition, may_read


@require_safe
@login_required
@may_read
def edition_html(request: HttpRequest, number: int, same: int) -> HttpResponse:
    """Everything in one file that can be read without us."""
    if same != number:
        raise Http404
    found = standalone.response(standalone.of_edition(find_edition(number)), name=f"plumbline-manual-{number}.html")
    found["Cache-Control"] = FOR_EVER
    return found
