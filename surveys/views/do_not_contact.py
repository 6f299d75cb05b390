"""The do-not-contact list: to look through, to add to, to take somebody off, in and out as a file."""

import csv
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import contacts, do_not_contact
from surveys.address_lists import AddressListError
from surveys.do_not_contact import NOTE_MAX, Entry, Preview
from surveys.do_not_contact_forms import MOST_ENTRIES, EntryForm, ListForm, SearchForm
from surveys.models import Suppression

PAGE_SIZE = 50
_SHOWN = 20
_SALT = "surveys.do-not-contact-preview"
# Django takes a million bytes of a form, the name and the token of the form among them.
MOST_CARRIED = 900_000


@require_safe
@login_required
@permission_required("surveys.view_suppression", raise_exception=True)
def listing(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "page": Paginator(Suppression.objects.none(), PAGE_SIZE).get_page(1)}
        return render(request, "surveys/do_not_contact_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    rows = do_not_contact.matching(form.cleaned_data["q"], form.cleaned_data["reason"])
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": bool(form.cleaned_data["q"] or form.cleaned_data["reason"]),
    }
    return render(request, "surveys/do_not_contact_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.add_suppression", raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    form = EntryForm(request.POST or None)
    if request.method != "POST":
        return render(request, "surveys/do_not_contact_add_page.html", {"form": EntryForm()})
    if not form.is_valid():
        return render(request, "surveys/do_not_contact_add_page.html", {"form": form}, status=422)
    entry = form.entry()
    if do_not_contact.add([entry]):
        messages.success(request, _("No survey writes to %(email)s any more.") % {"email": entry.email})
    else:
        messages.info(request, _("%(email)s is on the list already.") % {"email": entry.email})
    return redirect("surveys:do_not_contact")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.delete_suppression", raise_exception=True)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what it means, POST does it."""
    entry = get_object_or_404(Suppression, pk=pk)
    if request.method != "POST":
        return render(request, "surveys/do_not_contact_remove_page.html", {"entry": entry})
    if entry.reason in (Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.COMPLAINED) and "sure" not in request.POST:
        context = {"entry": entry, "must_confirm": True}
        return render(request, "surveys/do_not_contact_remove_page.html", context, status=422)
    entry.delete()
    messages.success(request, _("Surveys may write to %(email)s again.") % {"email": entry.email})
    return redirect("surveys:do_not_contact")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.add_suppression", raise_exception=True)
def take_over(request: HttpRequest) -> HttpResponse:
    """GET asks for a file; POST shows what it would change."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    preview = _preview(form) if form.is_valid() else None
    carried = _carried(preview) if preview else ""
    if len(carried) > MOST_CARRIED:
        form.add_error("file", _("Its notes are too long to add all of them at once. Split it."))
    if preview is None or form.errors:
        return _ask_for_file(request, form, status=422 if form.is_bound else 200)
    return render(request, "surveys/do_not_contact_preview_page.html", _shown(preview, carried))


def _preview(form: ListForm) -> Preview | None:
    """None, and the form says why, if the file cannot be used."""
    file = form.cleaned_data["file"]
    try:
        preview = do_not_contact.read(file.name, file.read())
    except AddressListError as error:
        form.add_error("file", str(error))
        return None
    if len(preview.fresh) > MOST_ENTRIES:
        form.add_error("file", _("It would add more than %(most)s addresses. Split it.") % {"most": MOST_ENTRIES})
        return None
    return preview


@require_POST
@login_required
@permission_required("surveys.add_suppression", raise_exception=True)
def put(request: HttpRequest) -> HttpResponse:
    """What the preview showed, checked once more."""
    entries = _entries(request.POST.get("entries", ""))
    if entries is None:
        return _ask_for_file(request, ListForm(), status=422)
    count = do_not_contact.add(entries)
    said = ngettext("%(count)s address was added.", "%(count)s addresses were added.", count)
    messages.success(request, said % {"count": count})
    return redirect("surveys:do_not_contact")


@require_safe
@login_required
@permission_required("surveys.view_suppression", raise_exception=True)
def download(request: HttpRequest) -> StreamingHttpResponse:
    rows = Suppression.objects.order_by("pk")
    name = f"do-not-contact-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _lines(do_not_contact.table(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Echo:
    """What csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    return (writer.writerow(row) for row in rows)


def _shown(preview: Preview, carried: str) -> dict[str, Any]:
    return {
        "entries": carried,
        "preview": preview,
        "some": preview.fresh[:_SHOWN],
        "more": max(0, len(preview.fresh) - _SHOWN),
    }


def _carried(preview: Preview) -> str:
    """What the page carries from the preview to the button: short, and signed."""
    told = [[entry.email, str(entry.reason), entry.note] for entry in preview.fresh]
    return signing.dumps(told, salt=_SALT, compress=True)


def _entries(text: str) -> list[Entry] | None:
    """None for anything that our preview page did not write: without our signature nothing of it is read."""
    try:
        told = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    found = [Entry(email, reason, note) for email, reason, note in told]
    are_fit = all(
        contacts.is_address(one.email)
        and one.email == contacts.normalise(one.email)
        and one.reason in Suppression.Reason.values
        and len(one.note) <= NOTE_MAX
        for one in found
    )
    return found if found and are_fit and len(found) <= MOST_ENTRIES else None


def _ask_for_file(request: HttpRequest, form: ListForm, *, status: int = 200) -> HttpResponse:
    return render(request, "surveys/do_not_contact_import_page.html", {"form": form}, status=status)
