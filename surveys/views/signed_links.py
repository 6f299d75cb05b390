"""Links for chats and tickets: made here, or by a help desk that knows the survey's secret."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from surveys import links, signed_links, signing_recipes
from surveys.models import Survey
from surveys.ways_in_forms import SignedLinkForm


@require_safe
@login_required
@permission_required("surveys.add_entrance", raise_exception=True)
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and the link it asks for: nothing is stored, so that a GET makes it."""
    survey = get_object_or_404(Survey, slug=slug)
    is_asked = "make" in request.GET
    form = SignedLinkForm(request.GET if is_asked else None, survey=survey)
    is_made = is_asked and form.is_valid()
    context = {
        "survey": survey,
        "form": form,
        "url": links.signed_url(survey.slug, signed_links.query(survey, form.cleaned_data)) if is_made else "",
        "python_recipe": signing_recipes.python(survey),
        "shell_recipe": signing_recipes.shell(survey),
        "names": sorted(signed_links.names(survey)),
    }
    status = HTTPStatus.OK if is_made or not is_asked else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, "surveys/signed_link_page.html", context, status=status)
    response["Cache-Control"] = "no-store"  # it shows the secret
    return response


@require_POST
@login_required
@permission_required("surveys.change_survey", raise_exception=True)
def renew_secret(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    signed_links.renew_secret(survey)
    messages.success(request, _("The secret is new. Links that were signed with the old one no longer work."))
    return redirect("surveys:signed_link", survey.slug)
