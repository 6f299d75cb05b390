"""Logging in and out, passwords, invitations, and what people say about themselves."""

from typing import Any, cast

from axes.utils import reset as unlock
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from goals import calendar_feeds
from kpiproject import people
from kpiproject.front import forms
from kpiproject.front.request import posted
from kpiproject.lib.tokens import BadToken
from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import answer_password_reset
from kpiproject.throttle import is_exceeded

BACKEND = "django.contrib.auth.backends.ModelBackend"


class LoginView(auth_views.LoginView):
    template_name = "accounts/login_page.html"
    authentication_form = forms.LoginForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if people.nobody_yet():
            return redirect("setup_first")
        return super().get(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LogoutView(auth_views.LogoutView):
    http_method_names = ["post", "options"]


class PasswordChangeView(auth_views.PasswordChangeView):
    template_name = "accounts/password_change_page.html"
    form_class = forms.PasswordChangeForm
    success_url = reverse_lazy("accounts:settings")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password has been changed. Other devices have been logged out."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PasswordResetConfirmView(auth_views.PasswordResetConfirmView):
    template_name = "accounts/password_reset_confirm_page.html"
    form_class = forms.NewPasswordForm
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever reads the mail is the person, so that earlier wrong guesses no longer keep them out."""
        unlock(username=form.user.email)
        messages.success(self.request, _("Your new password is set. Log in with it."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    form = forms.PasswordResetForm(posted(request))
    if request.method != "POST":
        return render(request, "accounts/password_reset_page.html", {"form": form})
    if is_exceeded(request, "password-reset", most=20, seconds=3600):
        return render(request, "accounts/too_many_page.html", status=429)
    if not form.is_valid():
        return render(request, "accounts/password_reset_page.html", {"form": form}, status=422)
    asked = people.request_password_reset(form.cleaned_data["email"])
    nudge(answer_password_reset, asked.pk)
    return redirect("accounts:password_reset_done")


@require_safe
def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_done_page.html")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in an invitation."""
    try:
        person = people.invited_by_token(token)
    except BadToken as error:
        return render(request, "accounts/invitation_bad_page.html", {"reason": str(error)}, status=410)
    form = forms.NewPersonForm(posted(request), person=person, initial={"name": person.name})
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/invitation_page.html", {"form": form, "person": person}, status=status)
    people.accept_invitation(person, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
    login(request, person, backend=BACKEND)
    messages.success(request, _("Welcome, %(person)s.") % {"person": person})
    return redirect("home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    form = forms.SettingsForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    status = 422 if request.method == "POST" else 200
    person = cast("User", request.user)
    context = {"form": form, "calendar_url": calendar_feeds.url(person)}
    return render(request, "accounts/settings_page.html", context, status=status)
