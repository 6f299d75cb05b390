"""Where people come in without an invitation: the public link, kiosks, widgets and printed codes of a survey."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import entrances, lifecycle, links
from surveys.models import Entrance, Survey
from surveys.views import form_page, framing, printing
from surveys.ways_in_forms import EntranceForm, SwitchForm, initial

PAGE_SIZE = 25


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def way_list(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    page = Paginator(entrances.of_survey(survey), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = entrances.counts(survey, list(page), now=timezone.now())
    context = {
        "survey": survey,
        "page": page,
        "lines": [(entrance, counts.get(entrance.pk)) for entrance in page],
        "days": entrances.COUNTED_DAYS,
        "public_url": links.public_url(survey.slug),
        "kinds": Entrance.Kind.choices,
    }
    return render(request, "surveys/way_list_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.add_entrance", raise_exception=True)
def way_new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    if kind not in Entrance.Kind.values:
        raise Http404
    is_sent = request.method == "POST"
    form = EntranceForm(request.POST if is_sent else None, survey=survey, kind=kind)
    if is_sent and form.is_valid():
        entrance = Entrance.objects.create(survey=survey, kind=kind, **form.cleaned_data)
        messages.success(request, _("“%(name)s” is on.") % {"name": entrance.name})
        return redirect("surveys:way", survey.slug, entrance.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    context = {"survey": survey, "form": form, "kind": Entrance.Kind(kind).label}
    return render(request, "surveys/way_new_page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def way(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One way in: its address and how to use it; the POST changes what is written about it."""
    entrance = find(slug, pk)
    if request.method != "POST":
        form = EntranceForm(survey=entrance.survey, kind=entrance.kind, initial=initial(entrance))
        return _show(request, entrance, form)
    if not request.user.has_perm("surveys.change_entrance"):
        return HttpResponseForbidden(_("Your role may look at ways in, but not change them."))
    form = EntranceForm(request.POST, survey=entrance.survey, kind=entrance.kind)
    if not form.is_valid():
        return _show(request, entrance, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    for name, value in form.cleaned_data.items():
        setattr(entrance, name, value)
    entrance.save(update_fields=list(form.cleaned_data))
    messages.success(request, _("Saved."))
    return redirect("surveys:way", slug, pk)


@require_POST
@login_required
@permission_required("surveys.change_entrance", raise_exception=True)
def way_switch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    entrance = find(slug, pk)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _not_known()
    entrances.switch(entrance, is_active=form.cleaned_data["action"] == "on")
    told = _("“%(name)s” is on.") if entrance.is_active else _("“%(name)s” is off and takes no answers.")
    messages.success(request, told % {"name": entrance.name})
    return redirect("surveys:way", slug, pk)


@require_POST
@login_required
@permission_required("surveys.change_entrance", raise_exception=True)
def way_renew(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    entrance = find(slug, pk)
    entrances.renew_address(entrance)
    messages.success(request, _("“%(name)s” has a new address; the old one is dead.") % {"name": entrance.name})
    return redirect("surveys:way", slug, pk)


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def widget_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    entrance = find(slug, pk, kind=Entrance.Kind.WIDGET)
    context = {"survey": entrance.survey, "entrance": entrance}
    return framing.showing_ours(request, render(request, "surveys/widget_preview_page.html", context))


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def widget_frame(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the preview shows: the widget itself answers to the pages named for it only."""
    entrance = find(slug, pk, kind=Entrance.Kind.WIDGET)
    return framing.shown_by_us(request, form_page.preview(request, entrance.survey, variant="widget"))


@require_POST
@login_required
@permission_required("surveys.change_survey", raise_exception=True)
def public_switch(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _not_known()
    if form.cleaned_data["action"] == "on":
        lifecycle.publish(survey)
        messages.success(request, _("The public link is on."))
    else:
        lifecycle.withdraw(survey)
        messages.success(request, _("The public link is off and takes no answers."))
    return redirect("surveys:way_list", survey.slug)


def find(slug: str, pk: int, **wanted: str) -> Entrance:
    return get_object_or_404(Entrance.objects.select_related("survey"), survey__slug=slug, pk=pk, **wanted)


def _not_known() -> HttpResponse:
    return HttpResponseBadRequest(_("Nobody knows how to do that."), content_type="text/plain; charset=utf-8")


def _show(request: HttpRequest, entrance: Entrance, form: EntranceForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    url = links.entrance_url(entrance.kind, entrance.token)
    context = {
        "survey": entrance.survey,
        "entrance": entrance,
        "form": form,
        "url": url,
        "snippet": f'<script src="{links.widget_script_url()}" data-survey="{entrance.token}" async></script>',
        "base_url": settings.BASE_URL,
        "least_millimetres": printing.least_millimetres(url),
    }
    return render(request, "surveys/way_page.html", context, status=status)
