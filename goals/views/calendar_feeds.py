"""A person's calendar: read by programs that cannot log in, so that the address is the permission."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goals import calendar_feeds
from kpiproject.lib.ical_writing import CONTENT_TYPE
from kpiproject.models import User


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    person = calendar_feeds.find(token)
    if person is None:
        raise Http404(_("There is no such calendar."))
    response = HttpResponse(calendar_feeds.write(person, timezone.now()), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="plumbline.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@login_required
@permission_required("goals.view_review", raise_exception=True)
def renew(request: HttpRequest) -> HttpResponse:
    """Make an address, or make it anew where somebody else may have seen it."""
    person = cast("User", request.user)
    is_first = not calendar_feeds.url(person)
    calendar_feeds.renew(person)
    told = (
        _("Your calendar has an address.") if is_first else _("Your calendar has a new address; the old one is dead.")
    )
    messages.success(request, told)
    return redirect("accounts:settings")


@require_POST
@login_required
def revoke(request: HttpRequest) -> HttpResponse:
    """Take the address away; also from somebody who may see no reviews any more."""
    if calendar_feeds.revoke(cast("User", request.user)):
        messages.success(request, _("Your calendar has no address any more; the old one is dead."))
    return redirect("accounts:settings")
