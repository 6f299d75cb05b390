"""One true score of several surveys."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject import queries as ground
from kpiproject.lib.periods import local_day
from surveys import overview, result_words
from surveys.models import Answer
from surveys.overview import NotPoolableError
from surveys.result_forms import SPANS, PeriodForm, PoolForm


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def pooled(request: HttpRequest) -> HttpResponse:
    form, chosen = PeriodForm(request.GET, kept=("survey",)), PoolForm(request.GET)
    context: dict[str, object] = {"form": form, "spans": SPANS}
    if not (chosen.is_valid() and form.is_valid()):
        sentence = " ".join(map(str, chosen.errors.get("survey", [])))
        return _refused(request, context, sentence)
    surveys = list(chosen.cleaned_data["survey"])
    house = ground.organisation()
    today = local_day(timezone.now(), house.time_zone)
    first = Answer.objects.filter(survey__in=surveys).order_by("answered_at").values_list("answered_at", flat=True)
    begun = first.first() or timezone.now()
    period = form.chosen(zone=house.time_zone, today=today, first=local_day(begun, house.time_zone))
    form.fill_in(period)
    try:
        pool = overview.pool(surveys, house.time_zone, period, today=today)
    except NotPoolableError as error:
        return _refused(request, context, str(error))
    kept = request.GET.copy()
    for name in ("period", "from", "to"):
        kept.pop(name, None)
    context |= {"pool": pool, "period_text": result_words.days(period.start, period.end), "kept": kept.urlencode()}
    return render(request, "surveys/pooled_page.html", context)


def _refused(request: HttpRequest, context: dict[str, object], sentence: str) -> HttpResponse:
    context["sentence"] = sentence
    return render(request, "surveys/pooled_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
