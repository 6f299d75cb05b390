"""Data: what has been imported, and importing more in two steps: look at a preview, then start."""

from http import HTTPStatus
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from metrics import import_words, ingest
from metrics.import_forms import FORMAT_NAMES, PreviewForm, UploadForm, options_of, too_large
from metrics.models import ImportRun
from metrics.queries.imported import overview
from metrics.requirements import KIND_NAMES
from metrics.sources.faults import FileFault
from metrics.sources.formats import KINDS as READABLE
from metrics.sources.samples import sample
from metrics.tasks import run_import, undo_import
from metrics.uploads import LimitedUpload

State = ImportRun.State
RUNS_PER_PAGE = 25
REJECTED_SHOWN = 100

may_see = permission_required("metrics.view_importrun", raise_exception=True)
may_undo = permission_required("metrics.delete_importrun", raise_exception=True)
may_import = permission_required("metrics.add_importrun", raise_exception=True)


@require_safe
@login_required
@may_see
def data(request: HttpRequest) -> HttpResponse:
    shows_dry_runs = "dry_runs" in request.GET
    runs = ImportRun.objects.select_related("by").filter(**({} if shows_dry_runs else {"is_dry_run": False}))
    page = Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    found = overview()
    context = {"page": page, "overview": found, "shows_dry_runs": shows_dry_runs}
    context["others"] = [(KIND_NAMES[one.kind], one) for one in found.others]
    context["has_dry_runs"] = shows_dry_runs or ImportRun.objects.filter(is_dry_run=True).exists()
    return render(request, "metrics/data_page.html", context)


# The protection against forged requests would read the whole body, before anybody is asked who they are and before
# the limit is in place; so it comes after both.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_import
def import_new(request: HttpRequest) -> HttpResponseBase:
    limit = LimitedUpload(request)
    request.upload_handlers.insert(0, limit)
    response: HttpResponseBase = _upload(request, limit)
    return response


