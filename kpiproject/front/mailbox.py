"""The demo's mailbox: what would have left the house, for managers to read and click."""

from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from kpiproject.front import letters

PER_PAGE = 25
may_read = permission_required("kpiproject.view_mail", raise_exception=True)


@login_required
@may_read
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(letters.Folder(_folder()), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "envelopes": [letters.envelope(file) for file in page]}
    return render(request, "mailbox/list_page.html", context)


@login_required
@may_read
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it is typed for views without arguments
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "mailbox/letter_page.html", {"letter": _letter(name)})


@login_required
@may_read
@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # the same
    {
        "default-src": [NONE],
        "img-src": ["data:"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as it was sent. Only `<base>` is added: a click opens a tab instead of filling the frame."""
    sent = _letter(name).html
    if not sent:
        raise Http404
    head, opening, rest = sent.partition("<head>")
    return HttpResponse(f'{head}{opening}<base target="_blank">{rest}' if opening else sent)


@login_required
@may_read
@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """For saving only: whatever it is, it must not run in our name."""
    for found in _letter(name).attachments:
        if found.number == number:
            disposition = str(content_disposition_header(as_attachment=True, filename=found.file_name))
            headers = {"Content-Disposition": disposition}
            return HttpResponse(found.content, content_type="application/octet-stream", headers=headers)
    raise Http404


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH or settings.VAR / "mailbox")


def _letter(name: str) -> letters.Letter:
    found = letters.letter(_folder(), name)
    if found is None:
        raise Http404
    return found
