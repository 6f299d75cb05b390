"""Results as files."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject.documents import sheets
from surveys import exports
from surveys.exports import Table
from surveys.models import Survey
from surveys.readings import Reading
from surveys.result_forms import CommentForm, ExportForm
from surveys.views.results import Look, look, measure, stages_of


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = look(request.GET, get_object_or_404(Survey, slug=slug))
    form, filters = ExportForm(request.GET), CommentForm(request.GET, survey=found.survey, offered={})
    if found.period is None or not (form.is_valid() and filters.is_valid()):
        sentence = _("Say what (rows or summary), in which format (csv, xlsx or json), and days that exist.")
        return HttpResponse(sentence, status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain; charset=utf-8")
    what, kind = form.cleaned_data["what"], form.cleaned_data["format"]
    if what == "summary":
        header, rows = _summary(found)
    else:
        header, rows = _rows(found, filters, is_personal=request.user.has_perm("surveys.view_contact"))
    name = f"{slug}-{what}-{found.period.start}-{found.period.end}"
    return sheets.response(kind, name, header, rows)


def _summary(found: Look) -> Table:
    reading = Reading([found.survey.pk], found.house.time_zone)
    return exports.summary(found.survey, found.chosen, measure(found, reading), stages_of(found, reading))


def _rows(found: Look, filters: CommentForm, *, is_personal: bool) -> Table:
    if found.survey.is_anonymous:  # whatever was to be filtered: one answer less would tell which it is
        measured = measure(found, Reading([found.survey.pk], found.house.time_zone))
        return exports.answers_of_employees(found.survey, measured.blocks, found.house.time_zone)
    return exports.answers(found.survey, found.chosen, filters.wanted(), is_personal=is_personal)
