"""Managers look after who may log in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpiproject import people
from kpiproject.front.forms import InviteForm, RoleForm
from kpiproject.front.request import person_of, posted
from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail

PER_PAGE = 50
may_change = permission_required("kpiproject.change_user", raise_exception=True)


@login_required
@permission_required("kpiproject.view_user", raise_exception=True)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(people.listed(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/list_page.html", {"page": page})


@login_required
@permission_required("kpiproject.add_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = people.invite_person(given["email"], given["name"], role=given["role"], by=person_of(request))
        except people.PeopleError as error:
            form.add_error("email", str(error))
        else:
            nudge(sweep_mail)
            messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": user.email})
            return redirect("people:list")
    return render(request, "people/invite_page.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@permission_required("kpiproject.view_user", raise_exception=True)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    context = {
        "person": user,
        "role_form": RoleForm(initial={"role": people.role_of(user)}),
        "is_invited": people.is_invited(user),
        "is_self": user == request.user,
    }
    return render(request, "people/person_page.html", context)


@login_required
@may_change
@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the two roles."))
        return redirect("people:person", pk=pk)
    try:
        people.set_role(user, form.cleaned_data["role"])
    except people.PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The role of %(person)s has been changed.") % {"person": user})
    return _back_to(request, user)


@login_required
@may_change
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        people.deactivate(user, by=person_of(request))
    except people.PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(person)s can no longer log in.") % {"person": user})
    return redirect("people:person", pk=pk)


@login_required
@may_change
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    people.reactivate(user)
    messages.success(request, _("%(person)s can log in again.") % {"person": user})
    return redirect("people:person", pk=pk)


@login_required
@may_change
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        people.resend_invitation(user, by=person_of(request))
    except people.PeopleError as error:
        messages.error(request, str(error))
    else:
        nudge(sweep_mail)
        messages.success(request, _("A new invitation is on its way to %(email)s.") % {"email": user.email})
    return redirect("people:person", pk=pk)


def _back_to(request: HttpRequest, user: User) -> HttpResponse:
    """A manager who has just become staff may no longer see the page they came from."""
    if user == request.user and not user.is_staff:
        return redirect("home")
    return redirect("people:person", pk=user.pk)
