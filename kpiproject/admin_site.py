"""Django's administration behind our own login, so that it is throttled like every other page."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from kpiproject.front import areas, attention
from kpiproject.models import User


class PlumblineAdminSite(AdminSite):
    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Administration")
    index_template = "admin/areas.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Roles are looked after under People, where the rules hold; loose groups would undermine them."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        if Group not in models:
            super().register(model_or_iterable, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """By what it is for, under all that needs this person today."""
        needs = attention.all_needs(cast("User", request.user), attention.this_moment())
        context = {"needs": needs, "areas": areas.open_areas(self.get_app_list(request))}
        return super().index(request, context | (extra_context or {}))

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff get the page that says so, not a login that would not help them."""
        if request.user.is_active and not request.user.is_staff:
            raise PermissionDenied
        return super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # the stubs allow pages only
        super().logout(request, extra_context)
        return redirect("accounts:login")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # the stubs allow pages only
        return redirect("accounts:password_change")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # the stubs allow pages only
        return redirect("accounts:settings")
