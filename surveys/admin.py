"""Surveys in the administration. What answers are counted by, and what people said, cannot be changed there."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from surveys import (
    admin_follow_ups,  # noqa: F401 - registers itself; Django looks for admin only
    scales,
)
from surveys.models import Answer, AnswerChange, Contact, Suppression, Survey


class SurveyForm(forms.ModelForm):
    """What is rarely needed. Words, scale and rules are written in the editor, which keeps versions."""

    class Meta:
        model = Survey
        fields: ClassVar = ["name", "owner"]


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    """A survey is made, written, opened and closed on its own pages; nothing that is frozen can be changed here."""

    form = SurveyForm
    list_display = ["name", "slug", "kind", "status", "has_public_link"]
    list_filter = ["kind", "status"]
    search_fields = ["name", "slug", "question"]
    readonly_fields = ["editor"]

    @admin.display(description=_("everything else"))
    def editor(self, survey: Survey) -> str:
        return format_html('<a href="{}">{}</a>', reverse("surveys:edit", args=[survey.slug]), _("Edit the survey"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Surveys are made on their own page, out of a blueprint or blank."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """A survey that was open may have answers; it is closed, never deleted."""
        is_untouched = obj is None or obj.opened_at is None
        return is_untouched and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "company"]
    search_fields = ["email", "name", "company"]

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        """Would take the person's answers, and with them figures, away without a trace."""
        return False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["email", "reason", "note", "at"]
    list_filter = ["reason"]
    search_fields = ["email", "note"]
    fields = ["email", "reason", "note"]


class AnswerChangeInline(admin.StackedInline):
    model = AnswerChange
    extra = 0
    can_delete = False
    readonly_fields = ["score", "comment", "at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Answer)
class AnswerAdmin(admin.ModelAdmin):
    """To read only. Employees' answers are left out, because they could be traced to a person."""

    list_display = ["survey", "score", "answered_at", "channel", "team", "agent"]
    list_filter = ["survey"]
    list_select_related = ["survey"]
    search_fields = ["ticket", "comment"]
    date_hierarchy = "answered_at"
    inlines = [AnswerChangeInline]
    fields = [
        "survey", "contact", "score", "comment", "answered_at", "changed_at",
        "ticket", "agent", "team", "channel", "category",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).exclude(kind__in=scales.ANONYMOUS_KINDS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False
