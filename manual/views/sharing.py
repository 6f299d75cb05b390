"""With whom editions are shared: managers make links, see whether they are opened, and switch them off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail
from manual import extract_prints, passphrases, queries, share_mail, shares
from manual.links import share_url
from manual.models import Section, Share
from manual.outside import LEAST
from manual.share_forms import ShareForm, SharesFilter
from manual.shares import State
from manual.tasks import print_extract
from manual.views.editing import person
from manual.views.logging_in import login_to_act

PER_PAGE: Final = 25
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class Line:
    """A link in the list."""

    share: Share
    state: State
    is_locked: bool
    sections: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("manual.view_share", raise_exception=True)
def share_list(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, ShareForm())
    if not request.user.has_perm("manual.add_share"):
        return HttpResponseForbidden(_("Your role may look at shared links, but not make any."))
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    share = _create(request, form)
    return redirect(f"{reverse('manual:share_list')}?link={share.pk}")


@require_POST
@login_to_act
@permission_required("manual.change_share", raise_exception=True)
def share_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    share = get_object_or_404(queries.shares(), pk=pk)
    shares.revoke(share)
    messages.success(request, _("The link for %(name)s no longer works.") % {"name": share.name})
    return redirect("manual:share_list")


@require_POST
@login_to_act
@permission_required("manual.change_share", raise_exception=True)
def share_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address for the same link, when the one it had has got into wrong hands."""
    share = get_object_or_404(queries.shares(), pk=pk)
    try:
        shares.rotate(share)
    except shares.ClosedError as error:
        messages.error(request, str(error))
        return redirect("manual:share_list")
    said = _("The link for %(name)s has a new address. The old one no longer works; pass the new one on.")
    messages.success(request, said % {"name": share.name})
    return redirect(f"{reverse('manual:share_list')}?link={share.pk}")


def _create(request: HttpRequest, form: ShareForm) -> Share:
    given = form.cleaned_data
    by = person(request)
    share = shares.create(given["edition"], form.terms, by=by, form_key=given["form_key"])
    nudge(print_extract, extract_prints.plan(share).pk)
    if given["sends_mail"] and share.email:
        nudge(deliver_mail, share_mail.put_into_outbox(share, by=by).pk)
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": share.email})
    return share


def _show(request: HttpRequest, form: ShareForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    chosen = SharesFilter(request.GET)
    found = shares.listed(**chosen.cleaned_data) if chosen.is_valid() else Share.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    linked = _linked(request.GET.get("link", ""))
    context = {
        "form": form,
        "filters": chosen,
        "has_shares": queries.shares().exists(),
        "page": page,
        "lines": list(_lines(page)),
        "has_editions": queries.editions().exists(),
        "linked": linked,
        "url": share_url(linked) if linked else "",
        "least": LEAST,
    }
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if chosen.errors else status
    return render(request, "manual/share_list_page.html", context, status=wrong)


def _lines(page: Iterable[Share]) -> Iterator[Line]:
    titles = dict(Section.objects.values_list("slug", "title"))
    for share in page:
        chosen = [titles.get(slug, slug) for slug in share.sections]
        yield Line(share, shares.state(share), is_locked=passphrases.is_locked(share), sections=chosen)


def _linked(pk: str) -> Share | None:
    """The link that the page is asked to show, if it still works."""
    if not (pk.isascii() and pk.isdigit() and len(pk) <= _MOST_DIGITS):
        return None
    found = queries.shares().filter(pk=int(pk)).first()
    return found if found and shares.state(found) == State.OPEN else None