@csrf_protect
def _upload(request: HttpRequest, limit: LimitedUpload) -> HttpResponse:
    zone = organisation().time_zone
    if request.method != "POST":
        form = UploadForm(zone=zone, initial=_like(request.GET.get("like", "")))
        return render(request, "metrics/import_new_page.html", {"form": form, "kinds": READABLE})
    form = UploadForm(request.POST, request.FILES, zone=zone)
    if limit.is_exceeded:
        form.errors["file"] = form.error_class([too_large()])
    elif form.is_valid() and isinstance(request.user, User):
        run = ingest.upload(form.request(), form.cleaned_data["file"], by=request.user)
        if not (fault := _unusable(run, form)):
            return redirect("metrics:import", run.pk)
        ingest.cancel(run)
        form.add_error("file", fault)
    context = {"form": form, "kinds": READABLE}
    return render(request, "metrics/import_new_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _like(pk: str) -> dict[str, object]:
    """What the form shows when a file follows one that was imported before."""
    if not pk.isdecimal():
        return {}
    run = get_object_or_404(ImportRun, pk=int(pk))
    return {**options_of(ingest.request_of(run)), "like": run.pk}


def _unusable(run: ImportRun, form: UploadForm) -> str:
    """Why nothing can be done with an uploaded file; where something can, the run takes over what it follows."""
    try:
        preview = ingest.preview(Path(run.file.path), form.request(), name=run.file_name)
    except FileFault as fault:
        return str(fault)
    ingest.change(run, form.request_for(preview.table.header))
    return preview.fault if preview.is_hopeless else ""


@require_safe
@login_required
@may_see
def import_sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A file that can be imported as it is, to see what one looks like."""
    if kind not in READABLE:
        raise Http404
    response = HttpResponse(sample(kind), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sample-{kind}.csv"'
    return response


@require_safe
@login_required
@may_see
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = _found(pk)
    if run.state != ImportRun.State.UPLOADED:
        return render(request, "metrics/import_page.html", _course(run))
    try:
        form = _preview_form(run)
    except FileFault as fault:
        messages.error(request, str(fault))
        return redirect("metrics:data")
    return _show_preview(request, run, form)


@require_POST
@login_required
@may_import
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep other options, and show what they make of the file."""
    return _with_options(request, _found(pk)) or redirect("metrics:import", pk)


@require_POST
@login_required
@may_import
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, and start if nothing stands against it."""
    run = _found(pk)
    if objection := _with_options(request, run):
        return objection
    asked = ingest.request_of(run)
    if ingest.preview(Path(run.file.path), asked, name=run.file_name).fault:
        messages.error(request, _("The import cannot start yet; see below what is missing."))
    elif ingest.queue(run):
        nudge(run_import, run.pk)
    else:
        messages.error(request, _("This import has started already."))
    return redirect("metrics:import", pk)


@require_POST
@login_required
@may_import
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = _found(pk)
    if ingest.cancel(run):
        messages.success(
            request, _("Nothing was imported, and %(name)s has been deleted here.") % {"name": run.file_name}
        )
        return redirect("metrics:data")
    messages.error(request, _("This import has started already."))
    return redirect("metrics:import", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_undo
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what it would do, and do it once it was confirmed."""
    run = _found(pk)
    if request.method == "POST" and ingest.ask_to_undo(run):
        nudge(undo_import, run.pk)
    elif ingest.can_be_undone(run):
        return render(request, "metrics/import_undo_page.html", {"run": run})
    else:
        messages.error(request, _("This import cannot be undone, or no longer."))
    return redirect("metrics:import", pk)


@require_POST
@login_required
@may_import
def import_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody needs to mend its rejected rows any more; or, once that was said, somebody does again."""
    run = _found(pk)
    if "again" in request.POST:
        ingest.recall(run)
        messages.success(request, _("The rejected rows wait to be mended again."))
    elif isinstance(request.user, User) and ingest.dismiss(run, by=request.user):
        messages.success(request, _("The rejected rows are left out for good; you can still see and download them."))
    else:
        messages.error(request, _("The rejected rows of this import do not wait for anybody."))
    return redirect("metrics:import", pk)


@require_safe
@login_required
@may_see
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while an import runs."""
    run = _found(pk)
    return render(request, "metrics/_import_course.html", _course(run))


@require_safe
@login_required
@may_see
def import_rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All rejected rows, to be mended and imported again."""
    run = _found(pk)
    if not run.rejected_file or not Path(run.rejected_file.path).is_file():
        raise Http404
    name, kind = f"rejected-{pk}.csv", "text/csv; charset=utf-8"
    return FileResponse(run.rejected_file.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _found(pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("by", "dismissed_by"), pk=pk)


def _course(run: ImportRun) -> dict[str, object]:
    return {
        "run": run,
        "is_working": run.state in (State.QUEUED, State.RUNNING, State.UNDOING),
        "can_be_undone": ingest.can_be_undone(run),
        "undone": import_words.undone(run),
        "percent": int(run.progress * 100),
        "warnings": import_words.warnings(run),
        "rejected": run.rejected_rows.all()[:REJECTED_SHOWN],
        "came_again": import_words.came_again(run),
        "can_be_dismissed": ingest.can_be_dismissed(run),
        "rejected_shown": REJECTED_SHOWN,
    }


def _preview_form(run: ImportRun, given: QueryDict | None = None) -> PreviewForm:
    asked = ingest.request_of(run)
    preview = ingest.preview(Path(run.file.path), asked, name=run.file_name)
    return PreviewForm(given, preview=preview, asked=asked, zone=organisation().time_zone)


def _show_preview(request: HttpRequest, run: ImportRun, form: PreviewForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    preview = form.preview
    words = {"file": import_words.table(preview.table), "format": FORMAT_NAMES[preview.layout.format]}
    context = {"run": run, "form": form, "preview": preview, **words}
    return render(request, "metrics/import_preview_page.html", context, status=status)


def _with_options(request: HttpRequest, run: ImportRun) -> HttpResponse | None:
    """Keep other options; an answer where that cannot be."""
    if run.state == ImportRun.State.UPLOADED:
        try:
            form = _preview_form(run, request.POST)
        except FileFault as fault:
            ingest.cancel(run)
            messages.error(request, str(fault))
            return redirect("metrics:data")
        if not form.is_valid():
            return _show_preview(request, run, form)
        if ingest.change(run, form.request()):
            return None
    messages.error(request, _("This import has started already."))
    return redirect("metrics:import", run.pk)
