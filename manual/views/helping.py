"""Help for whoever is logged in: their part of the manual in force, or the same as it would be published now."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject.documents import web
from kpiproject.models import User
from manual import pages, queries, rendering
from manual.chapters import CHAPTERS, Context, roles

CHAPTER = "roles"


@require_safe
@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    place = roles.anchor(role_of(cast("User", request.user)))
    slug = _published(request)
    if slug:
        response = redirect("manual:section", slug)
        response["Location"] += f"#{place}"
        return response
    built = CHAPTERS[CHAPTER].build(Context.at(timezone.now()))
    html = pages.shortened(web.render(pages.opened(built.blocks), top=2))
    return render(request, "manual/help_page.html", {"html": html, "place": place})


def role_of(user: User) -> str:
    """Which part is theirs."""
    if user.is_superuser:
        return "operator"
    return "manager" if user.is_staff else "staff"


def _published(request: HttpRequest) -> str:
    """The section of the edition in force that helps; empty where there is none, or not for this person."""
    latest = queries.in_force() if request.user.has_perm("manual.view_edition") else None
    if latest is None:
        return ""
    known = {anchor for anchor, _number, _title in rendering.of_edition(latest).places}
    return next((slug for slug in queries.slugs_of(CHAPTER) if slug in known), "")
