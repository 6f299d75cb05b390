"""The first visit to an empty installation."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kpiproject import people
from kpiproject.front.accounts import BACKEND
from kpiproject.front.forms import FirstManagerForm
from kpiproject.front.request import posted
from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.throttle import is_exceeded

TRIES = 10
SECONDS = 15 * 60


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def setup_first(request: HttpRequest) -> HttpResponse:
    if not people.nobody_yet():
        raise Http404
    form = FirstManagerForm(posted(request))
    if request.method != "POST":
        people.first_manager_code()
        return render(request, "accounts/first_page.html", {"form": form})
    if is_exceeded(request, "first-manager", most=TRIES, seconds=SECONDS):
        return render(request, "accounts/too_many_page.html", status=429)
    user = _create(form)
    if user is None:
        return render(request, "accounts/first_page.html", {"form": form}, status=422)
    login(request, user, backend=BACKEND)
    messages.success(request, _("Welcome, %(person)s. You are the first manager.") % {"person": user})
    return redirect("home")


def _create(form: FirstManagerForm) -> User | None:
    """The manager, or None and the reasons in the form's errors."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    if not people.is_first_manager_code(given["code"]):
        form.add_error("code", _("This is not the code printed in the terminal. Capitals and dashes do not matter."))
        return None
    try:
        with transaction.atomic():
            user = people.first_manager(given["email"], given["name"], given["password"])
            here = organisation()
            here.name, here.time_zone = given["organisation"], given["time_zone"]
            here.save(update_fields=["name", "time_zone"])
    except people.PeopleError as error:
        form.add_error(None, str(error))
        return None
    return user
